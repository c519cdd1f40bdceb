/** What a receiver's `mrs` does to a report (SS 91100 table 2, `snu`): acceptance, hold, busy, refusal. */
import { senderDuty } from "../../protocol/scaip/sender-duty.ts";
import { around } from "../dice.ts";
import type { CallReply } from "../voice/call-plan.ts";
import { type Hops, put, reportOf, type Turn } from "./alarm-state.ts";
import { stopAttempts } from "./attempts.ts";
import { goOn, hurry, mayStart, skipReceiver } from "./delivery.ts";
import { tellDevice } from "./devices.ts";
import { instantS } from "./facts.ts";
import { leaveOut, letIn } from "./left-out.ts";
import {
  change,
  changeSession,
  hasUntaken,
  isAccepted,
  isPending,
  isRaced,
  mayStandOpen,
  openMs,
  type Path,
  type Press,
  pressesInMessage,
  type Report,
  type Route,
  type Session,
  sessionOf,
  withLast,
} from "./report.ts";
import { fallText, hasFallen, joinedText, laterText, oweUpdate, updateAnswered } from "./update.ts";
import { answeredWhileOwed, owe } from "./withdrawal.ts";

const pollMs = 10_000;
const lateMs = 60_000;

/** An `mrs`: from whom, over which route, for which session. */
export interface Answer {
  readonly receiver: number;
  readonly route: Route;
  readonly number: number;
  readonly part: number;
  readonly snu: number;
  readonly reply?: CallReply | undefined;
}

/** Matched by reference alone, over any route, as long as the report is kept; only from the receiver it was sent to. */
export function answered(turn: Turn, answer: Answer): void {
  const report = reportOf(turn, answer.number);
  const snu = answer.snu;
  const session = report === undefined ? undefined : sessionOf(report, answer.part);
  if (report === undefined || session === undefined || session.receiver !== answer.receiver) return;
  switch (session.at) {
    case "withdrawn":
      return;
    case "accepted":
      if (snu === 0) updateAnswered(turn, report, session);
      return;
    case "owed":
      if (answeredWhileOwed(turn, report, session, snu, answer.route)) accept(turn, report, session, answer);
      return;
    case "open":
    case "hold":
    case "refused":
      if (snu === 0) accept(turn, report, session, answer);
      else if (snu !== 4) refuse(turn, report, session, answer);
      else if (isPending(report)) hold(turn, report, session, answer.route);
      else if (session.at === "refused")
        settle(turn, owe(changeSession(report, session.part, { held: true }), session.part, turn.nowMs));
  }
}

function settle(turn: Turn, report: Report): void {
  turn.effects.push({ type: "store", report });
  put(turn, report);
}

/** The first acceptance ends the race; a later one stands beside it and is told so. */
function accept(turn: Turn, report: Report, session: Session, answer: Answer): void {
  letIn(turn, session.receiver);
  const known = changeSession(report, session.part, {
    at: "accepted",
    unread: Math.max(0, carriedOf(turn, session, report.number) - 1),
    unreadMs: turn.nowMs,
  });
  if (report.cancelled) {
    settle(turn, owe(known, session.part, turn.nowMs));
    return;
  }
  if (isAccepted(report)) {
    const later = withLast(known, session.part);
    orderCall(turn, "keep-call", later, answer);
    settle(turn, later);
    stopAttempts(turn, (attempt) => attempt.number === report.number && attempt.part === session.part);
    oweUpdate(turn, later, session, laterText, false);
    orderCall(turn, "grant-call", later, answer);
    return;
  }
  let taken = change(known, {
    acceptedMs: turn.nowMs,
    overMs: turn.nowMs,
    endedS: turn.wallStartS >= 0 ? instantS(turn, turn.nowMs) : -1,
    at: isRaced(report) ? "open" : "done",
    nextMs: turn.nowMs + openMs,
    ahead: [],
    presses: pressesAccepted(report),
    later: "",
  });
  for (const other of known.sessions)
    if (other.receiver !== session.receiver && mayStandOpen(other)) taken = owe(taken, other.part, turn.nowMs);
  orderCall(turn, "keep-call", taken, answer);
  settle(turn, taken);
  log(turn, "accepted", session, report.number, answer.route);
  stopAttempts(turn, (attempt) => attempt.number === report.number);
  if (report.facts.kind === "user-alarm") turn.effects.push({ type: "show", signal: "accepted" });
  tellAccepted(turn, taken);
  turn.effects.push({ type: "tell-department", number: report.number });
  if (report.joined >= 0) turn.effects.push({ type: "tell-department", number: report.joined });
  turn.effects.push({ type: "hops", number: report.number, hops: hopsOf(taken) });
  tellMore(turn, taken, session, report.later);
  orderCall(turn, "grant-call", taken, answer);
}

/** Copies of a message that the receiver has: it answers each of them. */
function carriedOf(turn: Turn, session: Session, number: number): number {
  let carried = 0;
  for (const attempt of turn.attempts)
    if (attempt.number === number && attempt.part === session.part && attempt.carriedMs >= 0) carried++;
  return carried;
}

