/** Promises about which units stand on a list at an instant, and about how much receivers had to do. */
import type { ExpectationVerdict, RunFacts } from "../record/run-result.ts";
import type { Expectation, UnitList } from "../scenario/expectation.ts";
import { callList } from "./calls.ts";
import { boundsOf, instantText, namesText, unitsMeant } from "./expectation-texts.ts";

type UnitsExpectation = Extract<Expectation, { readonly type: "units" }>;
type TrafficExpectation = Extract<Expectation, { readonly type: "traffic" }>;

const listWords: Readonly<Record<UnitList, string>> = {
  "without-path": "units without a proven path",
  waiting: "units with an alarm that waits",
  "on-call-list": "units on the call list",
  suspected: "units that the monitor suspects",
  affected: "units of an outage that nobody has heard since",
  off: "units without any power",
  warned: "units that have warned of a battery",
};

export function judgeUnits(expectation: UnitsExpectation, facts: RunFacts): ExpectationVerdict[] {
  const { list, atMs, group, are, include, exclude, count } = expectation;
  const meant = new Set(unitsMeant({ group, unit: undefined }, facts));
  const there = [...unitsOn(list, atMs, facts)].filter((unit) => meant.has(unit)).sort();
  const what = `${listWords[list]}${group === undefined ? "" : ` of ${group}`} at ${instantText(facts, atMs)}`;
  const found = `${there.length}: ${namesText(there)}`;
  const missing = (wanted: readonly string[]): readonly string[] => wanted.filter((unit) => !there.includes(unit));
  const beside = (allowed: readonly string[]): readonly string[] => there.filter((unit) => !allowed.includes(unit));
  const verdicts: ExpectationVerdict[] = [];
  const add = (text: string, absent: readonly string[], surplus: readonly string[]): void => {
    const faults = [
      absent.length === 0 ? "" : `; missing ${namesText(absent)}`,
      surplus.length === 0 ? "" : `; not expected ${namesText(surplus)}`,
    ];
    verdicts.push({ text, held: absent.length + surplus.length === 0, found: found + faults.join("") });
  };
  if (are !== undefined) add(`${what} are ${namesText(are)}`, missing(are), beside(are));
  if (include.length > 0) add(`among ${what} are ${namesText(include)}`, missing(include), []);
  if (exclude.length > 0)
    add(
      `among ${what} is none of ${namesText(exclude)}`,
      [],
      there.filter((unit) => exclude.includes(unit)),
    );
  for (const { text, holds } of boundsOf(count))
    verdicts.push({ text: `there are ${text} ${what}`, held: holds(there.length), found });
  return verdicts;
}

/** The names of the units on that list at that instant. */
export function unitsOn(list: UnitList, atMs: number, facts: RunFacts): ReadonlySet<string> {
  switch (list) {
    case "without-path":
      return lasting(facts.pathless, atMs);
    case "off":
      return lasting(facts.off, atMs);
    case "waiting":
      return lasting(
        facts.presses.flatMap(({ unit, storedMs, acceptedMs }) =>
          storedMs === null ? [] : [{ unit, fromMs: storedMs, toMs: acceptedMs }],
        ),
        atMs,
      );
    case "on-call-list":
      return onCallList(atMs, facts);
    case "suspected":
      return suspected(atMs, facts);
    case "affected":
      return affected(atMs, facts);
    case "warned":
      return warned(atMs, facts);
  }
}

interface Interval {
  readonly unit: string;
  readonly fromMs: number;
  readonly toMs: number | null;
}

function lasting(intervals: readonly Interval[], atMs: number): ReadonlySet<string> {
  return new Set(
    intervals.filter(({ fromMs, toMs }) => fromMs <= atMs && (toMs === null || toMs > atMs)).map(({ unit }) => unit),
  );
}

/** The list is made anew at each full hour and stands until the next. */
function onCallList(atMs: number, facts: RunFacts): ReadonlySet<string> {
  const { calls } = callList(facts);
  let hourMs = -1;
  for (const call of calls) if (call.hourMs <= atMs && call.hourMs > hourMs) hourMs = call.hourMs;
  if (hourMs < 0 || atMs - hourMs >= 3_600_000) return new Set();
  return new Set(calls.filter((call) => call.hourMs === hourMs).map(({ unit }) => unit.id));
}

