/** One entry under `expect` to its plain form; says so where an entry asks for nothing, or for what cannot go together. */
import type { Expectation } from "./expectation.ts";
import { resolveDeadline, resolveOrder, resolveSet, resolveTraffic, resolveUnitList } from "./scenario-expect-sets.ts";
import {
  countWords,
  type Entry,
  type ExpectAround,
  isAsked,
  optionalMs,
  resolveBetween,
  resolveCount,
  resolveUnits,
} from "./scenario-happenings.ts";
import { checkName, type FilePath } from "./scenario-names.ts";

type AlarmsEntry = Extract<Entry, { readonly alarms: string }>;
type NoticedEntry = Extract<Entry, { readonly "suspected-within"?: string | undefined }>;

export function resolveExpectation(entry: Entry, around: ExpectAround, at: FilePath): Expectation {
  if ("alarms" in entry) return resolveAlarms(entry, around, at);
  if ("deadline" in entry) return resolveDeadline(entry, around, at);
  if ("reports" in entry || "told" in entry || "notices" in entry) return resolveSet(entry, around, at);
  if ("order" in entry) return resolveOrder(entry, around, at);
  if ("units" in entry) return resolveUnitList(entry, around, at);
  if ("traffic" in entry) return resolveTraffic(entry, around, at);
  if ("lost" in entry) return { type: "tally", of: "lost", count: entry.lost };
  if ("falsely-accepted" in entry) return { type: "tally", of: "falsely-accepted", count: entry["falsely-accepted"] };
  if ("pending-at-end" in entry) return { type: "tally", of: "pending-at-end", count: entry["pending-at-end"] };
  if ("unheard" in entry) return { type: "tally", of: "unheard", count: entry.unheard };
  if ("duplicate-cases" in entry) return { type: "tally", of: "duplicate-cases", count: entry["duplicate-cases"] };
  if ("cases-per-alarm" in entry) return { type: "cases-per-alarm", count: entry["cases-per-alarm"] };
  if ("suspicions-at-most" in entry) return { type: "suspicions-at-most", count: entry["suspicions-at-most"] };
  return resolveNoticed(entry, around, at);
}

function resolveAlarms(entry: AlarmsEntry, around: ExpectAround, at: FilePath): Expectation {
  const { names, complain } = around;
  const within = {
    storedMs: optionalMs(entry["heard-within"]),
    sentMs: optionalMs(entry["sent-within"]),
    carriedMs: optionalMs(entry["carried-within"]),
    acceptedMs: optionalMs(entry["accepted-within"]),
  };
  const acceptedAfterRepairWithinMs = optionalMs(entry["accepted-after-repair-within"]);
  const toldWithinMs = optionalMs(entry["told-within"]);
  const count = resolveCount(entry, countWords, complain, at);
  const limits = [...Object.values(within), acceptedAfterRepairWithinMs];
  const isLimited = limits.some((value) => value !== undefined);
  const others = [toldWithinMs, entry.route, entry.receiver];
  if (!isLimited && others.every((value) => value === undefined) && !isAsked(count))
    complain(at, "this entry asks for nothing", 'add a promise such as "accepted-within: 12s"');
  if (entry.percentile !== undefined && !isLimited)
    complain([...at, "percentile"], "a percentile needs a limit", 'add "accepted-within"');
  if (entry.alarms === "unheard" && (isLimited || others.some((value) => value !== undefined)))
    complain([...at, "alarms"], "what nobody could hear can only be counted", 'add "count-at-most"');
  if (entry.receiver !== undefined)
    checkName("receiver", entry.receiver, names.receivers, [...at, "receiver"], complain);
  return {
    type: "alarms",
    choice: {
      alarms: entry.alarms,
      ...resolveUnits(entry, around, at),
      between: resolveBetween(entry.between, around, at),
      pressed: entry.pressed ?? "any-time",
    },
    percent: entry.percentile ?? 100,
    within,
    acceptedAfterRepairWithinMs,
    toldWithinMs,
    route: entry.route,
    receiver: entry.receiver,
    count,
  };
}

function resolveNoticed(entry: NoticedEntry, { names, complain }: ExpectAround, at: FilePath): Expectation {
  const suspectedWithinMs = optionalMs(entry["suspected-within"]);
  const closedWithinMs = optionalMs(entry["closed-within"]);
  if (suspectedWithinMs === undefined && closedWithinMs === undefined)
    complain(at, "this entry asks for nothing", 'add "suspected-within" or "closed-within"');
  const limits = { type: "noticed", suspectedWithinMs, closedWithinMs } as const;
  const check = (what: string, name: string, known: readonly string[], key: string): string => {
    checkName(what, name, known, [...at, key], complain);
    return name;
  };
  if ("receiver" in entry)
    return { ...limits, object: "receiver", name: check("receiver", entry.receiver, names.receivers, "receiver") };
  if ("operator" in entry)
    return { ...limits, object: "operator", name: check("operator", entry.operator, names.operators, "operator") };
  if ("cell" in entry) return { ...limits, object: "cell", name: check("cell", entry.cell, names.cells, "cell") };
  if ("power" in entry)
    return { ...limits, object: "power", name: check("power area", entry.power, names.power, "power") };
  const broadband = check("broadband provider", entry.broadband, names.broadband, "broadband");
  return { ...limits, object: "broadband", name: broadband };
}
