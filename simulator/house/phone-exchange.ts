/** A small telephone network: who calls whom, who hears busy, and an operator who calls back or never does. */
import type { Clock } from "../../firmware/ports/clock.ts";
import type { CallEnd } from "../../firmware/ports/voice.ts";

export type Party = "caller" | "callee";

/** What one party of a call hears of the other. */
export interface Side {
  /** It rings there. */
  readonly onAlerting?: () => void;
  readonly onAnswered: () => void;
  readonly onEnded: (reason: CallEnd) => void;
  readonly onKey: (key: string) => void;
}

export interface Subscriber {
  /** It rings: "busy" where the line is, "away" where it cannot be reached. `from` is "" where the caller withholds it. Not answered from inside this call. */
  readonly ring: (from: string, call: Call) => Side | "busy" | "away";
}

/** The way of any news through the network. */
export const lineMs = 200;
/** A network lets nobody ring for longer. */
const ringLimitMs = 120_000;
const keyPauseMs = 1_000;

/** A step of a call as the network sees it; `from` is "" where the caller withholds his number. */
export interface ExchangeNews {
  readonly what: "dialled" | "rings" | "up" | "key" | "over";
  readonly from: string;
  readonly to: string;
  /** Who pressed the key, or ended the call: undefined where the network did. */
  readonly by: Party | undefined;
  readonly key: string | undefined;
}

type Tell = (what: ExchangeNews["what"], by?: Party, key?: string) => void;

export class Call {
  private at: "ringing" | "up" | "over";
  private readonly clock: Clock;
  private readonly tell: Tell;
  private readonly sides: { readonly caller: Side; callee: Side | undefined };

  constructor(clock: Clock, caller: Side, tell: Tell) {
    this.at = "ringing";
    this.clock = clock;
    this.tell = tell;
    this.sides = { caller, callee: undefined };
  }

  /** It reaches whoever has that number. */
  reach(from: string, subscriber: Subscriber | undefined): void {
    if (this.at !== "ringing") return;
    const callee = subscriber === undefined ? "away" : subscriber.ring(from, this);
    if (callee === "busy" || callee === "away") {
      this.over();
      this.end("caller", callee === "busy" ? "busy" : "failed");
      return;
    }
    this.sides.callee = callee;
    this.tell("rings");
    this.clock.after(lineMs, () => {
      if (this.at === "ringing") this.sides.caller.onAlerting?.();
    });
    this.clock.after(ringLimitMs, () => this.giveUp());
  }

  /** The network lets it ring no longer. */
  giveUp(): void {
    if (this.at !== "ringing") return;
    this.over();
    this.end("caller", "no-answer");
    this.end("callee", "no-answer");
  }

  answer(): void {
    if (this.at !== "ringing") return;
    this.at = "up";
    this.tell("up");
    this.clock.after(lineMs, () => {
      if (this.at === "up") this.sides.caller.onAnswered();
    });
  }

  press(by: Party, key: string): void {
    if (this.at === "up") this.tell("key", by, key);
    this.clock.after(lineMs, () => {
      if (this.at === "up") this.sides[by === "caller" ? "callee" : "caller"]?.onKey(key);
    });
  }

  hangUp(by: Party): void {
    if (this.at === "over") return;
    const wasUp = this.at === "up";
    this.over(by);
    if (by === "caller") this.end("callee", wasUp ? "over" : "no-answer");
    else this.end("caller", wasUp ? "over" : "busy");
  }

  /** The connection breaks: both parties hear of it. */
  drop(): void {
    if (this.at === "over") return;
    this.over();
    this.end("caller", "lost");
    this.end("callee", "lost");
  }

  private over(by?: Party): void {
    this.at = "over";
    this.tell("over", by);
  }

  private end(told: Party, reason: CallEnd): void {
    this.clock.after(lineMs, () => this.sides[told]?.onEnded(reason));
  }
}

export class Exchange {
  /** Told of each step of each call. */
  onNews: (news: ExchangeNews) => void;
  private readonly clock: Clock;
  private readonly subscribers: Map<string, Subscriber>;

  constructor(clock: Clock) {
    this.onNews = () => {};
    this.clock = clock;
    this.subscribers = new Map();
  }

  connect(number: string, subscriber: Subscriber): void {
    this.subscribers.set(number, subscriber);
  }

  /** `from` is "" where the caller withholds his number. */
  call(from: string, to: string, caller: Side): Call {
    const call = new Call(this.clock, caller, (what, by, key) => this.onNews({ what, from, to, by, key }));
    this.onNews({ what: "dialled", from, to, by: undefined, key: undefined });
    this.clock.after(lineMs, () => call.reach(from, this.subscribers.get(to)));
    return call;
  }
}

export interface OperatorHabits {
  /** Takes a call after so long; -1: never. */
  readonly answersAfterMs: number;
  /** Hangs up after so long. */
  readonly talksMs: number;
  /** Pressed one after the other, a second apart; empty for none. */
  readonly key: string;
  /** From the beginning of a call to the first key; at once unless said. */
  readonly keyAfterMs?: number;
  /** Calls without telling the number. */
  readonly isWithheld?: boolean;
}

/** A person at a receiver's telephone. */
export class Operator implements Subscriber {
  /** What happened at this telephone, in order, each with its instant. */
  readonly log: string[];
  private readonly clock: Clock;
  private readonly exchange: Exchange;
  private readonly number: string;
  private readonly habits: OperatorHabits;
  private call: Call | undefined;

  constructor(clock: Clock, exchange: Exchange, number: string, habits: OperatorHabits) {
    this.log = [];
    this.clock = clock;
    this.exchange = exchange;
    this.number = number;
    this.habits = habits;
    this.call = undefined;
    exchange.connect(number, this);
  }

  readonly ring = (from: string, call: Call): Side | "busy" => {
    if (this.call !== undefined) return "busy";
    this.note(`rung by ${from}`);
    this.call = call;
    const { answersAfterMs } = this.habits;
    if (answersAfterMs >= 0)
      this.clock.after(answersAfterMs, () => {
        if (this.call !== call) return;
        call.answer();
        this.talk(call, "callee");
      });
    return { onAnswered: () => {}, onEnded: (reason) => this.over(call, reason), onKey: () => {} };
  };

  /** Calls a home `afterMs` from now; busy, it is not tried again. */
  callBack(home: string, afterMs: number): void {
    this.clock.after(afterMs, () => {
      if (this.call !== undefined) return;
      this.note(`calls ${home}`);
      const side: Side = {
        onAnswered: () => this.talk(call, "caller"),
        onEnded: (reason) => this.over(call, reason),
        onKey: () => {},
      };
      const call = this.exchange.call(this.habits.isWithheld === true ? "" : this.number, home, side);
      this.call = call;
    });
  }

  private talk(call: Call, party: Party): void {
    const { talksMs, key, keyAfterMs = 0 } = this.habits;
    this.note("talks");
    for (const [index, each] of [...key].entries()) {
      const atMs = keyAfterMs + index * keyPauseMs;
      if (atMs === 0) call.press(party, each);
      else this.clock.after(atMs, () => call.press(party, each));
    }
    this.clock.after(talksMs, () => {
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
    this.log.push(`${this.clock.nowMs()} ${what}`);
  }
}