/** A call is offered with an alarm alone. It is kept before the acceptance, so that a power cut between the two forgets no call. */
function orderCall(turn: Turn, type: "keep-call" | "grant-call", report: Report, answer: Answer): void {
  const reply = answer.reply;
  if (reply === undefined || !isRaced(report)) return;
  turn.effects.push({ type, number: report.number, receiver: answer.receiver, reply });
}

function hopsOf(report: Report): Hops {
  return {
    pressedMs: report.former ? -1 : report.pressedMs,
    heardMs: report.former ? -1 : report.raisedMs,
    sentMs: report.sentMs,
    carriedMs: report.carriedMs,
    acceptedMs: report.acceptedMs,
  };
}

/** What became known since the first message goes as an update: further presses, a fall, the right time, that it took long. */
function tellMore(turn: Turn, taken: Report, session: Session, later: string): void {
  if (!isRaced(taken)) return;
  const sinceMs = taken.pressedMs < 0 ? taken.raisedMs : taken.pressedMs;
  const lateS = Math.floor((turn.nowMs - sinceMs) / 1000);
  let text = lateS * 1000 > lateMs ? "accepted " + lateS + " s after the press" : "";
  if (hasFallen(turn, taken)) text = joinedText(text, fallText);
  text = joinedText(text, later);
  const hasTime = taken.corrected !== "none";
  const more = hasUntaken(taken);
  const counted = taken.pressCount > taken.facts.times;
  if (more || counted || text !== "" || hasTime) oweUpdate(turn, taken, session, text, more);
}

/** What a device calls for again and again by one alarm, its newest accepted call ends. */
function tellAccepted(turn: Turn, taken: Report): void {
  for (let i = 0; i < taken.presses.length; i++) {
    const press = taken.presses[i] as Press;
    const ended = isRaced(taken) && i + 1 < pressesInMessage(taken);
    if (press.accepted && !ended) tellDevice(turn, taken.facts.bond, press.name, "accepted");
  }
}

/** An alarm's message told of its first press, or of those it was made of; what was joined before a lower kind's message is all in it. */
function pressesAccepted(report: Report): Press[] {
  const presses: Press[] = [];
  for (let i = 0; i < report.presses.length; i++) {
    const press = report.presses[i] as Press;
    presses.push(i < pressesInMessage(report) ? { name: press.name, accepted: true } : press);
  }
  return presses;
}

/**
 * Hold: the same bytes again every ten seconds or so; receivers not yet started wait meanwhile. Answers may cross: one that holds
 * after it has refused has a case open, and is polled, or told that another has the alarm.
 */
function hold(turn: Turn, report: Report, session: Session, route: Route): void {
  letIn(turn, session.receiver);
  const first = session.at !== "hold";
  const held = changeSession(report, session.part, {
    at: "hold",
    held: true,
    sinceMs: first ? turn.nowMs : session.sinceMs,
    nextMs: turn.nowMs + around(turn, pollMs, 20),
  });
  if (first) log(turn, "held", session, report.number, route);
  stopAttempts(turn, (attempt) => attempt.number === report.number && attempt.part === session.part);
  if (!first) {
    put(turn, held);
    return;
  }
  turn.effects.push({ type: "store", report: held });
  const ahead: Path[] = [];
  for (const path of held.ahead) if (mayStart(turn, held, path.receiver)) ahead.push(path);
  const left = change(held, { ahead });
  put(turn, left);
  if (ahead.length === 0) goOn(turn, left);
}

/**
 * Not taken: the session ends and the next receiver is tried at once. "Busy" and "not treated" leave the receiver out
 * for a moment; any other refusal blames the message, which from now on carries the mandatory elements only. Where it held
 * before, its case may stay open: that session still hears when another has the alarm.
 */
function refuse(turn: Turn, report: Report, session: Session, answer: Answer): void {
  if (session.at === "refused" || !isPending(report)) return;
  const duty = senderDuty(answer.snu);
  const busy = duty === "busy" || duty === "not-treated";
  const refused = change(changeSession(report, session.part, { at: "refused" }), { minimal: report.minimal || !busy });
  if (busy) leaveOut(turn, session.receiver, answer.route, -1);
  turn.effects.push({ type: "store", report: refused });
  log(turn, "refused", session, report.number, answer.route);
  stopAttempts(turn, (attempt) => attempt.number === report.number && attempt.part === session.part);
  const skipped = skipReceiver(turn, refused, session.receiver);
  if (session.at === "hold" && report.at === "pause") hurry(turn, skipped);
  else goOn(turn, skipped);
}

function log(turn: Turn, what: "accepted" | "refused" | "held", session: Session, number: number, route: Route): void {
  let id = 0;
  for (const attempt of turn.attempts) {
    if (attempt.number === number && attempt.part === session.part && attempt.path.route === route) id = attempt.id;
  }
  const path = { route, receiver: session.receiver };
  turn.effects.push({ type: "log", what, number, part: session.part, path, attempt: id });
}
