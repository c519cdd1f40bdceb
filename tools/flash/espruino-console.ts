/**
 * Espruino's console, spoken by packets (its README_Protocol, from 2v25 on): DLE SOH, 3 bits of type and 13 of length, the
 * bytes; answered by ACK or NAK and, for an evaluation, a packet with its value. A packet has no checksum, and everything
 * that is said here is printable, so that no terminal, hub or flow control on the way takes a byte of it for its own.
 */
import { randomInt } from "node:crypto";
import { UserError } from "../user-error.ts";
import type { SerialLine } from "./serial-line.ts";

export type ConsoleFault =
  /** The console refused the packet: it came short, or the code threw; `text` is what it printed. */
  | "refused"
  | "silent"
  /** It printed its greeting: power, watchdog or a reset. */
  | "restarted";

export type ConsoleAnswer =
  | { readonly ok: true; readonly value: string }
  | { readonly ok: false; readonly fault: ConsoleFault; readonly text: string };

export interface ConsolePatience {
  /** Longer than the interpreter waits for the rest of a packet (5 s), so that it has dropped the packet when we go on. */
  readonly answerMs: number;
  /** No byte for so long: it has said what it had to say. */
  readonly quietMs: number;
  /** How long a console may take to answer that it is there. */
  readonly greetMs: number;
}

export const usualPatience: ConsolePatience = { answerMs: 6_500, quietMs: 150, greetMs: 700 };

/** Bytes of a packet's data at most: its length's low byte must be printable too. */
export const packetLimit = 0x1ff;
const evaluation = 0x2000;
const lengthMask = 0x1fff;
const dle = 0x10;
const soh = 0x01;
const ack = 0x06;
const nak = 0x15;
const xon = 0x11;
const xoff = 0x13;
const ctrlC = Uint8Array.of(0x03);
const firstPrintable = 0x20;
const afterPrintable = 0x7f;
/** Sent at once; between two such pieces the device may ask for a pause. */
const pieceLength = 64;
const longestPauseMs = 2_000;
/** Of what it printed meanwhile, so much is kept. */
const textLimit = 2_000;
const tagLimit = 1_000;
const greeting = "espruino.com";

export class EspruinoConsole {
  readonly line: SerialLine;
  private readonly patience: ConsolePatience;
  private unread: Uint8Array;
  /** Of the next packet: what still answers an earlier one, or another program's, is passed over. */
  private tag: number;
  /** What the device printed since it was last asked, for messages. */
  private printed: string;

  constructor(line: SerialLine, patience: ConsolePatience = usualPatience) {
    this.line = line;
    this.patience = patience;
    this.unread = new Uint8Array(0);
    this.tag = randomInt(tagLimit);
    this.printed = "";
  }

  /** Whether a console answers, without disturbing what runs there. Echo is off from then on. */
  async isThere(): Promise<boolean> {
    const answer = await this.ask("echo(0)", this.patience.greetMs);
    return answer.ok;
  }

  /** Makes a console answer, with Ctrl-C where code holds it. Rejects with UserError (3) where none does, and with LineLost. */
  async wake(): Promise<void> {
    if (await this.isThere()) return;
    await this.quiet();
    this.line.write(ctrlC);
    await this.quiet();
    for (let tries = 0; tries < 3; tries++) if (await this.isThere()) return;
    throw new UserError(
      `${this.line.path}: no Espruino console answers`,
      "is it an Espruino board (2v25 or later) and its console's port? Puck.js: hold the button while it gets power, then try again",
      3,
    );
  }

  /** The value as Espruino writes it (`E.toJS`). A packet that would be too long is a mistake of the caller, and throws. */
  evaluate(code: string): Promise<ConsoleAnswer> {
    return this.ask(code, this.patience.answerMs);
  }

  /** As `evaluate`, for a console that may not be there. */
  look(code: string, withinMs: number): Promise<ConsoleAnswer> {
    return this.ask(code, withinMs);
  }

  /** The value of an expression that JSON can carry. Rejects with UserError (3) where the console does not answer, or with what it says instead. */
  async value<T>(code: string): Promise<T> {
    for (let tries = 0; ; tries++) {
      const answer = await this.evaluate(`JSON.stringify(${code})`);
      if (answer.ok) return parsed<T>(answer.value, this.line.path);
      if (tries >= 2) throw new UserError(faultText(this.line.path, answer), "the same command once more", 3);
      await this.wake();
    }
  }

  /** Restarts what is stored, or the empty interpreter, and answers what it prints. */
  async restart(code: "load()" | "reset()", settleMs: number): Promise<string> {
    this.printed = "";
    await this.ask(code, this.patience.greetMs);
    await this.quiet(settleMs);
    return this.printed;
  }

