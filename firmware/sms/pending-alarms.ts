/** What the alarms mean to the last resort: which of them nobody has accepted, and whose first round has failed everywhere. */
import type { AlarmState } from "../alarm/alarm-state.ts";
import { isPending, isRaced, type Report } from "../alarm/report.ts";

export interface PendingAlarm {
  readonly number: number;
  readonly dty: number;
  readonly stc: number;
  /** Monotonic ms from which it has been pending in this run of the unit. */
  readonly sinceMs: number;
  /** Every path to every receiver was tried in vain at least once. */
  readonly hasFailed: boolean;
}

/** Oldest first, as the alarms keep them. */
export function pendingAlarms(state: AlarmState): PendingAlarm[] {
  const pending: PendingAlarm[] = [];
  for (const report of state.reports) {
    if (!isRaced(report) || !isPending(report) || report.at === "delayed" || report.at === "done") continue;
    pending.push({
      number: report.number,
      dty: report.facts.dty,
      stc: report.facts.stc,
      sinceMs: report.raisedMs,
      hasFailed: hasFailedOnce(report),
    });
  }
  return pending;
}

export function isSamePending(a: readonly PendingAlarm[], b: readonly PendingAlarm[]): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) {
    const one = a[i] as PendingAlarm;
    const two = b[i] as PendingAlarm;
    if (one.number !== two.number || one.hasFailed !== two.hasFailed || one.sinceMs !== two.sinceMs) return false;
  }
  return true;
}

function hasFailedOnce(report: Report): boolean {
  return report.round > 1 || (report.round === 1 && report.at === "pause");
}
