/** Keys that the far side presses, heard from telephone events in RTP: each press is told once, whatever packets of it are lost, doubled or late (RFC 4733 2.5). */
import type { TelephoneEvent } from "../sip/telephone-event.ts";
import { keyOf } from "../sip/telephone-event.ts";
import { ticksLater } from "./packet.ts";

/** So much earlier than the last press, a packet is a late one of a press before it; earlier still, the sender counts anew. */
export const lateLimitTicks = 80_000;

/**
 * Hears one stream. A press is told with the first packet of it that arrives, so that the loss of its end changes nothing
 * and the home does not wait for the finger to lift. Its packets share one timestamp; a press of more than 8 s goes on
 * under a later one without a mark (2.5.1.3), and so do senders that move the timestamp along with each packet.
 */
export class KeyHearing {
  private event: number;
  private timestamp: number;
  private isOver: boolean;

  constructor() {
    this.event = -1;
    this.timestamp = 0;
    this.isOver = true;
  }

  /** The key that was pressed, or undefined: known already, or none of 0 to 9, * and #. */
  take(packet: TelephoneEvent, timestamp: number, isMarked: boolean): string | undefined {
    const later = ticksLater(timestamp, this.timestamp);
    const isFirst = this.event < 0;
    if (!isFirst && later === 0 && packet.event === this.event) {
      if (packet.isEnd) this.isOver = true;
      return undefined;
    }
    if (!isFirst && later < 0 && later >= -lateLimitTicks) return undefined;
    const goesOn = !isMarked && !this.isOver && packet.event === this.event;
    this.event = packet.event;
    this.timestamp = timestamp;
    this.isOver = packet.isEnd;
    return goesOn ? undefined : keyOf(packet.event);
  }

  /** Another stream begins. */
  forget(): void {
    this.event = -1;
    this.isOver = true;
  }
}
