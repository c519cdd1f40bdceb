/** The AES block function on a desktop: a well-kept library, against which the boards' own are checked. */
import { unsafe } from "@noble/ciphers/aes.js";
import type { BlockCipher } from "../firmware/ports/secrets.ts";

/** AES-128 under a key of 16 bytes; encrypts a block of 16 bytes in place. */
export function aesBlock(key: Uint8Array): BlockCipher {
  const schedule = unsafe.expandKeyLE(key);
  const scratch = new Uint8Array(16);
  return (block) => {
    scratch.set(block);
    unsafe.encryptBlock(schedule, scratch);
    block.set(scratch);
  };
}
