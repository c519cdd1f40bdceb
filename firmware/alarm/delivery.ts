/**
 * Delivery of one report: rounds over all paths. An alarm races (the next path starts beside those under way), a lower
 * kind goes one path at a time. There is no last round.
 */
import { around, roll } from "../dice.ts";
import { type Attempt, put, reportOf, type Turn } from "./alarm-state.ts";
import { routesInOrder, send } from "./attempts.ts";
import { isLost, mayAskMs, routesTo } from "./left-out.ts";
import {
  addSession,
  change,
  changeSession,
  isPending,
  isRaced,
  newestSession,
  type Path,
  partLimit,
  type Report,
  type Route,
  sessionOf,
  usableSession,
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
/** Looked at again then where nothing says when a path may be tried. */
const lookAgainMs = 60_000;
const firstGapsMs: readonly number[] = [15_000, 20_000, 30_000, 45_000];
const lowerGapMs = 300_000;
/** SCAIP status code (SS 91100 annex C): test over the redundant path. */
const testOverRedundant = 103;

/** Starts a round over every path that may be tried now; where there is none, as soon as there is one. */
export function startRound(turn: Turn, report: Report): void {
  const ahead = pathsFor(turn, report);
  if (ahead.length === 0) {
    put(turn, change(report, { at: "pause", ahead, nextMs: firstPathMs(turn, report) }));
    return;
  }
  // A round that is cut short goes on with what it had not tried yet: however often that happens, no path is forgotten.
  const ordered = report.at === "round" ? withFirst(ahead, report.ahead) : ahead;
  const round = report.round === 1 && hadNoChance(turn, report) ? 1 : report.round + 1;
  const begun = change(report, { at: "round", round, roundMs: turn.nowMs, ahead: ordered });
  put(turn, begun);
  startNextPath(turn, begun);
}

/**
 * A round now, if the last one is old enough or nothing has left in any; otherwise as soon as it is, or once more what is over in
 * the one that has just begun.
 */
export function hurry(turn: Turn, report: Report): void {
  if (!isPending(report) || !isRaced(report) || report.at === "delayed") return;
  const earliestMs = report.roundMs + betweenRoundsMs;
  if (report.round === 0 || report.sentMs < 0 || turn.nowMs >= earliestMs) startRound(turn, report);
  else if (report.at === "pause") put(turn, change(report, { nextMs: Math.min(report.nextMs, earliestMs) }));
  else put(turn, change(report, { ahead: withOver(turn, report), nextMs: Math.min(report.nextMs, earliestMs) }));
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
  const known = usableSession(going, path.receiver);
  if (known !== undefined) {
    const open = known.at === "refused" ? changeSession(going, known.part, { at: "open" }) : going;
    if (open !== going) turn.effects.push({ type: "store", report: open });
    sendAlarm(turn, open, known.part, path);
    return;
  }
  if (going.nextPart >= partLimit) {
    put(turn, going);
    startNextPath(turn, going);
    return;
  }
  const opened = addSession(going, path.receiver, turn.nowMs);
  turn.effects.push({ type: "store", report: opened });
  sendAlarm(turn, opened, opened.nextPart - 1, path);
}

/** The report's own message once more in a session: first try, retry or poll; always the same bytes. */
export function sendAlarm(turn: Turn, report: Report, part: number, path: Path): void {
  const session = sessionOf(report, part);
  const counted = changeSession(report, part, { sends: session === undefined ? 1 : session.sends + 1 });
  put(turn, counted);
  if (send(turn, counted, part, path, "ME") && report.sentMs < 0) put(turn, change(counted, { sentMs: turn.nowMs }));
}

/**
 * A path of the running round failed: the next one starts at once. Of a lower kind only the newest try counts, so that it
 * goes one path at a time; what failed of an earlier round says nothing about this one.
 */
export function pathFailed(turn: Turn, attempt: Attempt): void {
  const report = reportOf(turn, attempt.number);
  if (report === undefined || attempt.startedMs < report.roundMs) return;
  if (isRaced(report) || isNewest(turn, attempt)) goOn(turn, report);
}

/** Nothing more is to be had from a receiver in this round: the next path starts at once. */
export function goOn(turn: Turn, report: Report): void {
  if (report.at === "round") startNextPath(turn, report);
}

/** The SIP answer came: a lower kind now waits for the `mrs` before its next path. */
export function pathCarried(turn: Turn, attempt: Attempt): void {
  const report = reportOf(turn, attempt.number);
  if (report === undefined || report.at !== "round" || isRaced(report) || !isNewest(turn, attempt)) return;
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

/** Whether the receiver may hear of the report now: one that asked for patience is polled instead, and new ones wait for it. */
export function mayStart(turn: Turn, report: Report, receiver: number): boolean {
  const session = newestSession(report, receiver);
  return session === undefined ? turn.nowMs >= holdEndMs(report) : session.at !== "hold";
}

function isNewest(turn: Turn, attempt: Attempt): boolean {
  for (const other of turn.attempts) if (other.number === attempt.number && other.id > attempt.id) return false;
  return true;
}

/** The round is over when every path has failed or had its time; a receiver that asked for patience is still at it. */
function endRoundIfOver(turn: Turn, report: Report): void {
  let overMs = turn.nowMs;
  for (const session of report.sessions) if (session.at === "hold") overMs = Math.max(overMs, report.roundMs + pathMs);
  for (const attempt of turn.attempts) {
    if (attempt.number !== report.number || attempt.what !== "ME") continue;
    const session = sessionOf(report, attempt.part);
    if (session !== undefined && session.at === "open") overMs = Math.max(overMs, attempt.startedMs + pathMs);
  }
  if (overMs <= turn.nowMs) endRound(turn, report);
  else put(turn, change(report, { nextMs: overMs }));
}

/** Nothing could leave yet, and no path has had the time of a silent one: a link may be a second away, as after a restart. */
function hadNoChance(turn: Turn, report: Report): boolean {
  return isRaced(report) && report.sentMs < 0 && turn.nowMs < report.raisedMs + silentMs;
}

/** A first round without any link lasts as long as a silent path would: until then nobody is told, and nobody called instead. */
function endRound(turn: Turn, report: Report): void {
  if (report.round === 1 && hadNoChance(turn, report)) {
    put(turn, change(report, { nextMs: report.raisedMs + silentMs }));
    return;
  }
  const tells = !report.told && report.facts.kind === "user-alarm";
  if (tells) turn.effects.push({ type: "show", signal: "not-accepted" });
  const nextMs = Math.max(turn.nowMs, report.roundMs + gapAfter(turn, report));
  put(turn, change(report, { at: "pause", nextMs, told: report.told || tells }));
}

/**
 * From one start to the next: 15, 20, 30, 45 s, then each minute for half an hour, then doubling to ten minutes, all up to
 * 30 % shorter at random. A lower kind waits 3 to 7 min.
 */
function gapAfter(turn: Turn, report: Report): number {
  if (!isRaced(report)) return around(turn, lowerGapMs, 40);
  const oldMin = Math.floor((turn.nowMs - report.raisedMs) / 60_000);
  const slowMs = oldMin < 30 ? 60_000 : oldMin < 32 ? 120_000 : oldMin < 36 ? 240_000 : oldMin < 44 ? 480_000 : 600_000;
  const gapMs = firstGapsMs[report.round - 1] ?? slowMs;
  return gapMs - roll(turn, Math.floor((gapMs * 3) / 10) + 1);
}

/** Route by route for each receiver in turn; a lower kind does not begin with a receiver that is known to answer nothing. */
function pathsFor(turn: Turn, report: Report): Path[] {
  const paths: Path[] = [];
  const last: Path[] = [];
  const isTest = report.facts.kind === "test";
  const routes = isTest ? testRoutes(turn, report) : routesInOrder(turn);
  const first = isTest ? Math.max(turn.plan.testReceiver, 0) : 0;
  for (let i = 0; i < turn.plan.receiverCount; i++) {
    const receiver = (first + i) % turn.plan.receiverCount;
    if (mayAskMs(turn, report, receiver) > turn.nowMs || !mayStart(turn, report, receiver)) continue;
    const waits = !isRaced(report) && isLost(turn, receiver);
    for (const route of routesTo(turn, receiver, routes)) (waits ? last : paths).push({ route, receiver });
  }
  return paths.concat(last);
}

/** The daily test is to prove the route that it names: the policy's first one, or the other. */
function testRoutes(turn: Turn, report: Report): readonly Route[] {
  const routes: Route[] = [];
  for (const route of turn.plan.routes)
    if (report.facts.stc === testOverRedundant) routes.unshift(route);
    else routes.push(route);
  return routes;
}

/** When the first receiver that is not polled may be asked. */
function firstPathMs(turn: Turn, report: Report): number {
  let firstMs = turn.nowMs + lookAgainMs;
  for (let receiver = 0; receiver < turn.plan.receiverCount; receiver++) {
    const session = newestSession(report, receiver);
    if (session !== undefined && session.at === "hold") continue;
    const patientMs = session === undefined ? holdEndMs(report) : 0;
    firstMs = Math.min(firstMs, Math.max(patientMs, mayAskMs(turn, report, receiver)));
  }
  return Math.max(firstMs, turn.nowMs + 1);
}

/** Until then receivers that were not asked yet wait for the first one that asked for patience; 0 where none did. */
function holdEndMs(report: Report): number {
  let endMs = 0;
  for (const session of report.sessions) {
    if (session.at !== "hold") continue;
    const ownMs = session.sinceMs + holdMs;
    endMs = endMs === 0 ? ownMs : Math.min(endMs, ownMs);
  }
  return endMs;
}

/** The paths ahead, then those of this round whose try is over. */
function withOver(turn: Turn, report: Report): Path[] {
  const ahead = report.ahead.concat();
  for (const path of pathsFor(turn, report)) {
    if (indexOfPath(ahead, path) < 0 && !isUnderWay(turn, report, path)) ahead.push(path);
  }
  return ahead;
}

function isUnderWay(turn: Turn, report: Report, path: Path): boolean {
  for (const attempt of turn.attempts)
    if (
      attempt.number === report.number &&
      attempt.path.route === path.route &&
      attempt.path.receiver === path.receiver
    )
      return true;
  return false;
}

/** `paths`, those that also stand in `first` before the others. */
function withFirst(paths: readonly Path[], first: readonly Path[]): Path[] {
  const ordered: Path[] = [];
  for (const path of paths) if (indexOfPath(first, path) >= 0) ordered.push(path);
  for (const path of paths) if (indexOfPath(first, path) < 0) ordered.push(path);
  return ordered;
}

function indexOfPath(paths: readonly Path[], path: Path): number {
  for (let i = 0; i < paths.length; i++) {
    const other = paths[i] as Path;
    if (other.route === path.route && other.receiver === path.receiver) return i;
  }
  return -1;
}
