/** Makes presses out of a bouncing contact: a closing counts at once, and the next one only after 300 ms without any contact. */
import type { Next } from "../machine.ts";
import { go, stay } from "../machine.ts";

export interface ContactState {
  readonly at: "open" | "closed";
  /** When the level last changed; bounces count. */
  readonly changedAtMs: number;
}

export interface ContactEvent {
  readonly type: "closed" | "opened";
  readonly nowMs: number;
}

export interface ContactEffect {
  readonly type: "press";
}

/** Longer than any bounce and any double-click of a trembling hand, shorter than the pause between two presses that are meant. */
export const restMs = 300;

export const contactAtStart: ContactState = { at: "open", changedAtMs: -restMs };

const press: readonly ContactEffect[] = [{ type: "press" }];

/** However long it is held and however it bounces, one movement of the hand makes one press: never none, never two. */
export function stepContact(state: ContactState, event: ContactEvent): Next<ContactState, ContactEffect> {
  const rested = event.nowMs - state.changedAtMs >= restMs;
  const next: ContactState = { at: event.type === "closed" ? "closed" : "open", changedAtMs: event.nowMs };
  // Closed twice means that the opening between was missed: after a rest it is a press, which must not be lost.
  if (event.type === "closed" && rested) return go(next, press);
  return stay(next);
}
