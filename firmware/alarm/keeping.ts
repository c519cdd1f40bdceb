/** Which reports are kept: those not over, those a late answer may still belong to, and at most `reportLimit` at once. */
import { reportLimit, type Turn } from "./alarm-state.ts";
import { stopAttempts } from "./attempts.ts";
import { isPending, isRaced, kindsByUrgency, type Report } from "./report.ts";

/** A late answer is still matched for so long after an alarm has closed. */
const matchMs = 24 * 3_600_000;
/** A lower kind for so long, where a receiver has refused it: a copy that went another way may still be at work there, and be taken. */
const lowerMatchMs = 600_000;

/** What is over is kept for late answers, a lower kind that nobody refused only until nothing is owed any more. */
export function forgetOld(turn: Turn): void {
  const kept: Report[] = [];
  for (const report of turn.reports) {
    if (report.at === "done" && !isOwing(report) && turn.nowMs >= keptUntilMs(report)) {
      turn.effects.push({ type: "forget", report });
    } else kept.push(report);
  }
  if (kept.length < turn.reports.length) turn.reports = kept;
}

export function keptUntilMs(report: Report): number {
  if (isRaced(report)) return Math.max(0, report.overMs + matchMs);
  for (const session of report.sessions) if (session.at === "refused") return Math.max(0, report.overMs + lowerMatchMs);
  return 0;
}

/** Whether a receiver must still hear an update or a withdrawal of it. */
export function isOwing(report: Report): boolean {
  if (report.updates.length > 0) return true;
  for (const session of report.sessions) if (session.at === "owed") return true;
  return false;
}

/**
 * Makes room for one more report of that urgency (index in `kindsByUrgency`). False where only more urgent ones stand: an
 * alarm that a device called for never makes way, so one beyond the bound is not answered and goes on calling.
 */
export function makeRoom(turn: Turn, urgency: number): boolean {
  if (turn.reports.length < reportLimit) return true;
  let worst = turn.reports[0] as Report;
  for (const report of turn.reports) if (dispensable(report) > dispensable(worst)) worst = report;
  if (dispensable(worst) < Math.max(urgency, 1)) return false;
  turn.reports.splice(turn.reports.indexOf(worst), 1);
  stopAttempts(turn, (attempt) => attempt.number === worst.number);
  turn.effects.push({ type: "log", what: "dropped", number: worst.number, part: 0, path: undefined, attempt: 0 });
  turn.effects.push({ type: "forget", report: worst });
  return true;
}

/** 0: never, which is so for what a device was told is safe; then the more the sooner: pending by urgency, over and still owing, over. */
function dispensable(report: Report): number {
  for (const update of report.updates) if (update.ofPress) return 0;
  const urgency = kindsByUrgency.indexOf(report.facts.kind);
  if (isPending(report)) return isRaced(report) && report.presses.length > 0 ? 0 : urgency;
  return isOwing(report) ? 10 + urgency : 20 + urgency;
}
