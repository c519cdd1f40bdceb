/** Button report: what a button tells without a press, frame type 0x22, 7 sealed bytes (radio 3.2). */

import type { Reader } from "../bytes/reader.ts";
import type { Writer } from "../bytes/writer.ts";
import type { Codec } from "../codec.ts";
import type { Result } from "../result.ts";
import { bad, ok } from "../result.ts";
import type { ButtonForm } from "./button-flags.ts";
import { detailOf, formOf, lowOf, packBattery, packFlags } from "./button-flags.ts";
import type { SentType } from "./envelope.ts";

/** Why the report comes: it was time, the battery became low, the battery is good again, or the button started anew. */
export type ReportKind = "check-in" | "battery-low" | "battery-ok" | "started";

export interface ButtonReport {
  readonly kind: ReportKind;
  /** In steps of 20 mV, up to 5,100. */
  readonly batteryMv: number;
  readonly low: boolean;
  readonly form: ButtonForm;
  /** -128 to 127; -128 stands for "not measured". */
  readonly temperatureC: number;
  /** Firmware version, major and minor (0-255 each). */
  readonly versionMajor: number;
  readonly versionMinor: number;
  /** Presses since the button started, modulo 65,536. */
  readonly pressCount: number;
}

const kinds: readonly ReportKind[] = ["check-in", "battery-low", "battery-ok", "started"];

function encodeReport(value: ButtonReport, to: Writer): void {
  to.u8(packFlags(value.form, value.low, kinds.indexOf(value.kind)));
  to.u8(packBattery(value.batteryMv));
  to.u8(value.temperatureC & 0xff);
  to.u8(value.versionMajor);
  to.u8(value.versionMinor);
  to.u16(value.pressCount);
}

function decodeReport(from: Reader): Result<ButtonReport> {
  const flags = from.u8();
  const batteryMv = from.u8() * 20;
  const temperature = from.u8();
  const versionMajor = from.u8();
  const versionMinor = from.u8();
  const pressCount = from.u16();
  if (from.overrun) return bad({ kind: "truncated", at: from.at });
  const kind = kinds[detailOf(flags)];
  const form = formOf(flags);
  if (kind === undefined) return bad({ kind: "unknown-value", at: 0, field: "kind", value: detailOf(flags) });
  if (form === undefined) return bad({ kind: "unknown-value", at: 0, field: "form", value: flags >>> 4 });
  const temperatureC = temperature > 127 ? temperature - 256 : temperature;
  return ok({ kind, batteryMv, low: lowOf(flags), form, temperatureC, versionMajor, versionMinor, pressCount });
}

export const buttonReport: Codec<ButtonReport> = { encode: encodeReport, decode: decodeReport };

export const sentReport: SentType<ButtonReport> = { code: 0x22, codec: { encode: encodeReport } };
