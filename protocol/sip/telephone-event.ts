/** Keys of a telephone as RTP payloads of four bytes (RFC 4733 2.3 and 3.2); which keys mean what: SS 91100 7. */
import type { Reader } from "../bytes/reader.ts";
import type { Writer } from "../bytes/writer.ts";
import type { Codec } from "../codec.ts";
import type { Result } from "../result.ts";
import { bad, ok } from "../result.ts";

/** One packet of an event; the packets of one press share their RTP timestamp, and the last is sent three times (2.5.1). */
export interface TelephoneEvent {
  /** 0 to 255; 0 to 11 are the keys, see `keyOf`. */
  readonly event: number;
  readonly isEnd: boolean;
  /** Power below 0 dBm0, 0 to 63. */
  readonly volumeDb: number;
  /** How long it has lasted so far, in steps of the RTP clock (8 a millisecond), 0 to 65535. */
  readonly durationTicks: number;
}

/** Four bytes; the reserved bit is written 0 and passed over (2.3.4). */
export const telephoneEvent: Codec<TelephoneEvent> = {
  encode(value: TelephoneEvent, to: Writer): void {
    to.u8(value.event);
    to.u8((value.isEnd ? 0x80 : 0) | value.volumeDb);
    to.u16(value.durationTicks);
  },
  decode(from: Reader): Result<TelephoneEvent> {
    const event = from.u8();
    const flags = from.u8();
    const durationTicks = from.u16();
    if (from.overrun) return bad({ kind: "truncated", at: from.at });
    if (from.left > 0) return bad({ kind: "too-long", at: from.at, what: "a telephone event", limit: 4 });
    return ok({ event, isEnd: (flags & 0x80) !== 0, volumeDb: flags & 0x3f, durationTicks });
  },
};

const keys = "0123456789*#";

/** The key of an event: 0 to 9, * and #; undefined for any other event (3.2). */
export function keyOf(event: number): string | undefined {
  return event >= 0 && event < keys.length ? keys.charAt(event) : undefined;
}

/** The event of a key; undefined for what is none. */
export function eventOf(key: string): number | undefined {
  const event = key.length === 1 ? keys.indexOf(key) : -1;
  return event < 0 ? undefined : event;
}
