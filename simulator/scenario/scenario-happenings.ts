/** The happenings that expectations speak of: words for reports, signals and notices, units and times, checked against the scenario. */
import { reportKinds, reportNames } from "../record/report-names.ts";
import type { NoticeCause } from "../record/run-result.ts";
import { signalNames } from "../record/signal-book.ts";
import type { Between, Count, Happening, ReportMeant, UnitChoice } from "./expectation.ts";
import type { FleetGroup } from "./fleet.ts";
import { nextSwedishClock } from "./scenario-clock.ts";
import { type Complain, checkName, type FilePath, type Names } from "./scenario-names.ts";
import type { ScenarioFile } from "./scenario-schema.ts";
import { type RunTimes, resolveInstant } from "./scenario-timeline.ts";
import { parseClockMs, parseDurationMs } from "./scenario-units.ts";

/** What an entry is checked against. */
export interface ExpectAround {
  readonly names: Names;
  readonly fleet: readonly FleetGroup[];
  readonly times: RunTimes;
  readonly complain: Complain;
}

export type Entry = NonNullable<ScenarioFile["expect"]>[number];
type OrderEntry = Extract<Entry, { readonly order: unknown }>;
type DeadlineEntry = Extract<Entry, { readonly deadline: string }>;
type SetEntry = Extract<Entry, { readonly "first-within"?: string | undefined }>;
export type HappeningEntry = OrderEntry["order"][number] | DeadlineEntry | SetEntry;
type NoticeWords = Pick<Extract<Entry, { readonly notices: unknown }>, "cause" | "subject">;

export function resolveHappening(entry: HappeningEntry, around: ExpectAround, at: FilePath): Happening {
  if ("reports" in entry || "report" in entry) {
    const key = "reports" in entry ? "reports" : "report";
    const report = resolveReport("reports" in entry ? entry.reports : entry.report, [...at, key], around.complain);
    return { what: "report", report, seen: entry.seen ?? "accepted", text: entry.text };
  }
  if ("told" in entry) {
    const known = entry.by === undefined ? Object.values(signalNames).flat() : signalNames[entry.by];
    const whose = entry.by === undefined ? "signal" : `signal of the ${entry.by}`;
    checkName(whose, entry.told, known, [...at, "told"], around.complain);
    return { what: "told", signal: entry.told, by: entry.by };
  }
  if ("alarm" in entry) return { what: "alarm", step: entry.alarm };
  checkSubject(entry, around, [...at, "subject"]);
  const phase = "notices" in entry ? entry.notices : entry.notice;
  return { what: "notice", phase, cause: entry.cause, subject: entry.subject };
}

function resolveReport(word: string, at: FilePath, complain: Complain): ReportMeant {
  const [dty, stc] = word.split("/");
  if (stc !== undefined) return { by: "codes", dty: Number(dty), stc: Number(stc) };
  if (word === "any") return { by: "any" };
  const kind = reportKinds.find((each) => each === word);
  if (kind !== undefined) return { by: "kind", kind };
  checkName("report", word, [...reportNames, ...reportKinds, "any"], at, complain);
  return { by: "name", name: word };
}

/** A cause of one class cannot lie with an object of another. */
function checkSubject({ cause, subject }: NoticeWords, { names, fleet, complain }: ExpectAround, at: FilePath): void {
  if (subject === undefined) return;
  const cells = names.cells.map((cell) => `cell ${cell}`);
  const units = fleet.flatMap((group) => group.units);
  const byCause: Readonly<Record<NoticeCause, readonly string[]>> = {
    server: names.receivers,
    operator: [...names.operators, ...cells],
    "area-power": names.power,
    broadband: names.broadband,
    "single-unit": units,
    button: units,
  };
  const known = cause === undefined ? Object.values(byCause).flat() : byCause[cause];
  checkName(cause === undefined ? "subject" : `subject of the cause ${cause}`, subject, known, at, complain);
}

export function resolveUnits(
  entry: { readonly group?: string | undefined; readonly unit?: string | undefined },
  { names, fleet, complain }: ExpectAround,
  at: FilePath,
): UnitChoice {
  const { group, unit } = entry;
  if (group !== undefined) checkName("group", group, names.groups, [...at, "group"], complain);
  if (unit !== undefined) {
    const of = group === undefined ? fleet : fleet.filter(({ name }) => name === group);
    const known = of.flatMap(({ units }) => units);
    if (known.length > 0) checkName(unitWord(group), unit, known, [...at, "unit"], complain);
  }
  return { group, unit };
}

function unitWord(group: string | undefined): string {
  return group === undefined ? "unit" : `unit of ${group}`;
}

/** "end" is the end of the run. */
export function resolveUntilEnd(text: string, { times, complain }: ExpectAround, at: FilePath): number {
  if (text === "end") return times.durationMs;
  const atMs = resolveInstant(text, times);
  if (atMs > times.durationMs) complain(at, "this is after the run has ended", 'the last instant is "end"');
  return atMs;
}

export function resolveAfter(text: string | undefined, around: ExpectAround, at: FilePath): number | undefined {
  if (text === undefined) return undefined;
  const atMs = resolveInstant(text, around.times);
  if (atMs >= around.times.durationMs) around.complain([...at, "after"], "this is after the run has ended");
  return atMs;
}

/** A time of day as second time is the first such time after the first. */
export function resolveBetween(text: string | undefined, around: ExpectAround, at: FilePath): Between | undefined {
  if (text === undefined) return undefined;
  const { times, complain } = around;
  const [from = "", to = ""] = text.split(" to ");
  const fromMs = resolveInstant(from, times);
  const clockMs = parseClockMs(to);
  const place = [...at, "between"];
  const toMs =
    clockMs === undefined
      ? resolveUntilEnd(to, around, place)
      : nextSwedishClock(times.startWallMs + fromMs + 1, clockMs) - times.startWallMs;
  if (clockMs !== undefined && toMs > times.durationMs) complain(place, "this ends after the run", 'write "end"');
  if (toMs <= fromMs) complain(place, "the second time is not after the first");
  return { fromMs, toMs };
}

/** `words` are the keys for exactly, at least and at most; `""` where an entry has none. */
export function resolveCount(
  entry: object,
  words: readonly [string, string, string],
  complain: Complain,
  at: FilePath,
): Count {
  const values = entry as Readonly<Record<string, number | undefined>>;
  const [exactly, atLeast, atMost] = words.map((word) => values[word]);
  if (exactly !== undefined && (atLeast !== undefined || atMost !== undefined))
    complain([...at, words[0]], "an exact number leaves no room for a least or a most", "leave the others out");
  if (atLeast !== undefined && atMost !== undefined && atLeast > atMost)
    complain([...at, words[2]], `expected ${atLeast} or more`);
  return { exactly, atLeast, atMost };
}

export const countWords = ["exactly", "count-at-least", "count-at-most"] as const;

export function isAsked({ exactly, atLeast, atMost }: Count): boolean {
  return exactly !== undefined || atLeast !== undefined || atMost !== undefined;
}

export function optionalMs(text: string | undefined): number | undefined {
  return text === undefined ? undefined : parseDurationMs(text);
}
