/** Accessory event: accessory to unit, frame type 0x25, 7 sealed bytes (radio 3.6). It is copied and acknowledged like a press. */
import type { Reader } from "../bytes/reader.ts";
import type { Writer } from "../bytes/writer.ts";
import type { Codec } from "../codec.ts";
import type { Result } from "../result.ts";
import { bad, ok } from "../result.ts";
import type { AccessoryType, Happening } from "./accessory-types.ts";
import { accessoryTypes, happenings } from "./accessory-types.ts";
import { packBattery } from "./button-flags.ts";
import type { FrameType } from "./envelope.ts";

/** How the accessory stands when it sends: true for as long as it lasts. */
export interface AccessoryCondition {
  readonly alarm: boolean;
  readonly fault: boolean;
  readonly tamper: boolean;
}

export interface AccessoryEvent {
  /** Counters passed since this event was first sent (0-65,535): frame counter less distance is the event's name. */
  readonly nameDistance: number;
  /** Whole seconds since it happened; 65,535 stands for that and more. */
  readonly ageS: number;
  /** In steps of 20 mV, up to 5,100. */
  readonly batteryMv: number;
  readonly low: boolean;
  readonly type: AccessoryType;
  readonly happening: Happening;
  readonly condition: AccessoryCondition;
  /** Times that it happened since the last one that was acknowledged (1-7; 7 stands for that and more). */
  readonly times: number;
}

/** Bits 7-3 type, bit 2 tamper, bit 1 fault, bit 0 alarm: in events and in check-ins. */
export function packType(type: AccessoryType, condition: AccessoryCondition): number {
  const state = (condition.tamper ? 4 : 0) + (condition.fault ? 2 : 0) + (condition.alarm ? 1 : 0);
  return accessoryTypes.indexOf(type) * 8 + state;
}

export function conditionOf(byte: number): AccessoryCondition {
  return { alarm: (byte & 1) !== 0, fault: (byte & 2) !== 0, tamper: (byte & 4) !== 0 };
}

const eventCodec: Codec<AccessoryEvent> = {
  encode(value: AccessoryEvent, to: Writer): void {
    to.u16(value.nameDistance);
    to.u16(value.ageS);
    to.u8(packBattery(value.batteryMv));
    to.u8(packType(value.type, value.condition));
    to.u8(happenings.indexOf(value.happening) * 16 + (value.low ? 8 : 0) + value.times);
  },
  decode(from: Reader): Result<AccessoryEvent> {
    const nameDistance = from.u16();
    const ageS = from.u16();
    const batteryMv = from.u8() * 20;
    const typed = from.u8();
    const what = from.u8();
    if (from.overrun) return bad({ kind: "truncated", at: from.at });
    const type = accessoryTypes[typed >>> 3];
    const happening = happenings[what >>> 4];
    const times = what & 7;
    if (type === undefined) return bad({ kind: "unknown-value", at: from.at - 2, field: "type", value: typed >>> 3 });
    if (happening === undefined)
      return bad({ kind: "unknown-value", at: from.at - 1, field: "happening", value: what >>> 4 });
    if (times === 0) return bad({ kind: "unknown-value", at: from.at - 1, field: "times", value: times });
    const condition = conditionOf(typed);
    return ok({ nameDistance, ageS, batteryMv, low: (what & 8) !== 0, type, happening, condition, times });
  },
};

export const accessoryEventFrame: FrameType<AccessoryEvent> = { code: 0x25, codec: eventCodec };
