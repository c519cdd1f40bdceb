/**
 * A receiver's book of cases: which messages belong to one alarm, and what each session was told (SS 91100 4.2 to 4.4: polls,
 * `IN` and `RE` carry the ref of their session). It decides what opens a case; the receiver decides the answer.
 */
import type { ScaipRequest } from "../../protocol/scaip/request.ts";

/** How an operator ended a case. */
export type Outcome = "social" | "dispatch" | "ambulance" | "test" | "no-response";

/** One alarm at one receiver. Sessions that were recognised as the same alarm share it. */
export interface Case {
  /** 1, 2, 3 ... in the order of opening. */
  readonly number: number;
  readonly cid: string;
  /** The ref that opened it. */
  readonly ref: string;
  readonly openedMs: number;
  touchedMs: number;
  state: "open" | "withdrawn" | "closed";
  outcome: Outcome | undefined;
  /** The latest `snu` that was given for it: 0 accepted, 4 held; any other closed it. */
  snu: number;
  /** Different `IN` messages. */
  updateCount: number;
  readonly dty: number;
  readonly stc: number | undefined;
  /** Refs of its sessions, oldest first. */
  readonly refs: string[];
}

export type Taken =
  | { readonly type: "beat" }
  /** A new case. `reused`: under a ref that already stood for another content. */
  | { readonly type: "opened"; readonly case: Case; readonly reused: boolean }
  /** A message of a session or alarm that already has a case. */
  | { readonly type: "again"; readonly case: Case }
  | { readonly type: "updated"; readonly case: Case }
  | { readonly type: "reset"; readonly case: Case | undefined }
  /** The session was withdrawn: nothing is opened and no stored answer holds. */
  | { readonly type: "withdrawn"; readonly case: Case | undefined }
  /** `decide` did not take what would have been new: nothing was written down. */
  | { readonly type: "turned-away" };

export interface Answer {
  readonly snu: number;
  readonly taken: Taken;
}

export interface CaseBookOptions {
  /** Whether the account is known to form its refs as stem and session, so that sessions of one stem are one alarm. */
  readonly ours: (cid: string) => boolean;
  /** A case is forgotten this long after it was last spoken of, in ms; 14 days unless said. */
  readonly keepMs?: number | undefined;
  /** Most cases (and lone withdrawals) kept, the oldest going first; 100,000 unless said. */
  readonly caseLimit?: number;
}

/** Sessions remembered of one case; the oldest goes first. */
export const sessionLimit = 32;
/** Different `IN` contents that are told apart in one case. */
export const updateLimit = 64;
/** The parts of a ref of our own making. */
const stemLength = 12;
const ownRefLength = 15;
const dayMs = 24 * 3_600_000;

interface Session {
  readonly ref: string;
  /** What its `ME` said; undefined while only an `IN` or a withdrawal was heard. */
  content: string | undefined;
  withdrawn: boolean;
  /** More parts of a split message are still to come. */
  partsToCome: boolean;
}

interface Entry {
  /** Undefined: a withdrawal that came before what it withdraws. */
  readonly case: Case | undefined;
  readonly cid: string;
  touchedMs: number;
  readonly sessions: Session[];
  readonly updates: string[];
}

/** See the file's head. Time is handed in and must not go back. */
export class CaseBook {
  private readonly ours: (cid: string) => boolean;
  private readonly keepMs: number;
  private readonly caseLimit: number;
  /** Least recently touched first: a Set keeps the order in which its members were added. */
  private readonly entries: Set<Entry>;
  private readonly byRef: Map<string, Entry>;
  private readonly byStem: Map<string, Entry>;
  private lastNumber: number;

  constructor(options: CaseBookOptions) {
    this.ours = options.ours;
    this.keepMs = options.keepMs ?? 14 * dayMs;
    this.caseLimit = options.caseLimit ?? 100_000;
    this.entries = new Set();
    this.byRef = new Map();
    this.byStem = new Map();
    this.lastNumber = 0;
  }

  /** All cases still known, least recently touched first. */
  *cases(): IterableIterator<Case> {
    for (const entry of this.entries) if (entry.case !== undefined) yield entry.case;
  }

  caseOf(cid: string, ref: string): Case | undefined {
    return this.byRef.get(refKey(cid, ref))?.case;
  }

