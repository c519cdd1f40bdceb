/**
 * A serial line in virtual time: the device's end is a real `Serial` port, the other end bytes in and out. It may cut what is
 * said anywhere and delay it, never reorder or lose it.
 */
import type { Timer } from "../firmware/ports/clock.ts";
import type { OpenSerial, Serial, SerialOptions } from "../firmware/ports/serial.ts";

export interface WireClock {
  nowMs(): number;
  after(delayMs: number, callback: () => void): Timer;
}

export interface WireOptions {
  readonly clock: WireClock;
  readonly random: { below(n: number): number };
  /** How long a piece is under way, both ends included; 0 to 1 ms where absent. */
  readonly delayMs?: { readonly least: number; readonly most: number };
  /** Longest piece in bytes: each is of random length up to this. Absent: what was written together arrives together. */
  readonly pieceLimit?: number;
  /** Sees each piece when it arrives, for the run's digest. */
  readonly onBytes?: (direction: "to-device" | "to-peer", bytes: Uint8Array) => void;
}

/** What a device may write before the first of it has left: see the port's promise. */
const unsentLimit = 2_048;
/** A device that never reads loses what is beyond. */
const unreadLimit = 65_536;

export class Wire {
  /** The device's end. Opening it anew closes the former one. */
  readonly openDevice: OpenSerial;
  /** Bytes lost because the device did not read, or had not opened its end. */
  lostCount: number;
  private readonly options: WireOptions;
  private readonly toPeer: (bytes: Uint8Array) => void;
  private device: SerialOptions | undefined;
  private unread: Uint8Array[];
  private unreadCount: number;
  private unsentCount: number;
  private peerFreeMs: number;
  private deviceFreeMs: number;

  /** `toPeer` is the far end: it hears what the device writes. */
  constructor(options: WireOptions, toPeer: (bytes: Uint8Array) => void) {
    this.options = options;
    this.toPeer = toPeer;
    this.openDevice = (device) => this.open(device);
    this.lostCount = 0;
    this.device = undefined;
    this.unread = [];
    this.unreadCount = 0;
    this.unsentCount = 0;
    this.peerFreeMs = 0;
    this.deviceFreeMs = 0;
  }

  /** The far end writes. */
  write(bytes: Uint8Array): void {
    for (const piece of this.pieces(bytes)) {
      this.deviceFreeMs = this.arrival(this.deviceFreeMs);
      this.options.clock.after(this.deviceFreeMs - this.options.clock.nowMs(), () => this.reachDevice(piece));
    }
  }

  private open(device: SerialOptions): Serial {
    this.device = device;
    this.unread = [];
    this.unreadCount = 0;
    return {
      read: () => this.read(device),
      write: (bytes) => this.writeDevice(device, bytes),
      close: () => {
        if (this.device === device) this.device = undefined;
      },
    };
  }

  private read(device: SerialOptions): Uint8Array | undefined {
    if (this.device !== device || this.unread.length === 0) return undefined;
    const first = this.unread[0] as Uint8Array;
    if (this.unread.length === 1) {
      this.unread = [];
      this.unreadCount = 0;
      return first;
    }
    const all = new Uint8Array(this.unreadCount);
    let at = 0;
    for (const piece of this.unread) {
      all.set(piece, at);
      at += piece.length;
    }
    this.unread = [];
    this.unreadCount = 0;
    return all;
  }

  private writeDevice(device: SerialOptions, bytes: Uint8Array): void {
    if (this.device !== device) throw new Error("wire: written after close");
    if (this.unsentCount + bytes.length > unsentLimit) throw new Error("wire: more than 2,048 bytes unsent");
    this.unsentCount += bytes.length;
    for (const piece of this.pieces(bytes)) {
      this.peerFreeMs = this.arrival(this.peerFreeMs);
      this.options.clock.after(this.peerFreeMs - this.options.clock.nowMs(), () => this.reachPeer(piece));
    }
  }

  private reachPeer(piece: Uint8Array): void {
    this.unsentCount -= piece.length;
    this.options.onBytes?.("to-peer", piece);
    this.toPeer(piece);
  }

  private reachDevice(piece: Uint8Array): void {
    const device = this.device;
    if (device === undefined || this.unreadCount + piece.length > unreadLimit) {
      this.lostCount += piece.length;
      return;
    }
    this.options.onBytes?.("to-device", piece);
    this.unread.push(piece);
    this.unreadCount += piece.length;
    device.onReadable(this.unreadCount);
  }

  /** Not before what was written earlier. */
  private arrival(freeMs: number): number {
    const delay = this.options.delayMs ?? { least: 0, most: 1 };
    const due = this.options.clock.nowMs() + delay.least + this.options.random.below(delay.most - delay.least + 1);
    return Math.max(due, freeMs);
  }

  private pieces(bytes: Uint8Array): Uint8Array[] {
    const limit = this.options.pieceLimit;
    if (limit === undefined || bytes.length <= 1) return [bytes];
    const pieces: Uint8Array[] = [];
    for (let at = 0; at < bytes.length; ) {
      const count = 1 + this.options.random.below(limit);
      pieces.push(bytes.subarray(at, at + count));
      at += count;
    }
    return pieces;
  }
}
