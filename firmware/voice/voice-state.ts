/** What the voice machine keeps, hears and orders. */
import type { CallEnd, SpeechMode, VoiceMedium } from "../ports/voice.ts";
import type { CallPlan, Target } from "./call-plan.ts";
import type { WaitingAlarms } from "./waiting-alarms.ts";

/** What the unit is set up with. */
export interface VoiceRules {
  readonly allowedNumbers: readonly string[];
  /** Called in turn where nobody has accepted an alarm after its first round. */
  readonly fallback: readonly FallbackTarget[];
  /** A call over the mobile network stops its data. */
  readonly stopsData: boolean;
}

export interface FallbackTarget extends Target {
  /** Only key 0 shows that a person has listened: an answering machine does not count, and is not talked to for long. */
  readonly mustConfirm: boolean;
}

/**
 * `promised`: the centre will call; `pausing`: until the next try of a call that failed; `holding`: until a new alarm has
 * had the line that the call would take from it. A call for a granted session, one that came in and the fallback call all
 * go through the same states: there is one call at a time.
 */
export interface VoiceState {
  readonly rules: VoiceRules;
  readonly at: "quiet" | "promised" | "pausing" | "holding" | "dialling" | "talking";
  /** The call that is made or up is the fallback call: being answered is no acceptance. */
  readonly isFallback: boolean;
  /** Whose turn it is in the list of the fallback call. */
  readonly fallbackAt: number;
  /** How often a fallback call that must be confirmed has been told what it is about. */
  readonly messages: number;
  /** What carries the call that is made or up. */
  readonly medium: VoiceMedium;
  /** The accepted alarms that this session is about, at most `sessionLimit`. */
  readonly numbers: readonly number[];
  readonly mode: SpeechMode;
  /** Tried in turn. */
  readonly targets: readonly Target[];
  readonly tries: number;
  /** The far side has said by key 0 that the call was received, or that a person listens. */
  readonly cleared: boolean;
  /** When the present state is left by itself: monotonic ms. */
  readonly untilMs: number;
  /** Allowed callers are answered before then. */
  readonly windowMs: number;
  /** Every caller is answered before then: a receiver has said that it calls. */
  readonly grantedMs: number;
  /** Somebody may call now. */
  readonly isOpen: boolean;
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
  | { readonly type: "incoming"; readonly nowMs: number; readonly medium: VoiceMedium; readonly from: string }
  | { readonly type: "answered"; readonly nowMs: number }
  | { readonly type: "ended"; readonly nowMs: number; readonly reason: CallEnd }
  | { readonly type: "key"; readonly nowMs: number; readonly key: string }
  | { readonly type: "due"; readonly nowMs: number };

export type VoiceEffect =
  | { readonly type: "dial"; readonly medium: VoiceMedium; readonly number: string; readonly mode: SpeechMode }
  | { readonly type: "answer"; readonly mode: SpeechMode }
  | { readonly type: "tone" }
  | { readonly type: "hang-up" }
  /** A call is being made or up over that medium, or is so no more. */
  | { readonly type: "talking"; readonly on: boolean; readonly medium: VoiceMedium }
  /** Keys of the far side (SS 91100 7). */
  | { readonly type: "speak"; readonly mode: SpeechMode }
  | { readonly type: "volume"; readonly step: 1 | -1 }
  | { readonly type: "output" }
  /** Said into the call: what it is about, and what to press. */
  | { readonly type: "message" }
  /** Somebody may call from now on, or no more. */
  | { readonly type: "open"; readonly on: boolean }
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
/** The message of a call that must be confirmed is said so often, each time with so long for key 0. */
export const messageLimit = 3;
export const confirmMs = 10_000;
/** Between two of the fallback call's numbers. */
export const nextNumberMs = 2_000;
export const longestCallMs = 3_600_000;
/** A call that fails is tried so often; the first pause is doubled each time. */
export const tryLimit = 5;
export const firstPauseMs = 5_000;
/** Alarms of one session; a further one speaks in it without being named. */
export const sessionLimit = 8;