  /** The operator ends a case. False where it is unknown or ended already. */
  close(cid: string, ref: string, outcome: Outcome, nowMs: number): boolean {
    const entry = this.byRef.get(refKey(cid, ref));
    if (entry?.case?.state !== "open") return false;
    entry.case.state = "closed";
    entry.case.outcome = outcome;
    this.touch(entry, nowMs);
    return true;
  }

  /**
   * Takes one request. `decide` answers the `snu` for something new (or still on hold): 0 accepts, 4 holds, and any other
   * number turns it away, so that nothing is written down.
   */
  take(request: ScaipRequest, nowMs: number, decide: () => number): Answer {
    this.expire(nowMs);
    const entry = this.byRef.get(refKey(request.cid, request.ref));
    switch (request.mty ?? "ME") {
      case "PI":
        return { snu: decide(), taken: { type: "beat" } };
      case "RE":
        return this.reset(request, entry, nowMs, decide);
      case "IN":
        if (entry !== undefined) return this.update(request, entry, nowMs, decide);
        return this.alarm(request, undefined, nowMs, decide);
      default:
        return this.alarm(request, entry, nowMs, decide);
    }
  }

  private alarm(request: ScaipRequest, entry: Entry | undefined, nowMs: number, decide: () => number): Answer {
    if (entry === undefined) return this.newSession(request, nowMs, decide);
    const session = sessionOf(entry, request.ref);
    const content = this.contentOf(request);
    const same = session.content === content || session.content === undefined || session.partsToCome;
    if (!same) return this.open(request, nowMs, decide, true);
    if (session.withdrawn) return { snu: 5, taken: { type: "withdrawn", case: entry.case } };
    session.content = content;
    session.partsToCome = (request.ame ?? 0) > 0;
    return this.repeat(entry, nowMs, decide);
  }

  /** A ref that is not in the book: another session of an alarm that is, or a new alarm. */
  private newSession(request: ScaipRequest, nowMs: number, decide: () => number): Answer {
    const stem = this.stemKey(request);
    const entry = stem === undefined ? undefined : this.byStem.get(stem);
    if (entry?.case === undefined) return this.open(request, nowMs, decide, false);
    if (entry.case.state === "withdrawn") {
      const snu = decide();
      if (snu !== 0 && snu !== 4) return { snu, taken: { type: "turned-away" } };
      entry.case.state = "open";
      entry.case.snu = snu;
      this.addSession(entry, request, nowMs);
      return { snu, taken: { type: "again", case: entry.case } };
    }
    this.addSession(entry, request, nowMs);
    if (request.mty === "IN") return this.update(request, entry, nowMs, decide);
    return this.repeat(entry, nowMs, decide);
  }

  private repeat(entry: Entry, nowMs: number, decide: () => number): Answer {
    const known = entry.case as Case;
    this.touch(entry, nowMs);
    if (known.snu === 0) return { snu: 0, taken: { type: "again", case: known } };
    const snu = decide();
    known.snu = snu;
    if (known.outcome === undefined) known.state = snu === 0 || snu === 4 ? "open" : "closed";
    return { snu, taken: { type: "again", case: known } };
  }

  private update(request: ScaipRequest, entry: Entry, nowMs: number, decide: () => number): Answer {
    const known = entry.case;
    if (known === undefined || sessionOf(entry, request.ref).withdrawn)
      return { snu: 5, taken: { type: "withdrawn", case: known } };
    const snu = decide();
    if (snu !== 0) return { snu, taken: { type: "turned-away" } };
    const content = request.ref + " " + this.contentOf(request);
    if (!entry.updates.includes(content)) {
      known.updateCount++;
      entry.updates.push(content);
      if (entry.updates.length > updateLimit) entry.updates.shift();
    }
    this.touch(entry, nowMs);
    return { snu, taken: { type: "updated", case: known } };
  }

  private reset(request: ScaipRequest, entry: Entry | undefined, nowMs: number, decide: () => number): Answer {
    const snu = decide();
    if (snu !== 0) return { snu, taken: { type: "turned-away" } };
    if (entry === undefined) {
      // One route can be quicker than the other: what this withdraws may still be under way.
      if (this.stemKey(request) !== undefined) this.remember({ case: undefined, request, withdrawn: true }, nowMs);
      return { snu, taken: { type: "reset", case: undefined } };
    }
    sessionOf(entry, request.ref).withdrawn = true;
    const known = entry.case;
    if (known?.state === "open" && entry.sessions.every((session) => session.withdrawn)) known.state = "withdrawn";
    this.touch(entry, nowMs);
    return { snu, taken: { type: "reset", case: known } };
  }

