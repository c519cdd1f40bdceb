/** What the alarms mean to the voice: whose first round nobody took, which are open, how long ago the newest was. */
import type { AlarmState } from "../alarm/alarm-state.ts";
import { isPending, isRaced, type Report } from "../alarm/report.ts";

export interface WaitingAlarms {
  /** Nobody has accepted them in their first round. */
  readonly waiting: readonly number[];
  /** Accepted and not closed. */
  readonly open: readonly number[];
  /** Monotonic ms of the newest alarm or acceptance, or -1; what a former life left counts from the restart, since its caller may be at it. */
  readonly newestMs: number;
  /** Until then a receiver that has taken a message may still say its word. */
  readonly answerMs: number;
  /** Until then the oldest alarm in its first round, or in the first that left the unit, needs the line more than a call does, or -1. */
  readonly freshMs: number;
}

/** A receiver whose SIP answer came has so long for its `mrs`. */
const answerWaitMs = 10_000;
/** A call that stops data lets a new alarm go first for so long. */
const freshForMs = 20_000;

export const noAlarms: WaitingAlarms = { waiting: [], open: [], newestMs: -1, answerMs: -1, freshMs: -1 };

export function waitingAlarms(state: AlarmState): WaitingAlarms {
  const waiting: number[] = [];
  const open: number[] = [];
  let newestMs = -1;
  let freshMs = -1;
  for (const report of state.reports) {
    if (!isRaced(report) || report.cancelled || report.at === "delayed") continue;
    newestMs = Math.max(newestMs, report.raisedMs, report.acceptedMs);
    if (report.at === "open") open.push(report.number);
    if (!isPending(report)) continue;
    if (hasFailedOnce(report)) waiting.push(report.number);
    const leftMs = isFirstToLeave(report) ? report.sentMs : hasFailedOnce(report) ? -1 : report.raisedMs;
    if (leftMs >= 0 && (freshMs < 0 || leftMs + freshForMs < freshMs)) freshMs = leftMs + freshForMs;
  }
  let answerMs = -1;
  for (const attempt of state.attempts) {
    if (attempt.what === "ME" && attempt.carriedMs >= 0 && waiting.indexOf(attempt.number) >= 0)
      answerMs = Math.max(answerMs, attempt.carriedMs + answerWaitMs);
  }
  return { waiting, open, newestMs, answerMs, freshMs };
}

export function isSameAlarms(a: WaitingAlarms, b: WaitingAlarms): boolean {
  const times = a.newestMs === b.newestMs && a.answerMs === b.answerMs && a.freshMs === b.freshMs;
  return times && isSameList(a.waiting, b.waiting) && isSameList(a.open, b.open);
}

function hasFailedOnce(report: Report): boolean {
  return report.round > 1 || (report.round === 1 && report.at === "pause");
}

/** Its earlier rounds found no way out, such as during a call: this one is the first that anybody can answer. */
function isFirstToLeave(report: Report): boolean {
  return report.at === "round" && report.round > 1 && report.sentMs >= report.roundMs;
}

function isSameList(a: readonly number[], b: readonly number[]): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
