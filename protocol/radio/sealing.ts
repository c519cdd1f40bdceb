/** AES-CCM (RFC 3610, NIST SP 800-38C) over a block function that is handed in: encrypts, and makes every change known. */
import type { Result } from "../result.ts";
import { bad, ok } from "../result.ts";
import type { BlockCipher } from "./block-cipher.ts";

const blockSize = 16;

/**
 * Seals `text` under a nonce of 7 to 13 bytes: the answer is the encrypted text followed by `tagLength` bytes (4, 6 ... 16).
 * `header` travels in the open and is authenticated with it. The caller never uses a nonce twice under one key.
 */
export function seal(
  cipher: BlockCipher,
  nonce: Uint8Array,
  header: Uint8Array,
  text: Uint8Array,
  tagLength: number,
): Uint8Array {
  const sealed = new Uint8Array(text.length + tagLength);
  const tag = authenticate(cipher, nonce, header, text, tagLength);
  const pad = new Uint8Array(blockSize);
  keyStream(cipher, nonce, 0, pad);
  for (let i = 0; i < tagLength; i++) sealed[text.length + i] = (tag[i] as number) ^ (pad[i] as number);
  sealed.set(text);
  applyKeyStream(cipher, nonce, sealed, text.length, pad);
  return sealed;
}

/** Opens what `seal` made. The fault is `not-authentic` when one bit of nonce, header, text or tag is different, else `truncated`. */
export function open(
  cipher: BlockCipher,
  nonce: Uint8Array,
  header: Uint8Array,
  sealed: Uint8Array,
  tagLength: number,
): Result<Uint8Array> {
  const length = sealed.length - tagLength;
  if (length < 0) return bad({ kind: "truncated", at: sealed.length });
  const text = new Uint8Array(length);
  text.set(sealed.subarray(0, length));
  const pad = new Uint8Array(blockSize);
  applyKeyStream(cipher, nonce, text, length, pad);
  const tag = authenticate(cipher, nonce, header, text, tagLength);
  keyStream(cipher, nonce, 0, pad);
  // All bytes are looked at whatever the first one says, so that the time taken tells a forger nothing.
  let difference = 0;
  for (let i = 0; i < tagLength; i++) {
    difference |= (tag[i] as number) ^ (pad[i] as number) ^ (sealed[length + i] as number);
  }
  return difference === 0 ? ok(text) : bad({ kind: "not-authentic", at: length, what: "the tag" });
}

/** The tag before it is encrypted: CBC-MAC over B_0, header and text (RFC 3610 2.2). */
function authenticate(
  cipher: BlockCipher,
  nonce: Uint8Array,
  header: Uint8Array,
  text: Uint8Array,
  tagLength: number,
): Uint8Array {
  const mac = new Uint8Array(blockSize);
  mac[0] = (header.length > 0 ? 0x40 : 0) + ((tagLength - 2) / 2) * 8 + (14 - nonce.length);
  mac.set(nonce, 1);
  writeTail(mac, nonce.length, text.length);
  cipher(mac);
  if (header.length > 0) absorb(cipher, mac, header, mixHeaderLength(mac, header.length));
  absorb(cipher, mac, text, 0);
  return mac;
}

/** Mixes the encoded header length into the block; the answer is where the header itself begins. */
function mixHeaderLength(mac: Uint8Array, length: number): number {
  if (length < 0xff00) {
    mix(mac, 0, length >>> 8);
    mix(mac, 1, length);
    return 2;
  }
  mix(mac, 0, 0xff);
  mix(mac, 1, 0xfe);
  for (let i = 0; i < 4; i++) mix(mac, 2 + i, length >>> (24 - 8 * i));
  return 6;
}

/** CBC over `bytes`, the first of them at offset `at` of the block under way; the last block is filled with zeros. */
function absorb(cipher: BlockCipher, mac: Uint8Array, bytes: Uint8Array, at: number): void {
  for (let i = 0; i < bytes.length; i++) {
    mix(mac, at++, bytes[i] as number);
    if (at === blockSize) {
      cipher(mac);
      at = 0;
    }
  }
  if (at > 0) cipher(mac);
}

function mix(mac: Uint8Array, at: number, byte: number): void {
  mac[at] = (mac[at] as number) ^ byte;
}

/** Encrypts or decrypts the first `length` bytes in place with key stream blocks 1, 2 ... (RFC 3610 2.3). */
function applyKeyStream(
  cipher: BlockCipher,
  nonce: Uint8Array,
  bytes: Uint8Array,
  length: number,
  pad: Uint8Array,
): void {
  for (let start = 0; start < length; start += blockSize) {
    keyStream(cipher, nonce, start / blockSize + 1, pad);
    const count = Math.min(blockSize, length - start);
    for (let i = 0; i < count; i++) mix(bytes, start + i, pad[i] as number);
  }
}

function keyStream(cipher: BlockCipher, nonce: Uint8Array, index: number, into: Uint8Array): void {
  into[0] = 14 - nonce.length;
  into.set(nonce, 1);
  writeTail(into, nonce.length, index);
  cipher(into);
}

/** The number in the bytes that the nonce leaves free, big-endian. */
function writeTail(block: Uint8Array, nonceLength: number, value: number): void {
  for (let at = blockSize - 1, rest = value; at > nonceLength; at--) {
    block[at] = rest % 0x100;
    rest = Math.floor(rest / 0x100);
  }
}
