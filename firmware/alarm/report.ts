/**
 * A report: anything the unit has to tell, with its sessions. A session is what one receiver hears of it under one
 * SCAIP reference (SS 91100 table 1, `ref`); a retry over another route stays in the session, another receiver opens
 * its own.
 */

export type Route = "broadband" | "mobile";

/** In order of urgency: a lower kind never delays a higher one by more than one message. */
export type ReportKind = "user-alarm" | "life-safety" | "technical" | "test" | "statistics";

export const kindsByUrgency: readonly ReportKind[] = ["user-alarm", "life-safety", "technical", "test", "statistics"];

/** Where a session stands. `owed`: an `RE` must still reach that receiver; `withdrawn`: it has, or was given up. */
export type SessionState = "open" | "hold" | "accepted" | "refused" | "owed" | "withdrawn";

export interface Session {
  readonly receiver: number;
  /** The last three characters of the reference, as a number. */
  readonly part: number;
  readonly at: SessionState;
  /** Carries the mandatory elements and the status code only, because a receiver did not take more. */
  readonly minimal: boolean;
  /** When the first hold came, or when the withdrawal became due: monotonic ms. */
  readonly sinceMs: number;
  /** When it is polled (`hold`) or its `RE` is sent (`owed`) next: monotonic ms. */
  readonly nextMs: number;
  /** Polls or `RE`s sent so far. */
  readonly tries: number;
}

/** One press as the button names it; `accepted` once its own `mrs` with `snu` 0 came. */
export interface Press {
  readonly name: number;
  readonly accepted: boolean;
}

/** What happened, as it stands in the first `mrq` for ever. */
export interface Facts {
  readonly kind: ReportKind;
  /** SCAIP device type and status code (SS 91100 annexes A and C). */
  readonly dty: number;
  readonly stc: number;
  /** Device identity, up to 8 characters; empty for the unit itself. */
  readonly did: string;
  /** Status text, empty for none. */
  readonly stt: string;
  /** The button it came from, or -1. */
  readonly bond: number;
  /** Whether `seconds` counts from 1970 (UTC) or, the wall clock being unknown, from the unit's start. */
  readonly clock: "wall" | "start";
  readonly seconds: number;
}

/**
 * `waiting`: not before nextMs; `round`: paths are being tried; `pause`: until the next round; `open`: accepted, and a
 * press of the same button still belongs to it; `done`: over.
 */
export type ReportState = "waiting" | "round" | "pause" | "open" | "done";

export interface Report {
  readonly number: number;
  readonly facts: Facts;
  readonly presses: readonly Press[];
  /** How often the button was pressed for this alarm. */
  readonly pressCount: number;
  /** Newest frame counter heard from that button: kept with the alarm, so that a restart does not take it twice. */
  readonly counter: number;
  readonly sessions: readonly Session[];
  readonly nextPart: number;
  /** From the first refusal of a fuller message on. */
  readonly minimal: boolean;
  /** Cancelled by an authorised act: no new session, every started one is withdrawn. */
  readonly cancelled: boolean;

  readonly at: ReportState;
  /** Monotonic ms at which it was raised in this run of the unit. */
  readonly raisedMs: number;
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
  /** An update (`IN`) that the accepting receiver must hear, or undefined. */
  readonly update: Update | undefined;
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
  readonly text: string;
  /** Whether it tells of a press: such an update becomes an alarm of its own when nobody takes it in time. */
  readonly ofPress: boolean;
  readonly sinceMs: number;
  readonly nextMs: number;
  readonly tries: number;
}

/** Sessions kept of one report; the oldest that is over makes room. */
export const sessionLimit = 8;

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
  return report.facts.kind === "user-alarm" || report.facts.kind === "life-safety";
}

/** The newest session with `receiver`, or undefined. */
export function newestSession(report: Report, receiver: number): Session | undefined {
  for (let i = report.sessions.length - 1; i >= 0; i--) {
    const session = report.sessions[i] as Session;
    if (session.receiver === receiver) return session;
  }
  return undefined;
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

/** The report with a new session; where eight stand already, the oldest that is over goes. */
export function addSession(report: Report, receiver: number, nowMs: number): Report {
  const sessions: Session[] = [];
  let surplus = report.sessions.length + 1 - sessionLimit;
  for (const session of report.sessions) {
    if (surplus > 0 && (session.at === "refused" || session.at === "withdrawn")) surplus--;
    else sessions.push(session);
  }
  const part = report.nextPart;
  sessions.push({
    receiver,
    part,
    at: "open",
    minimal: report.minimal,
    sinceMs: nowMs,
    nextMs: nowMs,
    tries: 0,
  });
  return change(report, { sessions, nextPart: part + 1 });
}
