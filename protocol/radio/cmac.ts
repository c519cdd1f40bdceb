/** AES-CMAC (RFC 4493): 16 bytes that only who knows the key can make. Pairing proves and derives keys with it. */
import type { BlockCipher } from "./block-cipher.ts";

const blockSize = 16;

export function cmac(cipher: BlockCipher, message: Uint8Array): Uint8Array {
  const subkey = new Uint8Array(blockSize);
  cipher(subkey);
  double(subkey);
  const mac = new Uint8Array(blockSize);
  const whole = message.length > 0 && message.length % blockSize === 0;
  const lastStart = whole ? message.length - blockSize : message.length - (message.length % blockSize);
  for (let start = 0; start < lastStart; start += blockSize) {
    mix(mac, message, start, blockSize);
    cipher(mac);
  }
  mix(mac, message, lastStart, message.length - lastStart);
  if (!whole) {
    const end = message.length - lastStart;
    mac[end] = (mac[end] as number) ^ 0x80;
    double(subkey);
  }
  mix(mac, subkey, 0, blockSize);
  cipher(mac);
  return mac;
}

/** Times x in GF(2^128) (RFC 4493 2.3). */
function double(block: Uint8Array): void {
  const carry = ((block[0] as number) & 0x80) !== 0 ? 0x87 : 0;
  for (let i = 0; i < blockSize - 1; i++) {
    block[i] = ((block[i] as number) << 1) | ((block[i + 1] as number) >>> 7);
  }
  block[blockSize - 1] = ((block[blockSize - 1] as number) << 1) ^ carry;
}

function mix(mac: Uint8Array, bytes: Uint8Array, start: number, count: number): void {
  for (let i = 0; i < count; i++) mac[i] = (mac[i] as number) ^ (bytes[start + i] as number);
}
