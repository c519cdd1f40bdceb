/** Accessory check-in: accessory to unit, frame type 0x26, 7 sealed bytes: it lives, how it stands, and what it measures (radio 3.7). */
import type { Reader } from "../bytes/reader.ts";
import type { Writer } from "../bytes/writer.ts";
import type { Codec } from "../codec.ts";
import type { Result } from "../result.ts";
import { bad, ok } from "../result.ts";
import type { AccessoryCondition } from "./accessory-event.ts";
import { conditionOf, packType } from "./accessory-event.ts";
import type { AccessoryType } from "./accessory-types.ts";
import { accessoryTypes } from "./accessory-types.ts";
import { packBattery } from "./button-flags.ts";
import type { FrameType } from "./envelope.ts";

/** Why it comes: it was time, the accessory started (also: battery changed), or a reading that belongs to an event just sent. */
export type CheckInKind = "check-in" | "started" | "reading";

export const checkInKinds: readonly CheckInKind[] = ["check-in", "started", "reading"];

export interface AccessoryCheckIn {
  readonly kind: CheckInKind;
  readonly type: AccessoryType;
  readonly condition: AccessoryCondition;
  /** In steps of 20 mV, up to 5,100. */
  readonly batteryMv: number;
  readonly low: boolean;
  /** -128 to 127; -128 stands for "not measured". */
  readonly temperatureC: number;
  /** The next check-in comes within this many hours (1-15); the unit's supervision follows it. */
  readonly nextWithinH: number;
  /** Movements, openings or steps since the accessory started, modulo 65,536. */
  readonly activations: number;
  /** Firmware version (0-255). */
  readonly version: number;
}

const checkInCodec: Codec<AccessoryCheckIn> = {
  encode(value: AccessoryCheckIn, to: Writer): void {
    to.u8(packType(value.type, value.condition));
    to.u8(packBattery(value.batteryMv));
    to.u8(value.temperatureC & 0xff);
    to.u8(value.nextWithinH * 16 + (value.low ? 8 : 0) + checkInKinds.indexOf(value.kind));
    to.u16(value.activations);
    to.u8(value.version);
  },
  decode(from: Reader): Result<AccessoryCheckIn> {
    const typed = from.u8();
    const batteryMv = from.u8() * 20;
    const temperature = from.u8();
    const what = from.u8();
    const activations = from.u16();
    const version = from.u8();
    if (from.overrun) return bad({ kind: "truncated", at: from.at });
    const type = accessoryTypes[typed >>> 3];
    const kind = checkInKinds[what & 7];
    const nextWithinH = what >>> 4;
    if (type === undefined) return bad({ kind: "unknown-value", at: 0, field: "type", value: typed >>> 3 });
    if (kind === undefined) return bad({ kind: "unknown-value", at: 3, field: "kind", value: what & 7 });
    if (nextWithinH === 0) return bad({ kind: "unknown-value", at: 3, field: "nextWithinH", value: nextWithinH });
    return ok({
      kind,
      type,
      condition: conditionOf(typed),
      batteryMv,
      low: (what & 8) !== 0,
      temperatureC: temperature > 127 ? temperature - 256 : temperature,
      nextWithinH,
      activations,
      version,
    });
  },
};

export const accessoryCheckInFrame: FrameType<AccessoryCheckIn> = { code: 0x26, codec: checkInCodec };
