/** Every sealed frame that a device sends to its unit, opened by its type code (radio 2.1, 3). */
import type { AccessoryCheckIn } from "../../protocol/radio/accessory-check-in.ts";
import { accessoryCheckInFrame } from "../../protocol/radio/accessory-check-in.ts";
import type { AccessoryEvent } from "../../protocol/radio/accessory-event.ts";
import { accessoryEventFrame } from "../../protocol/radio/accessory-event.ts";
import type { BlockCipher } from "../../protocol/radio/block-cipher.ts";
import type { BondTold } from "../../protocol/radio/bond-frame.ts";
import { bondToldFrame } from "../../protocol/radio/bond-frame.ts";
import type { FrameType } from "../../protocol/radio/envelope.ts";
import { decodeEnvelope, isFromUnit, openAs } from "../../protocol/radio/envelope.ts";
import type { Fall } from "../../protocol/radio/fall.ts";
import { fallFrame } from "../../protocol/radio/fall.ts";
import type { Message } from "../../protocol/radio/frame.ts";
import { openFrame } from "../../protocol/radio/frame.ts";
import type { Result } from "../../protocol/result.ts";
import { bad, ok } from "../../protocol/result.ts";

export type HeardMessage =
  | Message
  | { readonly type: "fall"; readonly fall: Fall }
  | { readonly type: "accessory-event"; readonly event: AccessoryEvent }
  | { readonly type: "accessory-check-in"; readonly checkIn: AccessoryCheckIn }
  | { readonly type: "bond-told"; readonly told: BondTold };

/** What a proven frame says, and its counter. */
export interface HeardFrame {
  readonly counter: number;
  readonly message: HeardMessage;
}

/** The address that a sealed frame of a device bears in the open, or -1: no frame, or one that a unit sent. */
export function addressOf(bytes: Uint8Array): number {
  const header = decodeEnvelope(bytes);
  return header.ok && !isFromUnit(header.value.code) ? header.value.address : -1;
}

/** Proves and reads one frame. `not-authentic`: sealed under another key, or changed on its way. */
export function openHeard(cipher: BlockCipher, bytes: Uint8Array): Result<HeardFrame> {
  switch (bytes[0]) {
    case fallFrame.code:
      return opened(fallFrame, cipher, bytes, (fall) => ({ type: "fall", fall }));
    case accessoryEventFrame.code:
      return opened(accessoryEventFrame, cipher, bytes, (event) => ({ type: "accessory-event", event }));
    case accessoryCheckInFrame.code:
      return opened(accessoryCheckInFrame, cipher, bytes, (checkIn) => ({ type: "accessory-check-in", checkIn }));
    case bondToldFrame.code:
      return opened(bondToldFrame, cipher, bytes, (told) => ({ type: "bond-told", told }));
    default:
      return openFrame(cipher, bytes);
  }
}

function opened<T>(
  type: FrameType<T>,
  cipher: BlockCipher,
  bytes: Uint8Array,
  wrap: (value: T) => HeardMessage,
): Result<HeardFrame> {
  const frame = openAs(type, cipher, bytes);
  if (!frame.ok) return bad(frame.fault);
  return ok({ counter: frame.value.counter, message: wrap(frame.value.value) });
}
