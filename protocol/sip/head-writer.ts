/** Writes a message's head straight into one buffer, which is used again for every message (RFC 3261 7.3.1, 25.1). */
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
    const start = this.makeRoom(text.length);
    const bytes = this.bytes;
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      if (code > 0x7f) {
        this.wide(text);
        return;
      }
      if (code === 0x0d || code === 0x0a) throw new Error("sip: line break in a value");
      bytes[start + i] = code;
    }
    this.at = start + text.length;
  }

  /** Text of ours, ASCII, which may end a line. */
  word(text: string): void {
    const start = this.makeRoom(text.length);
    const bytes = this.bytes;
    for (let i = 0; i < text.length; i++) bytes[start + i] = text.charCodeAt(i);
    this.at = start + text.length;
  }

  /** A copy of the head with `body` behind it. */
  finish(body: Uint8Array): Uint8Array {
    const length = this.at;
    if (length + body.length > this.byteLimit) throw new Error("sip: message too long");
    const message = new Uint8Array(length + body.length);
    message.set(this.bytes.subarray(0, length));
    message.set(body, length);
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
