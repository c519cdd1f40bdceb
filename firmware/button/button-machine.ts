/** Carries a press from the finger to the unit, then asks until a receiver has accepted it (radio 5). It never gives a press up for good. */
import type { AlarmStep } from "../../protocol/radio/acknowledge.ts";
import type { PressReason } from "../../protocol/radio/button-press.ts";
import type { Next } from "../machine.ts";
import { go, stay } from "../machine.ts";
import type { AirRoom } from "../radio-ledger.ts";
import type { ButtonSignal } from "../signals.ts";
import type { Wait } from "./copy-schedule.ts";
import { firstCopies, scheduledCopies, seriesMs, slowWait, waitBeforeCopy, waitBeforePoll } from "./copy-schedule.ts";

/** Presses that no unit has acknowledged yet: told of together, under the name of the newest. */
export interface Press {
  /** Counter of the newest press's first frame; 0 until that frame is sent. */
  readonly name: number;
  /** Counter, age and number of presses of the newest frame: the same three are the same bytes. */
  readonly counter: number;
  readonly ageS: number;
  readonly presses: number;
  readonly reason: PressReason;
  readonly oldestAtMs: number;
  readonly newestAtMs: number;
}

export type ButtonState =
  | { readonly at: "quiet" }
  /** `copy` is the index of the next copy, `after` the one that follows the fourth. */
  | { readonly at: "calling"; readonly press: Press; readonly copy: number; readonly after: number }
  | {
      readonly at: "received";
      readonly name: number;
      readonly presses: number;
      readonly sinceMs: number;
      readonly poll: number;
    }
  /** Ten minutes without an answer: the press rides along from time to time. */
  | { readonly at: "unheard"; readonly press: Press };

/** What an event brings that may call for a frame: the time, the counter a new frame would take (0: none may be sent), and the room on the air. */
export interface Moment {
  readonly nowMs: number;
  readonly counter: number;
  readonly room: AirRoom;
}

export type ButtonEvent =
  | ({ readonly type: "pressed"; readonly reason: PressReason } & Moment)
  /** The wait that was asked for has ended. */
  | ({ readonly type: "waited" } & Moment)
  | Told
  /** What this call tells has changed, not that it happened: it goes out anew under its name. */
  | ({
      readonly type: "retold";
      readonly name: number;
      readonly presses: number;
      readonly reason: PressReason;
    } & Moment)
  /** After a restart the journal still holds a press that nobody had acknowledged. */
  | Found;

/** A unit said how far this press is: proven, and not heard before. */
interface Told {
  readonly type: "told";
  readonly name: number;
  readonly step: AlarmStep;
  readonly nowMs: number;
}

interface Found {
  readonly type: "found-unheard";
  readonly name: number;
  readonly presses: number;
  readonly reason: PressReason;
  readonly nowMs: number;
}

export type ButtonEffect =
  /** A counter that was used before stands for the very bytes of then. */
  | {
      readonly type: "send-press";
      readonly counter: number;
      readonly name: number;
      readonly ageS: number;
      readonly presses: number;
      readonly reason: PressReason;
    }
  | { readonly type: "send-status-request"; readonly counter: number; readonly name: number }
  /** Listen for an answer to what was just sent. */
  | { readonly type: "listen" }
  /** One wait at a time; a new one replaces the old. */
  | ({ readonly type: "wait" } & Wait)
  /** No wait any more: sleep until the contact closes. */
  | { readonly type: "sleep" }
  /** Write down that this press is not acknowledged yet. */
  | { readonly type: "keep-press"; readonly name: number; readonly presses: number; readonly reason: PressReason }
  | { readonly type: "forget-press" }
  | { readonly type: "show"; readonly signal: ButtonSignal };

export const buttonAtStart: ButtonState = { at: "quiet" };

/** More than this is told as this. */
const pressLimit = 255;
const ageLimitS = 0xffff;
const distanceLimit = 0xffff;
/** An unheard press rides in a frame of its own this often. */
const rideLeastMs = 540_000;
const rideMostMs = 660_000;

type Step = Next<ButtonState, ButtonEffect>;

export function stepButton(state: ButtonState, event: ButtonEvent): Step {
  if (event.type === "pressed") return pressed(state, event);
  if (event.type === "retold") return retold(event);
  if (event.type === "found-unheard") return state.at === "quiet" ? resume(event) : stay(state);
  switch (state.at) {
    case "quiet":
      return stay(state); // a late answer
    case "calling":
      if (event.type === "told") return told(state, state.press, event);
      return event.nowMs - state.press.newestAtMs >= seriesMs ? giveUp(state.press) : repeat(state, event);
    case "received":
      if (event.type === "waited") return poll(state, event);
      if (event.name !== state.name || event.step === "received") return stay(state);
      return settle(event.step);
    case "unheard":
      return event.type === "told" ? told(state, state.press, event) : ride(state.press, event);
  }
}

function pressed(state: ButtonState, event: Moment & { readonly reason: PressReason }): Step {
  let presses = 1;
  let oldestAtMs = event.nowMs;
  let after = firstCopies;
  if (state.at === "received") presses = state.presses + 1;
  if (state.at === "calling" || state.at === "unheard") {
    presses = state.press.presses + 1;
    oldestAtMs = state.press.oldestAtMs;
  }
  if (state.at === "calling") after = Math.max(state.copy, state.after);
  const press: Press = {
    name: 0,
    counter: 0,
    ageS: 0,
    presses: Math.min(presses, pressLimit),
    reason: event.reason,
    oldestAtMs,
    newestAtMs: event.nowMs,
  };
  const next = repeat({ at: "calling", press, copy: 0, after }, event);
  return go(next.state, [{ type: "show", signal: "sent" } as ButtonEffect].concat(next.effects));
}

