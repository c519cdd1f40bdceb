/**
 * What a modem hears, byte by byte (V.250 5.2): command lines, and behind a prompt raw data of a known length (the vendors'
 * socket commands) or text up to Ctrl-Z (27.005 3.5).
 */
import { newPiece } from "../../protocol/bytes/sheet.ts";
import { narrowText } from "../../protocol/text/utf8.ts";

const lineLimit = 2_048;
const textLimit = 2_048;
const carriageReturn = 13;
const lineFeed = 10;
const escapeKey = 27;
const blank = 32;
const controlZ = 26;

export class ModemInput {
  private readonly onLine: (line: string) => void;
  private line: string;
  private afterReturn: boolean;
  private data: Uint8Array | undefined;
  private dataFilled: number;
  private onData: ((data: Uint8Array) => void) | undefined;
  private onText: ((text: string | undefined) => void) | undefined;

  constructor(onLine: (line: string) => void) {
    this.onLine = onLine;
    this.line = "";
    this.afterReturn = false;
    this.data = undefined;
    this.dataFilled = 0;
    this.onData = undefined;
    this.onText = undefined;
  }

  /** Half a command line stands there. */
  get isInLine(): boolean {
    return this.line !== "";
  }

  clear(): void {
    this.line = "";
    this.afterReturn = false;
    this.onData = undefined;
    this.onText = undefined;
  }

  /** From now on so many bytes are data, whatever they are. */
  expectData(length: number, onData: (data: Uint8Array) => void): void {
    this.data = newPiece(length);
    this.dataFilled = 0;
    this.onData = onData;
  }

  /** From now on all is text up to Ctrl-Z; Escape takes it back, which is undefined. Line ends before the first byte are no part of it. */
  expectText(onText: (text: string | undefined) => void): void {
    this.line = "";
    this.onText = onText;
  }

  /** The line feed of a CR LF whose CR has already ended its line is taken off. */
  withoutLineFeed(bytes: Uint8Array): Uint8Array {
    if (!this.afterReturn || bytes.length === 0) return bytes;
    this.afterReturn = false;
    return bytes[0] === lineFeed ? bytes.subarray(1) : bytes;
  }

  /** Takes at least one byte, and no more once a line, data or text is complete; answers how far it came. */
  take(bytes: Uint8Array, at: number): number {
    if (this.onData !== undefined) return this.takeData(bytes, at, this.onData);
    const end = this.onText === undefined ? this.runEnd(bytes, at) : at;
    if (end > at) {
      this.line = this.line === "" ? narrowText(bytes, at, end) : this.line + narrowText(bytes, at, end);
      return end;
    }
    const code = bytes[at] as number;
    if (this.onText !== undefined) this.takeText(code, this.onText);
    else this.takeLine(code);
    return at + 1;
  }

  /** The end of what goes on with a command line, or begins one: taken in one piece. */
  private runEnd(bytes: Uint8Array, start: number): number {
    if (this.afterReturn) return start;
    const most = Math.min(bytes.length, start + lineLimit - this.line.length);
    let end = start;
    while (end < most && (bytes[end] as number) >= blank) end++;
    return end;
  }

  private takeLine(code: number): void {
    const behindReturn = this.afterReturn;
    this.afterReturn = false;
    if (code === lineFeed && behindReturn) return;
    if (code === carriageReturn) {
      this.afterReturn = true;
      const line = this.line;
      this.line = "";
      this.onLine(line);
    } else if (code === escapeKey) this.line = "";
    else if (code >= 32 && this.line.length < lineLimit) this.line += String.fromCharCode(code);
  }

  private takeText(code: number, onText: (text: string | undefined) => void): void {
    if (code === escapeKey || code === controlZ) {
      const text = this.line;
      this.line = "";
      this.onText = undefined;
      onText(code === controlZ ? text : undefined);
    } else if (this.line.length < textLimit && (this.line !== "" || (code !== carriageReturn && code !== lineFeed)))
      this.line += String.fromCharCode(code);
  }

  private takeData(bytes: Uint8Array, at: number, onData: (data: Uint8Array) => void): number {
    const data = this.data as Uint8Array;
    const count = Math.min(data.length - this.dataFilled, bytes.length - at);
    data.set(bytes.subarray(at, at + count), this.dataFilled);
    this.dataFilled += count;
    if (this.dataFilled === data.length) {
      this.onData = undefined;
      onData(data);
    }
    return at + count;
  }
}
