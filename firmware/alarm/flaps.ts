/**
 * What changes time and again is told once as unstable and once more when it has come to rest. Technical reports only, by
 * device and cause, so that one that never rests cannot keep another from being heard.
 */
import type { Turn } from "./alarm-state.ts";
import { type Facts, instantS } from "./facts.ts";

/** One subject: what a device, or the unit, tells of one cause. Its loss and its return are the same cause. */
export interface Flap {
  readonly facts: Facts;
  /** Monotonic ms from which changes are counted. */
  readonly sinceMs: number;
  readonly changes: number;
  readonly lastMs: number;
  /** The number of the newest order. */
  readonly number: number;
  /** `counted`: each change is told; `turning`: this one is told as unstable; `unstable`: none is told until it rests. */
  readonly state: "counted" | "turning" | "unstable";
}

/** Changes within one hour that are each told. */
export const changesPerHour = 6;
const hourMs = 3_600_000;
/** Unstable is over after so long without a change. */
export const restMs = 1_800_000;
/** Subjects that are counted at once; one that is not unstable makes room, the one counted longest first. */
export const flapLimit = 16;

/** Status code `trouble` (SS 91100 annex C): neither the loss nor the return would be true. */
export const trouble = 105;

/**
 * Whether both tell of one device and cause: the same status code, or one that the other ends. Of the unit itself only
 * the text tells things apart, such as its receivers.
 */
export function isSameSubject(a: Facts, b: Facts): boolean {
  if (a.dty !== b.dty || a.did !== b.did || a.bond !== b.bond || causeOf(a) !== causeOf(b)) return false;
  return a.did !== "" || a.bond >= 0 || a.stt === b.stt;
}

/** Counts one change and answers how its subject stands now; undefined where it could not be counted. */
export function noteChange(turn: Turn, facts: Facts, number: number): Flap | undefined {
  const at = placeOf(turn, facts);
  const before = turn.flaps[at];
  if (before === undefined || (before.state === "counted" && turn.nowMs >= before.sinceMs + hourMs)) {
    const first: Flap = { facts, sinceMs: turn.nowMs, changes: 1, lastMs: turn.nowMs, number, state: "counted" };
    if (before !== undefined) turn.flaps[at] = first;
    else if (!addFlap(turn, first)) return undefined;
    return first;
  }
  const changes = before.changes + 1;
  const beyond = before.state === "counted" ? "turning" : "unstable";
  const state = changes <= changesPerHour ? "counted" : beyond;
  const flap: Flap = { facts, sinceMs: before.sinceMs, changes, lastMs: turn.nowMs, number, state };
  turn.flaps[at] = flap;
  return flap;
}

/** What is told when a subject turns unstable: since when, and how often it changed. */
export function unstableFacts(turn: Turn, facts: Facts, flap: Flap): Facts {
  return Object.assign({}, facts, {
    stc: trouble,
    restores: causeOf(facts),
    stability: "unstable",
    seconds: instantS(turn, flap.sinceMs),
    untilS: facts.seconds,
    times: flap.changes,
  });
}

/** The facts of its end where it is due, and the subject is counted no more; otherwise undefined. */
export function endOfUnstable(turn: Turn, flap: Flap): Facts | undefined {
  const endMs = restEndMs(flap);
  if (endMs < 0 || turn.nowMs < endMs) return undefined;
  turn.flaps.splice(turn.flaps.indexOf(flap), 1);
  return Object.assign({}, flap.facts, {
    stability: "rested",
    clock: turn.wallStartS >= 0 ? "wall" : "start",
    seconds: instantS(turn, flap.sinceMs),
    untilS: instantS(turn, flap.lastMs),
    times: flap.changes,
  });
}

/** When an unstable subject counts as at rest, or -1 for one that is not unstable. */
export function restEndMs(flap: Flap): number {
  return flap.state === "counted" ? -1 : flap.lastMs + restMs;
}

/** The status code of the loss, whichever of the two is told. */
function causeOf(facts: Facts): number {
  return facts.restores >= 0 ? facts.restores : facts.stc;
}

function placeOf(turn: Turn, facts: Facts): number {
  for (let i = 0; i < turn.flaps.length; i++) if (isSameSubject((turn.flaps[i] as Flap).facts, facts)) return i;
  return -1;
}

function addFlap(turn: Turn, flap: Flap): boolean {
  if (turn.flaps.length >= flapLimit) {
    let oldest = -1;
    for (let i = 0; i < turn.flaps.length; i++) {
      const each = turn.flaps[i] as Flap;
      if (each.state !== "counted") continue;
      if (oldest < 0 || each.sinceMs < (turn.flaps[oldest] as Flap).sinceMs) oldest = i;
    }
    if (oldest < 0) return false;
    turn.flaps.splice(oldest, 1);
  }
  turn.flaps.push(flap);
  return true;
}
