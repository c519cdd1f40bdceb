/** Our half of a stream of sound as packets (RFC 3550 5.1, RFC 3551 4.1): sequence, timestamp and source begin at random numbers. */

import { Writer } from "../../../protocol/bytes/writer.ts";
import { encodeSound, type Law, payloadTypeOf } from "../../../protocol/rtp/g711.ts";
import { rtpHeaderLength, rtpPacket } from "../../../protocol/rtp/packet.ts";
import { frameLength } from "./sound.ts";

export class RtpSender {
  private readonly source: number;
  private sequence: number;
  private timestamp: number;
  private isMarked: boolean;

  /** `random` draws a whole number from 0 to below its bound. */
  constructor(random: (below: number) => number) {
    this.source = random(2 ** 32);
    this.sequence = random(2 ** 16);
    this.timestamp = random(2 ** 32);
    this.isMarked = true;
  }

  /** The packet of the next frame. */
  packet(law: Law, samples: Int16Array): Uint8Array {
    const payload = new Uint8Array(samples.length);
    encodeSound(law, samples, payload);
    const to = new Writer(new Uint8Array(rtpHeaderLength + payload.length));
    const { sequence, timestamp, source, isMarked } = this;
    rtpPacket.encode({ payloadType: payloadTypeOf[law], isMarked, sequence, timestamp, source, payload }, to);
    this.sequence = (sequence + 1) & 0xffff;
    this.timestamp = (timestamp + samples.length) >>> 0;
    this.isMarked = false;
    return to.written();
  }

  /** So many frames were not sent: the next one says when it is played, and that it follows a gap. */
  skip(frameCount: number): void {
    if (frameCount === 0) return;
    this.timestamp = (this.timestamp + frameCount * frameLength) >>> 0;
    this.isMarked = true;
  }
}
