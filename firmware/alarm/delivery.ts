/**
 * Delivery of one report: rounds over all paths. An alarm races (the next path starts beside those under way), a lower
 * kind goes one path at a time. There is no last round.
 */
import { around, roll } from "../dice.ts";
import { type Attempt, attemptLimit, put, reportOf, type Turn } from "./alarm-state.ts";
import {
  addSession,
  change,
  changeSession,
  isPending,
  isRaced,
  newestSession,
  type Path,
  type Report,
} from "./report.ts";

/** Without a SIP answer for so long the next step starts; nothing is closed by it. */
const silentMs = 8_000;
/** Carried, but no `mrs` for so long: the same. */
const unansweredMs = 10_000;
/** A path has had its chance in this round after both waits. */
const pathMs = silentMs + unansweredMs;
/** No two rounds start closer than this. */
const betweenRoundsMs = 5_000;
/** After the first "hold" no new receiver is started for so long. */
const holdMs = 180_000;
const firstGapsMs: readonly number[] = [15_000, 20_000, 30_000, 45_000];

/** Starts a round over every path that may be tried now; where there is none, looks again soon. */
export function startRound(turn: Turn, report: Report): void {
  const ahead = pathsFor(turn, report);
  if (ahead.length === 0) {
    put(turn, change(report, { at: "pause", nextMs: turn.nowMs + 5_000 + roll(turn, 10_000) }));
    return;
  }
  const begun = change(report, { at: "round", round: report.round + 1, roundMs: turn.nowMs, ahead });
  put(turn, begun);
  startNextPath(turn, begun);
}

/** A round now, if the last one is old enough; otherwise as soon as it is. */
export function hurry(turn: Turn, report: Report): void {
  if (!isPending(report) || !isRaced(report)) return;
  const earliestMs = report.roundMs + betweenRoundsMs;
  if (report.round === 0 || turn.nowMs >= earliestMs) startRound(turn, report);
  else if (report.at === "pause") put(turn, change(report, { nextMs: Math.min(report.nextMs, earliestMs) }));
}

/** Sends over the first path ahead and sets when the next one is due. */
export function startNextPath(turn: Turn, report: Report): void {
  const path = report.ahead[0];
  if (path === undefined) {
    endRoundIfOver(turn, report);
    return;
  }
  const ahead = report.ahead.concat();
  ahead.shift();
  const waitMs = isRaced(report) ? (ahead.length > 0 ? turn.plan.staggerMs : pathMs) : silentMs;
  const going = change(report, { ahead, nextMs: turn.nowMs + waitMs });
  const known = newestSession(going, path.receiver);
  if (known !== undefined && (known.at === "open" || known.at === "hold")) {
    sendAlarm(turn, going, known.part, path);
    return;
  }
  const opened = addSession(going, path.receiver, turn.nowMs);
  turn.effects.push({ type: "store", report: opened });
  sendAlarm(turn, opened, opened.nextPart - 1, path);
}

/** The report's own message once more in a session: first try, retry or poll; always the same bytes. */
export function sendAlarm(turn: Turn, report: Report, part: number, path: Path): void {
  const session = newestSession(report, path.receiver);
  const counted = changeSession(report, part, { tries: session === undefined ? 1 : session.tries + 1 });
  put(turn, counted);
  send(turn, counted, part, path, "ME");
}

/** Starts a message over one path; an older one of the same report over that path ends. */
export function send(turn: Turn, report: Report, part: number, path: Path, what: Attempt["what"]): void {
  stopAttempts(
    turn,
    (old) => old.number === report.number && old.path.route === path.route && old.path.receiver === path.receiver,
  );
  if (turn.attempts.length >= attemptLimit) {
    const oldest = turn.attempts[0] as Attempt;
    stopAttempts(turn, (old) => old === oldest);
  }
  const attempt: Attempt = {
    id: turn.nextAttempt,
    number: report.number,
    part,
    what,
    path,
    startedMs: turn.nowMs,
    carriedMs: -1,
  };
  turn.nextAttempt += 2;
  turn.attempts.push(attempt);
  turn.effects.push({ type: "send", attempt, report });
}

/** Ends the attempts that `which` picks: nothing more is sent for them. */
export function stopAttempts(turn: Turn, which: (attempt: Attempt) => boolean): void {
  const left: Attempt[] = [];
  for (const attempt of turn.attempts) {
    if (which(attempt)) turn.effects.push({ type: "stop", attempt: attempt.id });
    else left.push(attempt);
  }
  turn.attempts = left;
}

