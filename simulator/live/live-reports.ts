/**
 * What becomes of a unit's reports, told as it happens: a reading of the alarm machine's own steps for people and programs
 * that watch a live unit. It names reports as the receivers know them, by stem and reference.
 */
import type { AlarmEffect, AlarmEvent, Attempt } from "../../firmware/alarm/alarm-state.ts";
import type { Report, Route } from "../../firmware/alarm/report.ts";
import { refOf, stemOf } from "../../protocol/scaip/stem.ts";

type LogEffect = Extract<AlarmEffect, { type: "log" }>;

export interface ReportNews {
  /** `sent` for each try over a path, `carried` when the receiver's SIP answer came, the others as the unit's log has them. */
  readonly type: "sent" | "carried" | LogEffect["what"];
  /** Whether a person's alarm is meant; otherwise the unit itself has something to tell. */
  readonly ofPress: boolean;
  /** Real ms since the unit's start. */
  readonly t: number;
  /** Twelve characters that name the report. */
  readonly stem: string;
  /** Stem and session: what the receiver saw; null where no receiver is meant. */
  readonly ref: string | null;
  readonly route: Route | null;
  /** From 1, in the order of preference. */
  readonly receiver: number | null;
  /** The report's tries over all paths, from 1; null where none is meant, or the one answered was over before. */
  readonly attempt: number | null;
}

interface Known {
  readonly ofPress: boolean;
  tries: number;
}

interface Try {
  readonly attempt: Attempt;
  readonly count: number;
}

/** Tries that an answer is still told of; the oldest makes room. */
export const tryLimit = 64;

export class LiveReports {
  private readonly prefix: string;
  private readonly tell: (news: ReportNews) => void;
  /** By number, as long as the machine keeps the report. */
  private readonly reports: Map<number, Known>;
  /** By the machine's own count. */
  private readonly tries: Map<number, Try>;

  /** `prefix`: the first five characters of the unit's stems. */
  constructor(prefix: string, tell: (news: ReportNews) => void) {
    this.prefix = prefix;
    this.tell = tell;
    this.reports = new Map();
    this.tries = new Map();
  }

  /** One step of the alarm machine at `t`. */
  step(t: number, event: AlarmEvent, effects: readonly AlarmEffect[]): void {
    if (event.type === "carried") this.carried(t, event.attempt);
    for (const effect of effects) {
      if (effect.type === "store") this.remember(effect.report);
      else if (effect.type === "send") this.sent(t, effect.attempt, effect.report);
      else if (effect.type === "log") this.logged(t, effect);
      else if (effect.type === "forget") this.reports.delete(effect.report.number);
    }
  }

  private remember(report: Report): Known {
    const known = this.reports.get(report.number) ?? { ofPress: report.facts.kind === "user-alarm", tries: 0 };
    this.reports.set(report.number, known);
    return known;
  }

  /** Updates and withdrawals are tries of their own kind, of which only the outcome is told. */
  private sent(t: number, attempt: Attempt, report: Report): void {
    if (attempt.what !== "ME") return;
    const known = this.remember(report);
    known.tries++;
    const made = { attempt, count: known.tries };
    this.tries.set(attempt.id, made);
    if (this.tries.size > tryLimit) this.tries.delete(this.tries.keys().next().value as number);
    this.tellOfTry("sent", t, made);
  }

  private carried(t: number, id: number): void {
    const made = this.tries.get(id);
    if (made !== undefined) this.tellOfTry("carried", t, made);
  }

  private tellOfTry(type: "sent" | "carried", t: number, { attempt, count }: Try): void {
    const { number, part, path } = attempt;
    this.tell({ ...this.named(t, number, part), type, route: path.route, receiver: path.receiver + 1, attempt: count });
  }

  private logged(t: number, { what, number, part, path, attempt }: LogEffect): void {
    this.tell({
      ...this.named(t, number, what === "stored" ? undefined : part),
      type: what,
      route: path?.route ?? null,
      receiver: path === undefined ? null : path.receiver + 1,
      attempt: this.tries.get(attempt)?.count ?? null,
    });
  }

  private named(
    t: number,
    number: number,
    part: number | undefined,
  ): Pick<ReportNews, "ofPress" | "t" | "stem" | "ref"> {
    const stem = stemOf(this.prefix, number);
    const ofPress = this.reports.get(number)?.ofPress ?? false;
    return { ofPress, t, stem, ref: part === undefined ? null : refOf(stem, part) };
  }
}
