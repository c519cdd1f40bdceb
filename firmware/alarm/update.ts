/** Updates (`IN`): what became known after the first message, told to the receiver that accepted. */

import { put, type Turn } from "./alarm-state.ts";
import { pathTo, send, stopAttempts } from "./delivery.ts";
import { change, type Press, type Report, type Session } from "./report.ts";

/** An update of a press that nobody took for so long becomes an alarm of its own. */
const pressUpdateMs = 20_000;
const retryMs = 5_000;
const updateTries = 6;

/** The newest text replaces one that is still on its way; a press that waits keeps its place in time. */
export function oweUpdate(turn: Turn, report: Report, session: Session, text: string, ofPress: boolean): void {
  const before = report.update;
  const keeps = before !== undefined && before.ofPress;
  put(
    turn,
    change(report, {
      update: {
        part: session.part,
        receiver: session.receiver,
        text,
        ofPress: ofPress || keeps,
        sinceMs: keeps ? before.sinceMs : turn.nowMs,
        nextMs: turn.nowMs,
        tries: 0,
      },
    }),
  );
}

/**
 * Sends the update once more. `number` becomes the report of a press that nobody took in time; true when it was used.
 */
export function updateDue(turn: Turn, report: Report, number: number): boolean {
  const update = report.update;
  if (update === undefined) return false;
  if (update.ofPress && turn.nowMs >= update.sinceMs + pressUpdateMs) return becomeAlarm(turn, report, number);
  if (!update.ofPress && update.tries >= updateTries) {
    put(turn, change(report, { update: undefined }));
    return false;
  }
  const tried = change(report, {
    update: Object.assign({}, update, {
      tries: update.tries + 1,
      nextMs: turn.nowMs + retryMs * (update.ofPress ? 1 : update.tries + 1),
    }),
  });
  put(turn, tried);
  send(turn, tried, update.part, pathTo(turn, update.receiver, update.tries), "IN");
  return false;
}

/** The accepting receiver answered 0 again: it has taken the update, if one was carried. */
export function updateAnswered(turn: Turn, report: Report, part: number): void {
  const update = report.update;
  if (update === undefined || update.part !== part) return;
  let carried = false;
  for (const attempt of turn.attempts) {
    if (attempt.number === report.number && attempt.what === "IN" && attempt.carriedMs >= 0) carried = true;
  }
  if (!carried) return;
  const presses: Press[] = [];
  for (const press of report.presses) presses.push({ name: press.name, accepted: true });
  const told = change(report, { update: undefined, presses });
  turn.effects.push({ type: "store", report: told });
  put(turn, told);
  stopAttempts(turn, (attempt) => attempt.number === report.number && attempt.what === "IN");
  const newest = presses[presses.length - 1];
  if (update.ofPress && newest !== undefined) {
    turn.effects.push({ type: "tell-button", bond: report.facts.bond, name: newest.name, step: "accepted" });
  }
}

function becomeAlarm(turn: Turn, report: Report, number: number): boolean {
  const old: Press[] = [];
  const own: Press[] = [];
  for (const press of report.presses) (press.accepted ? old : own).push(press);
  const update = report.update;
  const laterS = update === undefined ? 0 : Math.floor((update.sinceMs - report.raisedMs) / 1000);
  const facts = Object.assign({}, report.facts, { seconds: report.facts.seconds + laterS });
  const left = change(report, { update: undefined, presses: old });
  const alarm = change(report, {
    number,
    facts,
    presses: own,
    pressCount: own.length,
    sessions: [],
    nextPart: 0,
    at: "waiting",
    raisedMs: update === undefined ? turn.nowMs : update.sinceMs,
    round: 0,
    roundMs: turn.nowMs,
    told: false,
    ahead: [],
    nextMs: turn.nowMs,
    acceptedMs: -1,
    update: undefined,
  });
  turn.effects.push({ type: "store", report: left });
  turn.effects.push({ type: "store", report: alarm });
  put(turn, left);
  put(turn, alarm);
  stopAttempts(turn, (attempt) => attempt.number === report.number && attempt.what === "IN");
  return true;
}
