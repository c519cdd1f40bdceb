/** What the voice machine keeps, hears and orders. */
import type { CallEnd, SpeechMode, VoiceMedium } from "../ports/voice.ts";
import type { CallPlan, Target } from "./call-plan.ts";
import type { WaitingAlarms } from "./waiting-alarms.ts";

/** What the unit is set up with. */
export interface VoiceRules {
  readonly allowedNumbers: readonly string[];
  /** Called where nobody has accepted an alarm after its first round, or undefined. */
  readonly fallback: Target | undefined;
}

/**
 * `promised`: the centre will call; `pausing`: until the next try of a call that failed. A call for a granted session, one
 * that came in and the fallback call all go through the same states: there is one call at a time.
 */
export interface VoiceState {
  readonly rules: VoiceRules;
  readonly at: "quiet" | "promised" | "pausing" | "dialling" | "talking";
  /** The call that is made or up is the fallback call: being answered is no acceptance. */
  readonly isFallback: boolean;
  /** The accepted alarms that this session is about, at most `sessionLimit`. */
  readonly numbers: readonly number[];
  readonly mode: SpeechMode;
  /** Tried in turn. */
  readonly targets: readonly Target[];
  readonly tries: number;
  /** The far side has said by key 0 that the call was received. */
  readonly cleared: boolean;
  /** When the present state is left by itself: monotonic ms. */
  readonly untilMs: number;
  /** Allowed callers are answered before then. */
  readonly windowMs: number;
  /** Every caller is answered before then: a receiver has said that it calls. */
  readonly grantedMs: number;
  readonly alarms: WaitingAlarms;
  /** The next fallback call is not made before then. */
  readonly fallbackMs: number;
  /** What the timer is set to, or -1. */
  readonly wakeMs: number;
}

export type VoiceEvent =
  /** A receiver has accepted and wants to speak, or not. */
  | { readonly type: "granted"; readonly nowMs: number; readonly number: number; readonly plan: CallPlan }
  | { readonly type: "alarms"; readonly nowMs: number; readonly alarms: WaitingAlarms }
  /** Somebody calls; empty where the caller withholds the number. */
  | { readonly type: "incoming"; readonly nowMs: number; readonly from: string }
  | { readonly type: "answered"; readonly nowMs: number }
  | { readonly type: "ended"; readonly nowMs: number; readonly reason: CallEnd }
  | { readonly type: "key"; readonly nowMs: number; readonly key: string }
  | { readonly type: "due"; readonly nowMs: number };

export type VoiceEffect =
  | { readonly type: "dial"; readonly medium: VoiceMedium; readonly number: string; readonly mode: SpeechMode }
  | { readonly type: "answer"; readonly mode: SpeechMode }
  | { readonly type: "tone" }
  | { readonly type: "hang-up" }
  /** A call is being made or up, or is so no more. */
  | { readonly type: "talking"; readonly on: boolean }
  /** These alarms stay open, or need no more to. */
  | { readonly type: "hold-open" | "let-close"; readonly numbers: readonly number[] }
  /** Told to the receiver that has accepted the alarm, or will. */
  | { readonly type: "learn"; readonly number: number; readonly text: string }
  | { readonly type: "wake"; readonly atMs: number };

/** A promised call has come by then, or the unit calls. */
export const promiseMs = 60_000;
export const ringMs = 90_000;
/** After an alarm, its acceptance and each call. */
export const windowMs = 600_000;
export const betweenFallbacksMs = 600_000;
/** After key 0 the far side has so long to hang up. */
export const clearDownMs = 10_000;
export const longestCallMs = 3_600_000;
/** A call that fails is tried so often; the first pause is doubled each time. */
export const tryLimit = 5;
export const firstPauseMs = 5_000;
/** Alarms of one session; a further one speaks in it without being named. */
export const sessionLimit = 8;
