/** What the telephone machine knows, hears and orders: the values of `modem-phone-machine.ts`. */
import type { Call, CallNews } from "../../protocol/at/calls.ts";
import type { VoiceDialect } from "../../protocol/at/voice-dialects.ts";
import type { CallEnd, SpeechMode } from "../ports/voice.ts";

/** `ringing`: a call comes in; `ending`: it is over for whoever had it, and the modem is asked until it has no call any more. */
export type PhoneAt = "idle" | "dialling" | "ringing" | "answering" | "up" | "ending";

/** What is asked of the modem: one at a time. */
export type PhoneJob =
  | "set-up"
  | "microphone"
  | "speaker"
  | "level"
  | "dial"
  | "answer"
  | "list"
  | "refuse-second"
  | "hang-up"
  | "hang-up-basic";

/** Whether microphone and loudspeaker are silenced (0, 1), and the step of the loudness; -1 where unknown. Of refusals: how many in a row. */
export interface PhoneSound {
  readonly microphone: number;
  readonly speaker: number;
  readonly level: number;
}

export interface PhoneState {
  readonly at: PhoneAt;
  /** How this modem is spoken to about calls; undefined while it cannot be used. */
  readonly dialect: VoiceDialect | undefined;
  /** The first of the dialect's `setUp` that was not said. */
  readonly setUpAt: number;
  /** What is on the line. */
  readonly asking: PhoneJob | undefined;
  /** The network of either kind, as the modem last told it. */
  readonly packet: boolean;
  readonly circuit: boolean;
  /** Whether this unit made the call. */
  readonly outgoing: boolean;
  /** Whom it calls, or who calls; "" where he withholds it, or is not known. */
  readonly number: string;
  readonly mode: SpeechMode;
  /** 1 to 5, kept from call to call. */
  readonly volume: number;
  readonly told: PhoneSound;
  /** What the modem is being told, and how often it has refused that in this phase. */
  readonly telling: number;
  readonly refused: PhoneSound;
  /** The modem has taken the order to dial. */
  readonly dialled: boolean;
  /** It rings at the far end. */
  readonly alerting: boolean;
  /** Keys that were pressed before the modem has said that the call is up. */
  readonly keys: string;
  /** The call that came in was told. */
  readonly announced: boolean;
  /** The modem is to say which calls there are. */
  readonly mustList: boolean;
  readonly mustRefuse: boolean;
  /** The list that is being read has our call. */
  readonly listed: boolean;
  /** That list was asked for in a former phase, and says nothing of this one. */
  readonly stale: boolean;
  /** The call may be over: one list without it tells. */
  readonly doubted: boolean;
  /** Lists without the call, or tries to answer, in a row. */
  readonly misses: number;
  /** Lists or hang-ups of this phase: the pauses grow with them. */
  readonly turns: number;
  /** While ending: the call came in and was refused; any other that comes in is a new one. */
  readonly refusing: boolean;
  /** The modem has taken a hang-up. */
  readonly released: boolean;
  readonly hangUpBy: "list" | "hang-up" | "hang-up-basic";
  /** While ending: a call to `number` is to be made next. */
  readonly queued: boolean;
  /** When it is told that a call could not be made; -1 for none. */
  readonly failMs: number;
  /** When this phase began; since when the modem cannot be used; when to list next: -1 for never. */
  readonly sinceMs: number;
  readonly goneMs: number;
  readonly lookMs: number;
  readonly wakeMs: number;
}

export type PhoneEvent = { readonly nowMs: number } & (
  | { readonly type: "dial-ordered"; readonly number: string; readonly mode: SpeechMode; readonly capable: boolean }
  | { readonly type: "answer-ordered"; readonly mode: SpeechMode }
  | { readonly type: "mode-chosen"; readonly mode: SpeechMode }
  | { readonly type: "volume-stepped"; readonly step: 1 | -1 }
  | { readonly type: "hang-up-ordered" }
  /** The modem can be used, or can no longer. */
  | { readonly type: "line-came"; readonly dialect: VoiceDialect }
  | { readonly type: "line-lost" }
  | { readonly type: "job-began"; readonly job: PhoneJob }
  | { readonly type: "job-ended"; readonly ok: boolean }
  /** No answer came. */
  | { readonly type: "job-lost" }
  | { readonly type: "told"; readonly news: CallNews }
  /** One of the modem's calls, asked for or not. */
  | { readonly type: "listed"; readonly call: Call }
  /** The modem has lost all it had. */
  | { readonly type: "restarted" }
  | { readonly type: "network-told"; readonly domain: "packet" | "circuit"; readonly on: boolean }
  | { readonly type: "due" }
);

