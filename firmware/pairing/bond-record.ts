/** Bonds and person slots as they stand in the journal: one record each, whole or not at all. */
import { Reader } from "../../protocol/bytes/reader.ts";
import { Writer } from "../../protocol/bytes/writer.ts";
import type { AccessoryType } from "../../protocol/radio/accessory-types.ts";
import { accessoryTypes } from "../../protocol/radio/accessory-types.ts";
import { accessoryFormBase } from "../../protocol/radio/bond-frame.ts";
import type { ButtonForm } from "../../protocol/radio/button-flags.ts";
import { buttonForms } from "../../protocol/radio/button-flags.ts";
import type { PersonSlot } from "../../protocol/radio/person-slot.ts";
import { nobody } from "../../protocol/radio/person-slot.ts";
import { narrowText } from "../../protocol/text/utf8.ts";

/** A bond as it is kept. Who is worn is revoked by its person slot; `revoked` and `verified` here are those of all others. */
export interface KeptBond {
  readonly address: number;
  readonly person: number;
  readonly form: ButtonForm | AccessoryType;
  readonly key: Uint8Array;
  readonly freshKey: Uint8Array | undefined;
  /** Up to 20 characters, each below U+0100. */
  readonly where: string;
  readonly revoked: boolean;
  readonly verified: boolean;
  /** It stands in the slot of its person. */
  readonly slotted: boolean;
}

export const whereLimit = 20;
const keyLength = 16;
const leastLength = 8 + keyLength;
const recordVersion = 1;

/** Code of radio 3.9. */
export function formCode(form: ButtonForm | AccessoryType): number {
  const button = buttonForms.indexOf(form as ButtonForm);
  return button >= 0 ? button : accessoryFormBase + accessoryTypes.indexOf(form as AccessoryType);
}

/** Undefined for a code that no table lists. */
export function formOfCode(code: number): ButtonForm | AccessoryType | undefined {
  return code < accessoryFormBase ? buttonForms[code] : accessoryTypes[code - accessoryFormBase];
}

/** What a person wears: the next one takes its place. What hangs on a wall stays beside it. */
export function isWorn(form: ButtonForm | AccessoryType): boolean {
  return form === "wrist" || form === "neck";
}

export function isAccessory(form: ButtonForm | AccessoryType): boolean {
  return formCode(form) >= accessoryFormBase;
}

export function encodeBond(bond: KeptBond): Uint8Array {
  const bytes = new Uint8Array(leastLength + keyLength + whereLimit);
  const to = new Writer(bytes);
  to.u8(recordVersion);
  const fresh = bond.freshKey === undefined ? 0 : 8;
  to.u8((bond.revoked ? 1 : 0) + (bond.verified ? 2 : 0) + (bond.slotted ? 4 : 0) + fresh);
  to.u32(bond.address);
  to.u8(bond.person);
  to.u8(formCode(bond.form));
  to.put(bond.key);
  if (bond.freshKey !== undefined) to.put(bond.freshKey);
  for (let i = 0; i < Math.min(bond.where.length, whereLimit); i++) to.u8(bond.where.charCodeAt(i) & 0xff);
  return to.written();
}

/** Undefined for a record of a later version, or one that is not whole. */
export function decodeBond(bytes: Uint8Array): KeptBond | undefined {
  if (bytes.length < leastLength || bytes[0] !== recordVersion) return undefined;
  const from = new Reader(bytes, 1, bytes.length);
  const flags = from.u8();
  const address = from.u32();
  const person = from.u8();
  const form = formOfCode(from.u8());
  const key = new Uint8Array(from.view(keyLength));
  const freshKey = (flags & 8) === 0 ? undefined : new Uint8Array(from.view(keyLength));
  if (form === undefined || from.overrun) return undefined;
  return {
    address,
    person,
    form,
    key,
    freshKey,
    where: narrowText(bytes, bytes.length - from.left, bytes.length),
    revoked: (flags & 1) !== 0,
    verified: (flags & 2) !== 0,
    slotted: (flags & 4) !== 0,
  };
}

/** Places are kept one higher, so that 0 stands for nobody. */
export function encodeSlot(slot: PersonSlot): Uint8Array {
  const bytes = new Uint8Array(3);
  bytes[0] = slot.holder + 1;
  bytes[1] = slot.successor + 1;
  bytes[2] = slot.verified ? 1 : 0;
  return bytes;
}

export function decodeSlot(bytes: Uint8Array | undefined): PersonSlot {
  if (bytes === undefined || bytes.length < 3) return { holder: nobody, verified: false, successor: nobody };
  return { holder: (bytes[0] as number) - 1, successor: (bytes[1] as number) - 1, verified: bytes[2] === 1 };
}
