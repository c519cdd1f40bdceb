/** Flags of `livlina receiver` about the people who talk with units: what its `mrs` orders, and what they do (SS 91100 table 2). */
import { isVoiceMode, voiceModes } from "../simulator/peers/operator-modes.ts";
import type { LiveOperators } from "../simulator/peers/receiver-live.ts";
import type { ReceiverOptions } from "../simulator/peers/receiver-options.ts";
import { secondsOf } from "./live-flags.ts";
import { unknownChoice } from "./unknown-choice.ts";
import { UserError } from "./user-error.ts";

export interface VoiceFlags {
  readonly voice?: string;
  readonly operators?: string;
  readonly keys?: string;
  readonly talk?: string;
  readonly mre?: string;
  readonly cre?: string;
  readonly tnu?: readonly string[];
}

const mostOperators = 1_000;
const usualOperators = 4;
const mostMre = 3;
/** Calls are to be made as `tnu` says. */
const asTold = 62;
/** A promise needs a time (SS 91100 table 2). */
const promisedMin = 5;
const longestTalkMs = 3_600_000;

/** The order in the `mrs` of accepted alarms; undefined where no flag asks for one. */
export function voiceOrderOf(flags: VoiceFlags): ReceiverOptions["voice"] {
  const { voice, tnu } = flags;
  const mre = numberOf("--mre", flags.mre, 0, mostMre);
  const cre = numberOf("--cre", flags.cre, 1, asTold) ?? usualCre(flags);
  if (voice === undefined && mre === undefined && cre === undefined) return undefined;
  for (const uri of tnu ?? [])
    if (!/^(?:sips?|sip-pp|gsm|tel):[!-~]{0,250}$/.test(uri))
      throw new UserError(
        `--tnu ${uri} is no address to call`,
        "--tnu sip:larm@127.0.0.1:5060 or --tnu gsm:+46700000012",
        2,
      );
  return { mre: mre ?? 1, cre, tnu };
}

/** Undefined where nobody takes calls. */
export function operatorsOf(flags: VoiceFlags): Omit<LiveOperators, "onCall"> | undefined {
  const { voice, keys } = flags;
  if (voice === undefined) {
    const alone = (["operators", "keys", "talk"] as const).find((name) => flags[name] !== undefined);
    if (alone === undefined) return undefined;
    throw new UserError(`--${alone} without --voice`, `--voice ${voiceModes.join("|")}`, 2);
  }
  if (!isVoiceMode(voice)) throw unknownChoice("--voice", voice, voiceModes);
  if (keys !== undefined && !/^[0-9*#]{1,32}$/.test(keys))
    throw new UserError(`--keys ${keys} are no keys`, "--keys 4781, of 0-9, * and #", 2);
  const talkMs = secondsOf("--talk", flags.talk);
  if (talkMs !== undefined && talkMs > longestTalkMs)
    throw new UserError(`--talk ${flags.talk} is longer than an hour`, "--talk 20", 2);
  return {
    mode: voice,
    count: numberOf("--operators", flags.operators, 1, mostOperators) ?? usualOperators,
    keys,
    talkMs,
  };
}

/** What stands in the `mrs` where nobody says; absent: the unit calls its own receiver. */
function usualCre({ voice, tnu }: VoiceFlags): number | undefined {
  if (tnu !== undefined) return asTold;
  return voice === "never-calls" ? promisedMin : undefined;
}

function numberOf(flag: string, text: string | undefined, least: number, most: number): number | undefined {
  if (text === undefined) return undefined;
  const number = Number(text);
  if (/^\d{1,4}$/.test(text) && number >= least && number <= most) return number;
  throw new UserError(`${flag} ${text} is not a number from ${least} to ${most}`, `${flag} ${Math.max(least, 1)}`, 2);
}
