/**
 * One telephone over a modem's voice calls (V.250 6.3, 3GPP 27.007 6 and 7): one call at a time, made or taken, with who is
 * heard in it. What the modem tells unasked is checked against its list of calls, and nothing is free before that list is empty.
 */
import type { Call, CallEndWord, CallNews } from "../../protocol/at/calls.ts";
import { dial } from "../../protocol/at/calls.ts";
import type { Next } from "../machine.ts";
import { go } from "../machine.ts";
import { jobBegan, jobEnded } from "./modem-phone-jobs.ts";
import {
  announce,
  beginDial,
  comeUp,
  end,
  free,
  reasonAtLimit,
  reasonOf,
  release,
  ring,
  vanish,
} from "./modem-phone-moves.ts";
import type { PhoneEffect, PhoneEvent, PhoneState, PhoneTurn } from "./modem-phone-state.ts";
import {
  change,
  enter,
  goneLimitMs,
  hasCall,
  limitOf,
  noRefusals,
  reasonMs,
  ringMs,
  sooner,
  unknownSound,
} from "./modem-phone-state.ts";

const quietest = 1;
const loudest = 5;
const keys = "0123456789*#";
const keyLimit = 8;

/** Throws when a call is dialled into another one. */
export function stepPhone(state: PhoneState, event: PhoneEvent): Next<PhoneState, PhoneEffect> {
  const turn: PhoneTurn = { nowMs: event.nowMs, state, effects: [] };
  hear(turn, event);
  const busy = turn.state.at !== "idle";
  if (busy !== (state.at !== "idle")) turn.effects.push({ type: "busy", on: busy });
  const wakeMs = sooner(turn.state.failMs, sooner(turn.state.lookMs, limitOf(turn.state)));
  if (wakeMs >= 0 && wakeMs !== (event.type === "due" ? -1 : state.wakeMs))
    turn.effects.push({ type: "wake", atMs: wakeMs });
  if (wakeMs !== turn.state.wakeMs) change(turn, { wakeMs });
  return go(turn.state, turn.effects);
}

function hear(turn: PhoneTurn, event: PhoneEvent): void {
  switch (event.type) {
    case "dial-ordered":
      dialOrdered(turn, event.number, event.mode, event.capable);
      return;
    case "answer-ordered":
      answerOrdered(turn, event.mode);
      return;
    case "mode-chosen":
      if (hasCall(turn.state)) change(turn, { mode: event.mode, refused: noRefusals });
      return;
    case "volume-stepped": {
      const volume = Math.max(quietest, Math.min(loudest, turn.state.volume + event.step));
      change(turn, { volume, refused: noRefusals });
      return;
    }
    case "hang-up-ordered":
      hangUpOrdered(turn);
      return;
    case "line-came":
      change(turn, { dialect: event.dialect, setUpAt: 0, told: unknownSound, goneMs: -1, mustList: true });
      if (turn.state.at === "ending") change(turn, { hangUpBy: "hang-up", lookMs: -1 });
      return;
    case "line-lost":
      lineLost(turn);
      return;
    case "job-began":
      jobBegan(turn, event.job);
      return;
    case "job-ended":
      jobEnded(turn, event.ok, true);
      return;
    case "job-lost":
      jobEnded(turn, false, false);
      return;
    case "told":
      told(turn, event.news);
      return;
    case "listed":
      if (event.call.voice) listed(turn, event.call);
      return;
    case "restarted":
      if (hasCall(turn.state)) vanish(turn, turn.state.at === "dialling" ? "failed" : "lost");
      else if (turn.state.at === "ending") free(turn);
      return;
    case "network-told":
      change(turn, event.domain === "packet" ? { packet: event.on } : { circuit: event.on });
      return;
    case "due":
      due(turn);
      return;
  }
}

function dialOrdered(turn: PhoneTurn, number: string, mode: PhoneState["mode"], capable: boolean): void {
  const state = turn.state;
  if (state.failMs >= 0 || (hasCall(state) && state.at !== "ringing"))
    throw new Error("phone: dialled into another call");
  if (!capable || state.dialect === undefined || dial(number) === undefined) {
    change(turn, { failMs: turn.nowMs });
    return;
  }
  if (state.at === "idle") {
    beginDial(turn, number, mode);
    return;
  }
  // A call that comes in at that moment hears busy.
  if (state.at === "ringing") release(turn, "hang-up");
  change(turn, { queued: true, number, mode, failMs: turn.nowMs + goneLimitMs });
}

function answerOrdered(turn: PhoneTurn, mode: PhoneState["mode"]): void {
  if (turn.state.at !== "ringing" || !turn.state.announced) return;
  enter(turn, "answering", { mode, doubted: turn.state.doubted, mustList: turn.state.mustList });
}

function hangUpOrdered(turn: PhoneTurn): void {
  const state = turn.state;
  change(turn, { queued: false, failMs: -1 });
  if (!hasCall(state) || (state.at === "ringing" && !state.announced)) return;
  const unsaid = state.at === "dialling" && !state.dialled && state.asking !== "dial";
  if (unsaid) free(turn);
  else release(turn, "hang-up");
}

