/** Who belongs to this unit, and what a proven frame of a bond means: new, a copy, or replayed (radio 2.3). Pure; owns no port. */
import type { AlarmStep } from "../../protocol/radio/acknowledge.ts";
import type { ButtonForm } from "../../protocol/radio/button-flags.ts";
import type { Frame } from "../../protocol/radio/frame.ts";

export interface Bond {
  readonly address: number;
  /** Person slot, from 1. */
  readonly person: number;
  readonly form: ButtonForm;
  /** 16 bytes, made by pairing. */
  readonly key: Uint8Array;
  /** A lost button: its frames raise no alarm any more. */
  readonly revoked: boolean;
}

/** Places in the table of bonds. */
export const bondLimit = 32;

/** What is remembered of a bond's frames. 0 stands for "none yet" in counters and names. */
export interface BondMemory {
  readonly counter: number;
  /** The newest press, and the counter of its newest frame. */
  readonly name: number;
  readonly pressCounter: number;
  readonly presses: number;
  /** What the owner had this press told last; absent while its alarm is not in the journal. */
  readonly step: AlarmStep | undefined;
  /** When `pressCounter` was first heard, and how often its copies were answered since. */
  readonly pressHeardAtMs: number;
  readonly repeats: number;
}

export type Verdict =
  /** A press not heard before, one that tells of more presses, or one that the owner has not had acknowledged yet. */
  | "press"
  /** A newer frame of a press that was heard: acknowledged again, raises nothing. */
  | "press-again"
  /** The very bytes of the newest press: acknowledged again, raises nothing. */
  | "copy"
  | "status-asked"
  | "report"
  /** Heard before, or sent by a unit: counted, never answered. */
  | "replayed";

export interface Judgement {
  readonly verdict: Verdict;
  readonly memory: BondMemory;
}

/** A copy is answered for this long and this often. */
export const copyAnswerMs = 600_000;
export const copyAnswerLimit = 30;

export const noMemory: BondMemory = {
  counter: 0,
  name: 0,
  pressCounter: 0,
  presses: 0,
  step: undefined,
  pressHeardAtMs: 0,
  repeats: 0,
};

/** Judges a frame whose tag is proven. */
export function judge(memory: BondMemory, frame: Frame, nowMs: number): Judgement {
  const message = frame.message;
  const fresh = frame.counter > memory.counter;
  switch (message.type) {
    case "press":
      if (fresh)
        return judgePress(
          memory,
          frame.counter,
          frame.counter - message.press.nameDistance,
          message.press.presses,
          nowMs,
        );
      return frame.counter === memory.pressCounter ? judgeCopy(memory, nowMs) : { verdict: "replayed", memory };
    case "status-request":
      return fresh
        ? { verdict: "status-asked", memory: advanced(memory, frame.counter) }
        : { verdict: "replayed", memory };
    case "report":
      return fresh ? { verdict: "report", memory: advanced(memory, frame.counter) } : { verdict: "replayed", memory };
    case "acknowledge":
    case "status":
      return { verdict: "replayed", memory };
  }
}

/** The owner had this press told `step`; an older or unknown name changes nothing. */
export function withStep(memory: BondMemory, name: number, step: AlarmStep): BondMemory {
  return memory.name === name ? changed(memory, memory.counter, memory.pressHeardAtMs, memory.repeats, step) : memory;
}

function judgePress(memory: BondMemory, counter: number, name: number, presses: number, nowMs: number): Judgement {
  // A name below 1 is no counter that was ever used: authentic bytes of a broken button, worth an alarm under the frame's own counter.
  const named = name < 1 ? counter : name;
  const known = named <= memory.name;
  // Without a step the owner has not said that the alarm is safe, so it hears of the press once more.
  const more =
    named === memory.name && (memory.step === undefined || (presses > memory.presses && memory.presses !== 0));
  const next: BondMemory = {
    counter,
    name: known ? memory.name : named,
    pressCounter: counter,
    presses: known ? Math.max(memory.presses, presses) : presses,
    step: known ? memory.step : undefined,
    pressHeardAtMs: nowMs,
    repeats: 0,
  };
  return { verdict: known && !more ? "press-again" : "press", memory: next };
}

function judgeCopy(memory: BondMemory, nowMs: number): Judgement {
  const again = memory.repeats < copyAnswerLimit && nowMs - memory.pressHeardAtMs <= copyAnswerMs;
  if (!again) return { verdict: "replayed", memory };
  return {
    verdict: "copy",
    memory: changed(memory, memory.counter, memory.pressHeardAtMs, memory.repeats + 1, memory.step),
  };
}

function advanced(memory: BondMemory, counter: number): BondMemory {
  return changed(memory, counter, memory.pressHeardAtMs, memory.repeats, memory.step);
}

function changed(
  memory: BondMemory,
  counter: number,
  pressHeardAtMs: number,
  repeats: number,
  step: AlarmStep | undefined,
): BondMemory {
  return {
    counter,
    name: memory.name,
    pressCounter: memory.pressCounter,
    presses: memory.presses,
    step,
    pressHeardAtMs,
    repeats,
  };
}
