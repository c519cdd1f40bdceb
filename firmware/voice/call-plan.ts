/** Which call an acceptance asks for (SS 91100 table 2: `mre`, `cre`, `tnu`). */
import type { SpeechMode, VoiceMedium } from "../ports/voice.ts";

/** What a receiver that accepted says of a call; numbers as in the standard, what was left out as its absence means. */
export interface CallReply {
  readonly mre: number;
  readonly cre: number;
  readonly tnu: readonly string[];
}

export interface Target {
  readonly medium: VoiceMedium;
  readonly number: string;
}

/** Where to reach somebody over each medium; the number is empty where it is not known. */
export interface OwnNumbers {
  readonly mobile: string;
  readonly sip: string;
}

/**
 * `none`: nobody wants to speak; `centre`: it calls, and until then the unit takes calls for `minutes`; `unit`: it calls. The
 * targets are tried in turn, also where a promised call does not come.
 */
export interface CallPlan {
  readonly who: "none" | "centre" | "unit";
  readonly mode: SpeechMode;
  readonly minutes: number;
  readonly targets: readonly Target[];
}

const givenNumber = 62;
const mostMinutes = 60;
/** Of the numbers that a receiver gives; its own ones come after them. */
const givenLimit = 4;

const noCall: CallPlan = { who: "none", mode: "duplex", minutes: 0, targets: [] };

/** `own`: the receiver's own numbers; `media`: what the unit has offered, the best first. */
export function planCall(reply: CallReply, own: OwnNumbers, media: readonly VoiceMedium[]): CallPlan {
  const mode = modeOf(reply.mre);
  if (mode === undefined || media.length === 0) return noCall;
  const targets: Target[] = [];
  let preferred: VoiceMedium | undefined;
  for (const each of reply.tnu) {
    const target = targetOf(each);
    if (target === undefined || media.indexOf(target.medium) < 0) continue;
    if (target.number === "") preferred = preferred ?? target.medium;
    else if (reply.cre === givenNumber && targets.length < givenLimit) targets.push(target);
  }
  if (preferred !== undefined) addOwn(targets, own, preferred);
  for (const medium of media) if (medium !== preferred) addOwn(targets, own, medium);
  const promised = reply.cre <= mostMinutes;
  return { who: promised ? "centre" : "unit", mode, minutes: promised ? reply.cre : 0, targets };
}

/** The media as an alarm offers them; the unit's own telephone number need not be told (`gsm:` alone). */
export function offerOf(media: readonly VoiceMedium[]): readonly string[] | undefined {
  if (media.length === 0) return undefined;
  const offers: string[] = [];
  for (const medium of media) offers.push(medium === "sip" ? "sip:" : "gsm:");
  return offers;
}

function addOwn(targets: Target[], own: OwnNumbers, medium: VoiceMedium): void {
  const number = medium === "sip" ? own.sip : own.mobile;
  if (number !== "") targets.push({ medium, number });
}

/** 0, and what the standard does not know, is no call. */
function modeOf(mre: number): SpeechMode | undefined {
  switch (mre) {
    case 1:
      return "duplex";
    case 2:
      return "listen";
    case 3:
      return "talk";
    default:
      return undefined;
  }
}

/** A scheme alone names the medium and no number; `sip-pp:` is an old word for `sip:`. */
function targetOf(tnu: string): Target | undefined {
  const end = tnu.indexOf(":");
  const rest = tnu.substring(end + 1);
  switch (tnu.substring(0, end + 1)) {
    case "gsm:":
      return { medium: "mobile", number: rest };
    case "sip:":
    case "sip-pp:":
      return { medium: "sip", number: rest === "" ? "" : "sip:" + rest };
    default:
      return undefined;
  }
}
