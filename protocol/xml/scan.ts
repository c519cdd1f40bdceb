/** Small steps over the bytes of an XML document. */

/** Blanks of XML; false also for what is behind the end. */
export function isBlank(byte: number): boolean {
  return byte === 32 || byte === 10 || byte === 13 || byte === 9;
}

/** Letters, digits, `-`, `.`, `_` and all beyond ASCII: wider than XML's own rule, which nothing here needs. */
export function isNameByte(byte: number): boolean {
  if (byte >= 97) return byte <= 122 || byte >= 128;
  return (byte >= 65 && byte <= 90) || (byte >= 48 && byte <= 57) || byte === 45 || byte === 46 || byte === 95;
}

/** Offset behind the next `mark` from `from` on, or -1. */
export function closing(bytes: Uint8Array, from: number, mark: string): number {
  for (let at = from; at + mark.length <= bytes.length; at++) if (startsWith(bytes, at, mark)) return at + mark.length;
  return -1;
}

/** Whether `text`, which is ASCII, stands at `at`. */
export function startsWith(bytes: Uint8Array, at: number, text: string): boolean {
  for (let i = 0; i < text.length; i++) if (bytes[at + i] !== text.charCodeAt(i)) return false;
  return true;
}

/** `text` without the blanks at its ends. */
export function trimmed(text: string): string {
  let start = 0;
  let end = text.length;
  while (end > start && isBlank(text.charCodeAt(end - 1))) end--;
  while (start < end && isBlank(text.charCodeAt(start))) start++;
  return text.substring(start, end);
}
