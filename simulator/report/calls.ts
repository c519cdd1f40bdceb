/**
 * The call-and-visit list: for every full hour the people to ring or to visit, because their unit has no proven path or
 * their alarm is still waiting. Pending alarms come first, then the longest silence.
 */
import type { RunFacts, RunUnit } from "../record/run-result.ts";
import { localDate, localMinute } from "../scenario/scenario-clock.ts";
import { csvRow } from "./csv.ts";

export interface Call {
  /** Virtual instant of the full hour. */
  readonly hourMs: number;
  readonly unit: RunUnit;
  /** Instant of the oldest press that waits; null: none. */
  readonly pendingSinceMs: number | null;
  /** Last proof of life; null: its path is proven. */
  readonly silentSinceMs: number | null;
  readonly why: string;
}

/** An alarm that has waited this long at the full hour is a reason to ring. */
export const callAfterMs = 60_000;
/** The list stops here: nobody can ring so many. */
export const mostCalls = 500_000;
const hourMs = 3_600_000;

export interface CallList {
  readonly calls: readonly Call[];
  /** Left out because of the limit. */
  readonly dropped: number;
}

export function callList(facts: RunFacts): CallList {
  const units = new Map(facts.units.map((unit) => [unit.id, unit]));
  const hours = new Map<number, Map<string, Call>>();
  let size = 0;
  let dropped = 0;
  const visit = (unitId: string, fromMs: number, toMs: number, merge: (at: Call) => Call): void => {
    const unit = units.get(unitId);
    if (unit === undefined) return;
    for (let at = Math.ceil(fromMs / hourMs) * hourMs; at < toMs; at += hourMs) {
      const hour = hours.get(at) ?? new Map<string, Call>();
      hours.set(at, hour);
      const known = hour.get(unitId);
      if (known === undefined && size >= mostCalls) {
        dropped++;
        continue;
      }
      if (known === undefined) size++;
      hour.set(unitId, merge(known ?? { hourMs: at, unit, pendingSinceMs: null, silentSinceMs: null, why: "" }));
    }
  };
  for (const press of facts.presses) {
    const { pressedMs } = press;
    visit(press.unit, pressedMs + callAfterMs, press.acceptedMs ?? facts.virtualMs + 1, (call) => ({
      ...call,
      pendingSinceMs: Math.min(call.pendingSinceMs ?? pressedMs, pressedMs),
      why: call.why === "" ? "alarm not accepted" : call.why,
    }));
  }
  for (const gap of facts.pathless) {
    const silentSinceMs = gap.lastProofMs ?? gap.fromMs;
    visit(gap.unit, gap.fromMs, gap.toMs ?? facts.virtualMs + 1, (call) => ({ ...call, silentSinceMs, why: gap.why }));
  }
  const calls: Call[] = [];
  for (const at of [...hours.keys()].sort((a, b) => a - b))
    calls.push(...[...(hours.get(at)?.values() ?? [])].sort(byUrgency));
  return { calls, dropped };
}

function byUrgency(a: Call, b: Call): number {
  const never = Number.POSITIVE_INFINITY;
  return (
    compare(a.pendingSinceMs ?? never, b.pendingSinceMs ?? never) ||
    compare(a.silentSinceMs ?? never, b.silentSinceMs ?? never) ||
    (a.unit.id < b.unit.id ? -1 : 1)
  );
}

function compare(a: number, b: number): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

/** The last three are for those who ring and go: to be filled in by hand. What is done closes nothing, the unit's next accepted message does. */
const header = [
  "hour",
  "unit",
  "larmkod",
  "group",
  "pending_alarm",
  "pending_since",
  "silent_since",
  "why",
  "night",
  "rung",
  "visited",
  "by",
];

/** RFC 4180; times are Swedish local. */
export function callsCsv(facts: RunFacts): string {
  const stamp = (ms: number | null): string => {
    if (ms === null) return "";
    const wallMs = facts.scenario.startWallMs + ms;
    return `${localDate(wallMs)} ${localMinute(wallMs)}`;
  };
  const rows = [csvRow(header)];
  const atNight = new Set(facts.registry.filter(({ night }) => night).map(({ unit }) => unit));
  for (const call of callList(facts).calls) {
    const pending = call.pendingSinceMs === null ? "no" : "yes";
    const { id, cid, provider } = call.unit;
    rows.push(
      csvRow([
        stamp(call.hourMs),
        id,
        cid,
        provider,
        pending,
        stamp(call.pendingSinceMs),
        stamp(call.silentSinceMs),
        call.why,
        atNight.has(id) ? "yes" : "no",
        "",
        "",
        "",
      ]),
    );
  }
  return rows.join("");
}