  private open(request: ScaipRequest, nowMs: number, decide: () => number, reused: boolean): Answer {
    const snu = decide();
    if (snu !== 0 && snu !== 4) return { snu, taken: { type: "turned-away" } };
    this.lastNumber++;
    const opened: Case = {
      number: this.lastNumber,
      cid: request.cid,
      ref: request.ref,
      openedMs: nowMs,
      touchedMs: nowMs,
      state: "open",
      outcome: undefined,
      snu,
      updateCount: 0,
      dty: request.dty,
      stc: request.stc,
      refs: [],
    };
    this.remember({ case: opened, request, withdrawn: false }, nowMs);
    return { snu, taken: { type: "opened", case: opened, reused } };
  }

  private remember(what: { case: Case | undefined; request: ScaipRequest; withdrawn: boolean }, nowMs: number): void {
    const entry: Entry = { case: what.case, cid: what.request.cid, touchedMs: nowMs, sessions: [], updates: [] };
    this.addSession(entry, what.request, nowMs);
    if (what.withdrawn) {
      const session = sessionOf(entry, what.request.ref);
      session.content = undefined;
      session.withdrawn = true;
    }
    if (this.entries.size <= this.caseLimit) return;
    for (const oldest of this.entries) {
      this.drop(oldest);
      break;
    }
  }

  private addSession(entry: Entry, request: ScaipRequest, nowMs: number): void {
    const { cid, ref } = request;
    entry.sessions.push({
      ref,
      content: request.mty === "IN" ? undefined : this.contentOf(request),
      withdrawn: false,
      partsToCome: (request.ame ?? 0) > 0,
    });
    entry.case?.refs.push(ref);
    this.byRef.set(refKey(cid, ref), entry);
    const stem = this.stemKey(request);
    if (stem !== undefined && entry.case !== undefined) this.byStem.set(stem, entry);
    if (entry.sessions.length > sessionLimit) {
      const oldest = entry.sessions.shift() as Session;
      entry.case?.refs.shift();
      this.forget(this.byRef, refKey(cid, oldest.ref), entry);
    }
    this.touch(entry, nowMs);
  }

  private touch(entry: Entry, nowMs: number): void {
    entry.touchedMs = nowMs;
    if (entry.case !== undefined) entry.case.touchedMs = nowMs;
    this.entries.delete(entry);
    this.entries.add(entry);
  }

  private expire(nowMs: number): void {
    for (const entry of this.entries) {
      if (entry.touchedMs + this.keepMs > nowMs) return;
      this.drop(entry);
    }
  }

  private drop(entry: Entry): void {
    this.entries.delete(entry);
    for (const session of entry.sessions) {
      this.forget(this.byRef, refKey(entry.cid, session.ref), entry);
      this.forget(this.byStem, stemOf(entry.cid, session.ref), entry);
    }
  }

  /** A key may have passed to a newer case, which keeps it. */
  private forget(index: Map<string, Entry>, key: string, entry: Entry): void {
    if (index.get(key) === entry) index.delete(key);
  }

  private stemKey(request: ScaipRequest): string | undefined {
    if (request.ref.length !== ownRefLength || !this.ours(request.cid)) return undefined;
    return stemOf(request.cid, request.ref);
  }

  /**
   * What makes two messages under one ref the same. Our own units repeat their bytes; others may write a new time or text
   * with each repeat, so there only who and why are compared.
   */
  private contentOf(request: ScaipRequest): string {
    const whoAndWhy = `${request.dty} ${request.did ?? ""} ${request.dco ?? ""} ${request.stc ?? ""}`;
    if (!this.ours(request.cid)) return whoAndWhy;
    const { ame: _parts, ...rest } = request;
    return JSON.stringify(rest);
  }
}

function sessionOf(entry: Entry, ref: string): Session {
  const found = entry.sessions.find((session) => session.ref === ref);
  if (found === undefined) throw new Error("case book: a session without its entry");
  return found;
}

function refKey(cid: string, ref: string): string {
  return cid + " " + ref;
}

function stemOf(cid: string, ref: string): string {
  return cid + " " + ref.substring(0, stemLength);
}
