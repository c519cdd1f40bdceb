/**
 * What a start finds of an update, and the trial of a new image: it is kept once a receiver has accepted a message, the
 * self-check has found nothing new, and a device of the unit's own was heard, where one was heard on the day before. Pure.
 */
import { go, stay } from "../machine.ts";
import { checks } from "../supervision/faults.ts";
import { giveUp, type Move, moved, rest, restAsUsual } from "./update-moves.ts";
import {
  type KeptUpdate,
  nothingKept,
  notStarted,
  type TrialFacts,
  type UpdateEvent,
  type UpdatePlan,
  type UpdateState,
  type Why,
} from "./update-state.ts";

/** After a start the unit first finds its networks and tells what it has to tell. */
const settlingMs = 300_000;
/** From the start of a trial: a modem has found its network by then. */
export const selfCheckAfterMs = 120_000;
/** Trials of an image that never came so far as to judge itself: a power cut may have ended the first. */
const mostAttempts = 2;

type Started = Extract<UpdateEvent, { readonly type: "started" }>;

/** The first step of each life. */
export function beginLife(event: Started, plan: UpdatePlan): Move {
  const kept = event.kept;
  const state: UpdateState = Object.assign({}, notStarted, { kept, calmMs: event.nowMs });
  const runs = kept.header !== undefined && kept.header.version === plan.identity.version;
  switch (kept.stage) {
    case "armed":
    case "trial":
      return runs ? beginTrial(state, event, plan) : cameBack(state, event.nowMs, plan);
    case "kept":
      if (runs && event.isIll && kept.canGoBack) return leave(state, "loop");
      return runs ? ask(state, event.nowMs, kept) : ask(state, event.nowMs, forgotten(kept));
    case "loading":
    case "loaded":
      // What runs may have come over a cable meanwhile.
      return ask(state, event.nowMs, isLater(kept, plan) ? kept : forgotten(kept));
    case "none":
      return ask(state, event.nowMs, kept);
  }
}

function ask(state: UpdateState, nowMs: number, kept: KeptUpdate): Move {
  return rest(state, nowMs + settlingMs, settlingMs, kept, kept === state.kept ? [] : [{ type: "keep", kept }]);
}

function isLater(kept: KeptUpdate, plan: UpdatePlan): boolean {
  return kept.header !== undefined && kept.header.version > plan.identity.version;
}

function forgotten(kept: KeptUpdate): KeptUpdate {
  return Object.assign({}, nothingKept, { failed: kept.failed, failedWhy: kept.failedWhy });
}

/** The former image runs: its successor was taken back, or never ran. */
function cameBack(state: UpdateState, nowMs: number, plan: UpdatePlan): Move {
  const kept = state.kept;
  if (!isLater(kept, plan)) return ask(state, nowMs, forgotten(kept));
  if (kept.why !== "none") return giveUp(state, kept.why, nowMs, plan);
  if (kept.attempts >= mostAttempts) return giveUp(state, "start", nowMs, plan);
  return ask(state, nowMs, Object.assign({}, kept, { stage: "loaded" }));
}

function beginTrial(state: UpdateState, event: Started, plan: UpdatePlan): Move {
  const kept = state.kept;
  if (kept.why !== "none") return leave(state, kept.why);
  // It was kept, and the power went before that was noted.
  if (event.slotStage === "settled") return settle(state, event.nowMs, plan);
  const onTrial = Object.assign({}, kept, { stage: "trial" });
  const facts: TrialFacts = {
    sinceMs: event.nowMs,
    isAccepted: false,
    isHeard: !kept.radioDue,
    isChecked: !event.canCheck,
  };
  return go(moved(state, Object.assign({ at: "trial" as const }, facts), onTrial), [
    { type: "keep", kept: onTrial },
    { type: "log", what: "trial", version: plan.identity.version },
    { type: "wake", atMs: event.nowMs + selfCheckAfterMs, spreadMs: 0 },
  ]);
}

type TrialEvent = Extract<UpdateEvent, { readonly type: "accepted" | "heard" | "checked" | "due" }>;

/** Of a unit on trial; in any other state nothing comes of it. */
export function stepTrial(state: UpdateState, event: TrialEvent, plan: UpdatePlan): Move {
  const now = state.now;
  if (now.at !== "trial") return stay(state);
  switch (event.type) {
    case "accepted":
      return proven(state, event.nowMs, plan, Object.assign({}, now, { isAccepted: true }));
    case "heard":
      return proven(state, event.nowMs, plan, Object.assign({}, now, { isHeard: true }));
    case "checked":
      if ((event.faults & ~state.kept.faultsBefore & neededChecks) !== 0) return leave(state, "check");
      return proven(state, event.nowMs, plan, Object.assign({}, now, { isChecked: true }));
    case "due":
      return trialDue(state, now, event.nowMs, plan);
  }
}

function proven(state: UpdateState, nowMs: number, plan: UpdatePlan, facts: TrialFacts): Move {
  if (facts.isAccepted && facts.isHeard && facts.isChecked) return settle(state, nowMs, plan);
  return stay(moved(state, Object.assign({ at: "trial" as const }, facts), state.kept));
}

function trialDue(state: UpdateState, facts: TrialFacts, nowMs: number, plan: UpdatePlan): Move {
  const settings = plan.settings;
  const checkMs = facts.sinceMs + selfCheckAfterMs;
  const provenMs = facts.sinceMs + settings.provenWithinMs;
  const heardMs = facts.sinceMs + Math.max(settings.heardWithinMs, settings.provenWithinMs);
  if (nowMs < checkMs) return go(state, [{ type: "wake", atMs: checkMs, spreadMs: 0 }]);
  if (nowMs < provenMs) {
    const wake = { type: "wake" as const, atMs: provenMs, spreadMs: 0 };
    return go(state, facts.isChecked ? [wake] : [{ type: "self-check" }, wake]);
  }
  // Also while an alarm waits: the former image may be the one that gets it accepted.
  if (!facts.isAccepted) return leave(state, "accept");
  if (!facts.isChecked) return leave(state, "check");
  if (nowMs < heardMs) return go(state, [{ type: "wake", atMs: heardMs, spreadMs: 0 }]);
  return leave(state, "radio");
}

/** What runs is kept. */
function settle(state: UpdateState, nowMs: number, plan: UpdatePlan): Move {
  const kept = Object.assign({}, state.kept, { stage: "kept", canGoBack: true, attempts: 0, why: "none" });
  const version = plan.identity.version;
  return restAsUsual(state, nowMs, plan, kept, [
    { type: "confirm" },
    { type: "tell", version, why: "none" },
    { type: "keep", kept },
    { type: "log", what: "kept", version },
  ]);
}

/** What runs is not kept. Why stands in the journal first: the former image reads it there. */
function leave(state: UpdateState, why: Why): Move {
  const kept = Object.assign({}, state.kept, { stage: "trial", why });
  return go(moved(state, { at: "leaving" }, kept), [{ type: "keep", kept }, { type: "go-back" }, { type: "restart" }]);
}

/** Bits of checks, as `faultsBefore` has them. What a room, a battery or a clock suffers from is no fault of an image. */
export function bitOfCheck(check: (typeof checks)[number]): number {
  return 1 << checks.indexOf(check);
}

const neededChecks =
  bitOfCheck("program") | bitOfCheck("settings") | bitOfCheck("memory") | bitOfCheck("radio") | bitOfCheck("modem");
