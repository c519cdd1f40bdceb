/**
 * What each vendor's modems add to the calls of 27.007, by their public AT command manuals: how the far side's keys and the
 * steps of a call are told, how the loudspeaker is silenced; and which models have voice at all.
 */

import { dialAtOnce, tellCaller, tellKind, tellSecond } from "./calls.ts";
import type { Exchange } from "./commands.ts";
import { wish } from "./commands.ts";
import { modelName } from "./model-name.ts";

export interface VoiceDialect {
  /** Told once after each start; each may be refused. */
  readonly setUp: readonly Exchange[];
  /** The levels of AT+CLVL (27.007 8.23): silence, or the lowest there is, then five steps up. */
  readonly levels: readonly number[];
  /** Silences the loudspeaker, or ends that; undefined where the lowest level must do. */
  readonly muteSpeaker: ((on: boolean) => Exchange) | undefined;
}

/** The longer start stands before the shorter that it begins with. */
const voices: readonly { readonly start: string; readonly has: boolean | undefined }[] = [
  { start: "BG96", has: false },
  { start: "SARA-R4", has: false },
  { start: "SARA-R5", has: false },
  { start: "EG9", has: true },
  { start: "EC2", has: true },
  { start: "SIM7600", has: true },
];

/**
 * Whether a model such as "SIMCOM_SIM7600E" makes and takes calls: false for modules that carry data alone, undefined where
 * its series has both kinds, or is not known. A network without voice for it may still refuse.
 */
export function callsVoice(model: string): boolean | undefined {
  const name = modelName(model);
  for (let i = 0; i < voices.length; i++) {
    const one = voices[i] as { readonly start: string; readonly has: boolean | undefined };
    if (name.startsWith(one.start)) return one.has;
  }
  return undefined;
}

/** By the name of the dialect the modem speaks (`Dialect.name`). */
export function voiceDialectOf(name: string): VoiceDialect {
  if (name === "simcom") return simcom;
  return name.startsWith("ublox") ? ublox : quectel;
}

function silence(on: boolean): Exchange {
  return wish("AT+VMUTE=" + (on ? 1 : 0), 5_000);
}

const common: readonly Exchange[] = [tellCaller, tellKind, tellSecond, dialAtOnce];
const sixLevels: readonly number[] = [0, 1, 2, 3, 4, 5];

const quectel: VoiceDialect = {
  setUp: common.concat([wish("AT+QTONEDET=1", 5_000)]),
  levels: sixLevels,
  muteSpeaker: undefined,
};

const simcom: VoiceDialect = {
  setUp: common.concat([wish("AT+DDET=1", 5_000)]),
  levels: sixLevels,
  muteSpeaker: silence,
};

const ublox: VoiceDialect = {
  // The second number of +UDTMFD makes the keys be told; older firmware knows the first alone.
  setUp: common.concat([wish("AT+UCALLSTAT=1", 5_000), wish("AT+UDTMFD=1", 5_000), wish("AT+UDTMFD=1,2", 5_000)]),
  levels: [0, 20, 40, 60, 80, 100],
  muteSpeaker: undefined,
};
