/**
 * A report: anything the unit has to tell, with its sessions. A session is what one receiver hears of it under one
 * SCAIP reference (SS 91100 table 1, `ref`); a retry over another route stays in the session, another receiver opens
 * its own.
 */
import type { Facts } from "./facts.ts";

export type Route = "broadband" | "mobile";

/** In order of urgency: a lower kind never delays a higher one by more than one message. */
export type ReportKind = "user-alarm" | "fire-and-gas" | "life-safety" | "technical" | "test" | "statistics";

export const kindsByUrgency: readonly ReportKind[] = [
  "user-alarm",
  "fire-and-gas",
  "life-safety",
  "technical",
  "test",
  "statistics",
];

/** Where a session stands. `owed`: an `RE` must still reach that receiver; `withdrawn`: it has, or was given up. */
export type SessionState = "open" | "hold" | "accepted" | "refused" | "owed" | "withdrawn";

export interface Session {
  readonly receiver: number;
  /** The last three characters of the reference, as a number. */
  readonly part: number;
  readonly at: SessionState;
  /** Carries the mandatory elements and the status code only, because a receiver did not take more. */
  readonly minimal: boolean;
  /** Tries whose bytes may have left the unit; a session without any is never withdrawn. */
  readonly sends: number;
  /** When the first hold came, or when the withdrawal became due: monotonic ms. */
  readonly sinceMs: number;
  /** When it is polled (`hold`) or its `RE` is sent (`owed`) next: monotonic ms. */
  readonly nextMs: number;
  /** `RE`s sent so far. */
  readonly tries: number;
  /** An `RE` was carried: what the receiver says now is its answer to that. */
  readonly carried: boolean;
  /** It said hold once: whatever it says later but acceptance, it may stand with an open case. */
  readonly held: boolean;
  /** Messages that a receiver which has accepted has got and not answered yet, and when it got the last one: monotonic ms. */
  readonly unread: number;
  readonly unreadMs: number;
}

/** One press as the button names it, or one call of an accessory; `accepted` once its own `mrs` with `snu` 0 came. */
export interface Press {
  readonly name: number;
  readonly accepted: boolean;
}

/** When a button was pressed, by the clock that was known when it was heard; `atMs` is monotonic, -1 where a former run heard it. */
export interface PressInstant {
  readonly clock: Facts["clock"];
  readonly seconds: number;
  readonly atMs: number;
}

/**
 * `delayed`: the wearer may still take it back; `waiting`: not before nextMs; `round`: paths are being tried; `pause`: until the next round; `open`: accepted, and a
 * press of the same button still belongs to it; `done`: over.
 */
export type ReportState = "delayed" | "waiting" | "round" | "pause" | "open" | "done";

export interface Report {
  readonly number: number;
  readonly facts: Facts;
  readonly presses: readonly Press[];
  /** How often the button was pressed for this alarm. */
  readonly pressCount: number;
  /** The oldest press that neither its message nor a taken update tells of; means nothing where there is none. */
  readonly untaken: PressInstant;
  /** Newest frame counter heard from that button: kept with the alarm, so that a restart does not take it twice. */
  readonly counter: number;
  readonly sessions: readonly Session[];
  readonly nextPart: number;
  /** From the first refusal of a fuller message on. */
  readonly minimal: boolean;
  /** Cancelled by an authorised act: no new session, every started one is withdrawn. */
  readonly cancelled: boolean;
  /** The time of its first message became known too late for it: exactly, or only that it was before `correctedS` (UTC). */
  readonly corrected: "none" | "exact" | "before";
  readonly correctedS: number;
  /** The accepting receiver has taken the corrected time. */
  readonly timeTold: boolean;
  /** Seconds since 1970 (UTC) of its acceptance or cancel, so that a day stays a day over restarts; -1 while unknown. */
  readonly endedS: number;

