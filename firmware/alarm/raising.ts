/**
 * What departments and accessories have to tell. Below an alarm, orders of one device and cause become one report while
 * it waits: a loss and its return, or one thing time and again. What repeats beyond a bound is told as unstable. An alarm
 * is never joined by another device's, nor held back.
 */
import { sharedSpreadMs } from "../department.ts";
import { roll } from "../dice.ts";
import { type AlarmEvent, type Call, put, reportOf, type Turn } from "./alarm-state.ts";
import { begin, called, isSameDevice, knows, named } from "./calls.ts";
import { startRound } from "./delivery.ts";
import { tellDevice } from "./devices.ts";
import { type Facts, factsOf, joinedFacts } from "./facts.ts";
import { endOfUnstable, isSameSubject, noteChange, unstableFacts } from "./flaps.ts";
import { makeRoom } from "./keeping.ts";
import { change, isPending, isRaced, isRacedKind, isUntold, kindsByUrgency, newReport, type Report } from "./report.ts";

type Raised = Extract<AlarmEvent, { type: "raised" }>;

export function raised(turn: Turn, event: Raised): void {
  const facts = factsOf(turn, event.order, event.origin, event.ageS);
  if (isRacedKind(facts.kind)) {
    if (event.call === undefined) add(turn, event.number, facts, undefined, event.ageS, 0);
    else called(turn, event.number, facts, event.call, event.ageS);
    return;
  }
  const call = event.call;
  if (call !== undefined && isKnown(turn, facts, call)) {
    called(turn, event.number, facts, call, event.ageS);
    return;
  }
  const flap = facts.kind === "technical" ? noteChange(turn, facts, event.number) : undefined;
  const waiting = untoldReport(turn, facts);
  if (flap !== undefined && flap.state === "unstable" && waiting === undefined) {
    if (call !== undefined) tellDevice(turn, call.bond, call.name, "received");
    return;
  }
  const says = flap === undefined || flap.state === "counted" ? facts : unstableFacts(turn, facts, flap);
  if (waiting !== undefined) join(turn, waiting, says, event.number, call);
  else add(turn, event.number, says, call, event.ageS, event.order.spreadMs);
}

/** An unstable subject has been at rest for long enough: told once, as it stands now. Answers whether `number` was used. */
export function flapsDue(turn: Turn, number: number): boolean {
  for (const flap of turn.flaps.concat()) {
    const facts = endOfUnstable(turn, flap);
    if (facts === undefined) continue;
    const waiting = untoldReport(turn, facts);
    if (waiting !== undefined) {
      join(turn, waiting, facts, flap.number, undefined);
      return false;
    }
    // Its cause may be shared, such as a cell that is stable again.
    add(turn, number, facts, undefined, 0, sharedSpreadMs);
    const added = reportOf(turn, number);
    if (added !== undefined) put(turn, change(added, { joined: flap.number }));
    return true;
  }
  return false;
}

function add(turn: Turn, number: number, facts: Facts, call: Call | undefined, ageS: number, spreadMs: number): void {
  const log = { type: "log", number, part: 0, path: undefined, attempt: 0 } as const;
  if (!makeRoom(turn, kindsByUrgency.indexOf(facts.kind))) {
    turn.effects.push(Object.assign({ what: "dropped" as const }, log));
    return;
  }
  if (call !== undefined) {
    begin(turn, number, facts, call, ageS, spreadMs);
    return;
  }
  const report = change(newReport(number, facts, turn.nowMs), { nextMs: turn.nowMs + roll(turn, spreadMs + 1) });
  turn.effects.push({ type: "store", report });
  turn.effects.push(Object.assign({ what: "stored" as const }, log));
  put(turn, report);
  if (facts.kind === "user-alarm") turn.effects.push({ type: "show", signal: "sending" });
  if (isRaced(report)) startRound(turn, report);
}

/** One more order in a report that nobody has heard of yet: it keeps its place in the queue and its own number. */
function join(turn: Turn, waiting: Report, facts: Facts, number: number, call: Call | undefined): void {
  const joined = change(waiting, { facts: joinedFacts(waiting.facts, facts), joined: number });
  const known =
    call === undefined
      ? joined
      : change(joined, {
          presses: named(joined.presses, call.name, 1),
          pressCount: joined.pressCount + 1,
          counter: Math.max(joined.counter, call.counter),
        });
  turn.effects.push({ type: "store", report: known });
  put(turn, known);
  if (call !== undefined) tellDevice(turn, call.bond, call.name, "received");
}

/** The report about the same subject that still waits for its first message, by the clock that runs now. */
function untoldReport(turn: Turn, facts: Facts): Report | undefined {
  for (const report of turn.reports) {
    if (!isPending(report) || !isUntold(report) || report.facts.kind !== facts.kind) continue;
    if (report.facts.clock !== facts.clock || (report.former && facts.clock === "start")) continue;
    if (isSameSubject(report.facts, facts)) return report;
  }
  return undefined;
}

function isKnown(turn: Turn, facts: Facts, call: Call): boolean {
  for (const report of turn.reports) if (isSameDevice(report.facts, facts) && knows(report, call.name)) return true;
  return false;
}
