/** A device that asks to belong to a unit: request, offer, confirm, joining, welcome, for 120 s at most (radio 7.3). Keys stay outside. */
import { requestLeastMs, requestMostMs, windowMs } from "../../protocol/radio/pairing.ts";
import type { Next } from "../machine.ts";
import { go, stay } from "../machine.ts";
import type { AirRoom } from "../radio-ledger.ts";
import type { Wait } from "./copy-schedule.ts";

export type JoiningState =
  | { readonly at: "resting" }
  /** Sends its request until a unit offers. */
  | { readonly at: "asking"; readonly untilMs: number }
  /** Tries the key that was offered, `tries` times so far. */
  | { readonly at: "trying"; readonly untilMs: number; readonly tries: number };

export type JoiningEvent =
  /** The act at the device that opens it. */
  | { readonly type: "asked-for"; readonly nowMs: number; readonly room: AirRoom }
  | { readonly type: "waited"; readonly nowMs: number; readonly room: AirRoom }
  /** A proven offer for the request of this moment. */
  | { readonly type: "offered" }
  | { readonly type: "rejected" }
  /** The unit keeps the key on trial, and said so in answer to the newest frame. */
  | { readonly type: "welcomed" }
  /** Somebody pressed: who is in need comes first. */
  | { readonly type: "pressed" };

export type JoiningEffect =
  /** New random bytes from here on. */
  | { readonly type: "begin" }
  | { readonly type: "send-request" }
  | { readonly type: "send-joining" }
  | { readonly type: "listen" }
  | ({ readonly type: "wait" } & Wait)
  /** The key on trial is the button's own from now on. */
  | { readonly type: "take-key" }
  /** Everything is as it was before; `tell`: the unit's offer is still open, and is given back. */
  | { readonly type: "give-up"; readonly tell: boolean }
  | { readonly type: "show-asking" };

export const joiningAtStart: JoiningState = { at: "resting" };

const tryLimit = 3;
const tryLeastMs = 450;
const tryMostMs = 600;

type Step = Next<JoiningState, JoiningEffect>;

const resting: JoiningState = { at: "resting" };

export function stepJoining(state: JoiningState, event: JoiningEvent): Step {
  if (event.type === "asked-for") {
    if (state.at !== "resting") return stay(state);
    return ask({ at: "asking", untilMs: event.nowMs + windowMs }, event.room, [
      { type: "show-asking" },
      { type: "begin" },
    ]);
  }
  switch (state.at) {
    case "resting":
      return stay(state);
    case "asking":
      return asking(state, event);
    case "trying":
      return trying(state, event);
  }
}

function asking(state: Extract<JoiningState, { readonly at: "asking" }>, event: JoiningEvent): Step {
  switch (event.type) {
    case "waited":
      if (event.nowMs >= state.untilMs) return go(resting, [{ type: "give-up", tell: false }]);
      return ask(state, event.room, []);
    case "offered":
      return tryKey({ at: "trying", untilMs: state.untilMs, tries: 1 });
    case "rejected":
    case "pressed":
      return go(resting, [{ type: "give-up", tell: false }]);
    default:
      return stay(state);
  }
}

function trying(state: Extract<JoiningState, { readonly at: "trying" }>, event: JoiningEvent): Step {
  switch (event.type) {
    case "waited":
      if (event.nowMs >= state.untilMs) return go(resting, [{ type: "give-up", tell: true }]);
      if (state.tries < tryLimit) return tryKey({ at: "trying", untilMs: state.untilMs, tries: state.tries + 1 });
      return ask({ at: "asking", untilMs: state.untilMs }, event.room, [{ type: "begin" }]);
    case "welcomed":
      return go(resting, [{ type: "take-key" }]);
    case "pressed":
      return go(resting, [{ type: "give-up", tell: true }]);
    default:
      return stay(state);
  }
}

/** Who asks for nothing urgent asks only while the air is free. */
function ask(state: JoiningState, room: AirRoom, before: readonly JoiningEffect[]): Step {
  const effects = before.concat(room === "free" ? [{ type: "send-request" }, { type: "listen" }] : []);
  return go(state, effects.concat([{ type: "wait", leastMs: requestLeastMs, mostMs: requestMostMs }]));
}

function tryKey(state: JoiningState): Step {
  return go(state, [
    { type: "send-joining" },
    { type: "listen" },
    { type: "wait", leastMs: tryLeastMs, mostMs: tryMostMs },
  ]);
}
