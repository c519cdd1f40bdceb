/**
 * The centre that takes short messages and delivers them to the number they are meant for (3GPP 23.040 3.1: store and
 * forward): later, perhaps twice, perhaps never, and again and again to who cannot be reached, until they are too old.
 */
import type { SmsDeliver, SmsSubmit } from "../../protocol/at/sms-pdu.ts";

export interface SmsHost {
  nowMs(): number;
  after(delayMs: number, callback: () => void): unknown;
  /** A whole number from 0 to below n. */
  below(n: number): number;
}

export interface SmsCentreOptions {
  /** Its own number, as it stands in delivered messages. */
  readonly number?: string;
  /** From a message's taking to its first delivery. */
  readonly delayMs?: { readonly least: number; readonly most: number };
  /** Of 1,000 messages: so many are lost, so many come twice. */
  readonly lostPerMille?: number;
  readonly doubledPerMille?: number;
  /** Whoever has a number that nobody attached; undefined: nobody has. */
  readonly mailboxOf?: (number: string) => Mailbox | undefined;
  /** Wall clock at the host's instant 0, in ms since 1970. */
  readonly startWallMs?: number;
}

/** Whoever has a number: a modem, or a receiver of alarms. */
export interface Mailbox {
  /** False where it cannot take it now: no network, memory full. */
  deliver(message: SmsDeliver): boolean;
}

interface Waiting {
  readonly to: string;
  readonly message: SmsDeliver;
  readonly untilMs: number;
  tries: number;
}

/** A number that nobody has (24.011 E-2, cause 1). */
export const unassignedNumber = 1;
/** The centre takes nothing more (cause 42). */
export const congestion = 42;
const waitingLimit = 256;
const usualMinutes = 1_440;
const againMs: readonly number[] = [30_000, 60_000, 120_000, 300_000, 600_000];

export class SmsCentre {
  readonly number: string;
  /** Taken, delivered and lost so far; a message that came twice was delivered twice. */
  readonly counts: { taken: number; delivered: number; lost: number; tooOld: number };
  private readonly host: SmsHost;
  private readonly options: SmsCentreOptions;
  private readonly mailboxes: Map<string, Mailbox>;
  private readonly waiting: Set<Waiting>;

  constructor(host: SmsHost, options: SmsCentreOptions = {}) {
    this.host = host;
    this.options = options;
    this.number = options.number ?? "+46700000000";
    this.counts = { taken: 0, delivered: 0, lost: 0, tooOld: 0 };
    this.mailboxes = new Map();
    this.waiting = new Set();
  }

  /** Whoever had the number before has it no more. */
  attach(number: string, mailbox: Mailbox): void {
    this.mailboxes.set(wholeNumber(number), mailbox);
  }

  /** It can take messages again: what waits for it comes now. */
  reachable(number: string): void {
    const to = wholeNumber(number);
    for (const waiting of [...this.waiting]) if (waiting.to === to) this.deliver(waiting);
  }

  /** 0 where it was taken, otherwise the cause of the refusal. */
  take(from: string, submit: SmsSubmit): number {
    const to = wholeNumber(submit.to);
    if (this.mailboxOf(to) === undefined) return unassignedNumber;
    if (this.waiting.size >= waitingLimit) return congestion;
    this.counts.taken++;
    const nowMs = this.host.nowMs();
    const message: SmsDeliver = {
      kind: "deliver",
      center: this.number,
      from,
      sentMs: this.wallMs(nowMs),
      text: submit.text,
      part: submit.part,
    };
    if (this.chance(this.options.lostPerMille)) {
      this.counts.lost++;
      return 0;
    }
    const untilMs = nowMs + (submit.validMinutes ?? usualMinutes) * 60_000;
    this.deliverLater({ to, message, untilMs, tries: 0 }, this.delayMs());
    if (this.chance(this.options.doubledPerMille))
      this.deliverLater({ to, message, untilMs, tries: 0 }, this.delayMs() + this.delayMs());
    return 0;
  }

  private mailboxOf(number: string): Mailbox | undefined {
    return this.mailboxes.get(number) ?? this.options.mailboxOf?.(number);
  }

  private deliverLater(waiting: Waiting, delayMs: number): void {
    this.waiting.add(waiting);
    this.host.after(delayMs, () => this.deliver(waiting));
  }

  private deliver(waiting: Waiting): void {
    if (!this.waiting.has(waiting)) return;
    if (this.host.nowMs() > waiting.untilMs) {
      this.waiting.delete(waiting);
      this.counts.tooOld++;
      return;
    }
    if (this.mailboxOf(waiting.to)?.deliver(waiting.message)) {
      this.waiting.delete(waiting);
      this.counts.delivered++;
      return;
    }
    const waitMs = againMs[Math.min(waiting.tries++, againMs.length - 1)] as number;
    this.host.after(waitMs, () => this.deliver(waiting));
  }

  private delayMs(): number {
    const span = this.options.delayMs ?? { least: 1_000, most: 8_000 };
    return span.least + this.host.below(span.most - span.least + 1);
  }

  private chance(perMille = 0): boolean {
    return perMille > 0 && this.host.below(1_000) < perMille;
  }

  private wallMs(nowMs: number): number {
    const wallMs = (this.options.startWallMs ?? 1_772_431_200_000) + nowMs;
    return wallMs - (wallMs % 1_000);
  }
}

/** A number without its country's code is Swedish. */
function wholeNumber(number: string): string {
  if (number.startsWith("00")) return "+" + number.substring(2);
  return number.startsWith("0") ? "+46" + number.substring(1) : number;
}
