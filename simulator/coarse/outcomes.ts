/**
 * What a run came to, without the chance of single milliseconds: runs of one scenario and seed whose modems were played in different
 * ways must come to the same. Two such runs draw other delays, so that times and what hangs on a race are held to bounds.
 */
import type { RunPress, RunReport, RunResult } from "../record/run-result.ts";
import { durationText } from "../scenario/scenario-units.ts";

export interface Outcomes {
  readonly verdict: RunResult["verdict"];
  /** By unit, button and instant. */
  readonly presses: readonly PressOutcome[];
  /** Accepted reports other than presses by kind: "test", "technical" ... */
  readonly accepted: Readonly<Record<string, number>>;
  /** Accepted test messages by unit; of a run with more reports than it keeps only those that it kept. */
  readonly tests: Readonly<Record<string, number>>;
  /** By checker and by promise, whether it held. */
  readonly held: Readonly<Record<string, boolean>>;
  readonly beats: { readonly sent: number; readonly answered: number };
}

export interface PressOutcome {
  /** "u-001, button 1, at 240000 ms": the same in both runs, since people press when they press. */
  readonly press: string;
  readonly isAccepted: boolean;
  readonly by: string | null;
  readonly route: RunPress["route"];
  readonly cases: number;
  readonly unheard: RunPress["unheard"];
  /** From the press to its acceptance; null: nobody has accepted it. */
  readonly waitMs: number | null;
}

/** How far two runs may be apart where one delay more or less decides. */
export interface Bounds {
  /** Presses in another column of `columnsMs`, in permille of all: half the distance of the two histograms. */
  readonly waitsPermille: number;
  /** Presses accepted over another route or by another receiver, or made in one run only, in permille of all. */
  readonly racesPermille: number;
  /** Reports of a kind other than tests, and heartbeats, in permille of the larger count. */
  readonly countsPermille: number;
  /** So many of each are no difference however few there are. */
  readonly few: number;
}

export const usualBounds: Bounds = { waitsPermille: 100, racesPermille: 20, countsPermille: 100, few: 3 };

/** Ends of the columns in which waits are counted; longer ones are in the last. */
export const columnsMs: readonly number[] = [
  2_000, 5_000, 10_000, 20_000, 40_000, 90_000, 180_000, 420_000, 900_000, 1_800_000, 3_600_000,
];

export function outcomesOf(result: RunResult): Outcomes {
  const { verdict, presses, otherReports, checks, expectations, beats } = result;
  return {
    verdict,
    presses: presses.map(pressOutcome).sort((a, b) => (a.press < b.press ? -1 : a.press > b.press ? 1 : 0)),
    accepted: otherReports,
    tests: testsOf(result.reports),
    held: Object.fromEntries([
      ...checks.map(({ checker, held }) => [checker, held] as const),
      ...expectations.map(({ text, held }) => [text, held] as const),
    ]),
    beats: { sent: beats.sent, answered: beats.answered },
  };
}

/** In sentences; none where both came to the same. */
export function differences(one: Outcomes, other: Outcomes, bounds = usualBounds): readonly string[] {
  const found: string[] = [];
  if (one.verdict !== other.verdict) found.push(`the run ${one.verdict}, and the other ${other.verdict}`);
  found.push(...differingPresses(one.presses, other.presses));
  found.push(...differingRecords("test messages accepted of", one.tests, other.tests));
  found.push(...differingRecords("", one.held, other.held));
  const { test: tests, ...reports } = one.accepted;
  const { test: otherTests, ...otherReports } = other.accepted;
  if (tests !== otherTests) found.push(`test messages accepted: ${tests ?? 0} and ${otherTests ?? 0}`);
  for (const kind of keysOf(reports, otherReports))
    found.push(...farApart(`${kind} reports accepted`, reports[kind] ?? 0, otherReports[kind] ?? 0, bounds));
  found.push(...farApart("heartbeats sent", one.beats.sent, other.beats.sent, bounds));
  found.push(...farApart("heartbeats answered", one.beats.answered, other.beats.answered, bounds));
  found.push(...racesOf(one.presses, other.presses, bounds));
  return found;
}

