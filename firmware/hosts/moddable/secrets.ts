/** The Secrets port over XS's native modules "crypt" and "rng". */
import type { BlockCipher, Secrets } from "../../ports/secrets.ts";

export interface CryptModule {
  readonly BlockCipher: new (
    name: "AES",
    key: ArrayBuffer,
  ) => { encrypt(block: ArrayBuffer, into: ArrayBuffer): unknown };
}
/** Random numbers of the chip. */
export interface RandomModule {
  get(count: number): ArrayBuffer;
}

const blockLength = 16;

export function secretsOver(crypt: CryptModule, chance: RandomModule): Secrets {
  return {
    random: (into) => into.set(new Uint8Array(chance.get(into.length))),
    aes: (key) => cipherOf(crypt, key),
  };
}

/** The engine takes whole buffers only, and ours may be a view into a larger one. */
function cipherOf(crypt: CryptModule, key: Uint8Array): BlockCipher {
  const own = new Uint8Array(key.length);
  own.set(key);
  const cipher = new crypt.BlockCipher("AES", own.buffer as ArrayBuffer);
  const from = new Uint8Array(blockLength);
  const into = new Uint8Array(blockLength);
  return (block) => {
    from.set(block);
    cipher.encrypt(from.buffer as ArrayBuffer, into.buffer as ArrayBuffer);
    block.set(into);
  };
}
