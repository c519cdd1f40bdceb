/**
 * A unit's update: it asks a server, loads what it is offered into the slot that does not run, checks it, and starts it on
 * trial, which update-trial.ts judges. Whatever is under way is given up as soon as an alarm, a call, a power cut or a weak
 * battery comes, and goes on from the journal when that is over. The server is asked once more right before the start: where
 * its ring was stopped meanwhile, the unit stops too. Pure.
 */
import type { SignedHeader } from "../../protocol/update/image-header.ts";
import { go, stay } from "../machine.ts";
import { calmForMs, giveUp, type Move, moved, rest, restAfterFailure, restAsUsual } from "./update-moves.ts";
import { isSameImage, refusalOf } from "./update-rules.ts";
import {
  type KeptUpdate,
  nothingKept,
  type UpdateEffect,
  type UpdateEvent,
  type UpdatePlan,
  type UpdateState,
} from "./update-state.ts";
import { beginLife, stepTrial } from "./update-trial.ts";

/** For an answer to a question, and for a page. */
export const answerWithinMs = 120_000;
/** A receiver must have accepted something so lately before an image is tried: it needs one that answers. */
export const acceptedWithinMs = 900_000;
/** Pages between two notes of how far it has come. */
export const pagesPerNote = 8;
const dayMs = 86_400_000;

export function stepUpdate(state: UpdateState, event: UpdateEvent, plan: UpdatePlan): Move {
  if (state.now.at === "leaving") return stay(state);
  switch (event.type) {
    case "started":
      return beginLife(event, plan);
    case "calm":
      return event.isCalm === state.isCalm ? stay(state) : calm(state, event.isCalm, event.nowMs);
    case "accepted":
      return stepTrial(Object.assign({}, state, { acceptedMs: event.nowMs }), event, plan);
    case "heard":
      return stepTrial(Object.assign({}, state, { heardMs: event.nowMs }), event, plan);
    case "checked":
      return stepTrial(state, event, plan);
    case "due":
      return state.now.at === "trial" ? stepTrial(state, event, plan) : due(state, event.nowMs, plan);
    default:
      return stepLoading(state, event, plan);
  }
}

type Loading = Extract<UpdateEvent, { readonly type: "offered" | "signature" | "written" | "digest" | "unreached" }>;

/** News of what was ordered; what was given up brings none that counts. */
function stepLoading(state: UpdateState, event: Loading, plan: UpdatePlan): Move {
  const now = state.now;
  const nowMs = event.nowMs;
  switch (event.type) {
    case "offered":
      if (now.at !== "asking") return stay(state);
      if (event.offer === undefined) return restAsUsual(state, nowMs, plan, state.kept, []);
      return offered(state, event.offer, event.faults, nowMs, plan);
    case "signature":
      if (now.at !== "checking-offer") return stay(state);
      if (!event.isGood) return refused(state, "signature", now.offer, nowMs, plan);
      return begin(state, now.offer, nowMs, plan);
    case "written":
      if (now.at !== "loading") return stay(state);
      return event.isGood ? written(state, nowMs, plan) : giveUp(state, "flash", nowMs, plan);
    case "digest":
      if (now.at !== "checking-image") return stay(state);
      return event.isGood ? loaded(state, nowMs) : giveUp(state, "image", nowMs, plan);
    case "unreached":
      return now.at === "asking" || now.at === "loading" ? restAfterFailure(state, nowMs, plan, []) : stay(state);
  }
}

function due(state: UpdateState, nowMs: number, plan: UpdatePlan): Move {
  const now = state.now;
  switch (now.at) {
    case "idle":
      // When it is calm again, it is woken.
      if (!state.isCalm || plan.settings.mode === "off") return stay(state);
      if (nowMs < now.nextMs || nowMs < state.calmMs + calmForMs) return rest(state, now.nextMs, 0, state.kept, []);
      return go(moved(state, { at: "asking", untilMs: nowMs + answerWithinMs }, state.kept), [
        { type: "ask" },
        { type: "wake", atMs: nowMs + answerWithinMs, spreadMs: 0 },
      ]);
    case "asking":
    case "loading":
      return nowMs < now.untilMs ? stay(state) : restAfterFailure(state, nowMs, plan, [{ type: "stop" }]);
    default:
      return stay(state);
  }
}

