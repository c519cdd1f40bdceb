/** What the telephone machine asks of the modem, one exchange after the other, and what it makes of each answer. */
import {
  answerCall,
  dial,
  hangUp,
  hangUpBasic,
  listCalls,
  loudness,
  muteMicrophone,
  refuseSecond,
} from "../../protocol/at/calls.ts";
import type { Exchange } from "../../protocol/at/commands.ts";
import type { VoiceDialect } from "../../protocol/at/voice-dialects.ts";
import type { CallEnd } from "../ports/voice.ts";
import { announce, comeUp, end, free, release, vanish } from "./modem-phone-moves.ts";
import type { PhoneJob, PhoneSound, PhoneState, PhoneTurn } from "./modem-phone-state.ts";
import { change, pollAt, releaseAt, ringMs, watchMs } from "./modem-phone-state.ts";

export interface PhoneWant {
  readonly job: PhoneJob;
  readonly exchange: Exchange;
}

type Knob = keyof PhoneSound;

const knobs: readonly Knob[] = ["microphone", "speaker", "level"];
/** Some modems silence nothing before there is a call: what was refused then is tried again when it is up. */
const triesBefore = 1;
const triesInCall = 3;
const answerLimit = 3;
/** A modem that knows of no way to hang up, and of no list, has no call. */
const refusedTurns = 3;
/** A list that came without the call is asked for once more: the modem may be slow to know it. */
const missLimit = 2;

/** The next exchange, undefined where nothing is to be said now. */
export function wantOf(state: PhoneState): PhoneWant | undefined {
  const dialect = state.dialect;
  if (dialect === undefined || state.asking !== undefined) return undefined;
  if (state.at === "ending") return state.lookMs >= 0 ? undefined : want(state.hangUpBy, releasing(state.hangUpBy));
  const setUp = dialect.setUp[state.setUpAt];
  if (setUp !== undefined) return want("set-up", setUp);
  const sound = state.at === "idle" || state.at === "ringing" ? undefined : soundWant(state, dialect);
  if (sound !== undefined) return sound;
  if (state.mustRefuse) return want("refuse-second", refuseSecond);
  if (state.mustList) return want("list", listCalls);
  if (state.at === "answering") return want("answer", answerCall);
  const order = state.at === "dialling" && !state.dialled ? dial(state.number) : undefined;
  return order === undefined ? undefined : want("dial", order);
}

/** Nobody hears more than he is to hear: set before the call where the modem takes it then, and otherwise first of all in it. */
function soundWant(state: PhoneState, dialect: VoiceDialect): PhoneWant | undefined {
  for (let i = 0; i < knobs.length; i++) {
    const knob = knobs[i] as Knob;
    const exchange = isDue(state, dialect, knob) ? soundExchange(state, dialect, knob) : undefined;
    if (exchange !== undefined) return want(knob, exchange);
  }
  return undefined;
}

function want(job: PhoneJob, exchange: Exchange): PhoneWant {
  return { job, exchange };
}

function releasing(by: PhoneState["hangUpBy"]): Exchange {
  if (by === "list") return listCalls;
  return by === "hang-up" ? hangUp : hangUpBasic;
}

function isDue(state: PhoneState, dialect: VoiceDialect, knob: Knob): boolean {
  if (knob === "speaker" && dialect.muteSpeaker === undefined) return false;
  const tries = state.at === "up" ? triesInCall : triesBefore;
  return state.told[knob] !== soundWanted(state, knob) && state.refused[knob] < tries;
}

/** What the mode asks for: nobody in the home is heard in `talk`, nobody outside in `listen`. */
export function soundWanted(state: PhoneState, knob: Knob): number {
  if (knob === "microphone") return state.mode === "talk" ? 1 : 0;
  if (knob === "speaker") return state.mode === "listen" ? 1 : 0;
  return state.mode === "listen" ? 0 : state.volume;
}

function soundExchange(state: PhoneState, dialect: VoiceDialect, knob: Knob): Exchange | undefined {
  const wanted = soundWanted(state, knob);
  if (knob === "microphone") return muteMicrophone(wanted === 1);
  if (knob === "level") return loudness(dialect.levels[wanted] as number);
  return dialect.muteSpeaker === undefined ? undefined : dialect.muteSpeaker(wanted === 1);
}

export function isKnob(job: PhoneJob): job is Knob {
  return job === "microphone" || job === "speaker" || job === "level";
}

export function jobBegan(turn: PhoneTurn, job: PhoneJob): void {
  change(turn, { asking: job });
  if (job === "list") change(turn, { mustList: false, listed: false, stale: false });
  else if (job === "refuse-second") change(turn, { mustRefuse: false });
  else if (isKnob(job)) change(turn, { telling: soundWanted(turn.state, job) });
}

