/** Acknowledge: unit to button, frame type 0xa1, 5 sealed bytes: which press or report was heard, and what to show (radio 3.3). */

import type { Reader } from "../bytes/reader.ts";
import type { Writer } from "../bytes/writer.ts";
import type { Codec } from "../codec.ts";
import type { Result } from "../result.ts";
import { bad, ok } from "../result.ts";
import type { HeardType } from "./envelope.ts";

/** How far an alarm has come: kept by the unit; accepted by a receiver; ended without acceptance, nothing more to ask for. */
export type AlarmStep = "received" | "accepted" | "closed";

export const alarmSteps: readonly AlarmStep[] = ["received", "accepted", "closed"];

export interface Acknowledge {
  /** The name of the press, or the counter of the report. */
  readonly name: number;
  /** The order: show this step. */
  readonly step: AlarmStep;
}

function encodeAcknowledge(value: Acknowledge, to: Writer): void {
  to.u32(value.name);
  to.u8(alarmSteps.indexOf(value.step));
}

/** Also the reader of a status, which has the same five bytes. */
export function decodeAcknowledge(from: Reader): Result<Acknowledge> {
  const name = from.u32();
  const code = from.u8();
  if (from.overrun) return bad({ kind: "truncated", at: from.at });
  const step = alarmSteps[code];
  if (step === undefined) return bad({ kind: "unknown-value", at: from.at - 1, field: "step", value: code });
  return ok({ name, step });
}

export const acknowledge: Codec<Acknowledge> = { encode: encodeAcknowledge, decode: decodeAcknowledge };

export const heardAcknowledge: HeardType<Acknowledge> = { code: 0xa1, codec: { decode: decodeAcknowledge } };
