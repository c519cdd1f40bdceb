/** How verdicts say when and how many: instants as people's clocks show them, counts, lists that stay short. */
import type { RunFacts, RunPress } from "../record/run-result.ts";
import type { Between, Count, UnitChoice } from "../scenario/expectation.ts";
import { localDate, localTime } from "../scenario/scenario-clock.ts";

const dayMs = 86_400_000;
/** Names that a verdict lists; the others are counted. */
const mostNames = 5;

type Clocked = Pick<RunFacts, "scenario" | "virtualMs">;

/** "08:10:05", in a run of more than a day "01-15 08:10:05": Swedish local time. */
export function instantText(facts: Clocked, atMs: number): string {
  const wallMs = facts.scenario.startWallMs + atMs;
  const time = localTime(wallMs);
  return facts.virtualMs > dayMs ? `${localDate(wallMs).slice(5)} ${time}` : time;
}

/** "u-003 at 08:10:05", the instant of the press. */
export function pressText(facts: Clocked, press: RunPress): string {
  return `${press.unit} at ${instantText(facts, press.pressedMs)}`;
}

/** " of u-003", " of town", " between 08:00:00 and 09:00:00": to follow what is meant. */
export function scopeText(units: UnitChoice, between: Between | undefined, facts: Clocked): string {
  const whose = units.unit ?? units.group;
  const of = whose === undefined ? "" : ` of ${whose}`;
  if (between === undefined) return of;
  return `${of} between ${instantText(facts, between.fromMs)} and ${instantText(facts, between.toMs)}`;
}

/** One sentence end and one judgement for each bound that is asked for: "exactly 3". */
export function boundsOf(count: Count): readonly { readonly text: string; readonly holds: (n: number) => boolean }[] {
  const { exactly, atLeast, atMost } = count;
  const bounds: { readonly text: string; readonly holds: (n: number) => boolean }[] = [];
  if (exactly !== undefined) bounds.push({ text: `exactly ${exactly}`, holds: (n) => n === exactly });
  if (atLeast !== undefined) bounds.push({ text: `at least ${atLeast}`, holds: (n) => n >= atLeast });
  if (atMost !== undefined) bounds.push({ text: `at most ${atMost}`, holds: (n) => n <= atMost });
  return bounds;
}

/** "a, b, c, d, e and 3 more"; "none". */
export function namesText(names: readonly string[]): string {
  if (names.length === 0) return "none";
  const shown = names.slice(0, mostNames).join(", ");
  return names.length > mostNames ? `${shown} and ${names.length - mostNames} more` : shown;
}

export function isWithin(atMs: number, between: Between | undefined): boolean {
  return between === undefined || (atMs >= between.fromMs && atMs < between.toMs);
}

/** The names of the units that are meant, in the order of the fleet. */
export function unitsMeant(units: UnitChoice, facts: Pick<RunFacts, "units">): readonly string[] {
  return facts.units
    .filter(({ id, group }) => (units.unit ?? id) === id && (units.group ?? group) === group)
    .map(({ id }) => id);
}
