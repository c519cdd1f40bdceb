/** A window in which devices may join: who is expected, which exchanges are under way, what is answered (radio 7.3). Keys stay outside. */
import type { RejectReason } from "../../protocol/radio/pairing.ts";
import { offerLimit, windowMs } from "../../protocol/radio/pairing.ts";
import type { Next } from "../machine.ts";
import { go, stay } from "../machine.ts";

/** One exchange: the random bytes of both sides, for one address. */
export interface Talk {
  readonly address: number;
  readonly deviceRandom: Uint8Array;
  readonly unitRandom: Uint8Array;
}

/** The four newest exchanges are kept, so that a device may ask once more before its offer reaches it. */
export const talkLimit = 4;

export type PairingState =
  | { readonly at: "closed" }
  | {
      readonly at: "open";
      readonly untilMs: number;
      readonly talks: readonly Talk[];
      readonly offers: number;
      /** Who has joined in this window and has not called yet. */
      readonly joined: readonly Joined[];
    };

/** Counter of the newest joining of a device: an older one says what the device held before. */
export interface Joined {
  readonly address: number;
  readonly counter: number;
}

/** How a window ended; a reason of a reject that was sent meanwhile is told as it happens. */
export type WindowEnd = "paired" | "timed-out" | "stopped";

export type PairingEvent =
  /** Somebody with the right to do so opened a window, or opens it anew. */
  | { readonly type: "opened"; readonly nowMs: number }
  | { readonly type: "stopped" }
  /** A proven request of an expected device. `refusal`: why the table has no place for it. */
  | {
      readonly type: "asked";
      readonly address: number;
      readonly deviceRandom: Uint8Array;
      /** 8 new random bytes, for the case that they are needed. */
      readonly unitRandom: Uint8Array;
      readonly refusal: RejectReason | undefined;
    }
  /** A proven confirm, or cancel, of this exchange. */
  | { readonly type: "confirmed" }
  | { readonly type: "cancelled"; readonly talk: Talk }
  /** A proven joining under the key of this exchange. */
  | { readonly type: "joining"; readonly talk: Talk; readonly counter: number; readonly holds: number }
  /** A device called under a key of its. `more`: others are still expected, and the window stays for them. */
  | { readonly type: "settled"; readonly address: number; readonly fresh: boolean; readonly more: boolean }
  | { readonly type: "due"; readonly nowMs: number };

export type PairingEffect =
  | { readonly type: "offer"; readonly talk: Talk }
  | {
      readonly type: "reject";
      readonly address: number;
      readonly deviceRandom: Uint8Array;
      readonly reason: RejectReason;
    }
  | { readonly type: "show-found" }
  /** Keep the new key beside the one that the device holds, and welcome it once that is on flash. */
  | { readonly type: "adopt"; readonly talk: Talk; readonly counter: number; readonly holds: number }
  | { readonly type: "window-opened" }
  | { readonly type: "window-ended"; readonly how: WindowEnd }
  | { readonly type: "wake"; readonly atMs: number };

export const pairingAtStart: PairingState = { at: "closed" };

const closed: PairingState = { at: "closed" };

type Step = Next<PairingState, PairingEffect>;
type Open = Extract<PairingState, { readonly at: "open" }>;

export function stepPairing(state: PairingState, event: PairingEvent): Step {
  if (event.type === "opened") return opened(event.nowMs);
  if (state.at === "closed") return stay(state);
  switch (event.type) {
    case "stopped":
      return go(closed, [{ type: "window-ended", how: "stopped" }]);
    case "due":
      if (event.nowMs < state.untilMs) return go(state, [{ type: "wake", atMs: state.untilMs }]);
      return go(closed, [{ type: "window-ended", how: "timed-out" }]);
    case "asked":
      return asked(state, event);
    case "confirmed":
      return go(state, [{ type: "show-found" }]);
    case "cancelled":
      return stay(withTalks(state, without(state.talks, event.talk), state.offers, state.joined));
    case "joining":
      return joining(state, event);
    case "settled":
      return settled(state, event);
  }
}

function opened(nowMs: number): Step {
  const untilMs = nowMs + windowMs;
  return go({ at: "open", untilMs, talks: [], offers: 0, joined: [] }, [
    { type: "window-opened" },
    { type: "wake", atMs: untilMs },
  ]);
}

/** The same random bytes get the same offer again; recorded requests use up the window's offers, never more. */
function asked(state: Open, event: Extract<PairingEvent, { readonly type: "asked" }>): Step {
  if (state.offers >= offerLimit) return stay(state);
  const offers = state.offers + 1;
  const counted = withTalks(state, state.talks, offers, state.joined);
  if (event.refusal !== undefined) {
    const reason = event.refusal;
    return go(counted, [{ type: "reject", address: event.address, deviceRandom: event.deviceRandom, reason }]);
  }
  for (const talk of state.talks)
    if (talk.address === event.address && sameBytes(talk.deviceRandom, event.deviceRandom))
      return go(counted, [{ type: "offer", talk }]);
  const talk: Talk = { address: event.address, deviceRandom: event.deviceRandom, unitRandom: event.unitRandom };
  const talks = state.talks.concat([talk]);
  if (talks.length > talkLimit) talks.shift();
  return go(withTalks(state, talks, offers, state.joined), [{ type: "offer", talk }]);
}

function joining(state: Open, event: Extract<PairingEvent, { readonly type: "joining" }>): Step {
  const address = event.talk.address;
  for (const each of state.joined) if (each.address === address && event.counter <= each.counter) return stay(state);
  const joined = others(state.joined, address).concat([{ address, counter: event.counter }]);
  return go(withTalks(state, state.talks, state.offers, joined), [
    { type: "adopt", talk: event.talk, counter: event.counter, holds: event.holds },
  ]);
}

/** A device that went back to its old key may begin anew in the same window. */
function settled(state: Open, event: Extract<PairingEvent, { readonly type: "settled" }>): Step {
  const joined = others(state.joined, event.address);
  if (joined.length === state.joined.length) return stay(state);
  if (event.fresh && !event.more) return go(closed, [{ type: "window-ended", how: "paired" }]);
  const talks: Talk[] = [];
  for (const talk of state.talks) if (talk.address !== event.address) talks.push(talk);
  return stay(withTalks(state, talks, state.offers, joined));
}

function others(joined: readonly Joined[], address: number): readonly Joined[] {
  const left: Joined[] = [];
  for (const each of joined) if (each.address !== address) left.push(each);
  return left;
}

function withTalks(state: Open, talks: readonly Talk[], offers: number, joined: readonly Joined[]): Open {
  return { at: "open", untilMs: state.untilMs, talks, offers, joined };
}

function without(talks: readonly Talk[], gone: Talk): readonly Talk[] {
  const left: Talk[] = [];
  for (const talk of talks) if (talk !== gone) left.push(talk);
  return left;
}

function sameBytes(left: Uint8Array, right: Uint8Array): boolean {
  for (let i = 0; i < left.length; i++) if (left[i] !== right[i]) return false;
  return left.length === right.length;
}
