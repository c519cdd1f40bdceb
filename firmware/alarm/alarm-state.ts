/** What the alarm machine keeps, hears and orders. */
import type { PhraseName } from "../feedback/phrases.ts";
import type { RaiseOrder } from "../unit-context.ts";
import type { CallReply } from "../voice/call-plan.ts";
import type { Marks, Origin } from "./facts.ts";
import type { Flap } from "./flaps.ts";
import type { Path, Report, Route } from "./report.ts";

/** One message under way over one path. */
export interface Attempt {
  readonly id: number;
  readonly number: number;
  readonly part: number;
  readonly what: "ME" | "IN" | "RE";
  readonly path: Path;
  readonly startedMs: number;
  /** When the receiver's SIP answer came, or -1. */
  readonly carriedMs: number;
}

/** A receiver that answered "busy" or "not treated" is left out for a while. */
export interface LeftOut {
  readonly untilMs: number;
  /** The last wait of the row, 0 where the next one is the first. */
  readonly waitMs: number;
  /** Kinds below an alarm wait until then: the receiver named a time (Retry-After). */
  readonly lowerMs: number;
  /** It has answered nothing for a while: lower kinds try it last, and debts wait for its return. */
  readonly lost: boolean;
  /** The route over which it last said so; it may be what lies on the way that is busy. */
  readonly over: Route | undefined;
}

/** What the delivery needs to know of the unit; set when the unit is wired. */
export interface AlarmPlan {
  readonly receiverCount: number;
  readonly routes: readonly Route[];
  /** After this a user alarm's next path starts beside those under way. */
  readonly staggerMs: number;
  /** For so long the wearer may take a press, or a fall, back before anybody hears of it; 0: not at all. */
  readonly preAlarmMs: number;
  readonly fallDelayMs: number;
  /** The receiver that the daily test goes to first, or -1. */
  readonly testReceiver: number;
}

export interface AlarmState {
  readonly plan: AlarmPlan;
  readonly active: Route;
  /** Pending reports and those still matched by late answers, in the order they were raised. */
  readonly reports: readonly Report[];
  readonly attempts: readonly Attempt[];
  /** By receiver. */
  readonly leftOut: readonly LeftOut[];
  readonly nextAttempt: number;
  /** The next report of a kind below user alarm may start then. */
  readonly lowerMs: number;
  /** What repeats itself without end; see `flaps.ts`. */
  readonly flaps: readonly Flap[];
  /** Seconds since 1970 (UTC) at the monotonic instant 0, or -1 while the wall clock is unknown. */
  readonly wallStartS: number;
  readonly marks: Marks;
  /** State of the generator that jitters; see `roll`. */
  readonly dice: number;
  /** What the timer is set to, or -1. */
  readonly wakeMs: number;
}

/** A call as its device names it, so that its copies are known and it can be told how far its report is. */
export interface Call {
  readonly bond: number;
  readonly name: number;
  /** Newest frame counter of that bond. */
  readonly counter: number;
  /** How often it happened since the device last heard "accepted"; each has a name of its own, of which this is the newest. */
  readonly times: number;
}

/** `number` is the next free report number. */
export type AlarmEvent =
  /** A frame of a button. `fall-withdrawn`: the wearer took the fall of this name back; `cancel`: the newest open alarm. */
  | {
      readonly type: "pressed";
      readonly nowMs: number;
      readonly number: number;
      readonly bond: number;
      readonly did: string;
      readonly name: number;
      readonly counter: number;
      readonly ageS: number;
      readonly presses: number;
      readonly reason: "call" | "cancel" | "fall" | "fall-withdrawn";
      readonly origin: Origin;
    }
  /** A help key of the unit itself, counted from 0. */
  | { readonly type: "key-pressed"; readonly nowMs: number; readonly number: number; readonly key: number }
  /** The unit's cancel key: what is still delayed is taken back. */
  | { readonly type: "key-cancelled"; readonly nowMs: number }
  /** What a department or an accessory (`call`) has to tell. */
  | {
      readonly type: "raised";
      readonly nowMs: number;
      readonly number: number;
      readonly order: RaiseOrder;
      readonly ageS: number;
      readonly origin: Origin;
      readonly call: Call | undefined;
    }
  /** What became known of a person's alarm or of fire, gas and the like: told to the receiver that accepts it. */
  | { readonly type: "learned"; readonly nowMs: number; readonly number: number; readonly text: string }
  /** The wall clock became known or was corrected: seconds since 1970 (UTC). */
  | { readonly type: "clock-known"; readonly nowMs: number; readonly wallS: number }
  | { readonly type: "unit-state"; readonly nowMs: number; readonly marks: Marks }
  | { readonly type: "restored"; readonly nowMs: number; readonly reports: readonly Report[] }
  | { readonly type: "carried"; readonly nowMs: number; readonly attempt: number }
  | {
      readonly type: "failed";
      readonly nowMs: number;
      readonly attempt: number;
      readonly reason: FailReason;
      readonly retryAfterS?: number | undefined;
    }
  | {
      readonly type: "answered";
      readonly nowMs: number;
      readonly receiver: number;
      /** The route it came over, which need not be the one it was asked over. */
      readonly route: Route;
      readonly number: number;
      readonly part: number;
      readonly snu: number;
      /** What it says of a call; absent where the unit has offered none. */
      readonly reply?: CallReply | undefined;
    }
  /** A call about these accepted alarms is being made or up: they stay open until `call-ended`. */
  | { readonly type: "call-began"; readonly nowMs: number; readonly numbers: readonly number[] }
  | { readonly type: "call-ended"; readonly nowMs: number; readonly numbers: readonly number[] }
  /** A link, a registration, a silent receiver or the modem is back: what waits is tried at once. */
  | { readonly type: "path-back"; readonly nowMs: number }
  | { readonly type: "active-route"; readonly nowMs: number; readonly route: Route }
  /** No route brings an `mrs` of that receiver any more, or one does again. */
  | { readonly type: "receiver-proof"; readonly nowMs: number; readonly receiver: number; readonly lost: boolean }
  | { readonly type: "due"; readonly nowMs: number; readonly number: number };

