/** A fall that was felt: the wearer has a moment to take it back before it is sent, and may take it back afterwards (radio 5.3). */
import type { Next } from "../machine.ts";
import { go, stay } from "../machine.ts";

export type FallState =
  | { readonly at: "upright" }
  /** Felt, and sent when the moment is over. */
  | { readonly at: "felt"; readonly untilMs: number }
  /** Sent; a cancel sends it once more as withdrawn. */
  | { readonly at: "told" };

export type FallEvent =
  | { readonly type: "fell"; readonly nowMs: number }
  | { readonly type: "cancelled" }
  | { readonly type: "due"; readonly nowMs: number };

export type FallEffect =
  | { readonly type: "call" }
  | { readonly type: "withdraw" }
  | { readonly type: "show-felt" }
  | { readonly type: "wake"; readonly atMs: number };

export const fallAtStart: FallState = { at: "upright" };

/** `delayMs`: how long the wearer has. A second fall within it changes nothing: the first one's moment counts. */
export function stepFall(delayMs: number, state: FallState, event: FallEvent): Next<FallState, FallEffect> {
  switch (event.type) {
    case "fell":
      if (state.at === "felt") return stay(state);
      if (delayMs === 0) return go({ at: "told" }, [{ type: "call" }]);
      return go({ at: "felt", untilMs: event.nowMs + delayMs }, [
        { type: "show-felt" },
        { type: "wake", atMs: event.nowMs + delayMs },
      ]);
    case "cancelled":
      if (state.at === "upright") return stay(state);
      return go({ at: "upright" }, state.at === "told" ? [{ type: "withdraw" }] : []);
    case "due":
      if (state.at !== "felt") return stay(state);
      if (event.nowMs < state.untilMs) return go(state, [{ type: "wake", atMs: state.untilMs }]);
      return go({ at: "told" }, [{ type: "call" }]);
  }
}