  readonly at: ReportState;
  /** Monotonic ms at which it was raised in this run of the unit. */
  readonly raisedMs: number;
  /** Kept by a former run, whose clock means nothing any more. */
  readonly former: boolean;
  /** Monotonic ms of the press itself, of the first message and of the first SIP answer to one; -1 where not known. */
  readonly pressedMs: number;
  readonly sentMs: number;
  readonly carriedMs: number;
  /** From here on the day counts for which late answers are matched: monotonic ms, below 0 for before this run. */
  readonly overMs: number;
  readonly round: number;
  readonly roundMs: number;
  /** Whether the wearer has been told since the last press that nobody has accepted yet. */
  readonly told: boolean;
  /** The paths of this round that were not started yet. */
  readonly ahead: readonly Path[];
  /** When the next path, round, start or the end of `open` is due. */
  readonly nextMs: number;
  /** Monotonic ms of the first acceptance, or -1. */
  readonly acceptedMs: number;
  /** What became known while nobody had accepted it yet, for an update after that; may be empty. */
  readonly later: string;
  /** The number of the newest order that was joined into it, or -1. */
  readonly joined: number;
  /** Updates (`IN`) that accepting receivers must still hear, at most one for each session. */
  readonly updates: readonly Update[];
}

/** One route to one receiver. */
export interface Path {
  readonly route: Route;
  readonly receiver: number;
}

export interface Update {
  /** The session it is told in. */
  readonly part: number;
  readonly receiver: number;
  /** What it says beside the number of presses; may be empty. */
  readonly text: string;
  /** Whether it tells of a press: such an update becomes an alarm of its own when nobody takes it in time. */
  readonly ofPress: boolean;
  readonly sinceMs: number;
  readonly nextMs: number;
  readonly tries: number;
  /** So many answers are still those of messages that said less. */
  readonly before: number;
}

/** Sessions kept of one report; the oldest that is over makes room, then the oldest withdrawal that is still owed. */
export const sessionLimit = 8;

/** Parts that the three characters of a reference can name. */
export const partLimit = 46656;

/** Presses named within one alarm; further ones only count. */
export const pressLimit = 8;

/** Whether somebody has accepted it. */
export function isAccepted(report: Report): boolean {
  return report.acceptedMs >= 0;
}

/** An accepted alarm without a call stays open for so long. */
export const openMs = 120_000;

/** Whether it still has to be delivered. */
export function isPending(report: Report): boolean {
  return report.acceptedMs < 0 && !report.cancelled;
}

/** Whether the staggered race over all paths is for it: an alarm of a person or of fire, gas and the like. */
export function isRaced(report: Report): boolean {
  return isRacedKind(report.facts.kind);
}

export function isRacedKind(kind: ReportKind): boolean {
  return kind === "user-alarm" || kind === "fire-and-gas" || kind === "life-safety";
}

/** How many of its first presses its own message tells of: all that a lower kind has, of an alarm as many as its facts say. */
export function pressesInMessage(report: Report): number {
  return isRaced(report) ? report.facts.times : report.presses.length;
}

/** Whether there is a press that neither its message nor a taken update tells of. */
export function hasUntaken(report: Report): boolean {
  for (let i = pressesInMessage(report); i < report.presses.length; i++)
    if (!(report.presses[i] as Press).accepted) return true;
  return false;
}

/** Whether no message of it was ever made: until then its facts may still change. */
export function isUntold(report: Report): boolean {
  return report.nextPart === 0;
}

/** The newest session with `receiver`, or undefined. */
export function newestSession(report: Report, receiver: number): Session | undefined {
  for (let i = report.sessions.length - 1; i >= 0; i--) {
    const session = report.sessions[i] as Session;
    if (session.receiver === receiver) return session;
  }
  return undefined;
}

export function updateOf(report: Report, part: number): Update | undefined {
  for (const update of report.updates) if (update.part === part) return update;
  return undefined;
}

/** The report with this update in the place of the session's former one; undefined: without one. */
export function withUpdate(report: Report, part: number, update: Update | undefined): Report {
  const updates: Update[] = [];
  for (const each of report.updates) if (each.part !== part) updates.push(each);
  if (update !== undefined) updates.push(update);
  return change(report, { updates });
}

export function sessionOf(report: Report, part: number): Session | undefined {
  for (const session of report.sessions) if (session.part === part) return session;
  return undefined;
}

export function change(report: Report, changes: Partial<Report>): Report {
  return Object.assign({}, report, changes);
}

