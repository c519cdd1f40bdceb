/** One entry under `expect` to its plain form; says so where an entry asks for nothing, or for what cannot go together. */
import type { Expectation } from "./expectation.ts";
import { type Complain, checkName, type FilePath, type Names } from "./scenario-names.ts";
import type { ScenarioFile } from "./scenario-schema.ts";
import { parseDurationMs } from "./scenario-units.ts";

type Entry = NonNullable<ScenarioFile["expect"]>[number];
type AlarmsEntry = Extract<Entry, { readonly alarms: string }>;
type NoticedEntry = Extract<Entry, { readonly "suspected-within"?: string | undefined }>;

export function resolveExpectation(entry: Entry, names: Names, at: FilePath, complain: Complain): Expectation {
  if ("alarms" in entry) return resolveAlarms(entry, names, at, complain);
  if ("lost" in entry) return { type: "tally", of: "lost", count: entry.lost };
  if ("falsely-accepted" in entry) return { type: "tally", of: "falsely-accepted", count: entry["falsely-accepted"] };
  if ("pending-at-end" in entry) return { type: "tally", of: "pending-at-end", count: entry["pending-at-end"] };
  if ("cases-per-alarm" in entry) return { type: "cases-per-alarm", count: entry["cases-per-alarm"] };
  if ("suspicions-at-most" in entry) return { type: "suspicions-at-most", count: entry["suspicions-at-most"] };
  return resolveNoticed(entry, names, at, complain);
}

function resolveAlarms(entry: AlarmsEntry, names: Names, at: FilePath, complain: Complain): Expectation {
  const acceptedWithinMs = optionalMs(entry["accepted-within"]);
  const acceptedAfterRepairWithinMs = optionalMs(entry["accepted-after-repair-within"]);
  const toldWithinMs = optionalMs(entry["told-within"]);
  const countAtLeast = entry["count-at-least"];
  const countAtMost = entry["count-at-most"];
  const asked = [acceptedWithinMs, acceptedAfterRepairWithinMs, toldWithinMs, entry.route, countAtLeast, countAtMost];
  if (asked.every((value) => value === undefined))
    complain(at, "this entry asks for nothing", 'add a promise such as "accepted-within: 12s"');
  if (countAtLeast !== undefined && countAtMost !== undefined && countAtLeast > countAtMost)
    complain([...at, "count-at-most"], `expected ${countAtLeast} or more`);
  if (entry.percentile !== undefined && acceptedWithinMs === undefined && acceptedAfterRepairWithinMs === undefined)
    complain([...at, "percentile"], "a percentile needs a limit", 'add "accepted-within"');
  if (entry.group !== undefined) checkName("group", entry.group, names.groups, [...at, "group"], complain);
  return {
    type: "alarms",
    choice: { alarms: entry.alarms, group: entry.group, pressed: entry.pressed ?? "any-time" },
    percent: entry.percentile ?? 100,
    acceptedWithinMs,
    acceptedAfterRepairWithinMs,
    toldWithinMs,
    route: entry.route,
    countAtLeast,
    countAtMost,
  };
}

function resolveNoticed(entry: NoticedEntry, names: Names, at: FilePath, complain: Complain): Expectation {
  const suspectedWithinMs = optionalMs(entry["suspected-within"]);
  const closedWithinMs = optionalMs(entry["closed-within"]);
  if (suspectedWithinMs === undefined && closedWithinMs === undefined)
    complain(at, "this entry asks for nothing", 'add "suspected-within" or "closed-within"');
  const limits = { type: "noticed", suspectedWithinMs, closedWithinMs } as const;
  if ("receiver" in entry) {
    checkName("receiver", entry.receiver, names.receivers, [...at, "receiver"], complain);
    return { ...limits, object: "receiver", name: entry.receiver };
  }
  if ("operator" in entry) {
    checkName("operator", entry.operator, names.operators, [...at, "operator"], complain);
    return { ...limits, object: "operator", name: entry.operator };
  }
  checkName("broadband provider", entry.broadband, names.broadband, [...at, "broadband"], complain);
  return { ...limits, object: "broadband", name: entry.broadband };
}

function optionalMs(text: string | undefined): number | undefined {
  return text === undefined ? undefined : parseDurationMs(text);
}
