/**
 * Watches one receiver from outside: a server that hears, or even says 200, while its application answers nothing looks
 * healthy to every check but this one.
 */
import type { EventQueue, Handle } from "../core/event-queue.ts";
import type { ReceiverSign } from "../peers/receiver-events.ts";
import { type MonitorSettings, spoken } from "./monitor-settings.ts";

export type ServerNews = "server-suspected" | "server-confirmed" | "server-cleared";

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

/** `snu` that speak of the receiver: not treated, busy, undefined error. The others speak of the message, and 4 is work in progress. */
const serverRefusals: readonly number[] = [5, 6, 99];

export class ServerWatch {
  /** Units that beat to this receiver first and are not silent; and those of them whose beat is overdue. */
  activeCount: number;
  overdueCount: number;
  private readonly settings: MonitorSettings;
  private readonly queue: EventQueue;
  private readonly report: (news: ServerNews, evidence: string) => void;
  private readonly pending: Map<number, Pending>;
  private outcomes: Outcome[];
  private at: "healthy" | "suspected" | "confirmed";
  private suspectedMs: number;
  private failureCount: number;
  private lastFailureMs: number;
  private acceptedInRow: number;
  private lastAcceptedMs: number | undefined;
  private readonly sinceMs: number;
  /** All beats have stopped and nothing was accepted since. */
  private silent: boolean;

  constructor(settings: MonitorSettings, queue: EventQueue, report: (news: ServerNews, evidence: string) => void) {
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
    this.sinceMs = queue.nowMs;
    this.silent = false;
  }

  get state(): "healthy" | "suspected" | "confirmed" {
    return this.at;
  }

  hear(sign: ReceiverSign): void {
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
    const quietMs = this.queue.nowMs - (this.lastAcceptedMs ?? this.sinceMs);
    if (quietMs < Math.floor((beatMs * (100 + jitterPercent)) / 100) + graceMs) return;
    this.silent = true;
    this.lastFailureMs = this.queue.nowMs;
    this.judge();
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
      this.report("server-suspected", this.evidence());
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
    if (!goesOn && !this.silent) return;
    this.at = "confirmed";
    this.report("server-confirmed", this.evidence());
  }

  private clear(): void {
    const lasted = spoken(this.queue.nowMs - this.suspectedMs);
    const evidence = `${this.acceptedInRow} messages in a row accepted in time; suspected for ${lasted}, ${this.failureCount} failures`;
    this.at = "healthy";
    this.outcomes = [];
    this.report("server-cleared", evidence);
  }

  private isSuspect(): boolean {
    if (this.silent) return true;
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

  private evidence(): string {
    const parts: string[] = [];
    const failures = this.failures();
    const count = (what: Outcome["what"]) => failures.filter((outcome) => outcome.what === what).length;
    const within = spoken(this.settings.answerWithinMs);
    if (count("unanswered") > 0)
      parts.push(`${count("unanswered")} messages carried (SIP 200) without mrs within ${within}`);
    if (count("unheard") > 0) parts.push(`${count("unheard")} messages heard without any SIP answer within ${within}`);
    const refused = failures.filter((outcome) => outcome.what === "refused");
    const answers = [...new Set(refused.map((outcome) => outcome.detail))].join(", ");
    if (refused.length > 0) parts.push(`${refused.length} messages refused (${answers})`);
    if (failures.length > 0)
      parts.push(
        `from ${new Set(failures.map((outcome) => outcome.cid)).size} units in ${this.recent().length} outcomes`,
      );
    if (this.silent) parts.push(`beats of ${this.overdueCount} of ${this.activeCount} units overdue`);
    const accepted = this.lastAcceptedMs;
    parts.push(
      accepted === undefined ? "nothing accepted yet" : `last acceptance ${spoken(this.queue.nowMs - accepted)} ago`,
    );
    return parts.join("; ");
  }
}
