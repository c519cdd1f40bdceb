/** Button press: button to unit, frame type 0x21, 7 sealed bytes (radio 3.1). */

import type { Reader } from "../bytes/reader.ts";
import type { Writer } from "../bytes/writer.ts";
import type { Codec } from "../codec.ts";
import type { Result } from "../result.ts";
import { bad, ok } from "../result.ts";
import type { ButtonForm } from "./button-flags.ts";
import { detailOf, formOf, lowOf, packBattery, packFlags } from "./button-flags.ts";
import type { SentType } from "./envelope.ts";

export type PressReason = "call" | "cancel" | "fall";

export interface ButtonPress {
  /** Counters passed since this press was first sent (0-65,535): frame counter less distance is the press's name. */
  readonly nameDistance: number;
  /** Whole seconds since the press, the oldest one if several are told of; 65,535 stands for that and more. */
  readonly ageS: number;
  /** In steps of 20 mV, up to 5,100. */
  readonly batteryMv: number;
  /** Presses since the last one that was accepted, this one included (1-255; 255 stands for that and more). */
  readonly presses: number;
  readonly reason: PressReason;
  readonly low: boolean;
  readonly form: ButtonForm;
}

const reasons: readonly PressReason[] = ["call", "cancel", "fall"];

function encodePress(value: ButtonPress, to: Writer): void {
  to.u16(value.nameDistance);
  to.u16(value.ageS);
  to.u8(packBattery(value.batteryMv));
  to.u8(value.presses);
  to.u8(packFlags(value.form, value.low, reasons.indexOf(value.reason)));
}

function decodePress(from: Reader): Result<ButtonPress> {
  const nameDistance = from.u16();
  const ageS = from.u16();
  const batteryMv = from.u8() * 20;
  const presses = from.u8();
  const flags = from.u8();
  if (from.overrun) return bad({ kind: "truncated", at: from.at });
  const reason = reasons[detailOf(flags)];
  const form = formOf(flags);
  if (presses === 0) return bad({ kind: "unknown-value", at: from.at - 2, field: "presses", value: presses });
  if (reason === undefined)
    return bad({ kind: "unknown-value", at: from.at - 1, field: "reason", value: detailOf(flags) });
  if (form === undefined) return bad({ kind: "unknown-value", at: from.at - 1, field: "form", value: flags >>> 4 });
  return ok({ nameDistance, ageS, batteryMv, presses, reason, low: lowOf(flags), form });
}

export const buttonPress: Codec<ButtonPress> = { encode: encodePress, decode: decodePress };

export const sentPress: SentType<ButtonPress> = { code: 0x21, codec: { encode: encodePress } };
