/** What nights came to, of the swarm here and of the rigs in hil-tests/history: one JSON object a line, and no more lines than somebody reads. */

export interface NightLine {
  /** "2026-11-22". */
  readonly date: string;
  readonly firstSeed: number;
  readonly seeds: number;
  readonly verdict: "passed" | "failed";
  readonly digest: string;
  readonly wallMs: number;
  readonly events: number;
  readonly failed: readonly { readonly seed: number; readonly by: string; readonly file: string }[];
}

export const mostNights = 400;
const dayMs = 86_400_000;
const seedsOfADay = 1_000_000;

/** Each day has a million seeds of its own; after some eleven years they come again. */
export function firstSeedOf(date: string): number {
  const days = Math.floor(Date.parse(`${date}T00:00:00Z`) / dayMs);
  return (days % 4_000) * seedsOfADay;
}

/** The history with one more line, the oldest left out beyond the bound. */
export function historyWith(before: string, line: object): string {
  const lines = before.split("\n").filter((each) => each !== "");
  return `${[...lines, JSON.stringify(line)].slice(-mostNights).join("\n")}\n`;
}