  private async ask(code: string, withinMs: number): Promise<ConsoleAnswer> {
    this.printed = "";
    this.drain();
    const head = `[${this.tag++ % tagLimit},`;
    await this.send(packetOf(`${head}${code}]`));
    const endMs = performance.now() + withinMs;
    let acknowledged = false;
    for (;;) {
      const byte = await this.byteBefore(endMs);
      if (byte === undefined) return this.failed("silent");
      if (byte === ack) acknowledged = true;
      else if (byte === nak) {
        await this.quiet();
        return this.failed("refused");
      } else if (byte === dle) {
        const packet = await this.packetBefore(endMs);
        if (packet?.startsWith(head) && acknowledged) return { ok: true, value: packet.slice(head.length, -1) };
      } else this.print(byte);
      if (this.printed.includes(greeting)) {
        await this.quiet();
        return this.failed("restarted");
      }
    }
  }

  private failed(fault: ConsoleFault): ConsoleAnswer {
    const text = this.printed.includes(greeting) ? "" : this.printed.replace(/[\s>]+/g, " ").trim();
    return { ok: false, fault: this.printed.includes(greeting) ? "restarted" : fault, text };
  }

  /** The data of the packet whose DLE was just heard; undefined where it is none or is not whole in time. */
  private async packetBefore(endMs: number): Promise<string | undefined> {
    if ((await this.byteBefore(endMs)) !== soh) return undefined;
    const high = await this.byteBefore(endMs);
    const low = await this.byteBefore(endMs);
    if (high === undefined || low === undefined) return undefined;
    const length = ((high << 8) | low) & lengthMask;
    let data = "";
    while (data.length < length) {
      const byte = await this.byteBefore(endMs);
      if (byte === undefined) return undefined;
      // A value is printable: these are the device's flow control, which it puts in wherever it stands.
      if (byte !== xon && byte !== xoff) data += String.fromCharCode(byte);
    }
    return data;
  }

  private async byteBefore(endMs: number): Promise<number | undefined> {
    while (this.unread.length === 0) {
      const leftMs = endMs - performance.now();
      if (leftMs <= 0) return undefined;
      this.unread = (await this.line.read(leftMs)) ?? this.unread;
    }
    const byte = this.unread[0];
    this.unread = this.unread.subarray(1);
    return byte;
  }

  /** In pieces, held back while the device says that it can take no more (XOFF). */
  private async send(bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length; at += pieceLength) {
      this.line.write(bytes.subarray(at, at + pieceLength));
      if (at + pieceLength >= bytes.length) return;
      const heard = await this.line.read(0);
      if (heard === undefined) continue;
      this.unread = joined(this.unread, heard);
      const endMs = performance.now() + longestPauseMs;
      while (isHeld(this.unread) && performance.now() < endMs)
        this.unread = joined(this.unread, (await this.line.read(longestPauseMs)) ?? new Uint8Array(0));
    }
  }

  /** Waits until nothing has come for a while, and remembers what came. */
  private async quiet(forMs: number = this.patience.quietMs): Promise<void> {
    this.drain();
    for (;;) {
      const bytes = await this.line.read(forMs);
      if (bytes === undefined) return;
      this.unread = bytes;
      this.drain();
    }
  }

  private drain(): void {
    for (const byte of this.unread) this.print(byte);
    this.unread = new Uint8Array(0);
  }

  private print(byte: number): void {
    if (byte === xon || byte === xoff) return;
    this.printed = (this.printed + String.fromCharCode(byte)).slice(-textLimit);
  }
}

/** What went wrong, for people. */
export function faultText(path: string, answer: Extract<ConsoleAnswer, { readonly ok: false }>): string {
  if (answer.fault === "silent") return `${path}: the device says nothing any more`;
  if (answer.fault === "restarted") return `${path}: the device started anew`;
  return answer.text === ""
    ? `${path}: the device took a packet for broken`
    : `${path}: the device says ${answer.text}`;
}

/** An evaluation packet; blanks make its length sayable, and change nothing. */
export function packetOf(code: string): Uint8Array {
  let text = code;
  while ((text.length & 0xff) < firstPrintable || (text.length & 0xff) === afterPrintable) text += " ";
  if (text.length > packetLimit) throw new Error(`espruino: ${text.length} bytes in a packet`);
  const data = Buffer.from(text, "latin1");
  const head = evaluation | data.length;
  return Buffer.concat([Uint8Array.of(dle, soh, head >> 8, head & 0xff), data]);
}

function isHeld(bytes: Uint8Array): boolean {
  return bytes.lastIndexOf(xoff) > bytes.lastIndexOf(xon);
}

function joined(one: Uint8Array, other: Uint8Array): Uint8Array {
  return other.length === 0 ? one : Buffer.concat([one, other]);
}

/** The console writes a text as a literal; JSON in it holds nothing but printable characters, quotes and backslashes. */
function parsed<T>(literal: string, path: string): T {
  try {
    const text = literal
      .slice(1, -1)
      .replace(/\\x([0-9A-Fa-f]{2})|\\(.)/g, (_, hex: string | undefined, plain: string) =>
        hex === undefined ? plain : String.fromCharCode(Number.parseInt(hex, 16)),
      );
    return JSON.parse(text) as T;
  } catch {
    throw new UserError(`${path}: the device answers ${literal}, which is no value`, "the same command once more", 3);
  }
}
