/**
 * The letters of a short message (3GPP 23.038): the GSM 7-bit default alphabet (6.2.1) with its extension (6.2.1.1), packed eight
 * letters to seven bytes (6.1.2.1), and UCS-2.
 */

const extension = 27;
const space = 32;
/** Code points of the letters 0 to 127; 27 leads to the extension. */
const letters: readonly number[] = [
  0x40, 0xa3, 0x24, 0xa5, 0xe8, 0xe9, 0xf9, 0xec, 0xf2, 0xc7, 0x0a, 0xd8, 0xf8, 0x0d, 0xc5, 0xe5, 0x394, 0x5f, 0x3a6,
  0x393, 0x39b, 0x3a9, 0x3a0, 0x3a8, 0x3a3, 0x398, 0x39e, -1, 0xc6, 0xe6, 0xdf, 0xc9, 0x20, 0x21, 0x22, 0x23, 0xa4,
  0x25, 0x26, 0x27, 0x28, 0x29, 0x2a, 0x2b, 0x2c, 0x2d, 0x2e, 0x2f, 0x30, 0x31, 0x32, 0x33, 0x34, 0x35, 0x36, 0x37,
  0x38, 0x39, 0x3a, 0x3b, 0x3c, 0x3d, 0x3e, 0x3f, 0xa1, 0x41, 0x42, 0x43, 0x44, 0x45, 0x46, 0x47, 0x48, 0x49, 0x4a,
  0x4b, 0x4c, 0x4d, 0x4e, 0x4f, 0x50, 0x51, 0x52, 0x53, 0x54, 0x55, 0x56, 0x57, 0x58, 0x59, 0x5a, 0xc4, 0xd6, 0xd1,
  0xdc, 0xa7, 0xbf, 0x61, 0x62, 0x63, 0x64, 0x65, 0x66, 0x67, 0x68, 0x69, 0x6a, 0x6b, 0x6c, 0x6d, 0x6e, 0x6f, 0x70,
  0x71, 0x72, 0x73, 0x74, 0x75, 0x76, 0x77, 0x78, 0x79, 0x7a, 0xe4, 0xf6, 0xf1, 0xfc, 0xe0,
];
/** The extension: a letter behind the escape, and its code point. */
const extendedLetters: readonly number[] = [0x0a, 0x14, 0x28, 0x29, 0x2f, 0x3c, 0x3d, 0x3e, 0x40, 0x65];
const extendedPoints: readonly number[] = [0x0c, 0x5e, 0x7b, 0x7d, 0x5c, 0x5b, 0x7e, 0x5d, 0x7c, 0x20ac];

/** The septets of a text, one per byte; undefined where it has a letter that the alphabet has not. */
export function septetsOf(text: string): Uint8Array | undefined {
  const septets = new Uint8Array(text.length * 2);
  let count = 0;
  for (let i = 0; i < text.length; i++) {
    const point = text.charCodeAt(i);
    const letter = letters.indexOf(point);
    if (letter >= 0) septets[count++] = letter;
    else {
      const at = extendedPoints.indexOf(point);
      if (at < 0) return undefined;
      septets[count++] = extension;
      septets[count++] = extendedLetters[at] as number;
    }
  }
  return septets.subarray(0, count);
}

/** The text of septets; a letter that the extension has not is shown as the alphabet's own, an escape at the end as a blank. */
export function textOfSeptets(septets: Uint8Array): string {
  let text = "";
  for (let i = 0; i < septets.length; i++) {
    let point = letters[(septets[i] as number) & 127] as number;
    if (point < 0) {
      const next = i + 1 < septets.length ? (septets[i + 1] as number) & 127 : extension;
      const at = extendedLetters.indexOf(next);
      point = at >= 0 ? (extendedPoints[at] as number) : next === extension ? space : (letters[next] as number);
      i++;
    }
    text += String.fromCharCode(point);
  }
  return text;
}

/** Septets to bytes, lowest bit first, behind `fillBits` zero bits. */
export function packSeptets(septets: Uint8Array, fillBits: number): Uint8Array {
  const bytes = new Uint8Array(Math.floor((septets.length * 7 + fillBits + 7) / 8));
  let bit = fillBits;
  for (let i = 0; i < septets.length; i++) {
    const at = bit >> 3;
    const shifted = ((septets[i] as number) & 127) << (bit & 7);
    bytes[at] = (bytes[at] as number) | (shifted & 255);
    if (shifted > 255) bytes[at + 1] = shifted >> 8;
    bit += 7;
  }
  return bytes;
}

/** `count` septets behind `fillBits` bits; what lies beyond the end of the bytes is zero. */
export function unpackSeptets(bytes: Uint8Array, count: number, fillBits: number): Uint8Array {
  const septets = new Uint8Array(count);
  let bit = fillBits;
  for (let i = 0; i < count; i++) {
    const at = bit >> 3;
    const low = at < bytes.length ? (bytes[at] as number) : 0;
    const high = at + 1 < bytes.length ? (bytes[at + 1] as number) : 0;
    septets[i] = ((low | (high << 8)) >> (bit & 7)) & 127;
    bit += 7;
  }
  return septets;
}

/** Two bytes a code unit, the high one first. */
export function ucs2(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length * 2);
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    bytes[2 * i] = code >> 8;
    bytes[2 * i + 1] = code & 255;
  }
  return bytes;
}

/** The text of such bytes; a last odd byte says nothing. */
export function textOfUcs2(bytes: Uint8Array): string {
  let text = "";
  for (let i = 0; i + 1 < bytes.length; i += 2)
    text += String.fromCharCode(((bytes[i] as number) << 8) | (bytes[i + 1] as number));
  return text;
}