/** A restart may have been the battery's fault, so the press that was left over begins with a slow copy: a row of restarts keeps the law too. */
function resume(event: Found): Step {
  const press = named(event);
  return go({ at: "calling", press, copy: scheduledCopies, after: scheduledCopies }, [wait(slowWait(0, 1))]);
}

function retold(event: Extract<ButtonEvent, { readonly type: "retold" }>): Step {
  return repeat({ at: "calling", press: named(event), copy: 0, after: firstCopies }, event);
}

/** A press that has a name already and no frame yet. */
function named(event: Found | Extract<ButtonEvent, { readonly type: "retold" }>): Press {
  return {
    name: event.name,
    counter: 0,
    ageS: 0,
    presses: event.presses,
    reason: event.reason,
    oldestAtMs: event.nowMs,
    newestAtMs: event.nowMs,
  };
}

type Calling = Extract<ButtonState, { readonly at: "calling" }>;

/** The next copy, if the air has room for one of its rank; otherwise the same copy after a while. */
function repeat(state: Calling, event: Moment): Step {
  const sinceMs = event.nowMs - state.press.newestAtMs;
  const frame = framed(state.press, event);
  const room = state.copy < firstCopies ? event.room !== "none" : event.room === "free" || event.room === "thin";
  if (frame === undefined || !room) return go(state, [wait(slowWait(sinceMs, 1))]);
  const copy = state.copy + 1 === firstCopies ? state.after : state.copy + 1;
  const effects = sent(frame, state.press);
  effects.push(wait(waitBeforeCopy(copy, sinceMs, event.room === "thin")));
  return go({ at: "calling", press: frame, copy, after: state.after }, effects);
}

/** The press as its next frame tells it, or undefined while no counter may be used. Unchanged content keeps its counter. */
function framed(press: Press, event: Moment): Press | undefined {
  const ageS = Math.min(ageLimitS, Math.floor((event.nowMs - press.oldestAtMs) / 1000));
  if (press.counter !== 0 && press.ageS === ageS) return press;
  if (event.counter === 0) return undefined;
  const counter = event.counter;
  const named = press.name !== 0 && counter - press.name <= distanceLimit;
  return {
    name: named ? press.name : counter,
    counter,
    ageS,
    presses: press.presses,
    reason: press.reason,
    oldestAtMs: press.oldestAtMs,
    newestAtMs: press.newestAtMs,
  };
}

/** A frame of the press; a new name is written down, so that a restart finds it. */
function sent(frame: Press, before: Press): ButtonEffect[] {
  const name = frame.name;
  const told = { presses: frame.presses, reason: frame.reason };
  const effects: ButtonEffect[] = [
    Object.assign({ type: "send-press" as const, counter: frame.counter, name, ageS: frame.ageS }, told),
    { type: "listen" },
  ];
  if (name !== before.name) effects.push(Object.assign({ type: "keep-press" as const, name }, told));
  return effects;
}

/** Only an answer that names the newest press counts: an older one says nothing about what was pressed since. */
function told(state: ButtonState, press: Press, event: Told): Step {
  if (press.name === 0 || event.name !== press.name) return stay(state);
  if (event.step !== "received") {
    const settled = settle(event.step);
    return go(settled.state, [{ type: "forget-press" } as ButtonEffect].concat(settled.effects));
  }
  return go({ at: "received", name: press.name, presses: press.presses, sinceMs: event.nowMs, poll: 0 }, [
    { type: "show", signal: "received" },
    wait(waitBeforePoll(0, 0)),
    { type: "forget-press" },
  ]);
}

function settle(step: AlarmStep): Step {
  if (step === "accepted") return go({ at: "quiet" }, [{ type: "sleep" }, { type: "show", signal: "accepted" }]);
  return go({ at: "quiet" }, [{ type: "sleep" }]);
}

type Received = Extract<ButtonState, { readonly at: "received" }>;

/** Thinned, every second request is left out. */
function poll(state: Received, event: Moment): Step {
  const next = state.poll + 1;
  const may = event.counter !== 0 && (event.room === "free" || (event.room === "thin" && next % 2 === 0));
  const effects: ButtonEffect[] = [];
  if (may) effects.push({ type: "send-status-request", counter: event.counter, name: state.name }, { type: "listen" });
  effects.push(wait(waitBeforePoll(next, event.nowMs - state.sinceMs)));
  return go({ at: "received", name: state.name, presses: state.presses, sinceMs: state.sinceMs, poll: next }, effects);
}

function giveUp(press: Press): Step {
  return go({ at: "unheard", press }, [
    { type: "show", signal: "given-up" },
    { type: "wait", leastMs: rideLeastMs, mostMs: rideMostMs },
  ]);
}

function ride(press: Press, event: Moment): Step {
  const again: ButtonEffect = { type: "wait", leastMs: rideLeastMs, mostMs: rideMostMs };
  const frame = framed(press, event);
  if (frame === undefined || (event.room !== "free" && event.room !== "thin"))
    return go({ at: "unheard", press }, [again]);
  const effects = sent(frame, press);
  effects.push(again);
  return go({ at: "unheard", press: frame }, effects);
}

function wait(span: Wait): ButtonEffect {
  return { type: "wait", leastMs: span.leastMs, mostMs: span.mostMs };
}
