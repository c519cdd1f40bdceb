/**
 * What stands on the label of a button, for people to type: its address, form and the 16 bytes of its key with a CRC-32, as 40
 * characters in 8 groups. The alphabet (Crockford's base 32) has no letters that look like digits. A wrong character and two
 * neighbours that changed places are always noticed: they span at most 24 bits; anything else passes once in 4 billion times.
 */

import { crc32 } from "../../protocol/bytes/crc.ts";
import type { ButtonForm } from "../../protocol/radio/button-flags.ts";
import { buttonForms } from "../../protocol/radio/button-flags.ts";
import { bad, ok, type Result } from "../../protocol/result.ts";

export interface Label {
  /** 32 bits, not 0. */
  readonly address: number;
  readonly form: ButtonForm;
  /** 16 bytes. */
  readonly key: Uint8Array;
}

const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const characters = 40;
const groupLength = 5;
const bodyLength = 21;
const keyLength = 16;

/** 8 groups of 5 with blanks between. */
export function labelCode({ address, form, key }: Label): string {
  if (key.length !== keyLength) throw new Error("label: the key has 16 bytes");
  const bytes = new Uint8Array(bodyLength + 4);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, address);
  view.setUint8(4, buttonForms.indexOf(form));
  bytes.set(key, 5);
  view.setUint32(bodyLength, crc32(bytes, 0, bodyLength, 0), true);
  let bits = [...bytes].reduce((all, byte) => all * 256n + BigInt(byte), 0n);
  let text = "";
  for (let i = 0; i < characters; i++) {
    text = alphabet.charAt(Number(bits % 32n)) + text;
    bits /= 32n;
  }
  return groupsOf(text).join(" ");
}

/** However it was typed: small letters, hyphens, O for 0, I and L for 1. The fault's `at` is the character's place, blanks not counted. */
export function readLabelCode(typed: string): Result<Label> {
  const text = typed.toUpperCase().replaceAll(/[\s-]/g, "").replaceAll("O", "0").replaceAll(/[IL]/g, "1");
  let bits = 0n;
  for (let i = 0; i < text.length; i++) {
    const digit = alphabet.indexOf(text.charAt(i));
    if (digit < 0) return bad({ kind: "malformed", at: i, what: `the sign ${text.charAt(i)}` });
    bits = bits * 32n + BigInt(digit);
  }
  if (text.length !== characters)
    return bad({ kind: "malformed", at: text.length, what: `${text.length} characters and not ${characters}` });
  const bytes = new Uint8Array(bodyLength + 4);
  for (let i = bytes.length - 1; i >= 0; i--) {
    bytes[i] = Number(bits % 256n);
    bits /= 256n;
  }
  const view = new DataView(bytes.buffer);
  if (view.getUint32(bodyLength, true) !== crc32(bytes, 0, bodyLength, 0))
    return bad({ kind: "not-authentic", at: 0, what: "label" });
  const form = buttonForms[view.getUint8(4)];
  const address = view.getUint32(0);
  if (form === undefined || address === 0)
    return bad({ kind: "unknown-value", at: 6, field: "form", value: bytes[4] ?? 0 });
  return ok({ address, form, key: bytes.slice(5, bodyLength) });
}

/** As SCAIP and people name it: 8 hexadecimal digits. */
export function addressText(address: number): string {
  return address.toString(16).toUpperCase().padStart(8, "0");
}

export function addressBytes(address: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, address);
  return bytes;
}

function groupsOf(text: string): readonly string[] {
  const groups: string[] = [];
  for (let at = 0; at < text.length; at += groupLength) groups.push(text.slice(at, at + groupLength));
  return groups;
}
