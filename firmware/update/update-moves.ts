/** What the halves of the update machine have in common: how it rests, and how an image is given up for good. */
import { go, type Next } from "../machine.ts";
import {
  type KeptUpdate,
  nothingKept,
  type UpdateAt,
  type UpdateEffect,
  type UpdatePlan,
  type UpdateState,
  type Why,
} from "./update-state.ts";

export type Move = Next<UpdateState, UpdateEffect>;

/** So long there must have been neither alarm nor call nor power cut before anything begins. */
export const calmForMs = 300_000;
const firstPauseMs = 60_000;
const pauseDoublings = 6;

export function moved(state: UpdateState, now: UpdateAt, kept: KeptUpdate): UpdateState {
  return Object.assign({}, state, { now, kept });
}

/** Nothing before `nextMs`, and nothing before it has been calm for long enough. */
export function rest(
  state: UpdateState,
  nextMs: number,
  spreadMs: number,
  kept: KeptUpdate,
  before: UpdateEffect[],
): Move {
  before.push({ type: "wake", atMs: Math.max(nextMs, state.calmMs + calmForMs), spreadMs });
  return go(moved(state, { at: "idle", nextMs }, kept), before);
}

/** Until it is time to ask as usual. */
export function restAsUsual(
  state: UpdateState,
  nowMs: number,
  plan: UpdatePlan,
  kept: KeptUpdate,
  before: UpdateEffect[],
): Move {
  const everyMs = plan.settings.askEveryMs;
  return rest(
    Object.assign({}, state, { failures: 0 }),
    nowMs + everyMs,
    plan.settings.mode === "on" ? Math.floor(everyMs / 4) : 0,
    kept,
    before,
  );
}

/** What was tried came to nothing: again after a minute, then after two, four ... */
export function restAfterFailure(state: UpdateState, nowMs: number, plan: UpdatePlan, before: UpdateEffect[]): Move {
  const waitMs = firstPauseMs * (1 << Math.min(state.failures, pauseDoublings));
  const next = Object.assign({}, state, { failures: state.failures + 1 });
  return rest(next, nowMs + Math.min(waitMs, plan.settings.askEveryMs), firstPauseMs, state.kept, before);
}

/** The image is not tried again, nor any before it. */
export function giveUp(state: UpdateState, why: Why, nowMs: number, plan: UpdatePlan): Move {
  const header = state.kept.header;
  const version = header === undefined ? 0 : header.version;
  const kept = Object.assign({}, nothingKept, { failed: Math.max(version, state.kept.failed), failedWhy: why });
  return restAsUsual(state, nowMs, plan, kept, [
    // Told before it is noted: a power cut between the two tells it once more, and never not at all.
    { type: "tell", version, why },
    { type: "keep", kept },
    { type: "log", what: "taken-back", version },
  ]);
}