/** A trial goes on whatever happens: that an alarm is accepted is what it waits for. */
function calm(state: UpdateState, isCalm: boolean, nowMs: number): Move {
  const next = Object.assign({}, state, { isCalm, calmMs: nowMs });
  const now = state.now;
  if (now.at === "trial" || (now.at === "idle" && !isCalm)) return stay(next);
  if (now.at === "idle") return rest(next, now.nextMs, 0, state.kept, []);
  return go(moved(next, { at: "idle", nextMs: nowMs }, state.kept), [{ type: "stop" }]);
}

function offered(state: UpdateState, offer: SignedHeader, faults: number, nowMs: number, plan: UpdatePlan): Move {
  const kept = state.kept;
  if (isSameImage(kept.header, offer.header)) {
    if (kept.stage === "loading") return load(Object.assign({}, state, { refusal: "none" }), kept, nowMs, plan, []);
    if (kept.stage === "loaded") return arm(state, faults, nowMs, plan);
  }
  // The server names what everybody should run, and this unit runs it.
  if (offer.header.version === plan.identity.version)
    return restAsUsual(Object.assign({}, state, { refusal: "none" }), nowMs, plan, kept, []);
  const refusal = refusalOf(offer.header, plan, kept);
  if (refusal !== undefined) return refused(state, refusal, offer, nowMs, plan);
  return go(moved(Object.assign({}, state, { refusal: "none" }), { at: "checking-offer", offer }, kept), [
    { type: "check-signature", offer },
  ]);
}

function refused(
  state: UpdateState,
  refusal: UpdateState["refusal"],
  offer: SignedHeader,
  nowMs: number,
  plan: UpdatePlan,
): Move {
  const next = Object.assign({}, state, { refusal });
  return restAsUsual(next, nowMs, plan, state.kept, [{ type: "log", what: "refused", version: offer.header.version }]);
}

/** From its first byte: from now on nobody can go back to what ran before. */
function begin(state: UpdateState, offer: SignedHeader, nowMs: number, plan: UpdatePlan): Move {
  const failed = state.kept.failed;
  const failedWhy = state.kept.failedWhy;
  const kept = Object.assign({}, nothingKept, { stage: "loading", header: offer.header, failed, failedWhy });
  return load(state, kept, nowMs, plan, [
    { type: "keep", kept },
    { type: "log", what: "loading", version: offer.header.version },
  ]);
}

/** The next page, or the look at all of them. */
function load(state: UpdateState, kept: KeptUpdate, nowMs: number, plan: UpdatePlan, before: UpdateEffect[]): Move {
  const header = kept.header;
  if (header === undefined) return restAsUsual(state, nowMs, plan, nothingKept, before);
  if (kept.offset >= header.length) {
    before.push({ type: "check-image", header });
    return go(moved(state, { at: "checking-image" }, kept), before);
  }
  const untilMs = nowMs + answerWithinMs;
  before.push({ type: "load", header, offset: kept.offset }, { type: "wake", atMs: untilMs, spreadMs: 0 });
  return go(moved(state, { at: "loading", untilMs }, kept), before);
}

function written(state: UpdateState, nowMs: number, plan: UpdatePlan): Move {
  const length = state.kept.header === undefined ? 0 : state.kept.header.length;
  const offset = Math.min(length, state.kept.offset + plan.pageSize);
  const kept = Object.assign({}, state.kept, { offset });
  const isNoted = offset === length || offset % (pagesPerNote * plan.pageSize) === 0;
  return load(Object.assign({}, state, { failures: 0 }), kept, nowMs, plan, isNoted ? [{ type: "keep", kept }] : []);
}

function loaded(state: UpdateState, nowMs: number): Move {
  const kept = Object.assign({}, state.kept, { stage: "loaded" });
  const version = kept.header === undefined ? 0 : kept.header.version;
  return rest(state, nowMs, 0, kept, [
    { type: "keep", kept },
    { type: "log", what: "loaded", version },
  ]);
}

/** The server still offers what is loaded. */
function arm(state: UpdateState, faults: number, nowMs: number, plan: UpdatePlan): Move {
  const isAnswered = state.acceptedMs >= 0 && nowMs - state.acceptedMs <= acceptedWithinMs;
  if (!isAnswered) return restAfterFailure(state, nowMs, plan, []);
  const kept = Object.assign({}, state.kept, {
    stage: "armed",
    attempts: state.kept.attempts + 1,
    radioDue: state.heardMs >= 0 && nowMs - state.heardMs <= dayMs,
    faultsBefore: faults,
  });
  const version = kept.header === undefined ? 0 : kept.header.version;
  return go(moved(state, { at: "leaving" }, kept), [
    { type: "keep", kept },
    { type: "log", what: "armed", version },
    { type: "try-next" },
    { type: "restart" },
  ]);
}
