/**
 * Text and bytes. A string holds code points up to U+FFFF; boards without Unicode strings keep what fits in Latin-1,
 * which Swedish does.
 */

/** UTF-8 of a text (RFC 3629). A surrogate pair becomes its four bytes, a lone surrogate U+FFFD. */
export function utf8(text: string): Uint8Array {
  const out = new Uint8Array(utf8Length(text));
  putUtf8(text, out, 0);
  return out;
}

/** Writes `text` as UTF-8 from `at` on and answers the offset behind it. The caller has made room: see `utf8Length`. */
export function putUtf8(text: string, out: Uint8Array, at: number): number {
  let to = at;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 0x80) {
      out[to++] = code;
      continue;
    }
    const point = pointAt(text, i, code);
    if (point > 0xffff) i++;
    if (point < 0x800) out[to++] = 0xc0 | (point >> 6);
    else {
      if (point > 0xffff) {
        out[to++] = 0xf0 | (point >> 18);
        out[to++] = 0x80 | ((point >> 12) & 0x3f);
      } else out[to++] = 0xe0 | (point >> 12);
      out[to++] = 0x80 | ((point >> 6) & 0x3f);
    }
    out[to++] = 0x80 | (point & 0x3f);
  }
  return to;
}

/** Bytes that `utf8` needs for `text`. */
export function utf8Length(text: string): number {
  let length = text.length;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 0x80) continue;
    const point = pointAt(text, i, code);
    if (point > 0xffff) {
      i++;
      length += 2;
    } else length += point < 0x800 ? 1 : 2;
  }
  return length;
}

/** One character per byte, U+0000 to U+00FF. Many at a time: each joined piece costs more than its letters. */
export function narrowText(bytes: Uint8Array, start: number, end: number): string {
  const letters = String.fromCharCode;
  let text = "";
  let i = start;
  for (; i + 16 <= end; i += 16)
    text += letters(
      bytes[i] as number,
      bytes[i + 1] as number,
      bytes[i + 2] as number,
      bytes[i + 3] as number,
      bytes[i + 4] as number,
      bytes[i + 5] as number,
      bytes[i + 6] as number,
      bytes[i + 7] as number,
      bytes[i + 8] as number,
      bytes[i + 9] as number,
      bytes[i + 10] as number,
      bytes[i + 11] as number,
      bytes[i + 12] as number,
      bytes[i + 13] as number,
      bytes[i + 14] as number,
      bytes[i + 15] as number,
    );
  for (; i + 4 <= end; i += 4)
    text += letters(bytes[i] as number, bytes[i + 1] as number, bytes[i + 2] as number, bytes[i + 3] as number);
  for (; i < end; i++) text += letters(bytes[i] as number);
  return text;
}

/** The same as `narrowText`, and without making anything where the bytes say `usual`. */
export function textAs(bytes: Uint8Array, start: number, end: number, usual: string): string {
  if (end - start !== usual.length) return narrowText(bytes, start, end);
  for (let i = 0; i < usual.length; i++)
    if (bytes[start + i] !== usual.charCodeAt(i)) return narrowText(bytes, start, end);
  return usual;
}

/** Text of UTF-8 bytes from `start` to `end`; a byte that is not UTF-8 becomes U+FFFD, so it never fails. */
export function textOf(bytes: Uint8Array, start: number, end: number): string {
  let text = "";
  let i = start;
  while (i < end) {
    const first = bytes[i] as number;
    if (first < 0x80) {
      const from = i;
      while (i < end && (bytes[i] as number) < 0x80) i++;
      text += narrowText(bytes, from, i);
      continue;
    }
    const length = first >= 0xf0 && first < 0xf5 ? 4 : first >= 0xe0 ? 3 : first >= 0xc2 ? 2 : 0;
    const point = first < 0xf5 && length > 0 && i + length <= end ? manyBytes(bytes, i, length) : -1;
    if (point < 0) {
      text += "\ufffd";
      i++;
      continue;
    }
    text +=
      point > 0xffff
        ? String.fromCharCode(0xd7c0 + (point >> 10)) + String.fromCharCode(0xdc00 | (point & 0x3ff))
        : String.fromCharCode(point);
    i += length;
  }
  return text;
}

/** Bytes of a text that holds only U+0000 to U+007F, such as an AT command; anything above is cut to its low byte. */
export function ascii(text: string): Uint8Array {
  const out = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) out[i] = text.charCodeAt(i);
  return out;
}

function pointAt(text: string, index: number, code: number): number {
  if (code < 0xd800 || code > 0xdfff) return code;
  const low = code < 0xdc00 && index + 1 < text.length ? text.charCodeAt(index + 1) : 0;
  return low >= 0xdc00 && low <= 0xdfff ? (code - 0xd800) * 0x400 + (low - 0xdc00) + 0x10000 : 0xfffd;
}

/** The code point of a sequence of `length` bytes, or -1 where it is none: overlong, surrogate, or cut. */
function manyBytes(bytes: Uint8Array, at: number, length: number): number {
  let point = (bytes[at] as number) & (0x7f >> length);
  for (let i = 1; i < length; i++) {
    const next = bytes[at + i] as number;
    if ((next & 0xc0) !== 0x80) return -1;
    point = point * 64 + (next & 0x3f);
  }
  const least = length === 2 ? 0x80 : length === 3 ? 0x800 : 0x10000;
  return point < least || point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff) ? -1 : point;
}
