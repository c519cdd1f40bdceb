/** The block function by the engine's own AES, for boards whose image brings it. */
import type { BlockCipher } from "../../ports/secrets.ts";
import type { Crypto } from "./engine.ts";

/** Called through the global object: a bundler would look for a package of that name. */
declare const global: { require(name: "crypto"): Crypto };

export function cipherOf(key: Uint8Array): BlockCipher {
  const aes = global.require("crypto").AES;
  const own = new Uint8Array(key);
  return (block) => block.set(new Uint8Array(aes.encrypt(block, own, { mode: "ECB" })));
}
