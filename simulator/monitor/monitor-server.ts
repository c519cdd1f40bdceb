/**
 * Watches one receiver from outside: a server that hears, or even says 200, while its application answers nothing looks
 * healthy to every check but this one.
 */
import type { EventQueue, Handle } from "../core/event-queue.ts";
import type { ReceiverSign } from "../peers/receiver-events.ts";
import type { MonitorSettings } from "./monitor-settings.ts";
import { joined, type Said, said, spoken } from "./said.ts";

export type ServerPhase = "suspected" | "confirmed" | "closed";

interface Pending {
  readonly cid: string;
  carried: boolean;
  readonly deadline: Handle;
}

interface Outcome {
  readonly atMs: number;
  readonly what: "accepted" | "refused" | "unanswered" | "unheard";
  readonly cid: string;
  /** Of a refusal: `snu 5`, `sip 503`. */
  readonly detail: string;
}

/** What is kept over a restart of the monitor. */
export interface ServerState {
  readonly at: "healthy" | "suspected" | "confirmed";
  readonly suspectedMs: number;
  readonly failureCount: number;
  readonly lastFailureMs: number;
  readonly lastAcceptedMs: number | null;
  readonly silent: boolean;
  readonly clearedMs: number;
}

/** `snu` that speak of the receiver: not treated, busy, undefined error. The others speak of the message, and 4 is work in progress. */
const serverRefusals: readonly number[] = [5, 6, 99];

export class ServerWatch {
  /** Units that beat to this receiver first and are not silent; and those of them whose beat is overdue. */
  activeCount: number;
  overdueCount: number;
  private readonly settings: MonitorSettings;
  private readonly queue: EventQueue;
  private readonly report: (phase: ServerPhase, evidence: Said) => void;
  private readonly pending: Map<number, Pending>;
  private outcomes: Outcome[];
  private at: "healthy" | "suspected" | "confirmed";
  private suspectedMs: number;
  private failureCount: number;
  private lastFailureMs: number;
  private acceptedInRow: number;
  private lastAcceptedMs: number | undefined;
  /** When its front last said yes; -1: never. */
  private lastCarriedMs: number;
  private sinceMs: number;
  /** When its latest outage ended; -1: it had none. */
  private clearedMs: number;
  /** All beats have stopped and nothing was accepted since. */
  private silent: boolean;
  /** Why nothing of it can be seen; undefined: it can. */
  private blind: Said | undefined;

  constructor(settings: MonitorSettings, queue: EventQueue, report: (phase: ServerPhase, evidence: Said) => void) {
    this.settings = settings;
    this.queue = queue;
    this.report = report;
    this.activeCount = 0;
    this.overdueCount = 0;
    this.pending = new Map();
    this.outcomes = [];
    this.at = "healthy";
    this.suspectedMs = 0;
    this.failureCount = 0;
    this.lastFailureMs = 0;
    this.acceptedInRow = 0;
    this.lastAcceptedMs = undefined;
    this.lastCarriedMs = -1;
    this.sinceMs = queue.nowMs;
    this.clearedMs = -1;
    this.silent = false;
    this.blind = undefined;
  }

  get state(): "healthy" | "suspected" | "confirmed" {
    return this.at;
  }

  /** Whether it is its fault that its units are not heard. */
  get isSilent(): boolean {
    const isMute = this.at !== "healthy" && this.lastCarriedMs < this.suspectedMs;
    return this.silent || this.blind !== undefined || isMute;
  }

  hear(sign: ReceiverSign): void {
    this.blind = undefined;
    if (sign.type === "carried" || sign.type === "probed") this.lastCarriedMs = this.queue.nowMs;
    switch (sign.type) {
      case "heard":
        this.expectAnswer(sign.id, sign.cid);
        return;
      case "carried": {
        const pending = this.pending.get(sign.id);
        if (pending !== undefined) pending.carried = true;
        return;
      }
      case "refused": {
        const pending = this.take(sign.id);
        if (pending !== undefined && sign.status >= 500) this.conclude("refused", pending.cid, "sip " + sign.status);
        return;
      }
      case "answered": {
        const pending = this.take(sign.id);
        if (pending === undefined) return;
        if (sign.snu === 0) this.conclude("accepted", sign.cid, "");
        else if (serverRefusals.includes(sign.snu)) this.conclude("refused", sign.cid, "snu " + sign.snu);
        return;
      }
      case "probed":
        return;
    }
  }

