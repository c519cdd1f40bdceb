/** Writes a flat XML document (XML 1.0, UTF-8) straight into one buffer, which is used again for every message. */
import { newPiece } from "../bytes/sheet.ts";
import { putUtf8, utf8Length } from "../text/utf8.ts";
import { xmlByteLimit } from "./xml.ts";

const blank = 32;
const ampersand = 38;
const less = 60;
const greater = 62;

/** Tags are given as their bytes, `<ref>` and `</ref>`. Writing past the bound is remembered and writes nothing. */
export class XmlWriter {
  /** Whether anything did not fit. */
  overrun: boolean;
  private at: number;
  private readonly bytes: Uint8Array;

  constructor() {
    this.bytes = new Uint8Array(xmlByteLimit);
    this.at = 0;
    this.overrun = false;
  }

  clear(): void {
    this.at = 0;
    this.overrun = false;
  }

  tag(tag: Uint8Array): void {
    if (!this.hasRoom(tag.length)) return;
    const bytes = this.bytes;
    let at = this.at;
    for (let i = 0; i < tag.length; i++) bytes[at++] = tag[i] as number; // too short for set() to pay
    this.at = at;
  }

  /** Text of which every character has one of the `bits` in `kinds`; false, and nothing written, where one has not. */
  plain(text: string, kinds: Uint8Array, bits: number): boolean {
    const length = text.length;
    if (!this.hasRoom(length)) return true;
    const bytes = this.bytes;
    const start = this.at;
    for (let i = 0; i < length; i++) {
      const code = text.charCodeAt(i);
      if (code > 127 || ((kinds[code] as number) & bits) === 0) return false;
      bytes[start + i] = code;
    }
    this.at = start + length;
    return true;
  }

  /** Text with `&`, `<` and `>` escaped; control characters, which XML cannot hold, become blanks. */
  text(text: string): void {
    if (!this.hasRoom(text.length)) return;
    const bytes = this.bytes;
    let at = this.at;
    let i = 0;
    for (; i < text.length; i++) {
      const code = text.charCodeAt(i);
      if (code > 127 || code < blank || code === ampersand || code === less || code === greater) break;
      bytes[at++] = code;
    }
    this.at = at;
    for (; i < text.length; i++) {
      const code = text.charCodeAt(i);
      if (code < 128) this.put(escaped(code));
      else {
        const from = i;
        while (i + 1 < text.length && text.charCodeAt(i + 1) > 127) i++; // the halves of a surrogate pair stay together
        this.put(text.substring(from, i + 1));
      }
    }
  }

  /** A whole number below 2^31, zeros before it until it has `width` digits. */
  number(value: number, width: number): void {
    let length = 1;
    for (let bound = 10; value >= bound; bound *= 10) length++;
    if (length < width) length = width;
    if (!this.hasRoom(length)) return;
    let left = value;
    for (let i = this.at + length - 1; i >= this.at; i--) {
      const tens = (left / 10) | 0;
      this.bytes[i] = 48 + left - tens * 10;
      left = tens;
    }
    this.at += length;
  }

  /** A copy of what was written. */
  written(): Uint8Array {
    const copy = newPiece(this.at);
    copy.set(this.bytes.subarray(0, this.at));
    return copy;
  }

  private put(text: string): void {
    if (this.hasRoom(utf8Length(text))) this.at = putUtf8(text, this.bytes, this.at);
  }

  private hasRoom(length: number): boolean {
    if (this.at + length > xmlByteLimit) this.overrun = true;
    return !this.overrun;
  }
}

function escaped(code: number): string {
  if (code === ampersand) return "&amp;";
  if (code === less) return "&lt;";
  if (code === greater) return "&gt;";
  return code < blank ? " " : String.fromCharCode(code);
}
