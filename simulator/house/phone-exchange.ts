/** A small telephone exchange in virtual time: who calls whom, who hears busy, and an operator who calls back or never does. */
import type { CallEnd } from "../../firmware/ports/voice.ts";
import type { EventQueue } from "../core/event-queue.ts";

export type Party = "caller" | "callee";

/** What one party of a call hears of the other. */
export interface Side {
  readonly onAnswered: () => void;
  readonly onEnded: (reason: CallEnd) => void;
  readonly onKey: (key: string) => void;
}

export interface Subscriber {
  /** It rings: undefined where the line is busy. Not answered from inside this call. */
  readonly ring: (from: string, call: Call) => Side | undefined;
}

/** The way of any news through the network. */
export const lineMs = 200;

export class Call {
  private at: "ringing" | "up" | "over";
  private readonly queue: EventQueue;
  private readonly sides: { readonly caller: Side; callee: Side | undefined };

  constructor(queue: EventQueue, caller: Side) {
    this.at = "ringing";
    this.queue = queue;
    this.sides = { caller, callee: undefined };
  }

  /** It reaches whoever has that number. */
  reach(from: string, subscriber: Subscriber | undefined): void {
    if (this.at !== "ringing") return;
    this.sides.callee = subscriber?.ring(from, this);
    if (this.sides.callee === undefined) this.end("caller", subscriber === undefined ? "failed" : "busy");
  }

  answer(): void {
    if (this.at !== "ringing") return;
    this.at = "up";
    this.queue.after(lineMs, () => {
      if (this.at === "up") this.sides.caller.onAnswered();
    });
  }

  press(by: Party, key: string): void {
    this.queue.after(lineMs, () => {
      if (this.at === "up") this.sides[by === "caller" ? "callee" : "caller"]?.onKey(key);
    });
  }

  hangUp(by: Party): void {
    if (this.at === "over") return;
    const refused = this.at === "ringing" && by === "callee";
    this.end(by === "caller" ? "callee" : "caller", refused ? "busy" : "over");
  }

  /** The connection breaks: both parties hear of it. */
  drop(): void {
    if (this.at === "over") return;
    this.end("caller", "lost");
    const callee = this.sides.callee;
    this.queue.after(lineMs, () => callee?.onEnded("lost"));
  }

  private end(told: Party, reason: CallEnd): void {
    this.at = "over";
    this.queue.after(lineMs, () => this.sides[told]?.onEnded(reason));
  }
}

export class Exchange {
  private readonly queue: EventQueue;
  private readonly subscribers: Map<string, Subscriber>;

  constructor(queue: EventQueue) {
    this.queue = queue;
    this.subscribers = new Map();
  }

  connect(number: string, subscriber: Subscriber): void {
    this.subscribers.set(number, subscriber);
  }

  call(from: string, to: string, caller: Side): Call {
    const call = new Call(this.queue, caller);
    this.queue.after(lineMs, () => call.reach(from, this.subscribers.get(to)));
    return call;
  }
}

export interface OperatorHabits {
  /** Takes a call after so long; -1: never. */
  readonly answersAfterMs: number;
  /** Hangs up after so long. */
  readonly talksMs: number;
  /** Pressed before hanging up; empty for none. */
  readonly key: string;
}

/** A person at a receiver's telephone. */
export class Operator implements Subscriber {
  /** What happened at this telephone, in order, each with its instant. */
  readonly log: string[];
  private readonly queue: EventQueue;
  private readonly exchange: Exchange;
  private readonly number: string;
  private readonly habits: OperatorHabits;
  private call: Call | undefined;

  constructor(queue: EventQueue, exchange: Exchange, number: string, habits: OperatorHabits) {
    this.log = [];
    this.queue = queue;
    this.exchange = exchange;
    this.number = number;
    this.habits = habits;
    this.call = undefined;
    exchange.connect(number, this);
  }

  readonly ring = (from: string, call: Call): Side | undefined => {
    if (this.call !== undefined) return undefined;
    this.note(`rung by ${from}`);
    this.call = call;
    const { answersAfterMs } = this.habits;
    if (answersAfterMs >= 0)
      this.queue.after(answersAfterMs, () => {
        if (this.call !== call) return;
        call.answer();
        this.talk(call, "callee");
      });
    return { onAnswered: () => {}, onEnded: (reason) => this.over(call, reason), onKey: () => {} };
  };

  /** Calls a home `afterMs` from now; busy, it is not tried again. */
  callBack(home: string, afterMs: number): void {
    this.queue.after(afterMs, () => {
      if (this.call !== undefined) return;
      this.note(`calls ${home}`);
      const side: Side = {
        onAnswered: () => this.talk(call, "caller"),
        onEnded: (reason) => this.over(call, reason),
        onKey: () => {},
      };
      const call = this.exchange.call(this.number, home, side);
      this.call = call;
    });
  }

  private talk(call: Call, party: Party): void {
    const { talksMs, key } = this.habits;
    this.note("talks");
    if (key !== "") call.press(party, key);
    this.queue.after(talksMs, () => {
      if (this.call !== call) return;
      this.call = undefined;
      this.note("hangs up");
      call.hangUp(party);
    });
  }

  private over(call: Call, reason: CallEnd): void {
    if (this.call !== call) return;
    this.call = undefined;
    this.note(`ended: ${reason}`);
  }

  private note(what: string): void {
    this.log.push(`${this.queue.nowMs} ${what}`);
  }
}
