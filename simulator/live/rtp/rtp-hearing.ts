/** The far half of a call: its packets become frames to be played, and keys that were pressed (RFC 3550, 3551, 4733). */
import { readerOf } from "../../../protocol/bytes/reader.ts";
import { decodeSound, type Law, payloadTypeOf } from "../../../protocol/rtp/g711.ts";
import { KeyHearing } from "../../../protocol/rtp/key-hearing.ts";
import { packetsLater, type RtpPacket, rtpPacket } from "../../../protocol/rtp/packet.ts";
import { telephoneEvent } from "../../../protocol/sip/telephone-event.ts";
import { JitterBuffer } from "./jitter-buffer.ts";

/** What a call's packets were, in numbers. */
export interface HearingCounts {
  /** RTP packets of any kind. */
  readonly heard: number;
  /** What the sequence numbers say never came (RFC 3550 A.3). */
  readonly lost: number;
  readonly late: number;
  /** Frames that were played although nothing was there for them. */
  readonly madeUp: number;
}

/** Of telephone events in our own session descriptions (`protocol/sip/offer.ts`). */
const offeredEventType = 101;

/** Silence that a sender describes (RFC 3389) and whatever else is not ours keeps the call alive and is not played. */
export class RtpHearing {
  private readonly onKey: (key: string) => void;
  private readonly sound: JitterBuffer;
  private readonly keys: KeyHearing;
  private eventType: number;
  private source: number;
  private heard: number;
  private lost: number;
  private highest: number;

  constructor(onKey: (key: string) => void) {
    this.onKey = onKey;
    this.sound = new JitterBuffer();
    this.keys = new KeyHearing();
    this.eventType = -1;
    this.source = -1;
    this.heard = 0;
    this.lost = 0;
    this.highest = 0;
  }

  /**
   * Payload type of key events from now on, -1 for none; that of our own offers is heard beside it, since the far side may
   * use either (RFC 3264 5.1). Both laws are heard at any time: an offer names both.
   */
  hearEvents(eventType: number): void {
    this.eventType = eventType;
  }

  /** One datagram; false where it is no RTP. */
  take(bytes: Uint8Array): boolean {
    const read = rtpPacket.decode(readerOf(bytes));
    if (!read.ok) return false;
    const packet = read.value;
    this.count(packet);
    if (this.isOfKey(packet.payloadType)) this.hearKey(packet);
    else if (packet.payloadType === payloadTypeOf.PCMA) this.hearSound(packet, "PCMA");
    else if (packet.payloadType === payloadTypeOf.PCMU) this.hearSound(packet, "PCMU");
    return true;
  }

  /** Fills a frame with what is to be played now. */
  next(into: Int16Array): void {
    this.sound.next(into);
  }

  counts(): HearingCounts {
    const { lateCount: late, madeUpCount: madeUp } = this.sound;
    return { heard: this.heard, lost: Math.max(0, this.lost), late, madeUp };
  }

  private count({ source, sequence }: RtpPacket): void {
    this.heard++;
    if (source !== this.source) {
      this.source = source;
      this.highest = sequence;
      this.sound.forget();
      this.keys.forget();
      return;
    }
    const ahead = packetsLater(sequence, this.highest);
    if (ahead > 0) {
      this.lost += ahead - 1;
      this.highest = sequence;
    } else if (ahead < 0) this.lost--; // it was counted as lost, and came out of order
  }

  private isOfKey(payloadType: number): boolean {
    return this.eventType >= 0 && (payloadType === this.eventType || payloadType === offeredEventType);
  }

  private hearSound({ timestamp, payload }: RtpPacket, law: Law): void {
    const samples = new Int16Array(payload.length);
    decodeSound(law, payload, samples);
    this.sound.take(timestamp, samples);
  }

  private hearKey({ timestamp, payload, isMarked }: RtpPacket): void {
    const event = telephoneEvent.decode(readerOf(payload));
    const key = event.ok ? this.keys.take(event.value, timestamp, isMarked) : undefined;
    if (key !== undefined) this.onKey(key);
  }
}