/** `ok` is false where it was refused, and where no answer came. */
export function jobEnded(turn: PhoneTurn, ok: boolean, answered: boolean): void {
  const job = turn.state.asking;
  if (job === undefined) return;
  change(turn, { asking: undefined });
  switch (job) {
    case "set-up":
      change(turn, { setUpAt: turn.state.setUpAt + 1 });
      return;
    case "microphone":
    case "speaker":
    case "level":
      soundSet(turn, job, ok);
      return;
    case "dial":
      if (turn.state.at === "dialling") dialEnded(turn, ok, answered);
      return;
    case "answer":
      if (turn.state.at !== "answering") return;
      if (ok) comeUp(turn);
      else change(turn, { doubted: true, mustList: true, misses: turn.state.misses + 1 });
      return;
    case "list":
      listEnded(turn, ok);
      return;
    case "refuse-second":
      return;
    case "hang-up":
    case "hang-up-basic":
      if (turn.state.at === "ending")
        change(turn, {
          released: ok || turn.state.released,
          hangUpBy: ok || job === "hang-up-basic" ? "list" : "hang-up-basic",
        });
      return;
  }
}

function soundSet(turn: PhoneTurn, knob: Knob, ok: boolean): void {
  const state = turn.state;
  const told: { [knob: string]: number } = {};
  told[knob] = ok ? state.telling : -1;
  const refused: { [knob: string]: number } = {};
  refused[knob] = ok ? 0 : state.refused[knob] + 1;
  change(turn, {
    told: Object.assign({}, state.told, told),
    refused: Object.assign({}, state.refused, refused),
  });
}

/** That the order was taken says nothing of the far side. */
function dialEnded(turn: PhoneTurn, ok: boolean, answered: boolean): void {
  if (ok) change(turn, { dialled: true, lookMs: pollAt(turn) });
  else if (answered) end(turn, "failed", "list");
  else change(turn, { dialled: true, doubted: true, mustList: true });
}

/** All calls of the modem were heard, or `ok` is false and nothing is known. */
function listEnded(turn: PhoneTurn, ok: boolean): void {
  const state = turn.state;
  if (state.stale) return;
  switch (state.at) {
    case "idle":
      if (ok && state.listed) release(turn, "hang-up");
      return;
    case "dialling":
      if (state.dialled) listedDialling(turn, ok);
      return;
    case "ringing":
      listedRinging(turn, ok);
      return;
    case "answering":
      if (ok && !state.listed) vanish(turn, "no-answer");
      else if (state.misses >= answerLimit) end(turn, "lost", "hang-up");
      else if (!ok) change(turn, { mustList: true, misses: state.misses + 1 });
      return;
    case "up":
      listedUp(turn, ok);
      return;
    case "ending":
      listedEnding(turn, ok);
      return;
  }
}

function listedDialling(turn: PhoneTurn, ok: boolean): void {
  const state = turn.state;
  const misses = ok ? (state.listed ? 0 : state.misses + 1) : state.misses;
  const reason: CallEnd = state.alerting ? "no-answer" : "failed";
  if (!ok && state.doubted) end(turn, reason, "hang-up");
  else if (misses >= (state.doubted ? 1 : missLimit)) vanish(turn, reason);
  else change(turn, { misses, doubted: false, turns: state.turns + 1, lookMs: pollAt(turn) });
}

function listedRinging(turn: PhoneTurn, ok: boolean): void {
  const state = turn.state;
  const misses = ok && !state.listed ? state.misses + 1 : 0;
  if (misses >= (state.doubted ? 1 : missLimit)) vanish(turn, "no-answer");
  else if (!ok && state.doubted) end(turn, "no-answer", "hang-up");
  else {
    announce(turn);
    change(turn, { misses, doubted: false, lookMs: turn.nowMs + ringMs });
  }
}

/** Without a word that it is over, a call that has gone was lost; with one, so it was where the network has gone too. */
function listedUp(turn: PhoneTurn, ok: boolean): void {
  const state = turn.state;
  const misses = ok && !state.listed ? state.misses + 1 : 0;
  const reason: CallEnd = state.doubted && (state.packet || state.circuit) ? "over" : "lost";
  if (!ok && state.doubted) end(turn, reason, "hang-up");
  else if (misses >= (state.doubted ? 1 : missLimit)) vanish(turn, reason);
  else change(turn, { misses, doubted: false, lookMs: misses > 0 ? pollAt(turn) : turn.nowMs + watchMs });
}

function listedEnding(turn: PhoneTurn, ok: boolean): void {
  const state = turn.state;
  if (ok ? !state.listed : state.released || state.turns >= refusedTurns) {
    free(turn);
    return;
  }
  // The first hang-up does not wait; a call that outlives one does not end sooner by being hung up at once again.
  const atOnce = !state.released && state.turns === 0;
  change(turn, { hangUpBy: "hang-up", turns: state.turns + 1, lookMs: atOnce ? -1 : releaseAt(turn) });
}
