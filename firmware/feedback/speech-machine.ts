/**
 * Who speaks when: one phrase at a time, the most urgent first, nothing that has become untrue or old. In quiet hours only an
 * answer to somebody who asked is spoken, the question before an alarm, or what a call needs.
 */
import { go, type Next, stay } from "../machine.ts";
import { phraseOf } from "./phrase-texts.ts";
import type { PhraseName } from "./phrases.ts";

export interface WaitingPhrase {
  readonly phrase: PhraseName;
  /** Somebody asked for it by a key: it is spoken at night too. */
  readonly answer: boolean;
  readonly sinceMs: number;
}

export interface SpeechState {
  readonly at: "silent" | "speaking";
  /** What is being said, while speaking. */
  readonly now: WaitingPhrase | undefined;
  /** In the order in which it will be said. */
  readonly waiting: readonly WaitingPhrase[];
  readonly talking: boolean;
  /** When a host that never said "spoken" is no longer waited for. */
  readonly giveUpMs: number;
}

/** `quiet`: it is night and the unit keeps silence. */
export type SpeechEvent =
  | {
      readonly type: "asked";
      readonly nowMs: number;
      readonly quiet: boolean;
      readonly phrase: PhraseName;
      readonly answer: boolean;
    }
  | { readonly type: "spoken"; readonly nowMs: number; readonly quiet: boolean }
  | { readonly type: "call-started"; readonly nowMs: number; readonly quiet: boolean }
  | { readonly type: "call-ended"; readonly nowMs: number; readonly quiet: boolean }
  | { readonly type: "due"; readonly nowMs: number; readonly quiet: boolean };

export type SpeechEffect =
  | { readonly type: "speak"; readonly phrase: PhraseName }
  | { readonly type: "hush" }
  | { readonly type: "wake"; readonly atMs: number };

/** Phrases that wait; beyond, the least urgent is dropped. */
export const waitingLimit = 6;
/** What has waited for longer is old news. */
export const staleMs = 60_000;
/** Longer than any phrase takes. */
export const longestMs = 15_000;

export const speechAtStart: SpeechState = { at: "silent", now: undefined, waiting: [], talking: false, giveUpMs: -1 };

export function stepSpeech(state: SpeechState, event: SpeechEvent): Next<SpeechState, SpeechEffect> {
  switch (event.type) {
    case "asked":
      return ask(state, event);
    case "spoken":
      return state.at === "silent" ? stay(state) : goOn(silent(state, state.talking), event, []);
    case "call-started": {
      const hushed = state.now !== undefined && urgencyOf(state.now) > 0;
      const calling = hushed ? silent(state, true) : change(state, { talking: true });
      return goOn(calling, event, hushed ? [{ type: "hush" }] : []);
    }
    case "call-ended":
      return goOn(change(state, { talking: false }), event, []);
    case "due":
      if (state.at === "silent" || event.nowMs < state.giveUpMs) return stay(state);
      return goOn(silent(state, state.talking), event, [{ type: "hush" }]);
  }
}

/** What it contradicts is dropped, also in the middle of the word where it is less urgent. */
function ask(state: SpeechState, event: Extract<SpeechEvent, { type: "asked" }>): Next<SpeechState, SpeechEffect> {
  const asked: WaitingPhrase = { phrase: event.phrase, answer: event.answer, sinceMs: event.nowMs };
  if (!maySpeak(asked, event.quiet, state.talking)) return stay(state);
  if (state.now !== undefined && state.now.phrase === event.phrase) return stay(state);
  const topic = phraseOf(event.phrase).topic;
  const waiting: WaitingPhrase[] = [];
  for (const each of state.waiting) if (phraseOf(each.phrase).topic !== topic) waiting.push(each);
  insert(waiting, asked);
  const now = state.now;
  const untrue = now !== undefined && phraseOf(now.phrase).topic === topic;
  const interrupts = now !== undefined && !untrue && urgencyOf(asked) < urgencyOf(now);
  if (now !== undefined && interrupts) insert(waiting, now);
  if (waiting.length > waitingLimit) waiting.pop();
  const ahead = change(state, { waiting });
  if (now === undefined) return goOn(ahead, event, []);
  if (!untrue && !interrupts) return stay(ahead);
  return goOn(silent(ahead, state.talking), event, [{ type: "hush" }]);
}

/** Says the next phrase that is still worth it; during a call only what cannot wait for its end. */
function goOn(
  state: SpeechState,
  event: { readonly nowMs: number; readonly quiet: boolean },
  effects: SpeechEffect[],
): Next<SpeechState, SpeechEffect> {
  if (state.at === "speaking") return go(state, effects);
  const waiting: WaitingPhrase[] = [];
  let next: WaitingPhrase | undefined;
  for (const each of state.waiting) {
    if (event.nowMs > each.sinceMs + staleMs || !maySpeak(each, event.quiet, state.talking)) continue;
    if (next === undefined && (!state.talking || urgencyOf(each) === 0)) next = each;
    else waiting.push(each);
  }
  if (next === undefined) return go(change(state, { waiting }), effects);
  const giveUpMs = event.nowMs + longestMs;
  effects.push({ type: "speak", phrase: next.phrase });
  effects.push({ type: "wake", atMs: giveUpMs });
  return go({ at: "speaking", now: next, waiting, talking: state.talking, giveUpMs }, effects);
}

function maySpeak(each: WaitingPhrase, quiet: boolean, talking: boolean): boolean {
  return !quiet || each.answer || asksFirst(each.phrase) || (talking && urgencyOf(each) === 0);
}

/** The question before an alarm: whoever does not hear it cannot answer, and somebody is called out for nothing. */
function asksFirst(phrase: PhraseName): boolean {
  return phrase === "pre-alarm" || phrase === "door-open" || phrase === "inactivity-warning";
}

/** Behind what is as urgent. */
function insert(waiting: WaitingPhrase[], asked: WaitingPhrase): void {
  let at = waiting.length;
  while (at > 0 && urgencyOf(waiting[at - 1] as WaitingPhrase) > urgencyOf(asked)) at--;
  waiting.splice(at, 0, asked);
}

function urgencyOf(each: WaitingPhrase): number {
  return phraseOf(each.phrase).urgency;
}

function silent(state: SpeechState, talking: boolean): SpeechState {
  return { at: "silent", now: undefined, waiting: state.waiting, talking, giveUpMs: -1 };
}

function change(state: SpeechState, changes: Partial<SpeechState>): SpeechState {
  return Object.assign({}, state, changes);
}