/** The report with one session replaced (found by its part). */
export function changeSession(report: Report, part: number, changes: Partial<Session>): Report {
  const sessions: Session[] = [];
  for (const session of report.sessions) {
    sessions.push(session.part === part ? Object.assign({}, session, changes) : session);
  }
  return change(report, { sessions });
}

/** The report with that session behind the others: who accepts late stands behind who was first, also in the journal. */
export function withLast(report: Report, part: number): Report {
  const sessions: Session[] = [];
  for (const session of report.sessions) if (session.part !== part) sessions.push(session);
  for (const session of report.sessions) if (session.part === part) sessions.push(session);
  return change(report, { sessions });
}

/** The session that an attempt with `receiver` belongs to: its open one, or undefined where a new one is needed. */
export function usableSession(report: Report, receiver: number): Session | undefined {
  const newest = newestSession(report, receiver);
  if (newest === undefined) return undefined;
  if (newest.at === "open" || newest.at === "hold") return newest;
  // The references of one report have run out: a refused one is asked once more. None is ever given to another receiver.
  return newest.at === "refused" && report.nextPart >= partLimit ? newest : undefined;
}

/**
 * The session in which an accepted report is told further: one that no `RE` has left for, where there is one. A receiver whose
 * acceptance crossed its `RE` may have closed its case, and its answer to the `RE` would pass for the answer to an update.
 */
export function acceptingSession(report: Report): Session | undefined {
  let found: Session | undefined;
  for (const session of report.sessions) {
    if (session.at !== "accepted") continue;
    if (session.tries === 0) return session;
    if (found === undefined) found = session;
  }
  return found;
}

/** The report with a new session. Throws where its references have run out. */
export function addSession(report: Report, receiver: number, nowMs: number): Report {
  if (report.nextPart >= partLimit) throw new Error("report: no session left");
  let over = 0;
  for (const session of report.sessions) if (isOver(session)) over++;
  const surplus = report.sessions.length + 1 - sessionLimit;
  let overToDrop = Math.min(Math.max(surplus, 0), over);
  let owedToDrop = surplus - overToDrop;
  const sessions: Session[] = [];
  for (const session of report.sessions) {
    if (overToDrop > 0 && isOver(session)) overToDrop--;
    else if (owedToDrop > 0 && (session.at === "owed" || session.at === "refused")) owedToDrop--;
    else sessions.push(session);
  }
  const part = report.nextPart;
  sessions.push(newSession(receiver, part, report.minimal, nowMs));
  return change(report, { sessions, nextPart: part + 1 });
}

function isOver(session: Session): boolean {
  return session.at === "withdrawn" || (session.at === "refused" && !session.held);
}

/** Whether its receiver may work on the alarm without having accepted it. */
export function mayStandOpen(session: Session): boolean {
  return session.at === "open" || session.at === "hold" || (session.at === "refused" && session.held);
}

/** A session that nobody has heard of yet. */
export function newSession(receiver: number, part: number, minimal: boolean, nowMs: number): Session {
  return {
    receiver,
    part,
    at: "open",
    minimal,
    sends: 0,
    sinceMs: nowMs,
    nextMs: nowMs,
    tries: 0,
    carried: false,
    held: false,
    unread: 0,
    unreadMs: 0,
  };
}

/** A report that nobody has heard of yet. */
export function newReport(number: number, facts: Facts, nowMs: number): Report {
  return {
    number,
    facts,
    presses: [],
    pressCount: 0,
    untaken: { clock: facts.clock, seconds: facts.seconds, atMs: nowMs },
    counter: 0,
    sessions: [],
    nextPart: 0,
    minimal: false,
    cancelled: false,
    corrected: "none",
    correctedS: 0,
    timeTold: false,
    endedS: -1,
    at: "waiting",
    raisedMs: nowMs,
    former: false,
    pressedMs: nowMs,
    sentMs: -1,
    carriedMs: -1,
    overMs: nowMs,
    round: 0,
    roundMs: nowMs,
    told: false,
    ahead: [],
    nextMs: nowMs,
    acceptedMs: -1,
    later: "",
    joined: -1,
    updates: [],
  };
}
