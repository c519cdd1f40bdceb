/**
 * How packets of the radio port travel in advertising data: as they are where they fit, else in two parts, each behind one
 * byte below 0x10, which no frame begins with (radio 2.1). What comes in many times over is handed on once.
 */

import { shortCrc32 } from "../../protocol/bytes/short-crc.ts";

/** Bytes of one legacy advertising packet beside flags and company (Core 5.4 volume 3 part C 11). */
export const legacyCapacity = 24;
/** First bytes from here on are frames. */
export const firstFrameType = 0x10;
const runs = 8;
/** Of different senders at once. */
const mostHalves = 4;
const mostRecent = 8;
/** Both parts of a packet come within this. */
const halfForMs = 1_000;

interface Half {
  readonly data: Uint8Array;
  readonly atMs: number;
}

/** Of what was heard a moment ago only this is kept: a button has no memory for the data itself. */
interface Recent {
  readonly crc: number;
  readonly atMs: number;
}

/** The parts of a packet, in order; `run` tells the parts of one packet from those of the next. Throws where two do not hold it. */
export function partsOf(packet: Uint8Array, capacity: number, run: number): readonly Uint8Array[] {
  if (packet.length === 0 || (packet[0] as number) < firstFrameType) throw new Error("ble: no frame begins so");
  if (packet.length <= capacity) return [packet];
  const room = capacity - 1;
  if (packet.length > 2 * room) throw new Error("ble: a packet of " + packet.length + " bytes");
  return [partOf(packet, 0, room, run, 0), partOf(packet, room, packet.length, run, 1)];
}

function partOf(packet: Uint8Array, from: number, to: number, run: number, index: number): Uint8Array {
  const part = new Uint8Array(1 + to - from);
  part[0] = (run % runs) * 2 + index;
  part.set(packet.subarray(from, to), 1);
  return part;
}

/** Puts parts together, and knows again what it has heard a moment ago. */
export class PartsHeard {
  private readonly sameForMs: number;
  private readonly recent: Recent[];
  private readonly halves: Half[];

  /** The same data within `sameForMs` is the same transmission. */
  constructor(sameForMs: number) {
    this.sameForMs = sameForMs;
    this.recent = [];
    this.halves = [];
  }

  /** The packet that this data completes, or undefined: it was heard already, or its other part is missing, or it is none of ours. */
  hear(data: Uint8Array, nowMs: number): Uint8Array | undefined {
    const crc = shortCrc32(data, 0, data.length, 0);
    if (data.length === 0 || isAmong(this.recent, crc, nowMs - this.sameForMs)) return undefined;
    keep(this.recent, { crc, atMs: nowMs }, mostRecent);
    const head = data[0] as number;
    if (head >= firstFrameType) return data;
    const other = this.takeHalf(head ^ 1, nowMs - halfForMs);
    if (other === undefined) {
      keep(this.halves, { data, atMs: nowMs }, mostHalves);
      return undefined;
    }
    return head % 2 === 0 ? joined(data, other) : joined(other, data);
  }

  private takeHalf(head: number, fromMs: number): Uint8Array | undefined {
    for (let i = this.halves.length - 1; i >= 0; i--) {
      const half = this.halves[i] as Half;
      if (half.data[0] !== head || half.atMs < fromMs) continue;
      this.halves.splice(i, 1);
      return half.data;
    }
    return undefined;
  }
}

function keep<T>(list: T[], one: T, most: number): void {
  if (list.length >= most) list.shift();
  list.push(one);
}

function isAmong(list: readonly Recent[], crc: number, fromMs: number): boolean {
  for (const one of list) if (one.atMs > fromMs && one.crc === crc) return true;
  return false;
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  const whole = new Uint8Array(first.length + second.length - 2);
  whole.set(first.subarray(1), 0);
  whole.set(second.subarray(1), first.length - 1);
  return whole;
}