  /** One more unit is overdue. `beatMs`: its interval, within which the others would have been accepted. */
  beatMissed(beatMs: number): void {
    const { silenceUnits, silencePercent, jitterPercent, graceMs } = this.settings;
    if (this.overdueCount < silenceUnits || this.overdueCount * 100 < this.activeCount * silencePercent) return;
    const quietMs = this.queue.nowMs - Math.max(this.lastAcceptedMs ?? 0, this.sinceMs);
    if (quietMs < Math.floor((beatMs * (100 + jitterPercent)) / 100) + graceMs) return;
    this.silent = true;
    this.lastFailureMs = this.queue.nowMs;
    this.judge();
  }

  /** Whether its latest outage covers that instant, or followed so soon that units had noticed it before. */
  wasOutAt(atMs: number): boolean {
    if (this.at === "healthy" && this.clearedMs < 0) return false;
    return (
      atMs >= this.suspectedMs - this.settings.noticedBeforeMs && (this.at !== "healthy" || atMs <= this.clearedMs)
    );
  }

  /** Nothing can be seen of it any more: its stream of events has ended or broken. */
  loseSight(why: Said): void {
    this.blind = why;
    this.lastFailureMs = this.queue.nowMs;
    this.acceptedInRow = 0;
    this.judge();
  }

  kept(): ServerState {
    const { at, suspectedMs, failureCount, lastFailureMs, lastAcceptedMs, silent, clearedMs } = this;
    return { at, suspectedMs, failureCount, lastFailureMs, lastAcceptedMs: lastAcceptedMs ?? null, silent, clearedMs };
  }

  /** Takes up what was kept; outcomes of before are not looked at again. */
  restore(state: ServerState): void {
    this.at = state.at;
    this.suspectedMs = state.suspectedMs;
    this.failureCount = state.failureCount;
    this.lastFailureMs = state.lastFailureMs;
    this.lastAcceptedMs = state.lastAcceptedMs ?? undefined;
    this.silent = state.silent;
    this.clearedMs = state.clearedMs;
    this.sinceMs = this.queue.nowMs;
    if (this.at === "suspected") this.queue.after(this.settings.confirmAfterMs, () => this.judge());
  }

  private expectAnswer(id: number, cid: string): void {
    if (this.pending.size >= this.settings.pendingLimit) return;
    const deadline = this.queue.after(this.settings.answerWithinMs, () => {
      const late = this.take(id);
      if (late !== undefined) this.conclude(late.carried ? "unanswered" : "unheard", late.cid, "");
    });
    this.pending.set(id, { cid, carried: false, deadline });
  }

  private take(id: number): Pending | undefined {
    const pending = this.pending.get(id);
    if (pending === undefined) return undefined;
    this.pending.delete(id);
    this.queue.cancel(pending.deadline);
    return pending;
  }

  private conclude(what: Outcome["what"], cid: string, detail: string): void {
    const atMs = this.queue.nowMs;
    this.outcomes.push({ atMs, what, cid, detail });
    if (this.outcomes.length > this.settings.outcomeLimit) this.outcomes.shift();
    if (what === "accepted") {
      this.acceptedInRow++;
      this.lastAcceptedMs = atMs;
      this.silent = false;
    } else {
      this.acceptedInRow = 0;
      this.failureCount++;
      this.lastFailureMs = atMs;
    }
    this.judge();
  }

