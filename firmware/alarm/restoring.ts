/**
 * After a restart what was pending starts anew in its old sessions; times of the former run mean nothing any more. What
 * accepting receivers may not have confirmed yet is told as an update again.
 */
import { roll } from "../dice.ts";
import type { Turn } from "./alarm-state.ts";
import {
  acceptingSession,
  change,
  isAccepted,
  isPending,
  isRaced,
  type Report,
  type Session,
  type Update,
  withUpdate,
} from "./report.ts";
import { laterText } from "./update.ts";

/** The kinds below an alarm wait up to this: the power may have come back to a whole town. */
const restartSpreadMs = 600_000;

export function restored(turn: Turn, reports: readonly Report[]): void {
  for (const report of reports) turn.reports.push(withUpdatesOwed(turn, begunAnew(turn, report)));
  for (const report of turn.reports) {
    if (report.facts.kind !== "user-alarm" || !isPending(report)) continue;
    turn.effects.push({ type: "show", signal: "sending" });
    return;
  }
}

function begunAnew(turn: Turn, report: Report): Report {
  const nowMs = turn.nowMs;
  const sessions: Session[] = [];
  // Whether an `RE` had left is not known any more: it is taken for sent, so that its answer is never an acceptance.
  for (const session of report.sessions)
    sessions.push(
      Object.assign({}, session, { sinceMs: nowMs, nextMs: nowMs, tries: session.at === "owed" ? 1 : session.tries }),
    );
  return change(report, {
    sessions,
    at: isPending(report) ? "waiting" : "done",
    raisedMs: nowMs,
    former: true,
    pressedMs: -1,
    overMs: nowMs,
    roundMs: nowMs,
    nextMs: nowMs + (isRaced(report) ? 0 : roll(turn, restartSpreadMs + 1)),
    acceptedMs: isAccepted(report) ? nowMs : -1,
  });
}

/**
 * A press that no receiver has confirmed still has to get its answer, a corrected time is told to whoever accepted; and whoever
 * accepted later is told once more that another has the alarm, since whether that had been told is not known any more.
 */
function withUpdatesOwed(turn: Turn, report: Report): Report {
  const first = isAccepted(report) && !report.cancelled ? acceptingSession(report) : undefined;
  if (first === undefined) return report;
  let owing = report;
  for (const session of report.sessions)
    if (session.at === "accepted" && session.receiver !== first.receiver)
      owing = withUpdate(owing, session.part, newUpdate(turn, session, laterText, false));
  let ofPress = false;
  for (const press of report.presses) if (!press.accepted) ofPress = true;
  const ofTime = report.corrected !== "none" && !report.timeTold;
  return ofPress || ofTime ? withUpdate(owing, first.part, newUpdate(turn, first, "", ofPress)) : owing;
}

function newUpdate(turn: Turn, session: Session, text: string, ofPress: boolean): Update {
  return {
    part: session.part,
    receiver: session.receiver,
    text,
    ofPress,
    sinceMs: turn.nowMs,
    nextMs: turn.nowMs,
    tries: 0,
    before: 0,
  };
}
