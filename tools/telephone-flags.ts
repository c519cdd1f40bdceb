/** Flags of `livlina unit` about its telephones: what its case hears and plays, whom it calls, who may call. Wrong ones throw UserError. */
import { isIP } from "node:net";
import { resolve } from "node:path";
import { type RoutePolicy, routesOf } from "../firmware/settings.ts";
import {
  allowedLimit,
  type MobileCalls,
  mediumOf,
  mobileCallKinds,
  relativeLimit,
  type VoiceSettings,
  voiceDefaults,
  voiceFault,
} from "../firmware/voice/voice-settings.ts";
import { parseUri } from "../protocol/sip/uri.ts";
import type { LiveSound } from "../simulator/live/live-telephone.ts";
import { noLoudspeaker } from "../simulator/live/rtp/sound.ts";
import { openMicrophone, SoundFileError } from "../simulator/live/rtp/wav.ts";
import { WavLoudspeaker } from "../simulator/live/rtp/wav-loudspeaker.ts";
import { refuseForeign } from "./live-flags.ts";
import { unknownChoice } from "./unknown-choice.ts";
import { UserError } from "./user-error.ts";

export interface TelephoneFlags {
  readonly microphone?: string;
  readonly loudspeaker?: string;
  readonly allowCaller?: readonly string[];
  readonly fallback?: string;
  readonly relative?: readonly string[];
  readonly mobileCalls?: string;
}

/** What else decides which telephones there are. */
export interface TelephoneSite {
  readonly hasModem: boolean;
  readonly policy: RoutePolicy;
  /** Addresses beyond loopback that may be used. */
  readonly allow: readonly string[];
}

export interface OpenedSound {
  readonly sound: LiveSound;
  /** The recording is whole; nothing is kept any more. */
  readonly close: () => void;
}

/** Which telephones there are, and which addresses they may reach. */
interface Phones {
  readonly overSip: boolean;
  readonly overModem: boolean;
  readonly allow: readonly string[];
}

const exampleNumber = "sip:larm@127.0.0.1:5070 or 0700000012";

/** Whom the unit calls and takes calls from; undefined where no flag speaks of it. */
export function voiceOf(flags: TelephoneFlags, site: TelephoneSite): VoiceSettings | undefined {
  const { allowCaller = [], fallback, relative = [] } = flags;
  const mobileCalls = mobileCallsOf(flags.mobileCalls, site);
  if (hasSound(flags) && !routesOf(site.policy).includes("broadband"))
    throw new UserError("--microphone and --loudspeaker are for calls over broadband", "--policy mobile-first", 2);
  if (allowCaller.length > allowedLimit)
    throw new UserError(`--allow-caller more than ${allowedLimit} times`, "those who really call", 2);
  if (relative.length > relativeLimit)
    throw new UserError(`--relative more than ${relativeLimit} times`, "those who live nearest", 2);
  const phones = { overSip: hasSound(flags), overModem: mobileCalls !== "none", allow: site.allow };
  if (fallback !== undefined) refuseUnreachable("--fallback", fallback, phones);
  for (const text of relative) refuseUnreachable("--relative", text, phones);
  for (const text of allowCaller) refuseNoNumber("--allow-caller", text);
  const isSilent = !phones.overSip && !phones.overModem;
  if (isSilent && allowCaller.length > 0)
    throw new UserError("--allow-caller, and the unit has no telephone", "--microphone tone as well", 2);
  if (isSilent) return undefined;
  return {
    ...voiceDefaults,
    allowedNumbers: allowCaller,
    fallbackNumber: fallback ?? "",
    relatives: relative,
    mobileCalls,
  };
}

/** Opens what the flags name, the recording anew; undefined where they name nothing. */
export function openSound(flags: TelephoneFlags, note: (text: string) => void): OpenedSound | undefined {
  if (!hasSound(flags)) return undefined;
  const { microphone = "silence", loudspeaker } = flags;
  if (loudspeaker !== undefined && resolve(microphone) === resolve(loudspeaker))
    throw new UserError(`--loudspeaker ${loudspeaker} is the microphone's file`, "another file for what is heard", 2);
  const mouth = fileOr("--microphone", `sox ${microphone} -r 8000 -c 1 -b 16 -e signed-integer 8k.wav`, () =>
    openMicrophone(microphone),
  );
  if (loudspeaker === undefined) return { sound: { microphone: mouth, loudspeaker: noLoudspeaker }, close: () => {} };
  const file = fileOr("--loudspeaker", "a file in a folder that this user may write", () => {
    return new WavLoudspeaker(loudspeaker, { onFault: ({ message }) => note(`--loudspeaker ${message}`) });
  });
  return { sound: { microphone: mouth, loudspeaker: file }, close: () => file.close() };
}

function hasSound({ microphone, loudspeaker }: TelephoneFlags): boolean {
  return (microphone ?? loudspeaker) !== undefined;
}

function fileOr<T>(flag: string, hint: string, open: () => T): T {
  try {
    return open();
  } catch (thrown) {
    if (!(thrown instanceof SoundFileError)) throw thrown;
    throw new UserError(`${flag} ${thrown.message}`, hint, 2);
  }
}

function mobileCallsOf(text: string | undefined, { hasModem, policy }: TelephoneSite): MobileCalls {
  if (text === undefined) return "none";
  const kind = mobileCallKinds.find((known) => known === text);
  if (kind === undefined) throw unknownChoice("--mobile-calls", text, mobileCallKinds);
  if (kind !== "none" && !hasModem)
    throw new UserError(`--mobile-calls ${text} needs a modem`, "--modem DIALECT:PATH", 2);
  if (kind !== "none" && !routesOf(policy).includes("mobile"))
    throw new UserError(`--mobile-calls ${text} with --policy ${policy}`, "--policy mobile-first", 2);
  return kind;
}

/** A number for which there is no telephone would never be called. */
function refuseUnreachable(flag: string, text: string, { overSip, overModem, allow }: Phones): void {
  refuseNoNumber(flag, text);
  const isOverSip = mediumOf(text) === "sip";
  if (isOverSip && !overSip)
    throw new UserError(`${flag} ${text}, and the unit has no SIP telephone`, "--microphone tone as well", 2);
  if (!isOverSip && !overModem)
    throw new UserError(
      `${flag} ${text} is called through a modem`,
      "--modem DIALECT:PATH --mobile-calls beside-data, or a sip: address",
      2,
    );
  const uri = parseUri(text);
  if (uri.ok && isIP(uri.value.host) !== 0) refuseForeign(flag, uri.value.host, allow);
}

function refuseNoNumber(flag: string, text: string): void {
  const isWrongUri = mediumOf(text) === "sip" && !parseUri(text).ok;
  if (text !== "" && !isWrongUri && voiceFault({ ...voiceDefaults, fallbackNumber: text }, 0) === undefined) return;
  throw new UserError(`${flag} ${text} is no telephone number and no SIP address`, `${flag} ${exampleNumber}`, 2);
}
