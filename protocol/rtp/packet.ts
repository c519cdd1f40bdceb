/** RTP packets (RFC 3550 5.1): twelve bytes of header, then the sound of one packet or one event of a key. */
import type { Reader } from "../bytes/reader.ts";
import type { Writer } from "../bytes/writer.ts";
import type { Codec } from "../codec.ts";
import type { Result } from "../result.ts";
import { bad, ok } from "../result.ts";

/** Bytes ahead of the payload in a packet of ours: no list of contributors, no extension. */
export const rtpHeaderLength = 12;

export interface RtpPacket {
  /** What the payload is, 0 to 127: 0 and 8 are G.711 (RFC 3551 6), others as the session description says. */
  readonly payloadType: number;
  /** The first packet of sound after a pause, or of a key (RFC 3551 4.1, RFC 4733 2.5.1.1). */
  readonly isMarked: boolean;
  /** One more with each packet, 0 to 65535. */
  readonly sequence: number;
  /** Of the first sample, in steps of the medium's clock (8 a millisecond for G.711), 0 to 2^32 - 1. */
  readonly timestamp: number;
  /** Drawn by the sender, one for each stream, 0 to 2^32 - 1 (SSRC). */
  readonly source: number;
  /** From a decoder: a view on the bytes that were read. */
  readonly payload: Uint8Array;
}

const version = 2;

/** Contributors, an extension and padding are passed over when they are read, and never written. */
export const rtpPacket: Codec<RtpPacket> = {
  encode(value: RtpPacket, to: Writer): void {
    to.u8(version << 6);
    to.u8((value.isMarked ? 0x80 : 0) | value.payloadType);
    to.u16(value.sequence);
    to.u32(value.timestamp);
    to.u32(value.source);
    to.put(value.payload);
  },
  decode(from: Reader): Result<RtpPacket> {
    const start = from.at;
    const flags = from.u8();
    const kind = from.u8();
    const sequence = from.u16();
    const timestamp = from.u32();
    const source = from.u32();
    from.view((flags & 0x0f) * 4);
    if ((flags & 0x10) !== 0) {
      from.u16();
      from.view(from.u16() * 4);
    }
    if (from.overrun) return bad({ kind: "truncated", at: from.at });
    if (flags >>> 6 !== version)
      return bad({ kind: "unknown-value", at: start, field: "version of RTP", value: flags >>> 6 });
    const at = from.at;
    const rest = from.view(from.left);
    const paddingLength = (flags & 0x20) === 0 ? 0 : paddingOf(rest);
    if (paddingLength < 0) return bad({ kind: "malformed", at, what: "padding of an RTP packet" });
    const payload = rest.subarray(0, rest.length - paddingLength);
    return ok({ payloadType: kind & 0x7f, isMarked: (kind & 0x80) !== 0, sequence, timestamp, source, payload });
  },
};

/** The last byte counts the padding, itself too; -1 where it cannot be. */
function paddingOf(rest: Uint8Array): number {
  const length = rest.length === 0 ? 0 : (rest[rest.length - 1] as number);
  return length === 0 || length > rest.length ? -1 : length;
}

/** How much later `timestamp` is than `than`, over the turn of the 32 bits: -2^31 to 2^31 - 1. */
export function ticksLater(timestamp: number, than: number): number {
  return (timestamp - than) | 0;
}

/** How many packets later `sequence` is than `than`, over the turn of the 16 bits: -32768 to 32767. */
export function packetsLater(sequence: number, than: number): number {
  return ((sequence - than) << 16) >> 16;
}
