/**
 * The daily self-check: one check after the other, a failure counts when it comes twice, and each fault is told once, with its
 * end. An alarm ends the checks at once; they begin anew when nobody waits any more.
 */
import { go, type Next, stay } from "../machine.ts";
import { type CheckName, checks, type FaultName, type Finding, faultOf } from "./faults.ts";

export interface SelfCheckState {
  /** `put-off`: due, but an alarm is pending. */
  readonly at: "resting" | "checking" | "put-off";
  /** The check under way, by its place in the list, and whether it has failed once. */
  readonly check: number;
  readonly again: boolean;
  /** When the check under way is given up, or -1. */
  readonly untilMs: number;
  readonly alarm: boolean;
  /** Whether a check of this round brought no result, twice. */
  readonly unanswered: boolean;
  /** Faults that were told of and have not ended. */
  readonly known: readonly FaultName[];
}

export type SelfCheckEvent =
  | { readonly type: "started"; readonly nowMs: number }
  | { readonly type: "found"; readonly nowMs: number; readonly check: CheckName; readonly finding: Finding }
  | { readonly type: "alarm"; readonly nowMs: number; readonly pending: boolean }
  | { readonly type: "due"; readonly nowMs: number };

export type SelfCheckEffect =
  | { readonly type: "begin"; readonly check: CheckName }
  | { readonly type: "stop" }
  /** Keep what is known; done before it is told. */
  | { readonly type: "keep"; readonly known: readonly FaultName[] }
  | { readonly type: "tell"; readonly fault: FaultName; readonly gone: boolean }
  | { readonly type: "finished"; readonly known: readonly FaultName[] }
  | { readonly type: "wake"; readonly atMs: number };

/** A check that takes longer has no answer. */
export const checkWithinMs = 30_000;

/** `known`: the faults that a former life told of. */
export function startSelfCheck(known: readonly FaultName[]): SelfCheckState {
  return { at: "resting", check: 0, again: false, untilMs: -1, alarm: false, unanswered: false, known };
}

export function stepSelfCheck(state: SelfCheckState, event: SelfCheckEvent): Next<SelfCheckState, SelfCheckEffect> {
  switch (event.type) {
    case "started":
      if (state.at !== "resting") return stay(state);
      return state.alarm ? stay(change(state, { at: "put-off" })) : begin(state, event.nowMs);
    case "alarm":
      return hearAlarm(change(state, { alarm: event.pending }), event.nowMs);
    case "found":
      if (state.at !== "checking" || checks[state.check] !== event.check) return stay(state);
      return take(state, event.finding, event.nowMs, []);
    case "due":
      if (state.at !== "checking" || event.nowMs < state.untilMs) return stay(state);
      return take(state, "check-unanswered", event.nowMs, [{ type: "stop" }]);
  }
}

function hearAlarm(state: SelfCheckState, nowMs: number): Next<SelfCheckState, SelfCheckEffect> {
  if (state.alarm && state.at === "checking") {
    return go(change(state, { at: "put-off", untilMs: -1 }), [{ type: "stop" }]);
  }
  return !state.alarm && state.at === "put-off" ? begin(state, nowMs) : stay(state);
}

function begin(state: SelfCheckState, nowMs: number): Next<SelfCheckState, SelfCheckEffect> {
  return ask(change(state, { at: "checking", check: 0, again: false, unanswered: false }), nowMs, []);
}

function ask(state: SelfCheckState, nowMs: number, effects: SelfCheckEffect[]): Next<SelfCheckState, SelfCheckEffect> {
  const untilMs = nowMs + checkWithinMs;
  effects.push({ type: "begin", check: checks[state.check] as CheckName });
  effects.push({ type: "wake", atMs: untilMs });
  return go(change(state, { untilMs }), effects);
}

/** A failure is looked at once more; what it says the second time counts. */
function take(
  state: SelfCheckState,
  finding: Finding,
  nowMs: number,
  effects: SelfCheckEffect[],
): Next<SelfCheckState, SelfCheckEffect> {
  const failed = finding !== "passed" && finding !== "absent";
  if (failed && !state.again) return ask(change(state, { again: true }), nowMs, effects);
  const unanswered = state.unanswered || finding === "check-unanswered";
  const known = withFinding(state.known, checks[state.check] as CheckName, failed ? finding : undefined, effects);
  const taken = change(state, { known, again: false, unanswered, check: state.check + 1 });
  return taken.check < checks.length ? ask(taken, nowMs, effects) : finish(taken, effects);
}

/** That a check brought nothing ends only with a round in which each brought something. */
function finish(state: SelfCheckState, effects: SelfCheckEffect[]): Next<SelfCheckState, SelfCheckEffect> {
  const known = state.unanswered ? state.known : withFinding(state.known, undefined, undefined, effects);
  effects.push({ type: "finished", known });
  return go(change(state, { at: "resting", check: 0, untilMs: -1, known }), effects);
}

/** What was known of a check ends when it finds something else; nothing is known of it while it does not answer. */
function withFinding(
  known: readonly FaultName[],
  check: CheckName | undefined,
  fault: FaultName | undefined,
  effects: SelfCheckEffect[],
): readonly FaultName[] {
  const next: FaultName[] = [];
  const news: SelfCheckEffect[] = [];
  for (const each of known) {
    const ends = each !== fault && faultOf(each).check === check && fault !== "check-unanswered";
    if (ends) news.push({ type: "tell", fault: each, gone: true });
    else next.push(each);
  }
  if (fault !== undefined && next.indexOf(fault) < 0) {
    next.push(fault);
    news.push({ type: "tell", fault, gone: false });
  }
  if (news.length === 0) return known;
  effects.push({ type: "keep", known: next });
  for (const each of news) effects.push(each);
  return next;
}

function change(state: SelfCheckState, changes: Partial<SelfCheckState>): SelfCheckState {
  return Object.assign({}, state, changes);
}
