/** Planted bugs that no story of the swarm can show, each with the reason: a test of the device must catch them, and does. */
export const swarmBlind: Readonly<Record<string, string>> = {};
