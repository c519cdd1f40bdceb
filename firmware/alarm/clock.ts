/**
 * The wall clock becomes known: what nobody has heard of yet gets its right time, what was told by the unit's own clock is
 * corrected by an update, and a day begun in a former run goes on from where it was.
 */
import { put, type Turn } from "./alarm-state.ts";
import { tellReceiver } from "./calls.ts";
import { instantS } from "./facts.ts";
import { change, changeSession, hasUntaken, isAccepted, isRaced, isUntold, type Report } from "./report.ts";

/** `wallS`: seconds since 1970 (UTC) now. */
export function clockKnown(turn: Turn, wallS: number): void {
  turn.wallStartS = wallS - Math.floor(turn.nowMs / 1000);
  for (const report of turn.reports.concat()) {
    const corrected = withUntaken(turn, withTime(turn, report));
    const ended = withEnd(turn, corrected);
    if (ended !== report) {
      turn.effects.push({ type: "store", report: ended });
      put(turn, ended);
      if (ended.corrected !== report.corrected && isAccepted(ended) && !ended.cancelled)
        tellReceiver(turn, ended, "", false);
    }
    if (report.former && report.endedS >= 0) put(turn, withDayOf(turn, ended, wallS));
  }
}

/**
 * The right time of what happened. Its own run's clock leads to it exactly; of a former run only this is known, that it
 * was before this one began. Kinds below an alarm are only put right while nobody has heard of them.
 */
function withTime(turn: Turn, report: Report): Report {
  const facts = report.facts;
  if (facts.clock === "wall" || report.corrected !== "none") return report;
  if (isUntold(report) && !report.former) {
    const seconds = instantS(turn, facts.seconds * 1000);
    const untilS = facts.untilS < 0 ? -1 : instantS(turn, facts.untilS * 1000);
    return change(report, { facts: Object.assign({}, facts, { clock: "wall", seconds, untilS }) });
  }
  if (!isRaced(report)) return report;
  return report.former
    ? change(report, { corrected: "before", correctedS: turn.wallStartS })
    : change(report, { corrected: "exact", correctedS: instantS(turn, facts.seconds * 1000) });
}

/** A press that may become an alarm of its own keeps its time over a restart. */
function withUntaken(turn: Turn, report: Report): Report {
  const untaken = report.untaken;
  if (untaken.clock === "wall" || untaken.atMs < 0 || !hasUntaken(report)) return report;
  return change(report, {
    untaken: { clock: "wall", seconds: instantS(turn, untaken.seconds * 1000), atMs: untaken.atMs },
  });
}

function withEnd(turn: Turn, report: Report): Report {
  const isOver = isAccepted(report) || report.cancelled;
  if (!isOver || report.former || report.endedS >= 0) return report;
  return change(report, { endedS: instantS(turn, report.overMs) });
}

/** The day of matching, and of what is owed, counts from the acceptance or the cancel, however often the unit restarts. */
function withDayOf(turn: Turn, report: Report, wallS: number): Report {
  const overMs = turn.nowMs - (wallS - report.endedS) * 1000;
  let earlier = change(report, { overMs: Math.min(report.overMs, overMs) });
  for (const session of report.sessions) {
    if (session.at !== "owed") continue;
    earlier = changeSession(earlier, session.part, { sinceMs: Math.min(session.sinceMs, overMs) });
  }
  return earlier;
}
