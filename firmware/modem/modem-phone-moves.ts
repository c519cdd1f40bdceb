/** The moves of the telephone machine: how a call begins, comes up and ends; none decides when. */
import type { CallEndWord } from "../../protocol/at/calls.ts";
import type { CallEnd, SpeechMode } from "../ports/voice.ts";
import type { PhoneState, PhoneTurn } from "./modem-phone-state.ts";
import { callerMs, change, enter, ringMs, unknownSound, watchMs } from "./modem-phone-state.ts";

/** The modem gets its order as soon as the line is free. */
export function beginDial(turn: PhoneTurn, number: string, mode: SpeechMode): void {
  const fresh = { outgoing: true, dialled: false, alerting: false, keys: "", queued: false, failMs: -1 };
  enter(turn, "dialling", Object.assign({ number, mode, told: fromCallToCall(turn.state) }, fresh));
}

/** A call comes in; who calls is told behind the first ring, or never. */
export function ring(turn: PhoneTurn): void {
  const fresh = { outgoing: false, announced: false, number: "", lookMs: turn.nowMs + callerMs };
  enter(turn, "ringing", Object.assign({ told: fromCallToCall(turn.state) }, fresh));
}

/** 27.007 8.24 lets the microphone's state end with the call. */
function fromCallToCall(state: PhoneState): PhoneState["told"] {
  return Object.assign({}, unknownSound, { level: state.told.level });
}

export function announce(turn: PhoneTurn): void {
  if (turn.state.announced) return;
  change(turn, { announced: true, mustList: false, lookMs: turn.nowMs + ringMs });
  turn.effects.push({ type: "tell-incoming", number: turn.state.number });
}

/** The two hear each other. Whether somebody else has called meanwhile is in the list. */
export function comeUp(turn: PhoneTurn): void {
  const mustRefuse = turn.state.mustRefuse;
  enter(turn, "up", { mustList: true, mustRefuse, lookMs: turn.nowMs + watchMs });
  if (!turn.state.outgoing) return;
  turn.effects.push({ type: "tell-answered" });
  const keys = turn.state.keys;
  for (let i = 0; i < keys.length; i++) turn.effects.push({ type: "tell-key", key: keys.charAt(i) });
}

/** It is over for whoever had it; whether the modem knows that too is seen next. */
export function end(turn: PhoneTurn, reason: CallEnd, hangUpBy: "list" | "hang-up"): void {
  tellEnd(turn, reason);
  release(turn, hangUpBy);
}

/** It is over, and the modem has no call any more. */
export function vanish(turn: PhoneTurn, reason: CallEnd): void {
  tellEnd(turn, reason);
  free(turn);
}

export function release(turn: PhoneTurn, hangUpBy: "list" | "hang-up"): void {
  const refusing = turn.state.at === "ringing" || turn.state.at === "answering";
  enter(turn, "ending", { hangUpBy, refusing, released: false });
}

/** The modem has no call. */
export function free(turn: PhoneTurn): void {
  const state = turn.state;
  if (state.queued) beginDial(turn, state.number, state.mode);
  else enter(turn, "idle", { number: "" });
}

function tellEnd(turn: PhoneTurn, reason: CallEnd): void {
  if (turn.state.at !== "ringing" || turn.state.announced) turn.effects.push({ type: "tell-ended", reason });
}

/** What the result of a call that was dialled says (V.250 6.3.1); `alerting`: it rang there. */
export function reasonOf(word: CallEndWord, alerting: boolean): CallEnd {
  if (word === "busy" || word === "no-answer") return word;
  return word === "no-carrier" && alerting ? "no-answer" : "failed";
}

/** The word for a phase that took too long. */
export function reasonAtLimit(state: PhoneState): CallEnd {
  if (state.at === "dialling") return state.goneMs >= 0 ? "failed" : "no-answer";
  return state.at === "ringing" ? "no-answer" : "lost";
}
