/**
 * The message that ends a start: it waits a little for the time, so that it can say how long the unit was away, and the unit
 * calls itself ready only when a receiver has accepted it.
 */
import { go, type Next, stay } from "../machine.ts";

export interface ControlMessageState {
  readonly at: "waiting" | "sent" | "accepted";
}

export type ControlMessageEvent =
  | { readonly type: "started"; readonly nowMs: number }
  /** The time has become known, and with it how long the unit was away: seconds, or -1 where no former life kept the time. */
  | { readonly type: "clock-known"; readonly gapS: number }
  | { readonly type: "accepted" }
  | { readonly type: "due" };

export type ControlMessageEffect =
  | { readonly type: "tell"; readonly gapS: number }
  | { readonly type: "ready" }
  | { readonly type: "wake"; readonly atMs: number };

/** A unit that learns the time at all learns it with its first messages. */
export const waitForTimeMs = 120_000;

export const controlMessageAtStart: ControlMessageState = { at: "waiting" };

export function stepControlMessage(
  state: ControlMessageState,
  event: ControlMessageEvent,
): Next<ControlMessageState, ControlMessageEffect> {
  switch (event.type) {
    case "started":
      return go(state, [{ type: "wake", atMs: event.nowMs + waitForTimeMs }]);
    case "clock-known":
      return state.at === "waiting" ? go({ at: "sent" }, [{ type: "tell", gapS: event.gapS }]) : stay(state);
    case "due":
      return state.at === "waiting" ? go({ at: "sent" }, [{ type: "tell", gapS: -1 }]) : stay(state);
    case "accepted":
      return state.at === "sent" ? go({ at: "accepted" }, [{ type: "ready" }]) : stay(state);
  }
}
