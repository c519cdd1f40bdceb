/** Entries of `expect` about sets of happenings, orders, deadlines and lists of units, to their plain form. */
import type { Expectation, SetExpectation, Step } from "./expectation.ts";
import {
  countWords,
  type Entry,
  type ExpectAround,
  type HappeningEntry,
  isAsked,
  optionalMs,
  resolveAfter,
  resolveBetween,
  resolveCount,
  resolveHappening,
  resolveUnits,
  resolveUntilEnd,
} from "./scenario-happenings.ts";
import { checkName, type FilePath } from "./scenario-names.ts";
import { parseSharePpm } from "./scenario-units.ts";

type SetEntry = Extract<Entry, { readonly "first-within"?: string | undefined }>;
type OrderEntry = Extract<Entry, { readonly order: unknown }>;
type DeadlineEntry = Extract<Entry, { readonly deadline: string }>;
type UnitsEntry = Extract<Entry, { readonly units: string }>;
type TrafficEntry = Extract<Entry, { readonly traffic: string }>;

export function resolveSet(entry: SetEntry, around: ExpectAround, at: FilePath): SetExpectation {
  const { complain } = around;
  const set: SetExpectation = {
    type: "set",
    happening: resolveHappening(entry, around, at),
    units: resolveUnits(entry, around, at),
    between: resolveBetween(entry.between, around, at),
    count: resolveCount(entry, countWords, complain, at),
    unitCount: resolveCount(entry, ["", "units-at-least", "units-at-most"], complain, at),
    perUnit: resolveCount(entry, ["per-unit", "per-unit-at-least", "per-unit-at-most"], complain, at),
    afterMs: resolveAfter(entry.after, around, at),
    firstWithinMs: optionalMs(entry["first-within"]),
    withinMs: optionalMs(entry.within),
    percent: entry.percentile ?? 100,
  };
  const limits = [set.firstWithinMs, set.withinMs];
  if (limits.every((ms) => ms === undefined) && ![set.count, set.unitCount, set.perUnit].some(isAsked))
    complain(at, "this entry asks for nothing", 'add a promise such as "count-at-least: 1"');
  if (entry.percentile !== undefined && set.withinMs === undefined)
    complain([...at, "percentile"], "a percentile needs a limit", 'add "within"');
  if (set.firstWithinMs !== undefined && set.afterMs === undefined)
    complain([...at, "first-within"], "nobody knows when this time begins", 'add "after"');
  const raisedThere = set.happening.what === "report" && set.happening.seen === "accepted";
  if (set.withinMs !== undefined && set.afterMs === undefined && !raisedThere)
    complain([...at, "within"], "nobody knows when this time begins", 'add "after"');
  if (set.happening.what === "notice") checkNoticeSet(entry, around, at);
  return set;
}

/** What the monitor says has a subject; whose unit it is says that. */
function checkNoticeSet(entry: SetEntry, { complain }: ExpectAround, at: FilePath): void {
  for (const key of ["group", "unit", "per-unit", "per-unit-at-least", "per-unit-at-most"] as const)
    if (entry[key] !== undefined)
      complain([...at, key], "a notice is about its subject, not about units", 'name it with "subject"');
}

export function resolveOrder(entry: OrderEntry, around: ExpectAround, at: FilePath): Expectation {
  const steps = entry.order.map((step, index) => resolveStep(step, around, [...at, "order", index]));
  return { type: "order", steps };
}

export function resolveDeadline(entry: DeadlineEntry, around: ExpectAround, at: FilePath): Expectation {
  const afterMs = resolveAfter(entry.after, around, at);
  const deadlineMs = resolveUntilEnd(entry.deadline, around, [...at, "deadline"]);
  if (afterMs !== undefined && deadlineMs <= afterMs)
    around.complain([...at, "deadline"], 'this is not after the time of "after"');
  return { type: "deadline", step: resolveStep(entry, around, at), afterMs, deadlineMs };
}

function resolveStep(entry: OrderEntry["order"][number] | DeadlineEntry, around: ExpectAround, at: FilePath): Step {
  const unit = "unit" in entry ? resolveUnits(entry, around, at).unit : undefined;
  return { happening: resolveHappening(entry as HappeningEntry, around, at), unit };
}

export function resolveUnitList(entry: UnitsEntry, around: ExpectAround, at: FilePath): Expectation {
  const { names, fleet, complain } = around;
  const unitsOf = (key: "are" | "include" | "exclude"): readonly string[] => {
    const known = [...names.groups, ...fleet.flatMap(({ units }) => units)];
    return (entry[key] ?? []).flatMap((each, index) => {
      checkName("unit or group", each, known, [...at, key, index], complain);
      return fleet.find(({ name }) => name === each)?.units ?? [each];
    });
  };
  const count = resolveCount(entry, countWords, complain, at);
  const asked = [entry.are, entry.include, entry.exclude].some((each) => each !== undefined);
  if (!asked && !isAsked(count)) complain(at, "this entry asks for nothing", 'add "are: [...]" or "count-at-most"');
  if (entry.group !== undefined) checkName("group", entry.group, names.groups, [...at, "group"], complain);
  return {
    type: "units",
    list: entry.units,
    atMs: resolveUntilEnd(entry.at, around, [...at, "at"]),
    group: entry.group,
    are: entry.are === undefined ? undefined : unitsOf("are"),
    include: unitsOf("include"),
    exclude: unitsOf("exclude"),
    count,
  };
}

export function resolveTraffic(entry: TrafficEntry, around: ExpectAround, at: FilePath): Expectation {
  const { names, fleet, complain } = around;
  const { traffic, over } = entry;
  if (traffic !== "all") checkName("receiver", traffic, names.receivers, [...at, "traffic"], complain);
  if (names.receivers.includes(traffic) && fleet.every(({ receivers }) => !receivers.includes(traffic)))
    complain([...at, "traffic"], `no unit of the fleet knows receiver "${traffic}"`);
  const alarms = resolveCount(entry, ["", "alarms-at-least", "alarms-at-most"], complain, at);
  const messagesASecondAtMost = entry["messages-a-second-at-most"];
  const shareAtLeastPpm = optionalPpm(entry["share-at-least"]);
  const shareAtMostPpm = optionalPpm(entry["share-at-most"]);
  if ([messagesASecondAtMost, shareAtLeastPpm, shareAtMostPpm].every((each) => each === undefined) && !isAsked(alarms))
    complain(at, "this entry asks for nothing", 'add a promise such as "messages-a-second-at-most: 30"');
  if (over !== undefined && messagesASecondAtMost !== undefined)
    complain([...at, "messages-a-second-at-most"], "a front counts all its messages together", 'leave out "over"');
  if (over !== undefined && fleet.every((group) => group[over] === undefined))
    complain([...at, "over"], `no unit of the fleet has ${over}`);
  return {
    type: "traffic",
    receiver: traffic === "all" ? undefined : traffic,
    over,
    messagesASecondAtMost,
    alarms,
    shareAtLeastPpm,
    shareAtMostPpm,
  };
}

function optionalPpm(text: string | undefined): number | undefined {
  return text === undefined ? undefined : parseSharePpm(text);
}
