/** AES-128 of one block in place (FIPS 197), under a key that stays with the host: 16 bytes in, 16 bytes out. */
export type BlockCipher = (block: Uint8Array) => void;
