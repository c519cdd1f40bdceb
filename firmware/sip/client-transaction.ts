/** Holds one client transaction: its request's bytes, its timers and the state that `transaction-machine.ts` decides on (RFC 3261 17.1.2). */
import type { Clock, Timer } from "../ports/clock.ts";
import type { Endpoint } from "../ports/socket.ts";
import type { TransactionEffect, TransactionEvent, TransactionState, TransactionTimer } from "./transaction-machine.ts";
import { startTransaction, stepTransaction } from "./transaction-machine.ts";

/** Whoever sends requests, told what becomes of them. `U` is what a request was sent for. */
export interface TransactionOwner<U> {
  readonly clock: Clock;
  transmit(bytes: Uint8Array, to: Endpoint): void;
  /** No final answer in time. */
  noAnswer(transaction: ClientTransaction<U>): void;
  /** The transaction is over: it hears nothing more. Comes before `noAnswer`. */
  over(transaction: ClientTransaction<U>): void;
}

export class ClientTransaction<U> {
  readonly branch: string;
  readonly method: string;
  readonly user: U;
  private readonly owner: TransactionOwner<U>;
  private readonly to: Endpoint;
  private bytes: Uint8Array;
  private state: TransactionState;
  private resendTimer: Timer | undefined;
  /** Timer F, and after the answer timer K: they never run together. */
  private endTimer: Timer | undefined;

  /** Nothing is sent before `start`. */
  constructor(owner: TransactionOwner<U>, branch: string, method: string, bytes: Uint8Array, to: Endpoint, user: U) {
    this.owner = owner;
    this.branch = branch;
    this.method = method;
    this.bytes = bytes;
    this.to = to;
    this.user = user;
    this.state = { at: "terminated" };
    this.resendTimer = undefined;
    this.endTimer = undefined;
  }

  /** Sends the request, once where the transport is `reliable`; without a final answer it is given up after `lifeMs`. `firstMs`: T1. */
  start(reliable: boolean, lifeMs: number, firstMs: number): void {
    const next = startTransaction(reliable, lifeMs, firstMs);
    this.state = next.state;
    this.perform(next.effects);
  }

  /** Whether a final answer is still to come. */
  get waiting(): boolean {
    return this.state.at === "trying" || this.state.at === "proceeding";
  }

  /** What it sends; nothing once it no longer would. */
  get request(): Uint8Array {
    return this.bytes;
  }

  /** True where the event was an answer for the user; copies and late ones are not. */
  step(event: TransactionEvent): boolean {
    const next = stepTransaction(this.state, event);
    this.state = next.state;
    return this.perform(next.effects);
  }

  /** Ends it on the spot, to make room. */
  close(): void {
    this.state = { at: "terminated" };
    this.stopTimer("E");
    this.stopTimer("F");
  }

  private perform(effects: readonly TransactionEffect[]): boolean {
    let reported = false;
    for (const effect of effects) {
      switch (effect.type) {
        case "send":
          this.owner.transmit(this.bytes, this.to);
          break;
        case "timer":
          this.startTimer(effect.timer, effect.afterMs);
          break;
        case "stop-timer":
          this.stopTimer(effect.timer);
          break;
        case "forget":
          this.owner.over(this);
          break;
        case "report-answer":
          reported = true;
          break;
        case "report-no-answer":
          this.owner.noAnswer(this);
          break;
      }
    }
    if (!this.waiting) this.bytes = released;
    return reported;
  }

  private startTimer(timer: TransactionTimer, afterMs: number): void {
    this.stopTimer(timer);
    const started = this.owner.clock.after(afterMs, () => this.step({ type: "fired", timer }));
    if (timer === "E") this.resendTimer = started;
    else this.endTimer = started;
  }

  private stopTimer(timer: TransactionTimer): void {
    const running = timer === "E" ? this.resendTimer : this.endTimer;
    if (running !== undefined) running.cancel();
    if (timer === "E") this.resendTimer = undefined;
    else this.endTimer = undefined;
  }
}

/** Stands in for the bytes of a request that will not be sent again. */
const released = new Uint8Array(0);
