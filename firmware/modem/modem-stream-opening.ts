/**
 * The way to a connection over a modem: numbers that nobody knows are closed, a socket is made where the modem numbers it, and the
 * dialect's steps are said one after the other. It does nothing itself.
 */
import type { Exchange } from "../../protocol/at/commands.ts";
import type { StreamPlan, StreamStep, StreamTalk } from "../../protocol/at/stream-talk.ts";
import type { Answer } from "./at-session.ts";
import type { SocketOwner } from "./numbered-user.ts";

/** What an answered step comes to: go on, wait for the modem's news of the connection, it stands, or it will never come. */
export type Stepped = "next" | "wait" | "open" | "refused" | "not-begun";

export class StreamOpening {
  /** Whether the modem was told all it needs to check the server's name. */
  isProven: boolean;
  private readonly talk: StreamTalk;
  private readonly owner: SocketOwner;
  private steps: readonly StreamStep[];
  private index: number;
  private saysInstead: boolean;
  /** The number that is being closed; below 0 where none is left. */
  private sweep: number;

  constructor(talk: StreamTalk, owner: SocketOwner) {
    this.isProven = false;
    this.talk = talk;
    this.owner = owner;
    this.steps = [];
    this.index = 0;
    this.saysInstead = false;
    this.sweep = -1;
    if (talk.create !== undefined && owner.sweepDue) {
      this.sweep = talk.firstNumber - 1;
      this.swept();
    }
  }

  /** What closes a number that nobody knows; undefined where none is left. */
  get sweeping(): Exchange | undefined {
    return this.sweep < 0 ? undefined : this.talk.close(this.sweep);
  }

  /** The next step's exchange. */
  get exchange(): Exchange {
    const step = this.steps[this.index] as StreamStep;
    return this.saysInstead && step.instead !== undefined ? step.instead : step.exchange;
  }

  /** Whether the next step begins the connection. */
  get isLast(): boolean {
    return this.index === this.steps.length - 1;
  }

  /** A number no socket of the unit has; -1 where all are taken. */
  freeNumber(): number {
    for (let i = 0; i < this.talk.numberCount; i++)
      if (!this.owner.isHeld(this.talk.firstNumber + i)) return this.talk.firstNumber + i;
    return -1;
  }

  /** Its number is known. */
  prepare(number: number, plan: StreamPlan): void {
    this.steps = this.talk.connect(number, plan);
    this.index = 0;
    for (const step of this.steps) if (step.proves) this.isProven = true;
  }

  /** The number is closed: on to the next that is nobody's. */
  swept(): void {
    const end = this.talk.firstNumber + this.talk.numberCount;
    do this.sweep++;
    while (this.sweep < end && this.owner.isHeld(this.sweep));
    if (this.sweep < end) return;
    this.sweep = -1;
    this.owner.sweepDue = false;
  }

  stepped(answer: Answer): Stepped {
    const step = this.steps[this.index] as StreamStep;
    if (answer.ok && this.saysInstead) return "open";
    if (!answer.ok) {
      if (step.proves) this.isProven = false;
      if (step.instead !== undefined && !this.saysInstead) {
        this.saysInstead = true;
        return "next";
      }
      if (!step.exchange.optional) return this.isLast ? "not-begun" : "refused";
    }
    if (this.isLast) return "wait";
    this.index++;
    return "next";
  }
}
