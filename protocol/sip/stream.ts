/** Messages out of a TCP or TLS stream, however it was cut: framed by Content-Length (RFC 3261 7.5, 18.3 and 20.14), with the keep-alives of RFC 5626 3.5.1 between them. */
import type { Fault, Result } from "../result.ts";
import { bad, ok } from "../result.ts";
import { ascii } from "../text/utf8.ts";
import { findHead, headerEnd, headText, lineText } from "./head.ts";
import { canonicalName } from "./header-names.ts";
import { messageByteLimit } from "./message.ts";
import { decimal, skipBlanks, tokenEnd } from "./scan.ts";

export interface StreamListener {
  /** One whole message for `decodeSip`. The bytes are overwritten by the next one: a keeper copies. */
  readonly onMessage: (bytes: Uint8Array) => void;
  /** "ping": the other end wants `pong` in return. "pong": our `ping` has come back, or an empty line that means nothing. */
  readonly onKeepAlive: (kind: "ping" | "pong") => void;
  /** Where the next message begins is lost: close the connection. Told once; `at` counts from the message's first byte. */
  readonly onFault: (fault: Fault) => void;
}

/** Cuts one direction of one connection into messages of at most `messageByteLimit` bytes; its time is linear in the bytes. */
export class MessageStream {
  /** After a fault or `stop` every byte is passed over. */
  dead: boolean;
  private readonly listener: StreamListener;
  private readonly isPinged: boolean;
  private buffer: Uint8Array;
  private filled: number;
  /** Bytes of the message, once its head is known; 0 before. */
  private wanted: number;
  /** The last byte was CR. */
  private afterReturn: boolean;
  /** The line that is being read holds nothing yet. */
  private lineIsEmpty: boolean;
  private isHalfPing: boolean;

  /** `isPinged`: the other end opened the connection, so two empty lines are its ping; on one that we opened each is a pong. */
  constructor(isPinged: boolean, listener: StreamListener) {
    this.dead = false;
    this.listener = listener;
    this.isPinged = isPinged;
    this.buffer = new Uint8Array(firstBufferBytes);
    this.filled = 0;
    this.wanted = 0;
    this.afterReturn = false;
    this.lineIsEmpty = true;
    this.isHalfPing = false;
  }

  /** Whether a message has begun and is not whole yet. */
  get isHalf(): boolean {
    return this.filled > 0;
  }

  /** Takes the next bytes, in any pieces: the calls to the listener are the same for every cutting. */
  push(bytes: Uint8Array): void {
    let at = 0;
    while (at < bytes.length && !this.dead) {
      if (this.wanted > 0) at = this.takeBody(bytes, at);
      else this.takeHead(bytes[at++] as number);
    }
  }

  /** The owner has closed the connection: nothing more is told, also from within a call to the listener. */
  stop(): void {
    this.dead = true;
  }

  private takeHead(byte: number): void {
    const wasReturn = this.afterReturn;
    this.afterReturn = byte === 0x0d;
    if (wasReturn !== (byte === 0x0a)) {
      this.fail({ kind: "malformed", at: this.filled, what: "a line end that is not CR LF" });
      return;
    }
    if (byte === 0x0a && this.filled === 1) {
      this.filled = 0;
      this.takeEmptyLine();
      return;
    }
    if (this.filled === messageByteLimit) {
      this.fail({ kind: "too-long", at: messageByteLimit, what: "the head of a message", limit: messageByteLimit });
      return;
    }
    if (this.filled === this.buffer.length) this.grow(this.filled + 1);
    this.buffer[this.filled++] = byte;
    if (byte === 0x0a) {
      if (this.lineIsEmpty) this.endHead();
      this.lineIsEmpty = true;
    } else if (byte !== 0x0d) this.lineIsEmpty = false;
  }

  private takeEmptyLine(): void {
    const isPing = this.isPinged && this.isHalfPing;
    this.isHalfPing = !isPing;
    if (isPing) this.listener.onKeepAlive("ping");
    else if (!this.isPinged) this.listener.onKeepAlive("pong");
  }

  private endHead(): void {
    const length = bodyLength(this.buffer.subarray(0, this.filled));
    if (!length.ok) {
      this.fail(length.fault);
      return;
    }
    if (length.value > messageByteLimit - this.filled) {
      this.fail({ kind: "too-long", at: this.filled, what: "a message", limit: messageByteLimit });
      return;
    }
    this.wanted = this.filled + length.value;
    if (this.wanted > this.buffer.length) this.grow(this.wanted);
    if (length.value === 0) this.endMessage();
  }

  private takeBody(bytes: Uint8Array, at: number): number {
    const count = Math.min(this.wanted - this.filled, bytes.length - at);
    this.buffer.set(bytes.subarray(at, at + count), this.filled);
    this.filled += count;
    if (this.filled === this.wanted) this.endMessage();
    return at + count;
  }

  private endMessage(): void {
    const message = this.buffer.subarray(0, this.wanted);
    this.filled = 0;
    this.wanted = 0;
    this.isHalfPing = false;
    this.listener.onMessage(message);
  }

  /** Room for `least` bytes, doubled each time so that all the copying together stays linear. */
  private grow(least: number): void {
    const larger = new Uint8Array(Math.min(messageByteLimit, Math.max(least, 2 * this.buffer.length)));
    larger.set(this.buffer.subarray(0, this.filled));
    this.buffer = larger;
  }

  private fail(fault: Fault): void {
    this.dead = true;
    this.listener.onFault(fault);
  }
}

const firstBufferBytes = 1024;

/** What Content-Length says; it must be there once: in a stream nothing else tells where a message ends (20.14). */
function bodyLength(bytes: Uint8Array): Result<number> {
  const head = findHead(bytes);
  const text = headText(bytes, head);
  let length = -1;
  for (let at = text.indexOf("\r\n") + 2, end = at; at < text.length; at = end + 2) {
    end = headerEnd(text, at);
    const nameEnd = tokenEnd(text, at);
    const colon = skipBlanks(text, nameEnd);
    if (text.charCodeAt(colon) !== 0x3a || canonicalName(text.substring(at, nameEnd)) !== "Content-Length") continue;
    const value = lineText(text, colon + 1, end, false);
    if (length >= 0) return bad({ kind: "malformed", at, what: "a second Content-Length" });
    length = decimal(value, 0, value.length, 0x7fffffff);
    if (length < 0) return bad({ kind: "malformed", at, what: "Content-Length" });
  }
  return length < 0 ? bad({ kind: "missing", at: bytes.length, field: "Content-Length" }) : ok(length);
}

/** What keeps a connection that we opened alive: two line ends (RFC 5626 3.5.1). */
export const ping: Uint8Array = ascii("\r\n\r\n");
/** The answer to a ping: one line end (RFC 5626 3.5.1). */
export const pong: Uint8Array = ascii("\r\n");
