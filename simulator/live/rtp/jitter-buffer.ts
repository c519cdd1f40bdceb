/**
 * Evens out what the network did to a stream of sound: packets come late, twice, in the wrong order or not at all, and a
 * frame is played every 20 ms. Packets are placed by their timestamps (RFC 3550 5.1), so their own length does not matter.
 */
import { ticksLater } from "../../../protocol/rtp/packet.ts";
import { frameLength } from "./sound.ts";

/** So many frames are waited for before the first is played. */
export const depthFrames = 3;
/** What lies further ahead than this is not kept: the sender's time has moved on, and ours follows. */
export const windowFrames = 8;
/** Most packets that wait, whatever their length. */
export const waitingLimit = 16;
/** After so many late packets in a row the sender's time has moved back, and ours follows. */
export const lateRunLimit = 3;
/** After so many frames of nothing the stream has paused, and begins anew with its next packet. */
export const idleFrames = 25;

const windowLength = windowFrames * frameLength;

interface Waiting {
  readonly timestamp: number;
  readonly samples: Int16Array;
}

export class JitterBuffer {
  /** Packets that came when their place had been played. */
  lateCount: number;
  /** Frames that were missing in a stream that flowed: the first of a gap repeats the frame before, the rest are silent. */
  madeUpCount: number;
  private readonly waiting: Waiting[];
  private readonly last: Int16Array;
  /** Timestamp of the next sample to be played. */
  private playing: number;
  private at: "paused" | "begun" | "flowing";
  private idle: number;
  private lateRun: number;

  constructor() {
    this.lateCount = 0;
    this.madeUpCount = 0;
    this.waiting = [];
    this.last = new Int16Array(frameLength);
    this.playing = 0;
    this.at = "paused";
    this.idle = 0;
    this.lateRun = 0;
  }

  /** One packet; `samples` is kept. */
  take(timestamp: number, samples: Int16Array): void {
    if (samples.length === 0 || samples.length > windowLength - depthFrames * frameLength) return;
    if (this.at === "paused") this.begin(timestamp);
    const end = ticksLater(timestamp, this.playing) + samples.length;
    if (end <= 0) {
      this.lateCount++;
      this.lateRun++;
      if (this.lateRun < lateRunLimit) return;
      this.begin(timestamp);
    } else if (end > windowLength) this.begin(timestamp);
    this.lateRun = 0;
    if (this.waiting.length >= waitingLimit || this.waiting.some((other) => other.timestamp === timestamp)) return;
    this.waiting.push({ timestamp, samples });
  }

  /** Fills a frame with what is to be played now. */
  next(into: Int16Array): void {
    into.fill(0);
    if (this.at === "paused") return;
    const isCovered = this.cover(into);
    this.playing = (this.playing + frameLength) >>> 0;
    if (isCovered) {
      this.at = "flowing";
      this.idle = 0;
      this.last.set(into);
      return;
    }
    this.idle++;
    if (this.at === "flowing") {
      this.madeUpCount++;
      if (this.idle === 1) into.set(this.last);
    }
    if (this.idle >= idleFrames) this.at = "paused";
  }

  /** Another stream: nothing of the old one is played any more. */
  forget(): void {
    this.waiting.length = 0;
    this.at = "paused";
  }

  /** Plays this packet `depthFrames` from now; what waits near it keeps its place. */
  private begin(timestamp: number): void {
    this.playing = (timestamp - depthFrames * frameLength) >>> 0;
    this.at = "begun";
    this.idle = 0;
    this.lateRun = 0;
    this.keep(({ timestamp: other, samples }) => {
      const end = ticksLater(other, this.playing) + samples.length;
      return end > 0 && end <= windowLength;
    });
  }

  /** Copies what lies within the frame; whether there was anything. */
  private cover(into: Int16Array): boolean {
    let isCovered = false;
    for (const { timestamp, samples } of this.waiting) {
      const offset = ticksLater(timestamp, this.playing);
      const first = Math.max(0, -offset);
      const count = Math.min(samples.length - first, frameLength - (offset + first));
      if (count <= 0) continue;
      into.set(samples.subarray(first, first + count), offset + first);
      isCovered = true;
    }
    this.keep(({ timestamp, samples }) => ticksLater(timestamp, this.playing) + samples.length > frameLength);
    return isCovered;
  }

  private keep(isKept: (packet: Waiting) => boolean): void {
    let kept = 0;
    for (const packet of this.waiting) if (isKept(packet)) this.waiting[kept++] = packet;
    this.waiting.length = kept;
  }
}
