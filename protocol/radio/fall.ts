/**
 * Fall: button to unit, frame type 0x24, 7 sealed bytes (radio 3.5). It is no reason of a press but a message of its own with a name
 * of its own, so that a running series of presses cannot swallow it and it cannot swallow them.
 */
import type { Reader } from "../bytes/reader.ts";
import type { Writer } from "../bytes/writer.ts";
import type { Codec } from "../codec.ts";
import type { Result } from "../result.ts";
import { bad, ok } from "../result.ts";
import type { ButtonForm } from "./button-flags.ts";
import { detailOf, formOf, lowOf, packBattery, packFlags } from "./button-flags.ts";
import type { FrameType, SentType } from "./envelope.ts";

/** The wearer fell; or took back, at the button, the fall of this name. */
export type FallPhase = "fell" | "withdrawn";

export const fallPhases: readonly FallPhase[] = ["fell", "withdrawn"];

export interface Fall {
  /** Counters passed since this fall was first sent (0-65,535): frame counter less distance is the fall's name. */
  readonly nameDistance: number;
  /** Whole seconds since the fall, the oldest one if several are told of; 65,535 stands for that and more. */
  readonly ageS: number;
  /** In steps of 20 mV, up to 5,100. */
  readonly batteryMv: number;
  /** Falls since the last one that was accepted, this one included (1-255; 255 stands for that and more). */
  readonly falls: number;
  readonly phase: FallPhase;
  readonly low: boolean;
  readonly form: ButtonForm;
}

function encodeFall(value: Fall, to: Writer): void {
  to.u16(value.nameDistance);
  to.u16(value.ageS);
  to.u8(packBattery(value.batteryMv));
  to.u8(value.falls);
  to.u8(packFlags(value.form, value.low, fallPhases.indexOf(value.phase)));
}

function decodeFall(from: Reader): Result<Fall> {
  const nameDistance = from.u16();
  const ageS = from.u16();
  const batteryMv = from.u8() * 20;
  const falls = from.u8();
  const flags = from.u8();
  if (from.overrun) return bad({ kind: "truncated", at: from.at });
  const phase = fallPhases[detailOf(flags)];
  const form = formOf(flags);
  if (falls === 0) return bad({ kind: "unknown-value", at: from.at - 2, field: "falls", value: falls });
  if (phase === undefined)
    return bad({ kind: "unknown-value", at: from.at - 1, field: "phase", value: detailOf(flags) });
  if (form === undefined) return bad({ kind: "unknown-value", at: from.at - 1, field: "form", value: flags >>> 4 });
  return ok({ nameDistance, ageS, batteryMv, falls, phase, low: lowOf(flags), form });
}

const fallCodec: Codec<Fall> = { encode: encodeFall, decode: decodeFall };

export const fallFrame: FrameType<Fall> = { code: 0x24, codec: fallCodec };
export const sentFall: SentType<Fall> = { code: 0x24, codec: { encode: encodeFall } };
