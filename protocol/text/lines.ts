/**
 * Bytes to lines, however the bytes were cut on their way. For modems there are three more modes: a prompt that ends in no
 * line break, and a count of raw bytes after a line or inside one (V.250 5.7.1 gives the line shape; prompts and raw data are
 * the vendors').
 */
import { newPiece } from "../bytes/sheet.ts";
import { narrowText } from "./utf8.ts";

export interface LineListener {
  /** One line without its break, one character per byte; never empty. May call `expectRaw` for what follows. */
  readonly onLine: (text: string) => void;
  /** All raw bytes that `expectRaw` asked for, or that stand inside a line that is still to come; the listener may keep them. */
  readonly onRaw: (bytes: Uint8Array) => void;
  /** The prompt that `expectPrompt` waits for has come; it is waited for no longer. */
  readonly onPrompt: () => void;
}

const tab = 9;
const lineFeed = 10;
const carriageReturn = 13;
const space = 32;
const quote = 34;
const firstBeyondAscii = 127;

export class LineBuffer {
  /** Lines that were dropped because they were longer than the limit. */
  overlongCount: number;
  private readonly lineLimit: number;
  private readonly rawLimit: number;
  private readonly listener: LineListener;
  private text: string;
  private dropping: boolean;
  private afterReturn: boolean;
  private promptCode: number;
  private inlineLength: ((head: string) => number) | undefined;
  private raw: Uint8Array | undefined;
  private rawFilled: number;

  /** `lineLimit` in characters, `rawLimit` in bytes. */
  constructor(lineLimit: number, rawLimit: number, listener: LineListener) {
    this.lineLimit = lineLimit;
    this.rawLimit = rawLimit;
    this.listener = listener;
    this.overlongCount = 0;
    this.text = "";
    this.dropping = false;
    this.afterReturn = false;
    this.promptCode = 0;
    this.inlineLength = undefined;
    this.raw = undefined;
    this.rawFilled = 0;
  }

  /** The next `count` bytes are data, not lines. False, and no change, where that is nothing or beyond the limit. */
  expectRaw(count: number): boolean {
    if (!(count > 0 && count <= this.rawLimit)) return false;
    this.raw = newPiece(count);
    this.rawFilled = 0;
    return true;
  }

  /** Waits for this character at the start of a line; "" waits no longer. */
  expectPrompt(prompt: string): void {
    this.promptCode = prompt === "" ? 0 : prompt.charCodeAt(0);
  }

  /**
   * Asks at every quote how many raw bytes follow it inside the line, told the line so far with that quote; 0 for none. They
   * are no part of the line, which goes on behind them. With undefined no line holds raw bytes any longer.
   */
  expectInline(lengthOf: ((head: string) => number) | undefined): void {
    this.inlineLength = lengthOf;
  }

  /** Forgets what is half heard, such as raw data whose end got lost. */
  reset(): void {
    this.text = "";
    this.dropping = false;
    this.afterReturn = false;
    this.promptCode = 0;
    this.inlineLength = undefined;
    this.raw = undefined;
  }

  /** Takes the next bytes, in any pieces: the calls to the listener are the same for every cutting. */
  push(bytes: Uint8Array): void {
    let at = 0;
    while (at < bytes.length) {
      if (this.raw !== undefined) at = this.takeRaw(this.raw, bytes, at);
      else {
        const end = this.runEnd(bytes, at);
        if (end > at)
          this.text = this.text === "" ? narrowText(bytes, at, end) : this.text + narrowText(bytes, at, end);
        at = end;
        if (at < bytes.length) this.take(bytes[at++] as number);
      }
    }
  }

  /** The end of what goes on with a line, or begins one, without anything that needs a second look: taken in one piece. */
  private runEnd(bytes: Uint8Array, start: number): number {
    if (this.afterReturn || this.dropping) return start;
    if (this.text === "") {
      const first = bytes[start] as number;
      if (first <= space || first >= firstBeyondAscii || first === this.promptCode) return start;
    }
    const most = Math.min(bytes.length, start + this.lineLimit - this.text.length);
    const isInline = this.inlineLength !== undefined;
    let end = start;
    for (; end < most; end++) {
      const code = bytes[end] as number;
      if (code < space || (isInline && code === quote)) break;
    }
    return end;
  }

  private takeRaw(raw: Uint8Array, bytes: Uint8Array, at: number): number {
    const count = Math.min(raw.length - this.rawFilled, bytes.length - at);
    raw.set(bytes.subarray(at, at + count), this.rawFilled);
    this.rawFilled += count;
    if (this.rawFilled === raw.length) {
      this.raw = undefined;
      this.listener.onRaw(raw);
    }
    return at + count;
  }

  private take(code: number): void {
    if (code === lineFeed) {
      this.afterReturn = false;
      this.endLine();
      return;
    }
    if (code === carriageReturn) {
      // The line ends with the byte behind it: raw data must not begin with this return's line feed.
      this.afterReturn = true;
      return;
    }
    if (this.afterReturn) {
      this.afterReturn = false;
      this.endLine();
      if (this.raw !== undefined) {
        this.takeRaw(this.raw, new Uint8Array([code]), 0);
        return;
      }
    }
    this.takeText(code);
  }

  private takeText(code: number): void {
    if (code < space && code !== tab) return;
    if (this.text === "" && !this.dropping) {
      // No answer starts with a blank or beyond ASCII: this is the rest of a prompt, or noise from a restart.
      if (code <= space || code >= firstBeyondAscii) return;
      if (code === this.promptCode) {
        this.promptCode = 0;
        this.listener.onPrompt();
        return;
      }
    }
    if (this.dropping) return;
    if (this.text.length >= this.lineLimit) {
      this.overlongCount++;
      this.dropping = true;
      this.text = "";
      return;
    }
    this.text += String.fromCharCode(code);
    if (code === quote && this.inlineLength !== undefined) this.expectRaw(this.inlineLength(this.text));
  }

  private endLine(): void {
    const text = this.text;
    this.text = "";
    this.dropping = false;
    if (text !== "") this.listener.onLine(text);
  }
}