  private judge(): void {
    const { queue, settings } = this;
    if (this.at === "healthy") {
      if (!this.isSuspect()) return;
      this.at = "suspected";
      this.suspectedMs = queue.nowMs;
      this.failureCount = this.failures().length;
      this.acceptedInRow = 0;
      this.report("suspected", this.evidence());
      queue.after(settings.confirmAfterMs, () => this.judge());
      return;
    }
    if (this.acceptedInRow >= settings.clearAcceptances) {
      const calmAtMs = this.lastFailureMs + settings.calmMs;
      if (queue.nowMs >= calmAtMs) this.clear();
      else if (this.acceptedInRow === settings.clearAcceptances) queue.at(calmAtMs, () => this.judge());
      return;
    }
    if (this.at !== "suspected" || queue.nowMs < this.suspectedMs + settings.confirmAfterMs) return;
    const goesOn = queue.nowMs - this.lastFailureMs <= settings.calmMs && this.failureCount >= settings.confirmFailures;
    if (!goesOn && !this.silent && this.blind === undefined) return;
    this.at = "confirmed";
    this.report("confirmed", this.evidence());
  }

  private clear(): void {
    const lasted = spoken(this.queue.nowMs - this.suspectedMs);
    const { acceptedInRow: inRow, failureCount: failures } = this;
    this.at = "healthy";
    this.clearedMs = this.queue.nowMs;
    this.outcomes = [];
    this.report(
      "closed",
      said(
        `${inRow} messages in a row accepted in time; suspected for ${lasted}, ${failures} failures`,
        `${inRow} meddelanden i rad kvitterades i tid; misstänkt i ${lasted}, ${failures} fel`,
      ),
    );
  }

  private isSuspect(): boolean {
    if (this.silent || this.blind !== undefined) return true;
    const failures = this.failures();
    const silent = failures.filter((outcome) => outcome.what !== "refused");
    if (silent.length >= this.settings.suspectFailures) return true;
    // One unit that is refused while others are accepted is that unit's trouble.
    return (
      failures.length >= this.settings.suspectFailures && this.recent().every((outcome) => outcome.what !== "accepted")
    );
  }

  private recent(): readonly Outcome[] {
    const fromMs = this.queue.nowMs - this.settings.outcomeMs;
    return this.outcomes.filter((outcome) => outcome.atMs >= fromMs);
  }

  private failures(): readonly Outcome[] {
    return this.recent().filter((outcome) => outcome.what !== "accepted");
  }

  private evidence(): Said {
    const parts: Said[] = this.blind === undefined ? [] : [this.blind];
    const failures = this.failures();
    const count = (what: Outcome["what"]) => failures.filter((outcome) => outcome.what === what).length;
    const within = spoken(this.settings.answerWithinMs);
    const unanswered = count("unanswered");
    if (unanswered > 0)
      parts.push(
        said(
          `${unanswered} messages carried (SIP 200) without mrs within ${within}`,
          `${unanswered} meddelanden togs emot (SIP 200) utan mrs inom ${within}`,
        ),
      );
    const unheard = count("unheard");
    if (unheard > 0)
      parts.push(
        said(
          `${unheard} messages heard without any SIP answer within ${within}`,
          `${unheard} meddelanden fick inget SIP-svar inom ${within}`,
        ),
      );
    const refused = failures.filter((outcome) => outcome.what === "refused");
    const answers = [...new Set(refused.map((outcome) => outcome.detail))].join(", ");
    if (refused.length > 0)
      parts.push(
        said(`${refused.length} messages refused (${answers})`, `${refused.length} meddelanden avvisades (${answers})`),
      );
    if (failures.length > 0) parts.push(this.scope(failures));
    if (this.silent)
      parts.push(
        said(
          `beats of ${this.overdueCount} of ${this.activeCount} units overdue`,
          `livstecken från ${this.overdueCount} av ${this.activeCount} larm uteblir`,
        ),
      );
    parts.push(this.lastAcceptance());
    return joined(parts, "; ");
  }

  private scope(failures: readonly Outcome[]): Said {
    const units = new Set(failures.map((outcome) => outcome.cid)).size;
    const outcomes = this.recent().length;
    return said(`from ${units} units in ${outcomes} outcomes`, `från ${units} larm bland ${outcomes} utfall`);
  }

  private lastAcceptance(): Said {
    if (this.lastAcceptedMs === undefined) return said("nothing accepted yet", "inget har kvitterats ännu");
    const ago = spoken(this.queue.nowMs - this.lastAcceptedMs);
    return said(`last acceptance ${ago} ago`, `senaste kvittens för ${ago} sedan`);
  }
}