export type PhoneEffect =
  | { readonly type: "tell-incoming"; readonly number: string }
  | { readonly type: "tell-answered" }
  | { readonly type: "tell-ended"; readonly reason: CallEnd }
  | { readonly type: "tell-key"; readonly key: string }
  /** A call, or what was left of one, holds the modem; or does so no more. */
  | { readonly type: "busy"; readonly on: boolean }
  | { readonly type: "wake"; readonly atMs: number };

/** A turn of the machine: the state being made and the effects so far. */
export interface PhoneTurn {
  readonly nowMs: number;
  state: PhoneState;
  readonly effects: PhoneEffect[];
}

/** Pauses between lists while it rings at the far end: no news tells there that somebody has answered. */
const pollMs: readonly number[] = [1_000, 1_000, 1_500, 2_000, 3_000];
/** Pauses between tries to hang up. */
const releaseMs: readonly number[] = [500, 1_000, 2_000, 5_000, 10_000, 30_000];
/** A second of RING without +CLIP, and its caller is asked for. */
export const callerMs = 1_000;
/** A ring comes at least this often; where it does not, the call may be over. */
export const ringMs = 10_000;
/** The word that a call is over may be lost: a modem is asked this often whether it still has one. */
export const watchMs = 120_000;
/** A vendor's line tells that it is over; the result code behind it tells why. */
export const reasonMs = 700;
/** No network rings longer. */
const diallingLimitMs = 180_000;
const ringingLimitMs = 120_000;
const answeringLimitMs = 60_000;
/** A modem that cannot be used for so long has no call any more; a new call waits no longer for the end of the old one. */
export const goneLimitMs = 30_000;

export const unknownSound: PhoneSound = { microphone: -1, speaker: -1, level: -1 };
export const noRefusals: PhoneSound = { microphone: 0, speaker: 0, level: 0 };

export const phoneIdle: PhoneState = {
  at: "idle",
  dialect: undefined,
  setUpAt: 0,
  asking: undefined,
  packet: true,
  circuit: true,
  outgoing: false,
  number: "",
  mode: "duplex",
  volume: 4,
  told: unknownSound,
  telling: 0,
  refused: noRefusals,
  dialled: false,
  alerting: false,
  keys: "",
  announced: false,
  mustList: false,
  mustRefuse: false,
  listed: false,
  stale: false,
  doubted: false,
  misses: 0,
  turns: 0,
  refusing: false,
  released: false,
  hangUpBy: "list",
  queued: false,
  failMs: -1,
  sinceMs: 0,
  goneMs: -1,
  lookMs: -1,
  wakeMs: -1,
};

export function change(turn: PhoneTurn, changes: Partial<PhoneState>): void {
  turn.state = Object.assign({}, turn.state, changes);
}

/** A new phase: what the former one had going is over. */
export function enter(turn: PhoneTurn, at: PhoneAt, changes: Partial<PhoneState>): void {
  const fresh: Partial<PhoneState> = {
    at,
    refused: noRefusals,
    mustList: false,
    mustRefuse: false,
    doubted: false,
    stale: turn.state.asking === "list",
    misses: 0,
    turns: 0,
    sinceMs: turn.nowMs,
    lookMs: -1,
  };
  change(turn, Object.assign(fresh, changes));
}

/** The next list after this many. */
export function pollAt(turn: PhoneTurn): number {
  return turn.nowMs + (pollMs[Math.min(turn.state.turns, pollMs.length - 1)] as number);
}

export function releaseAt(turn: PhoneTurn): number {
  return turn.nowMs + (releaseMs[Math.min(turn.state.turns, releaseMs.length - 1)] as number);
}

/** When this phase is given up, -1 for never. */
export function limitOf(state: PhoneState): number {
  const ownMs = ownLimitOf(state);
  return state.at !== "idle" && state.goneMs >= 0 ? sooner(ownMs, state.goneMs + goneLimitMs) : ownMs;
}

/** The earlier of two instants, where -1 is never. */
export function sooner(a: number, b: number): number {
  if (a < 0) return b;
  return b < 0 ? a : Math.min(a, b);
}

function ownLimitOf(state: PhoneState): number {
  switch (state.at) {
    case "dialling":
      return state.sinceMs + diallingLimitMs;
    case "ringing":
      return state.sinceMs + ringingLimitMs;
    case "answering":
      return state.sinceMs + answeringLimitMs;
    default:
      return -1;
  }
}

export function hasCall(state: PhoneState): boolean {
  return state.at !== "idle" && state.at !== "ending";
}
