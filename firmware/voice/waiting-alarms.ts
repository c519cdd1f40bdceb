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
}

/** A receiver whose SIP answer came has so long for its `mrs`. */
const answerWaitMs = 10_000;

export const noAlarms: WaitingAlarms = { waiting: [], open: [], newestMs: -1, answerMs: -1 };

export function waitingAlarms(state: AlarmState): WaitingAlarms {
  const waiting: number[] = [];
  const open: number[] = [];
  let newestMs = -1;
  for (const report of state.reports) {
    if (!isRaced(report) || report.cancelled || report.at === "delayed") continue;
    newestMs = Math.max(newestMs, report.raisedMs, report.acceptedMs);
    if (report.at === "open") open.push(report.number);
    if (isPending(report) && hasFailedOnce(report)) waiting.push(report.number);
  }
  let answerMs = -1;
  for (const attempt of state.attempts) {
    if (attempt.what === "ME" && attempt.carriedMs >= 0 && waiting.indexOf(attempt.number) >= 0)
      answerMs = Math.max(answerMs, attempt.carriedMs + answerWaitMs);
  }
  return { waiting, open, newestMs, answerMs };
}

export function isSameAlarms(a: WaitingAlarms, b: WaitingAlarms): boolean {
  const times = a.newestMs === b.newestMs && a.answerMs === b.answerMs;
  return times && isSameList(a.waiting, b.waiting) && isSameList(a.open, b.open);
}

function hasFailedOnce(report: Report): boolean {
  return report.round > 1 || (report.round === 1 && report.at === "pause");
}

function isSameList(a: readonly number[], b: readonly number[]): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