/** A path of the running round failed: the next one starts at once. */
export function pathFailed(turn: Turn, number: number): void {
  const report = reportOf(turn, number);
  if (report === undefined || report.at !== "round") return;
  if (report.ahead.length > 0) startNextPath(turn, report);
  else endRoundIfOver(turn, report);
}

/** The SIP answer came: a lower kind now waits for the `mrs` before its next path. */
export function pathCarried(turn: Turn, attempt: Attempt): void {
  const report = reportOf(turn, attempt.number);
  if (report === undefined || report.at !== "round" || isRaced(report)) return;
  put(turn, change(report, { nextMs: turn.nowMs + unansweredMs }));
}

/** The next path, or the end of the round, is due. */
export function roundDue(turn: Turn, report: Report): void {
  if (report.ahead.length > 0) startNextPath(turn, report);
  else endRound(turn, report);
}

/** That receiver gets nothing more in this round. */
export function skipReceiver(turn: Turn, report: Report, receiver: number): Report {
  const ahead: Path[] = [];
  for (const path of report.ahead) if (path.receiver !== receiver) ahead.push(path);
  const skipped = change(report, { ahead });
  put(turn, skipped);
  return skipped;
}

/** "Busy", "not treated" or 503: left out for 5 to 15 s, doubled each time in a row, at most 60 s. */
export function leaveOut(turn: Turn, receiver: number): void {
  const before = turn.leftOut[receiver];
  const waitMs =
    before === undefined || before.waitMs === 0 ? 5_000 + roll(turn, 10_001) : Math.min(before.waitMs * 2, 60_000);
  turn.leftOut[receiver] = { untilMs: turn.nowMs + waitMs, waitMs };
}

/** The receiver took something: the next "busy" is the first of a row again. */
export function letIn(turn: Turn, receiver: number): void {
  turn.leftOut[receiver] = { untilMs: 0, waitMs: 0 };
}

/** The active route first: used for what goes to one receiver and no further. */
export function pathTo(turn: Turn, receiver: number, tries: number): Path {
  const routes = routesInOrder(turn);
  return { route: routes[tries % routes.length] as Path["route"], receiver };
}

function endRoundIfOver(turn: Turn, report: Report): void {
  for (const attempt of turn.attempts) {
    if (attempt.number === report.number && attempt.what === "ME" && turn.nowMs < attempt.startedMs + pathMs) return;
  }
  endRound(turn, report);
}

function endRound(turn: Turn, report: Report): void {
  const tells = !report.told && report.facts.kind === "user-alarm";
  if (tells) turn.effects.push({ type: "show", signal: "not-accepted" });
  const gapMs = gapAfter(turn, report);
  const nextMs = Math.max(turn.nowMs, report.roundMs + gapMs - roll(turn, Math.floor((gapMs * 3) / 10)));
  put(turn, change(report, { at: "pause", nextMs, told: report.told || tells }));
}

/** From one start to the next: 15, 20, 30, 45 s, then each minute for half an hour, then doubling to ten minutes. */
function gapAfter(turn: Turn, report: Report): number {
  const oldMin = Math.floor((turn.nowMs - report.raisedMs) / 60_000);
  const slowMs = oldMin < 30 ? 60_000 : oldMin < 32 ? 120_000 : oldMin < 36 ? 240_000 : oldMin < 44 ? 480_000 : 600_000;
  const gapMs = firstGapsMs[report.round - 1] ?? slowMs;
  return isRaced(report) ? gapMs : Math.max(gapMs, around(turn, 300_000, 40));
}

function pathsFor(turn: Turn, report: Report): Path[] {
  const paths: Path[] = [];
  const held = isHeld(turn, report);
  for (let receiver = 0; receiver < turn.plan.receiverCount; receiver++) {
    const left = turn.leftOut[receiver];
    if (left !== undefined && left.untilMs > turn.nowMs) continue;
    const session = newestSession(report, receiver);
    if (session === undefined ? held : session.at === "hold") continue;
    for (const route of routesInOrder(turn)) paths.push({ route, receiver });
  }
  return paths;
}

/** Whether a receiver asked for patience within the last three minutes. */
function isHeld(turn: Turn, report: Report): boolean {
  for (const session of report.sessions) {
    if (session.at === "hold" && turn.nowMs < session.sinceMs + holdMs) return true;
  }
  return false;
}

function routesInOrder(turn: Turn): Path["route"][] {
  const routes: Path["route"][] = [turn.active];
  for (const route of turn.plan.routes) if (route !== turn.active) routes.push(route);
  return routes;
}
