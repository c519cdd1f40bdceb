/** How long SIP's transactions wait (RFC 3261 17.1.1.1, 17.1.1.2, 17.1.2.2 and 17.2; table 4). */

/** T1: estimate of a round trip. */
export const roundTripMs = 500;
/** T1 of requests over a mobile network: a round trip by AT commands takes 0.5 s and more, and who knows that waits longer (17.1.2.1). */
export const mobileRoundTripMs = 1000;
/** T2: longest pause between two copies of a message. */
export const longestPauseMs = 4000;
/** T4: longest time that a copy stays in the network. */
export const lingerMs = 5000;
/** 64 * T1: timers B, F, H, J, L and M. */
export const patienceMs = 64 * roundTripMs;
/** Timer D over UDP: at least 32 s. */
export const absorbMs = 32_000;
/** After this time without a word from its user a server transaction says 100 by itself. */
export const tryingAfterMs = 200;
