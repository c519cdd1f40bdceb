/**
 * `trace.json`: a run as Perfetto (ui.perfetto.dev) and Chrome read it, in the Trace Event Format: a track for each unit that pressed,
 * a span for each alarm with what it waited for inside, its hops as marks, and above them faults, notices and all that is pending.
 */
import type { RunPress, RunResult } from "../record/run-result.ts";
import { Ladders, type Lane, lanes } from "../report/ladder.ts";
import { latePresses } from "../report/statistics.ts";

/** Events beyond are counted: those of late alarms come first. 20 MB at most. */
const mostEvents = 100_000;

/** One event: `ph` says what it is ("b" and "e" begin and end a span, "X" is a whole one, "i" a mark, "C" a number, "M" a name). */
interface TraceEvent {
  readonly ph: "b" | "e" | "X" | "i" | "C" | "M";
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  /** In microseconds. */
  readonly ts?: number;
  readonly dur?: number;
  readonly cat?: string;
  readonly id?: string;
  readonly s?: "t" | "p" | "g";
  readonly args?: object;
}

const world = 1;
const faultThreads = 100;
const alarmThread = 0;
const withoutPath = lanes.length + 1;
const withoutPower = lanes.length + 2;
const usPerMs = 1_000;

/** Ends with a line break; one event a line. */
export function traceJson(result: RunResult, limit: number = mostEvents): string {
  const events = new Bounded(limit);
  addWorld(events, result);
  const ladders = new Ladders(result);
  const units = new Map<string, number>();
  const pidOf = (unit: string): number => {
    const known = units.get(unit);
    if (known !== undefined) return known;
    const pid = world + 1 + units.size;
    units.set(unit, pid);
    events.add(nameUnit(unit, pid));
    return pid;
  };
  const late = new Set(latePresses(result));
  const inOrder = [...late, ...result.presses.filter((press) => !late.has(press))];
  for (const [index, press] of inOrder.entries())
    events.add(alarmEvents(result, ladders, press, pidOf(press.unit), `${index + 1}`));
  for (const { unit, fromMs, toMs, why } of result.pathless)
    events.add([span("no proven path", pidOf(unit), withoutPath, fromMs, toMs ?? result.virtualMs, { why })]);
  for (const { unit, fromMs, toMs } of result.off)
    events.add([span("no power", pidOf(unit), withoutPower, fromMs, toMs ?? result.virtualMs)]);
  const { scenario, seed, digest } = result;
  const head = { scenario: scenario.name, seed, digest, leftOut: events.leftOut };
  const body = events.kept.map((event) => JSON.stringify(event)).join(",\n");
  return `{"displayTimeUnit":"ms","otherData":${JSON.stringify(head)},"traceEvents":[\n${body}\n]}\n`;
}

class Bounded {
  readonly kept: TraceEvent[];
  leftOut: number;
  private readonly limit: number;

  constructor(limit: number) {
    this.kept = [];
    this.leftOut = 0;
    this.limit = limit;
  }

  /** All or none: a span without its end would last for ever. */
  add(events: readonly TraceEvent[]): void {
    if (this.kept.length + events.length > this.limit) this.leftOut += events.length;
    else this.kept.push(...events);
  }
}

function addWorld(events: Bounded, { faults, notices, pending }: RunResult): void {
  events.add([named("process_name", world, 0, "world"), order(world, 0), named("thread_name", world, 0, "monitor")]);
  for (const [index, { object, name, fault, fromMs, toMs }] of faults.entries()) {
    const thread = faultThreads + index;
    const whose = `${object} ${name}`;
    events.add([named("thread_name", world, thread, whose), span(`${whose}: ${fault}`, world, thread, fromMs, toMs)]);
  }
  for (const { atMs, cause, subject, phase, units, evidence } of notices) {
    const name = `${cause} ${subject}: ${phase}`;
    events.add([{ ph: "i", name, pid: world, tid: 0, ts: atMs * usPerMs, s: "p", args: { units, evidence } }]);
  }
  for (const { atMs, count } of pending)
    events.add([{ ph: "C", name: "pending alarms", pid: world, tid: 0, ts: atMs * usPerMs, args: { count } }]);
}

function nameUnit(unit: string, pid: number): TraceEvent[] {
  return [
    named("process_name", pid, 0, unit),
    order(pid, pid),
    ...lanes.map((lane, index) => named("thread_name", pid, index + 1, lane)),
    named("thread_name", pid, withoutPath, "path"),
    named("thread_name", pid, withoutPower, "power"),
  ];
}

/** The alarm, the four waits inside it, and its hops, each at the place that it left. */
function alarmEvents(result: RunResult, ladders: Ladders, press: RunPress, pid: number, id: string): TraceEvent[] {
  const { pressedMs, storedMs, sentMs, carriedMs, acceptedMs, stem, button, acceptedBy, route, attempts } = press;
  const endMs = acceptedMs ?? result.virtualMs;
  const args = { button, acceptedBy, route, attempts, accepted: acceptedMs !== null };
  const steps: [string, number | null][] = [
    ["to the unit", storedMs],
    ["until it is sent", sentMs],
    ["until a receiver has it", carriedMs],
    ["until it is accepted", acceptedMs],
  ];
  const events = asyncSpan(`alarm ${stem ?? "not stored"}`, pid, id, pressedMs, endMs, args);
  let fromMs = pressedMs;
  for (const [name, atMs] of steps) {
    const untilMs = Math.min(Math.max(atMs ?? endMs, fromMs), endMs);
    events.splice(-1, 0, ...asyncSpan(name, pid, id, fromMs, untilMs));
    fromMs = untilMs;
    if (atMs === null) break;
  }
  for (const { atMs, from, to, what, detail, tookMs, fate } of ladders.of(press).hops) {
    if (what === "fault-begins" || what === "fault-ends") continue;
    const name = detail === "" ? what : `${what} ${detail}`;
    const hop = { to, tookMs, fate, alarm: stem };
    events.push({ ph: "i", name, pid, tid: threadOf(from), ts: atMs * usPerMs, s: "t", args: hop });
  }
  return events;
}

function asyncSpan(name: string, pid: number, id: string, fromMs: number, toMs: number, args?: object): TraceEvent[] {
  const both = { name, pid, tid: alarmThread, cat: "alarm", id };
  return [
    { ph: "b", ...both, ts: fromMs * usPerMs, ...(args === undefined ? {} : { args }) },
    { ph: "e", ...both, ts: toMs * usPerMs },
  ];
}

function span(name: string, pid: number, tid: number, fromMs: number, toMs: number, args?: object): TraceEvent {
  const more = args === undefined ? {} : { args };
  return { ph: "X", name, pid, tid, ts: fromMs * usPerMs, dur: (toMs - fromMs) * usPerMs, ...more };
}

function named(name: "process_name" | "thread_name", pid: number, tid: number, text: string): TraceEvent {
  return { ph: "M", name, pid, tid, args: { name: text } };
}

function order(pid: number, index: number): TraceEvent {
  return { ph: "M", name: "process_sort_index", pid, tid: 0, args: { sort_index: index } };
}

function threadOf(lane: Lane): number {
  return lanes.indexOf(lane) + 1;
}