export type FailReason = "no-link" | "no-answer" | "refused" | "busy" | "unauthorised";

export type AlarmEffect =
  /** Keep the report; done before the next effect. */
  | { readonly type: "store"; readonly report: Report }
  | { readonly type: "forget"; readonly report: Report }
  | {
      readonly type: "tell-button";
      readonly bond: number;
      readonly name: number;
      readonly step: "received" | "accepted";
    }
  | { readonly type: "show"; readonly signal: "sending" | "accepted" | "not-accepted" | "ready" }
  | { readonly type: "say"; readonly phrase: Extract<PhraseName, "pre-alarm" | "alarm-cancelled"> }
  /** The report of this number was accepted, by itself or joined into another. */
  | { readonly type: "tell-department"; readonly number: number }
  /** A receiver that accepted says whether it wants to speak: kept before the acceptance is, and followed after it. */
  | {
      readonly type: "keep-call" | "grant-call";
      readonly number: number;
      readonly receiver: number;
      readonly reply: CallReply;
    }
  /** How long an accepted report took on its way. */
  | { readonly type: "hops"; readonly number: number; readonly hops: Hops }
  | { readonly type: "send"; readonly attempt: Attempt; readonly report: Report }
  | { readonly type: "stop"; readonly attempt: number }
  /** A line of the device's log. */
  | {
      readonly type: "log";
      readonly what: "stored" | "accepted" | "refused" | "gave-up-path" | "held" | "withdrawn" | "dropped";
      readonly number: number;
      readonly part: number;
      readonly path: Path | undefined;
      readonly attempt: number;
    }
  | { readonly type: "wake"; readonly atMs: number };

/**
 * Monotonic ms of each hop; -1 where it was before this run or not seen. Stored: in the step in which it was heard. The
 * unit's own share is from `heardMs` to `sentMs`, a delay for the wearer's cancel included.
 */
export interface Hops {
  readonly pressedMs: number;
  readonly heardMs: number;
  readonly sentMs: number;
  readonly carriedMs: number;
  readonly acceptedMs: number;
}

/** Reports kept at once; the least urgent that is over, then the least urgent at all, makes room: see `keeping.ts`. */
export const reportLimit = 32;

/** Messages under way at once; the oldest of the least urgent makes room. */
export const attemptLimit = 32;

/** Messages that one wake-up starts; what else is due follows in the next one, at the same instant. */
export const sendsPerWakeUp = 24;

/**
 * A turn of the machine: the state being made and the effects so far. The state it came from is never written to;
 * whatever changes is replaced.
 */
export interface Turn {
  readonly nowMs: number;
  readonly plan: AlarmPlan;
  active: Route;
  reports: Report[];
  attempts: Attempt[];
  leftOut: LeftOut[];
  nextAttempt: number;
  lowerMs: number;
  flaps: Flap[];
  wallStartS: number;
  marks: Marks;
  dice: number;
  /** Messages started in this turn. */
  sends: number;
  readonly effects: AlarmEffect[];
}

export function beginTurn(state: AlarmState, nowMs: number): Turn {
  return {
    nowMs,
    plan: state.plan,
    active: state.active,
    reports: state.reports.concat(),
    attempts: state.attempts.concat(),
    leftOut: state.leftOut.concat(),
    nextAttempt: state.nextAttempt,
    lowerMs: state.lowerMs,
    flaps: state.flaps.concat(),
    wallStartS: state.wallStartS,
    marks: state.marks,
    dice: state.dice,
    sends: 0,
    effects: [],
  };
}

/** Puts the changed report in the place of its former self. */
export function put(turn: Turn, report: Report): void {
  for (let i = 0; i < turn.reports.length; i++) {
    if ((turn.reports[i] as Report).number === report.number) {
      turn.reports[i] = report;
      return;
    }
  }
  turn.reports.push(report);
}

export function reportOf(turn: Turn, number: number): Report | undefined {
  for (const report of turn.reports) if (report.number === number) return report;
  return undefined;
}
