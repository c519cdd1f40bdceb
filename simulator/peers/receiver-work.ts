/**
 * What the application behind a receiver's front can do: it handles one message after the other, the rest waits in a queue,
 * and what finds the queue full is turned away. Without a capacity everything is handled at once.
 */
import type { Timer } from "../../firmware/ports/clock.ts";
import type { ReceiverHost } from "./receiver-options.ts";

export interface Capacity {
  readonly messagesPerThousandSeconds: number;
  /** How many may wait. */
  readonly queueLimit: number;
  /** What the next one meets: `mrs` 6, or SIP 503. */
  readonly whenFull: "busy" | "refuse";
}

const usPerThousandSeconds = 1_000_000_000;
/** Of an application that is loaded and has no capacity of its own. */
const usualLimit = 1_000;

export class WorkQueue {
  private readonly host: Pick<ReceiverHost, "nowMs" | "after">;
  private readonly capacity: Capacity | undefined;
  private readonly jobs: (() => void)[];
  private rate: number | undefined;
  /** When the message in hand is done, in µs: a fast application does several in a millisecond. */
  private doneUs: number;
  private timer: Timer | undefined;

  constructor(host: Pick<ReceiverHost, "nowMs" | "after">, capacity: Capacity | undefined) {
    this.host = host;
    this.capacity = capacity;
    this.jobs = [];
    this.rate = capacity?.messagesPerThousandSeconds;
    this.doneUs = 0;
    this.timer = undefined;
  }

  /** Messages that wait, with the one in hand. */
  get count(): number {
    return this.jobs.length;
  }

  /** How the next message is turned away; undefined: it may enter. */
  get refusal(): Capacity["whenFull"] | undefined {
    if (this.jobs.length <= (this.capacity?.queueLimit ?? usualLimit)) return undefined;
    return this.capacity?.whenFull ?? "refuse";
  }

  /** From now on it does no more than that, whoever waits; undefined: what it can. */
  load(messagesPerThousandSeconds: number | undefined): void {
    const usual = this.capacity?.messagesPerThousandSeconds;
    this.rate =
      messagesPerThousandSeconds === undefined ? usual : Math.min(messagesPerThousandSeconds, usual ?? Infinity);
    this.timer?.cancel();
    this.timer = undefined;
    this.doneUs = this.host.nowMs() * 1_000;
    if (this.jobs.length > 0) this.begin();
  }

  /** `job` is done when all that came before it is done, and its own time has passed. */
  enter(job: () => void): void {
    if (this.rate === undefined && this.jobs.length === 0) {
      job();
      return;
    }
    this.jobs.push(job);
    if (this.jobs.length > 1) return;
    this.doneUs = Math.max(this.doneUs, this.host.nowMs() * 1_000);
    this.begin();
  }

  /** Whatever waits is forgotten. */
  clear(): void {
    this.timer?.cancel();
    this.timer = undefined;
    this.jobs.length = 0;
  }

  private begin(): void {
    this.doneUs += this.rate === undefined ? 0 : Math.floor(usPerThousandSeconds / this.rate);
    const afterMs = Math.max(0, Math.ceil(this.doneUs / 1_000) - this.host.nowMs());
    this.timer = this.host.after(afterMs, () => this.finish());
  }

  private finish(): void {
    this.timer = undefined;
    const job = this.jobs.shift();
    if (this.jobs.length > 0) this.begin();
    job?.();
  }
}
