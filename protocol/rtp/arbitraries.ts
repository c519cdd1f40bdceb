/** Random RTP packets and events of keys for tests. */
import fc from "fast-check";
import type { TelephoneEvent } from "../sip/telephone-event.ts";
import type { RtpPacket } from "./packet.ts";

const word = fc.nat({ max: 0xffff_ffff });

export const anyPacket: fc.Arbitrary<RtpPacket> = fc.record({
  payloadType: fc.nat({ max: 127 }),
  isMarked: fc.boolean(),
  sequence: fc.nat({ max: 65535 }),
  timestamp: word,
  source: word,
  payload: fc.uint8Array({ maxLength: 320 }),
});

/** One packet of a press as it is on its way. */
export interface EventPacket {
  readonly event: TelephoneEvent;
  readonly timestamp: number;
  readonly isMarked: boolean;
}

const packetTicks = 400;

/** All packets of one press, in order, the end three times (RFC 4733 2.5.1). */
export function packetsOfPress(event: number, timestamp: number, packetCount: number): readonly EventPacket[] {
  const packets: EventPacket[] = [];
  for (let i = 0; i < packetCount + 3; i++) {
    const durationTicks = Math.min(i + 1, packetCount) * packetTicks;
    const isEnd = i >= packetCount;
    packets.push({ event: { event, isEnd, volumeDb: 10, durationTicks }, timestamp, isMarked: i === 0 });
  }
  return packets;
}

export interface Pressed {
  readonly keys: readonly number[];
  /** The packets of each press, by press. */
  readonly presses: readonly (readonly EventPacket[])[];
}

/** Some presses one after another, from any start of the timestamps. */
export const anyPresses: fc.Arbitrary<Pressed> = fc
  .record({
    keys: fc.array(fc.nat({ max: 11 }), { minLength: 1, maxLength: 8 }),
    start: word,
    packetCount: fc.integer({ min: 1, max: 6 }),
  })
  .map(({ keys, start, packetCount }) => ({
    keys,
    presses: keys.map((key, at) => packetsOfPress(key, (start + at * 4800) >>> 0, packetCount)),
  }));
