/**
 * What both sides say about their bond, sealed (radio 3.9): the device tells on which key it is (0x27, 7 bytes), the unit welcomes or
 * revokes it (0xa4, 5 bytes). An order names the very frame it answers, so that a recorded one is worth nothing later.
 */
import { Reader } from "../bytes/reader.ts";
import { Writer } from "../bytes/writer.ts";
import type { Codec } from "../codec.ts";
import type { Result } from "../result.ts";
import { bad, ok } from "../result.ts";
import type { BlockCipher } from "./block-cipher.ts";
import { packBattery } from "./button-flags.ts";
import type { FrameType, HeardType, SentType } from "./envelope.ts";

/** What kind of device: the three forms of a button, or an accessory by its type code. */
export type DeviceForm = number;
/** Wrist, neck and wall have the codes of radio 3.1; an accessory has 16 and its type code. */
export const accessoryFormBase = 16;
const deviceFormLimit = 48;

/** Trying the key that this is sealed with; on it for good; or has wiped it. */
export type BondPhase = "joining" | "joined" | "leaving";

export const bondPhases: readonly BondPhase[] = ["joining", "joined", "leaving"];

export interface BondTold {
  readonly phase: BondPhase;
  /** In steps of 20 mV, up to 5,100. */
  readonly batteryMv: number;
  readonly low: boolean;
  readonly form: DeviceForm;
  /** `keyCheck` of the key that the device calls with at this moment, 0 for none: the unit forgets every other key of this device. */
  readonly holds: number;
}

/** Welcome: this key counts from now on. Revoke: wipe this key, and show that you are of no use. */
export type BondOrderKind = "welcome" | "revoke";

export const bondOrderKinds: readonly BondOrderKind[] = ["welcome", "revoke"];

export interface BondOrder {
  /** Counter of the frame that is answered. The device obeys only if that is its newest frame. */
  readonly answers: number;
  readonly order: BondOrderKind;
}

/**
 * Tells one key of a device from its others without telling the key: 32 bits of AES over a block that begins with a zero, unlike every
 * counter and first block of CCM under this key. Never 0.
 */
export function keyCheck(cipher: BlockCipher, address: number): number {
  const block = new Uint8Array(16);
  const to = new Writer(block);
  to.u8(0);
  to.u32(address);
  cipher(block);
  return Math.max(1, new Reader(block, 0, 4).u32());
}

function encodeTold(value: BondTold, to: Writer): void {
  to.u8(packBattery(value.batteryMv));
  to.u8(value.form);
  to.u8((value.low ? 8 : 0) + bondPhases.indexOf(value.phase));
  to.u32(value.holds);
}

function decodeTold(from: Reader): Result<BondTold> {
  const batteryMv = from.u8() * 20;
  const form = from.u8();
  const what = from.u8();
  const holds = from.u32();
  if (from.overrun) return bad({ kind: "truncated", at: from.at });
  const phase = bondPhases[what & 0xf7];
  if ((form > 2 && form < accessoryFormBase) || form >= deviceFormLimit)
    return bad({ kind: "unknown-value", at: 1, field: "form", value: form });
  if (phase === undefined) return bad({ kind: "unknown-value", at: 2, field: "phase", value: what });
  return ok({ phase, batteryMv, low: (what & 8) !== 0, form, holds });
}

const toldCodec: Codec<BondTold> = { encode: encodeTold, decode: decodeTold };

function encodeOrder(value: BondOrder, to: Writer): void {
  to.u32(value.answers);
  to.u8(bondOrderKinds.indexOf(value.order));
}

function decodeOrder(from: Reader): Result<BondOrder> {
  const answers = from.u32();
  const code = from.u8();
  if (from.overrun) return bad({ kind: "truncated", at: from.at });
  const order = bondOrderKinds[code];
  if (order === undefined) return bad({ kind: "unknown-value", at: 4, field: "order", value: code });
  return ok({ answers, order });
}

const orderCodec: Codec<BondOrder> = { encode: encodeOrder, decode: decodeOrder };

export const bondToldFrame: FrameType<BondTold> = { code: 0x27, codec: toldCodec };
export const bondOrderFrame: FrameType<BondOrder> = { code: 0xa4, codec: orderCodec };
export const sentBondTold: SentType<BondTold> = { code: 0x27, codec: { encode: encodeTold } };
export const heardBondOrder: HeardType<BondOrder> = { code: 0xa4, codec: { decode: decodeOrder } };