function pressOutcome(press: RunPress): PressOutcome {
  const { unit, button, pressedMs, acceptedMs, acceptedBy, route, cases, unheard } = press;
  return {
    press: `${unit}, button ${button}, at ${pressedMs} ms`,
    isAccepted: acceptedMs !== null,
    by: acceptedBy,
    route,
    cases,
    unheard,
    waitMs: acceptedMs === null ? null : acceptedMs - pressedMs,
  };
}

function testsOf(reports: readonly RunReport[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { kind, unit, acceptedMs } of reports)
    if (kind === "test" && acceptedMs !== null) counts[unit] = (counts[unit] ?? 0) + 1;
  return counts;
}

/** What must be equal press by press, where both have it: people press again by what they were told. */
function differingPresses(one: readonly PressOutcome[], other: readonly PressOutcome[]): string[] {
  const others = new Map(other.map((each) => [each.press, each]));
  const found: string[] = [];
  for (const press of one) {
    const twin = others.get(press.press);
    if (twin !== undefined && fateOf(press) !== fateOf(twin))
      found.push(`${press.press}: ${fateOf(press)}, and ${fateOf(twin)}`);
  }
  return found;
}

function fateOf({ isAccepted, cases, unheard }: PressOutcome): string {
  return `${isAccepted ? "accepted" : "not accepted"}, ${cases} cases${unheard === null ? "" : `, ${unheard}`}`;
}

/** What one delay more or less decides, over all presses. */
function racesOf(one: readonly PressOutcome[], other: readonly PressOutcome[], bounds: Bounds): string[] {
  const ways = new Map(other.map((each) => [each.press, wayOf(each)]));
  const elsewhere = one.filter((each) => ways.has(each.press) && ways.get(each.press) !== wayOf(each)).length;
  const shared = one.filter(({ press }) => ways.has(press)).length;
  const alone = Math.max(one.length, other.length) - shared;
  const columns = columnsOf(one);
  const otherColumns = columnsOf(other);
  const moved = columns.reduce((sum, count, i) => sum + Math.abs(count - (otherColumns[i] ?? 0)), 0) / 2;
  const most = (permille: number): number => Math.max(bounds.few, (one.length * permille) / 1_000);
  return [
    ...(alone <= most(bounds.racesPermille) ? [] : [`${alone} of ${one.length} presses in one run only`]),
    ...(elsewhere <= most(bounds.racesPermille) ? [] : [`${elsewhere} of ${one.length} presses over another way`]),
    ...(moved <= most(bounds.waitsPermille)
      ? []
      : [
          `waits for acceptance: ${columns.join(" ")}, and ${otherColumns.join(" ")} (up to ${columnsMs.map((ms) => durationText(ms)).join(", ")}, longer)`,
        ]),
  ];
}

function wayOf({ by, route }: PressOutcome): string {
  return `${by} over ${route}`;
}

function columnsOf(presses: readonly PressOutcome[]): readonly number[] {
  const counts = new Array<number>(columnsMs.length + 1).fill(0);
  for (const { waitMs } of presses) {
    if (waitMs === null) continue;
    const at = columnsMs.findIndex((toMs) => waitMs <= toMs);
    const column = at < 0 ? columnsMs.length : at;
    counts[column] = (counts[column] ?? 0) + 1;
  }
  return counts;
}

function differingRecords<V>(
  what: string,
  one: Readonly<Record<string, V>>,
  other: Readonly<Record<string, V>>,
): string[] {
  return keysOf(one, other)
    .filter((key) => one[key] !== other[key])
    .map((key) => `${what === "" ? "" : `${what} `}${key}: ${one[key] ?? 0} and ${other[key] ?? 0}`);
}

function farApart(what: string, one: number, other: number, { countsPermille, few }: Bounds): string[] {
  const most = Math.max(few, (Math.max(one, other) * countsPermille) / 1_000);
  return Math.abs(one - other) <= most ? [] : [`${what}: ${one} and ${other}`];
}

function keysOf(one: object, other: object): readonly string[] {
  return [...new Set([...Object.keys(one), ...Object.keys(other)])].sort();
}
