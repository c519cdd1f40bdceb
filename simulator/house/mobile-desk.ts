/**
 * A receiver's operators at one telephone number: who calls gets the first who is free, and a home that was promised a call,
 * and has no other telephone, is called over mobile (SS 91100 table 2: `cre` 1 to 60).
 */
import type { Clock } from "../../firmware/ports/clock.ts";
import type { ScaipRequest } from "../../protocol/scaip/request.ts";
import { type VoiceMode, voiceRulesOf } from "../peers/operator-modes.ts";
import {
  type Call,
  type Exchange,
  Operator,
  type OperatorHabits,
  type Side,
  type Subscriber,
} from "./phone-exchange.ts";

export interface MobileDeskOptions {
  readonly clock: Clock;
  readonly exchange: Exchange;
  readonly number: string;
  readonly count: number;
  /** What is played over SIP alone, `one-way`, is `answers` here: a modem cannot see it. */
  readonly voice: VoiceMode;
  readonly talkMs: number;
}

const takesAfterMs = 2_000;
const callsAfterMs = 3_000;
/** A unit that has heard key 0 hangs up by itself; the operator does not wait longer. */
const graceMs = 10_000;
/** A home is not called again before. */
const againMs = 60_000;

export class MobileDesk implements Subscriber {
  /** One place for each. */
  readonly places: readonly Operator[];
  private readonly options: MobileDeskOptions;
  /** By home's number, when it was last promised a call. */
  private readonly promisedMs: Map<string, number>;
  private next: number;
  private present: number;

  constructor(options: MobileDeskOptions) {
    const { clock, exchange, number, count } = options;
    this.options = options;
    const habits = habitsOf(options);
    this.places = Array.from({ length: count }, () => new Operator(clock, exchange, number, habits));
    this.promisedMs = new Map();
    this.next = 0;
    this.present = count;
    exchange.connect(number, this);
  }

  /** What happened at all places, in order, each with its instant. */
  get log(): readonly string[] {
    const lines = this.places.flatMap((place) => place.log);
    return lines.sort((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10));
  }

  readonly ring = (from: string, call: Call): Side | "busy" => {
    if (voiceRulesOf(this.options.voice).engaged) return "busy";
    for (const place of this.places.slice(0, this.present)) {
      const side = place.ring(from, call);
      if (side !== "busy") return side;
    }
    return "busy";
  };

  /** The centre calls that home soon after its `mrs`, which comes within `latencyMs`. A place that is busy by then calls nobody. */
  promise(home: string, latencyMs: number): void {
    const { clock, voice } = this.options;
    const nowMs = clock.nowMs();
    if (!voiceRulesOf(voice).callsBack || nowMs < (this.promisedMs.get(home) ?? -againMs) + againMs) return;
    this.promisedMs.set(home, nowMs);
    if (this.present === 0) return;
    this.places[this.next % this.present]?.callBack(home, latencyMs + callsAfterMs);
    this.next = (this.next + 1) % this.present;
  }

  /** From now on so many of the places are taken by somebody. Who goes and is in a call ends it first. */
  staff(count: number): void {
    this.present = Math.min(count, this.places.length);
  }
}

/** Whether a unit that offers these media can be called over mobile alone. */
export function isMobileAlone(crd: ScaipRequest["crd"]): boolean {
  if (crd === undefined) return false;
  return crd.some((medium) => medium.startsWith("gsm:")) && !crd.some((medium) => medium.startsWith("sip"));
}

function habitsOf({ voice, talkMs }: MobileDeskOptions): OperatorHabits {
  const { answers, keys, clears } = voiceRulesOf(voice);
  return {
    answersAfterMs: answers ? takesAfterMs : -1,
    talksMs: clears ? talkMs + graceMs : talkMs,
    key: keys + (clears ? "0" : ""),
    keyAfterMs: Math.max(0, talkMs - keys.length * 1_000),
  };
}
