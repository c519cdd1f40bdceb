/**
 * Withdrawal: after acceptance, or after the wearer's cancel, every other receiver that may have heard of the alarm is
 * owed one `RE` under the reference it heard. The debt is kept, retried for a day, then dropped.
 */
import { around } from "../dice.ts";
import { put, type Turn } from "./alarm-state.ts";
import { pathTo, send, stopAttempts } from "./attempts.ts";
import { isLost } from "./left-out.ts";
import { changeSession, isPending, type Report, type Route, type Session, sessionOf } from "./report.ts";

const debtMs = 24 * 3_600_000;
/** A receiver that comes back shall not stand with an open case for a minute. */
const retryMs = 40_000;
const retryWhileNewMs = 1_800_000;
const slowRetryMs = 600_000;

/** The session now owes an `RE`; where no byte of it ever left the unit, there is nothing to withdraw. */
export function owe(report: Report, part: number, nowMs: number): Report {
  const session = sessionOf(report, part);
  if (session === undefined) return report;
  if (session.sends === 0) return changeSession(report, part, { at: "withdrawn" });
  return changeSession(report, part, { at: "owed", sinceMs: nowMs, nextMs: nowMs, tries: 0, carried: false });
}

/** A path is back: what is owed is sent at once. */
export function hurryDebts(turn: Turn, report: Report): void {
  let hurried = report;
  for (const session of report.sessions) {
    if (session.at === "owed") hurried = changeSession(hurried, session.part, { nextMs: turn.nowMs });
  }
  if (hurried !== report) put(turn, hurried);
}

/**
 * Sends the `RE`, over the other route each second time; after half an hour, or to a receiver that is lost, only now and
 * then: its return brings all debts forward.
 */
export function debtDue(turn: Turn, report: Report, session: Session): void {
  if (turn.nowMs >= session.sinceMs + debtMs) {
    settleDebt(turn, report, session, "withdrawn");
    return;
  }
  const soon = turn.nowMs < session.sinceMs + retryWhileNewMs && !isLost(turn, session.receiver);
  const waitMs = soon ? retryMs : slowRetryMs;
  const tried = changeSession(report, session.part, {
    tries: session.tries + 1,
    nextMs: turn.nowMs + around(turn, waitMs, 20),
  });
  put(turn, tried);
  send(turn, tried, session.part, pathTo(turn, session.receiver, session.tries), "RE");
}

/**
 * An `mrs` while an `RE` is owed. Before the first `RE` has left it is a late answer to the alarm itself, once one was carried
 * the answer to that, unless it comes over another route than any that carried one: then it may be the alarm's, late, and the
 * next `RE`, over the other route, gets an answer of its own. Between the two it counts as a late answer only where somebody has accepted the alarm before: the
 * answer to a withdrawal whose SIP answer got lost must not pass for help that is coming. True: the receiver has accepted.
 */
export function answeredWhileOwed(turn: Turn, report: Report, session: Session, snu: number, route: Route): boolean {
  if (session.carried) {
    if (isOfOther(turn, report, session, route)) return false;
    const again = snu === 4 || snu === 5 || snu === 6;
    if (!again) settleDebt(turn, report, session, "withdrawn");
    else put(turn, changeSession(report, session.part, { carried: false }));
    return false;
  }
  if (session.tries > 0 && (report.cancelled || isPending(report))) return false;
  if (snu === 4 && !session.held) {
    const held = changeSession(report, session.part, { held: true });
    turn.effects.push({ type: "store", report: held });
    put(turn, held);
  } else if (snu !== 0 && !session.held) settleDebt(turn, report, session, "refused");
  return snu === 0;
}

/** Whether an `RE` is known to have been carried, and none over this route. */
function isOfOther(turn: Turn, report: Report, session: Session, route: Route): boolean {
  let other = false;
  for (const attempt of turn.attempts) {
    if (attempt.number !== report.number || attempt.part !== session.part || attempt.carriedMs < 0) continue;
    if (attempt.path.route === route) return false;
    other = true;
  }
  return other;
}

function settleDebt(turn: Turn, report: Report, session: Session, at: "withdrawn" | "refused"): void {
  const settled = changeSession(report, session.part, { at });
  turn.effects.push({ type: "store", report: settled });
  turn.effects.push({
    type: "log",
    what: "withdrawn",
    number: report.number,
    part: session.part,
    path: undefined,
    attempt: 0,
  });
  put(turn, settled);
  stopAttempts(turn, (attempt) => attempt.number === report.number && attempt.part === session.part);
}
