/** When the channel is so full that buttons are not heard, told with its end: more than 30 s within 60 s, until less than 10 (radio 6.3). */
import type { ChannelLoad } from "../../protocol/radio/channel-load.ts";
import { judgeChannel, quietChannel } from "../../protocol/radio/channel-load.ts";
import type { Next } from "../machine.ts";
import { go } from "../machine.ts";

export interface InterferenceState {
  readonly load: ChannelLoad;
  /** End of the last span that was told of: spans never overlap. */
  readonly untilMs: number;
}

export type InterferenceEvent =
  /** The channel was taken by others for `forMs` up to now. */
  | { readonly type: "busy"; readonly nowMs: number; readonly forMs: number }
  | { readonly type: "due"; readonly nowMs: number };

export type InterferenceEffect =
  | { readonly type: "tell"; readonly what: "interference" | "restored" }
  | { readonly type: "wake"; readonly atMs: number };

/** While it lasts its end is looked for this often: a quiet channel gives no event. */
const lookMs = 5_000;

export const interferenceAtStart: InterferenceState = { load: quietChannel, untilMs: 0 };

export function stepInterference(
  state: InterferenceState,
  event: InterferenceEvent,
): Next<InterferenceState, InterferenceEffect> {
  const forMs = event.type === "busy" ? event.forMs : 0;
  const verdict = judgeChannel(state.load, Math.max(state.untilMs, event.nowMs - forMs), event.nowMs);
  const next: InterferenceState = { load: verdict.load, untilMs: event.nowMs };
  const effects: InterferenceEffect[] = [];
  if (verdict.event !== undefined) effects.push({ type: "tell", what: verdict.event });
  const begun = verdict.event === "interference";
  if (verdict.load.interfered && (begun || event.type === "due"))
    effects.push({ type: "wake", atMs: event.nowMs + lookMs });
  return go(next, effects);
}