/** Whether an order on the line was taken is not known; a call may go on all the same. */
function lineLost(turn: PhoneTurn): void {
  const state = turn.state;
  if (state.asking === "dial") change(turn, { dialled: true, doubted: true });
  change(turn, { dialect: undefined, asking: undefined, goneMs: state.goneMs < 0 ? turn.nowMs : state.goneMs });
}

function told(turn: PhoneTurn, news: CallNews): void {
  const state = turn.state;
  switch (news.type) {
    case "ringing":
      if (news.voice) rings(turn);
      return;
    case "caller":
      if (state.at !== "ringing" || state.announced) return;
      change(turn, { number: news.number });
      announce(turn);
      return;
    case "second-caller":
      if (state.at === "dialling" || state.at === "up") change(turn, { mustRefuse: true });
      return;
    case "call-begun":
      // Some networks make the modem say so as soon as it rings at the far end: the list decides.
      if (state.at === "dialling" && state.dialled) change(turn, { mustList: true });
      return;
    case "call-moved":
      if (news.state === "waiting") told(turn, { type: "second-caller" });
      else if (state.at === "dialling" && state.dialled) moved(turn, news.state);
      return;
    case "call-ended":
      wordOfEnd(turn, news.reason);
      return;
    case "key":
      if (keys.indexOf(news.key) >= 0) pressed(turn, news.key);
      return;
  }
}

/** Whoever presses a key has answered, whatever the modem has said so far. */
function pressed(turn: PhoneTurn, key: string): void {
  const state = turn.state;
  if (state.at === "up") turn.effects.push({ type: "tell-key", key });
  else if (state.at === "dialling" && state.dialled && state.keys.length < keyLimit)
    change(turn, { mustList: true, keys: state.keys + key });
}

function rings(turn: PhoneTurn): void {
  const state = turn.state;
  if (state.at === "idle") {
    if (state.failMs < 0) ring(turn);
  } else if (state.at === "ringing")
    change(turn, { misses: 0, doubted: false, lookMs: state.announced ? turn.nowMs + ringMs : state.lookMs });
  else if (state.at === "dialling" || state.at === "up") change(turn, { mustList: true });
}

function moved(turn: PhoneTurn, state: Call["state"]): void {
  if (state === "active") comeUp(turn);
  else if (state === "alerting") change(turn, { alerting: true });
}

/** The result of a call that is being made says why. Any other word may belong to another call: the list decides. */
function wordOfEnd(turn: PhoneTurn, word: CallEndWord): void {
  const state = turn.state;
  if (state.at === "ringing" || state.at === "up" || (state.at === "answering" && state.asking !== "answer")) {
    change(turn, { doubted: true, mustList: true });
    return;
  }
  if (state.at !== "dialling" || (!state.dialled && state.asking !== "dial")) return;
  if (word === "unsaid") change(turn, { doubted: true, lookMs: turn.nowMs + reasonMs });
  else end(turn, reasonOf(word, state.alerting), "list");
}

function listed(turn: PhoneTurn, call: Call): void {
  const state = turn.state;
  const comesIn = call.incoming && (call.state === "incoming" || call.state === "waiting");
  const isOn = call.state === "active" || call.state === "held";
  switch (state.at) {
    case "idle":
      if (comesIn && state.failMs < 0) {
        ring(turn);
        change(turn, { number: call.number });
        announce(turn);
      }
      change(turn, { listed: true });
      return;
    case "dialling":
      if (comesIn) change(turn, { mustRefuse: true });
      if (call.incoming || (!state.dialled && state.asking !== "dial")) return;
      change(turn, { listed: true, alerting: state.alerting || call.state === "alerting" });
      if (isOn) comeUp(turn);
      return;
    case "ringing":
      if (call.incoming) change(turn, { listed: true, number: state.announced ? state.number : call.number });
      return;
    case "answering":
      if (!call.incoming) return;
      change(turn, { listed: true });
      if (isOn) comeUp(turn);
      return;
    case "up":
      if (call.state === "waiting" || (comesIn && state.outgoing)) change(turn, { mustRefuse: true });
      else if (call.incoming !== state.outgoing) change(turn, { listed: true });
      return;
    case "ending":
      if (!comesIn || state.refusing) change(turn, { listed: true });
      return;
  }
}

function due(turn: PhoneTurn): void {
  const state = turn.state;
  const limitMs = limitOf(state);
  if (state.failMs >= 0 && turn.nowMs >= state.failMs) {
    change(turn, { failMs: -1, queued: false });
    turn.effects.push({ type: "tell-ended", reason: "failed" });
  } else if (limitMs >= 0 && turn.nowMs >= limitMs) {
    if (state.at === "ending") free(turn);
    else end(turn, reasonAtLimit(state), "hang-up");
  } else if (state.lookMs >= 0 && turn.nowMs >= state.lookMs)
    change(turn, { lookMs: -1, mustList: state.at !== "ending" });
}
