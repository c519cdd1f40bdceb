/** One TCP connection in virtual time: bytes in order and once, segments sent again until they are heard of (RFC 9293, in short). */
import type { Endpoint } from "../../firmware/ports/socket.ts";
import type { Stream } from "../../firmware/ports/stream.ts";
import type { StreamFault } from "../../firmware/sip/stream-fault.ts";
import { Reader } from "../../protocol/bytes/reader.ts";
import { Writer } from "../../protocol/bytes/writer.ts";

/** In the simulated network the ports of TCP are these above those of UDP. */
export const tcpPorts = 0x10000;

export interface TcpHost {
  /** World time: it never begins again. */
  nowMs(): number;
  after(delayMs: number, callback: () => void): { cancel(): void };
  /** Sends one segment from a port of ours; nothing is promised. */
  send(bytes: Uint8Array, fromPort: number, to: Endpoint): void;
}

export const open = 1;
const ends = 2;
export const refuses = 4;
const headLength = 13;
const segmentLimit = 1_200;
const firstRetryMs = 1_000;
const longestRetryMs = 8_000;
const giveUpMs = 60_000;
const unsentLimit = 16_384;

export interface Segment {
  readonly flags: number;
  readonly serial: number;
  readonly seq: number;
  readonly ack: number;
  readonly body: Uint8Array;
}

/** What either side does with bytes that have arrived, and with the end. */
export interface Side {
  opened(): void;
  take(bytes: Uint8Array): void;
  ended(fault: StreamFault): void;
}

export class Connection implements Stream {
  readonly serial: number;
  private readonly host: TcpHost;
  private readonly port: number;
  private readonly far: Endpoint;
  private readonly onGone: () => void;
  private side: Side | undefined;
  private readonly unheard: Segment[];
  private unsent: number;
  private sent: number;
  private heard: number;
  private isOpen: boolean;
  private isOver: boolean;
  private retry: { cancel(): void } | undefined;
  private retryMs: number;
  private waitedMs: number;
  readonly inbox: Uint8Array[];

  constructor(host: TcpHost, port: number, far: Endpoint, serial: number, onGone: () => void) {
    this.host = host;
    this.port = port;
    this.far = far;
    this.serial = serial;
    this.onGone = onGone;
    this.side = undefined;
    this.unheard = [];
    this.unsent = 0;
    this.sent = 0;
    this.heard = 0;
    this.isOpen = false;
    this.isOver = false;
    this.retry = undefined;
    this.retryMs = firstRetryMs;
    this.waitedMs = 0;
    this.inbox = [];
  }

  /** Bytes that the other side has not confirmed. */
  get unsentCount(): number {
    return this.unsent;
  }

  become(side: Side): void {
    this.side = side;
  }

  begin(): void {
    this.post(open, nothing);
  }

  write(bytes: Uint8Array): void {
    if (this.isOver) return;
    if (this.unsent + bytes.length > unsentLimit) throw new Error("tcp: more than 16,384 bytes unsent");
    for (let at = 0; at < bytes.length; at += segmentLimit) this.post(0, bytes.slice(at, at + segmentLimit));
  }

  read(): Uint8Array | undefined {
    return this.inbox.shift();
  }

  close(): void {
    if (this.isOver) return;
    this.transmit({ flags: ends, serial: this.serial, seq: this.sent, ack: this.heard, body: nothing });
    this.finish();
  }

  /** Over, for a reason that our own side is told. */
  end(fault: StreamFault): void {
    if (this.isOver) return;
    const { side } = this;
    this.finish();
    side?.ended(fault);
  }

  hear(segment: Segment): void {
    if (this.isOver || segment.serial !== this.serial) return;
    if ((segment.flags & refuses) !== 0) {
      this.end("connection-refused");
      return;
    }
    this.settle(segment.ack);
    if ((segment.flags & ends) !== 0) {
      this.end("connection-lost");
      return;
    }
    const length = lengthOf(segment);
    if (length === 0) return;
    if (segment.seq === this.heard) {
      this.heard += length;
      this.acknowledge();
      if ((segment.flags & open) !== 0) this.opened();
      else this.side?.take(segment.body);
    } else this.acknowledge();
  }

  private opened(): void {
    if (this.isOpen) return;
    this.isOpen = true;
    // Who was called answers with an opening of its own.
    if (this.sent === 0) this.begin();
    this.side?.opened();
  }

  private post(flags: number, body: Uint8Array): void {
    const segment = { flags, serial: this.serial, seq: this.sent, ack: 0, body };
    this.sent += lengthOf(segment);
    this.unsent += body.length;
    this.unheard.push(segment);
    this.transmit({ ...segment, ack: this.heard });
    if (this.retry === undefined) this.waitToRetry();
  }

  private acknowledge(): void {
    this.transmit({ flags: 0, serial: this.serial, seq: this.sent, ack: this.heard, body: nothing });
  }

  private transmit(segment: Segment): void {
    this.host.send(encode(segment), this.port + tcpPorts, this.far);
  }

  private settle(ack: number): void {
    let settled = false;
    for (let first = this.unheard[0]; first !== undefined; first = this.unheard[0]) {
      if (first.seq + lengthOf(first) > ack) break;
      this.unheard.shift();
      this.unsent -= first.body.length;
      settled = true;
    }
    if (!settled) return;
    this.retry?.cancel();
    this.retry = undefined;
    this.retryMs = firstRetryMs;
    this.waitedMs = 0;
    if (this.unheard.length > 0) this.waitToRetry();
  }

  private waitToRetry(): void {
    const waitMs = this.retryMs;
    this.retry = this.host.after(waitMs, () => {
      this.retry = undefined;
      this.waitedMs += waitMs;
      this.retryMs = Math.min(2 * waitMs, longestRetryMs);
      if (this.waitedMs >= giveUpMs) {
        this.end(this.isOpen ? "connection-lost" : "connect-timeout");
        return;
      }
      for (const segment of this.unheard) this.transmit({ ...segment, ack: this.heard });
      this.waitToRetry();
    });
  }

  private finish(): void {
    this.isOver = true;
    this.retry?.cancel();
    this.inbox.length = 0;
    this.side = undefined;
    this.onGone();
  }
}

/** An opening takes one place of the sequence, as SYN does. */
function lengthOf({ flags, body }: Segment): number {
  return body.length + ((flags & open) === 0 ? 0 : 1);
}

export function encode({ flags, serial, seq, ack, body }: Segment): Uint8Array {
  const bytes = new Uint8Array(headLength + body.length);
  const to = new Writer(bytes);
  to.u8(flags);
  to.u32(serial);
  to.u32(seq);
  to.u32(ack);
  bytes.set(body, headLength);
  return bytes;
}

export function decode(bytes: Uint8Array): Segment {
  const from = new Reader(bytes, 0, bytes.length);
  const flags = from.u8();
  const serial = from.u32();
  const seq = from.u32();
  return { flags, serial, seq, ack: from.u32(), body: bytes.subarray(headLength) };
}

export const nothing: Uint8Array = new Uint8Array(0);
