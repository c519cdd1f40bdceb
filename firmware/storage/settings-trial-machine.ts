/**
 * New settings on trial: put in force while no alarm of a person waits, kept once a receiver has accepted a message under
 * them, taken back after 10 minutes without. Where a new receiver answers but is busy or asks who is there (503, 401 or
 * SCAIP status 6), the unit waits for up to an hour. Pure; whoever holds the journal and the restart carries it out.
 */
import { go, type Next, stay } from "../machine.ts";

export type TrialState =
  | { readonly at: "settled" }
  /** Staged, while a person's alarm waits for its acceptance. */
  | { readonly at: "waiting"; readonly version: number; readonly isPending: boolean }
  | { readonly at: "trial"; readonly version: number; readonly sinceMs: number; readonly untilMs: number };

export type TrialEvent =
  /** The unit has started on what the head record says. */
  | {
      readonly type: "started";
      readonly nowMs: number;
      readonly stage: "settled" | "staged" | "trial";
      readonly version: number;
    }
  | { readonly type: "staged"; readonly nowMs: number; readonly version: number; readonly isPending: boolean }
  | { readonly type: "alarm"; readonly nowMs: number; readonly isPending: boolean }
  /** A receiver of these settings has accepted a heartbeat or a report. */
  | { readonly type: "accepted"; readonly nowMs: number }
  | { readonly type: "receiver-busy"; readonly nowMs: number }
  | { readonly type: "due"; readonly nowMs: number };

export type TrialEffect =
  | { readonly type: "begin-trial"; readonly version: number }
  | { readonly type: "prove"; readonly version: number }
  | { readonly type: "roll-back"; readonly version: number }
  /** The head record is written before this. */
  | { readonly type: "restart" }
  | { readonly type: "wake"; readonly atMs: number };

export const trialMs = 600_000;
export const longestTrialMs = 3_600_000;
/** A start with staged settings first lets the alarms that were kept be heard of. */
const settlingMs = 60_000;

export const settledTrial: TrialState = { at: "settled" };

export function stepSettingsTrial(state: TrialState, event: TrialEvent): Next<TrialState, TrialEffect> {
  switch (event.type) {
    case "started":
      if (event.stage === "staged")
        return go({ at: "waiting", version: event.version, isPending: false }, [
          { type: "wake", atMs: event.nowMs + settlingMs },
        ]);
      return event.stage === "trial" ? onTrial(event.version, event.nowMs, event.nowMs + trialMs) : stay(settledTrial);
    case "staged":
      if (state.at === "trial") return stay(state);
      return event.isPending
        ? go({ at: "waiting", version: event.version, isPending: true }, [])
        : begin(event.version);
    case "alarm":
      if (state.at !== "waiting") return stay(state);
      return event.isPending
        ? go({ at: "waiting", version: state.version, isPending: true }, [])
        : begin(state.version);
    case "accepted":
      if (state.at !== "trial") return stay(state);
      return go(settledTrial, [{ type: "prove", version: state.version }]);
    case "receiver-busy":
      if (state.at !== "trial" || state.untilMs === state.sinceMs + longestTrialMs) return stay(state);
      return onTrial(state.version, state.sinceMs, state.sinceMs + longestTrialMs);
    case "due":
      if (state.at === "waiting" && !state.isPending) return begin(state.version);
      if (state.at !== "trial" || event.nowMs < state.untilMs) return stay(state);
      // Also while an alarm waits: the journal keeps it, and the old receivers may be the ones that answer.
      return go(settledTrial, [{ type: "roll-back", version: state.version }, { type: "restart" }]);
  }
}

function begin(version: number): Next<TrialState, TrialEffect> {
  return go(settledTrial, [{ type: "begin-trial", version }, { type: "restart" }]);
}

function onTrial(version: number, sinceMs: number, untilMs: number): Next<TrialState, TrialEffect> {
  return go({ at: "trial", version, sinceMs, untilMs }, [{ type: "wake", atMs: untilMs }]);
}
