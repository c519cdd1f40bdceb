/** Chance and keys. Keys never leave this port: firmware gets a block function, not the bytes. */

/** AES-128 of one block in place (FIPS 197): 16 bytes in, 16 bytes out. */
export type BlockCipher = (block: Uint8Array) => void;

export interface Secrets {
  /** Fills `into` with random bytes fit for keys. */
  random(into: Uint8Array): void;
  /** The block function under `key` (16 bytes). */
  aes(key: Uint8Array): BlockCipher;
}
