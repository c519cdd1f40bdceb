/** How far is my alarm: the button's question (0x23, 6 sealed bytes) and the unit's answer (0xa3, 5 sealed bytes; radio 3.4). */

import type { Reader } from "../bytes/reader.ts";
import type { Writer } from "../bytes/writer.ts";
import type { Codec } from "../codec.ts";
import type { Result } from "../result.ts";
import { bad, ok } from "../result.ts";
import type { AlarmStep } from "./acknowledge.ts";
import { acknowledge, decodeAcknowledge } from "./acknowledge.ts";
import type { ButtonForm } from "./button-flags.ts";
import { detailOf, formOf, lowOf, packBattery, packFlags } from "./button-flags.ts";
import type { HeardType, SentType } from "./envelope.ts";

export interface StatusRequest {
  /** The name of the press that is asked about. */
  readonly name: number;
  /** In steps of 20 mV, up to 5,100. */
  readonly batteryMv: number;
  readonly low: boolean;
  readonly form: ButtonForm;
}

export interface Status {
  /** The name of the press that was asked about. */
  readonly name: number;
  readonly step: AlarmStep;
}

function encodeRequest(value: StatusRequest, to: Writer): void {
  to.u32(value.name);
  to.u8(packBattery(value.batteryMv));
  to.u8(packFlags(value.form, value.low, 0));
}

function decodeRequest(from: Reader): Result<StatusRequest> {
  const name = from.u32();
  const batteryMv = from.u8() * 20;
  const flags = from.u8();
  if (from.overrun) return bad({ kind: "truncated", at: from.at });
  const form = formOf(flags);
  if (form === undefined) return bad({ kind: "unknown-value", at: from.at - 1, field: "form", value: flags >>> 4 });
  if (detailOf(flags) !== 0)
    return bad({ kind: "unknown-value", at: from.at - 1, field: "detail", value: detailOf(flags) });
  return ok({ name, batteryMv, low: lowOf(flags), form });
}

export const statusRequest: Codec<StatusRequest> = { encode: encodeRequest, decode: decodeRequest };

export const sentStatusRequest: SentType<StatusRequest> = { code: 0x23, codec: { encode: encodeRequest } };

/** The same five bytes as an acknowledge; the frame type tells an answer to a question from an answer to a press. */
export const status: Codec<Status> = acknowledge;

export const heardStatus: HeardType<Status> = { code: 0xa3, codec: { decode: decodeAcknowledge } };
