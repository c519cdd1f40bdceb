/** Random identifiers: tags, branches, Call-IDs and nonces (RFC 3261 8.1.1.4, 8.1.1.7 and 19.3). */

const digits = "0123456789abcdef";

/** `byteCount` random bytes as lower-case hexadecimal digits. */
export function randomHex(random: (into: Uint8Array) => void, byteCount: number): string {
  const bytes = new Uint8Array(byteCount);
  random(bytes);
  let text = "";
  for (let i = 0; i < byteCount; i++) {
    const byte = bytes[i] as number;
    text += digits.charAt(byte >> 4) + digits.charAt(byte & 15);
  }
  return text;
}