/** Those that the monitor named themselves: what hangs on a wider cause is `affected`. */
function suspected(atMs: number, facts: RunFacts): ReadonlySet<string> {
  const units = new Map<string, string>();
  for (const { atMs: saidMs, phase, cause, subject } of facts.notices) {
    if (saidMs > atMs || (cause !== "single-unit" && cause !== "button")) continue;
    if (phase === "closed") units.delete(`${cause} ${subject}`);
    else units.set(`${cause} ${subject}`, subject);
  }
  return new Set(units.values());
}

/** From the suspicion on, each until it is heard again. */
function affected(atMs: number, facts: RunFacts): ReadonlySet<string> {
  const units = facts.outages.flatMap((outage) =>
    outage.units.map(({ unit, fromMs, backMs }) => ({
      unit,
      fromMs: Math.max(fromMs, outage.suspectedMs),
      toMs: backMs ?? outage.closedMs,
    })),
  );
  return lasting(units, atMs);
}

const warnings = ["battery-low", "battery-reserve", "battery-failed", "battery-empty"];
const allClears = ["battery-good", "battery-changed", "battery-sound"];

/** What a receiver knows: the last word of each unit and of each device on it. */
function warned(atMs: number, facts: RunFacts): ReadonlySet<string> {
  const known = facts.reports
    .flatMap(({ unit, device, name, acceptedMs }) =>
      acceptedMs === null || acceptedMs > atMs ? [] : [{ unit, device, name, acceptedMs }],
    )
    .sort((a, b) => a.acceptedMs - b.acceptedMs);
  const low = new Map<string, string>();
  for (const { unit, device, name } of known) {
    if (warnings.includes(name) || name.endsWith("-battery-low")) low.set(`${unit} ${device}`, unit);
    if (allClears.includes(name) || name.endsWith("-battery-good")) low.delete(`${unit} ${device}`);
  }
  return new Set(low.values());
}

export function judgeTraffic(expectation: TrafficExpectation, facts: RunFacts): ExpectationVerdict[] {
  const { receiver, over, messagesASecondAtMost: most, shareAtLeastPpm, shareAtMostPpm } = expectation;
  const verdicts: ExpectationVerdict[] = [];
  if (most !== undefined) {
    let peak = { messages: 0, found: "none" };
    for (const { name, busiest } of facts.receivers)
      if ((receiver ?? name) === name && busiest !== null && busiest.messages > peak.messages)
        peak = {
          messages: busiest.messages,
          found: `${busiest.messages} in one second, ${name} at ${instantText(facts, busiest.atMs)}`,
        };
    const text = `${receiver ?? "each receiver"} hears at most ${most} messages a second`;
    verdicts.push({ text, held: peak.messages <= most, found: peak.found });
  }
  const accepted = facts.presses.filter(({ acceptedMs }) => acceptedMs !== null);
  const own = accepted.filter(
    ({ acceptedBy, route }) => (receiver ?? acceptedBy) === acceptedBy && (over ?? route) === route,
  );
  const way = `${receiver === undefined ? "" : ` by ${receiver}`}${over === undefined ? "" : ` over ${over}`}`;
  const found = `${own.length} of ${accepted.length}`;
  for (const { text, holds } of boundsOf(expectation.alarms))
    verdicts.push({ text: `${text} alarms are accepted${way}`, held: holds(own.length), found });
  const shares = [
    { ppm: shareAtLeastPpm, text: "at least", holds: (part: number, whole: number) => part >= whole },
    { ppm: shareAtMostPpm, text: "at most", holds: (part: number, whole: number) => part <= whole },
  ];
  for (const { ppm, text, holds } of shares) {
    if (ppm === undefined) continue;
    const held = accepted.length > 0 && holds(own.length * 1_000_000, accepted.length * ppm);
    verdicts.push({ text: `${text} ${ppm / 10_000} % of the alarms are accepted${way}`, held, found });
  }
  return verdicts;
}
