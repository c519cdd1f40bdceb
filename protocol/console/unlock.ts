/**
 * The proof that opens a locked service line: AES-CMAC (RFC 4493) under the unit's service key over a label, the unit's
 * name and the challenge. A proof fits one unit and one challenge, and shows nothing of the key.
 */
import type { BlockCipher } from "../radio/block-cipher.ts";
import { cmac } from "../radio/cmac.ts";
import { ascii } from "../text/utf8.ts";

const label = "livlina unlock ";

/** 16 bytes. `cipher` is AES under the service key, `unit` the name in `identity`. */
export function unlockProof(cipher: BlockCipher, unit: string, challenge: Uint8Array): Uint8Array {
  const head = ascii(label + unit + " ");
  const message = new Uint8Array(head.length + challenge.length);
  message.set(head, 0);
  message.set(challenge, head.length);
  return cmac(cipher, message);
}

/** Takes equally long wherever the two differ. */
export function isSameProof(one: Uint8Array, other: Uint8Array): boolean {
  if (one.length !== other.length) return false;
  let difference = 0;
  for (let i = 0; i < one.length; i++) difference |= (one[i] as number) ^ (other[i] as number);
  return difference === 0;
}
