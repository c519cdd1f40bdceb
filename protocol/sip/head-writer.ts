/** Writes a message's head straight into one buffer, which is used again for every message (RFC 3261 7.3.1, 25.1). */
import { newPiece } from "../bytes/sheet.ts";
import { putUtf8, utf8Length } from "../text/utf8.ts";

const firstSize = 1024;

/** A value that would break its line, or a message of more than `byteLimit`, is a mistake of the caller and throws. */
export class HeadWriter {
  private readonly byteLimit: number;
  private bytes: Uint8Array;
  private at: number;

  constructor(byteLimit: number) {
    this.byteLimit = byteLimit;
    this.bytes = new Uint8Array(firstSize);
    this.at = 0;
  }

  clear(): void {
    this.at = 0;
  }

  /** Text of a caller; beyond ASCII as UTF-8. */
  text(text: string): void {
    const length = text.length;
    const start = this.makeRoom(length);
    const bytes = this.bytes;
    for (let i = 0; i < length; i++) {
      const code = text.charCodeAt(i);
      if (code > 0x7f || code === 0x0d || code === 0x0a) {
        this.wide(text);
        return;
      }
      bytes[start + i] = code;
    }
    this.at = start + length;
  }

  /** Text of ours as its bytes, which may end a line. */
  word(word: Uint8Array): void {
    const start = this.makeRoom(word.length);
    const bytes = this.bytes;
    for (let i = 0; i < word.length; i++) bytes[start + i] = word[i] as number; // too short for set() to pay
    this.at = start + word.length;
  }

  /** One ASCII character. */
  sign(code: number): void {
    const start = this.makeRoom(1);
    this.bytes[start] = code;
    this.at = start + 1;
  }

  /** A whole number from 0 to 2^31 - 1; any other as a text. */
  number(value: number): void {
    if ((value | 0) !== value || value < 0) {
      this.text("" + value);
      return;
    }
    let length = 1;
    for (let bound = 10; value >= bound; bound *= 10) length++;
    const start = this.makeRoom(length);
    let left = value;
    for (let i = start + length - 1; i >= start; i--) {
      const tens = (left / 10) | 0;
      this.bytes[i] = 0x30 + left - tens * 10;
      left = tens;
    }
    this.at = start + length;
  }

  /** A copy of the head with `body` behind it. */
  finish(body: Uint8Array): Uint8Array {
    const length = this.at;
    if (length + body.length > this.byteLimit) throw new Error("sip: message too long");
    const message = newPiece(length + body.length);
    message.set(this.bytes.subarray(0, length));
    if (body.length > 0) message.set(body, length);
    return message;
  }

  private wide(text: string): void {
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      if (code === 0x0d || code === 0x0a) throw new Error("sip: line break in a value");
    }
    const start = this.makeRoom(utf8Length(text));
    this.at = putUtf8(text, this.bytes, start);
  }

  /** The offset to write at; from there on `length` bytes are free. */
  private makeRoom(length: number): number {
    const needed = this.at + length;
    if (needed > this.byteLimit) throw new Error("sip: message too long");
    if (needed > this.bytes.length) {
      let size = this.bytes.length * 2;
      while (size < needed) size *= 2;
      const larger = new Uint8Array(size);
      larger.set(this.bytes);
      this.bytes = larger;
    }
    return this.at;
  }
}
