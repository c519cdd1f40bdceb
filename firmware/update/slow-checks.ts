/**
 * The two long pieces of work of an update, each in small steps with room between them, so that a press never waits for more
 * than one: the signature of an offer, and the digest of an image as it stands in the slot.
 */
import { Sha256Pieces } from "../../protocol/bytes/sha256.ts";
import { Ed25519Check } from "../../protocol/update/ed25519.ts";
import type { ImageHeader, SignedHeader } from "../../protocol/update/image-header.ts";
import type { Clock, Timer } from "../ports/clock.ts";
import type { TrustedKey, UpdatePort } from "../ports/slots.ts";

/** Between two steps. */
const breathMs = 10;
/** Of an image, at once: one block of SHA-256, half as much work as the longest step of a signature. */
const pieceLength = 64;

export class SlowChecks {
  private readonly clock: Clock;
  private readonly port: UpdatePort;
  /** Asked before each step; what it finds may stop the work. */
  private readonly look: () => void;
  private timer: Timer | undefined;
  private step: (() => boolean) | undefined;

  constructor(clock: Clock, port: UpdatePort, look: () => void) {
    this.clock = clock;
    this.port = port;
    this.look = look;
    this.timer = undefined;
    this.step = undefined;
  }

  /** Whether the key that the header names, if it is a trusted one, has signed it. */
  signature(offer: SignedHeader, onChecked: (isGood: boolean) => void): void {
    const check = new Ed25519Check(keyOf(this.port.keys, offer.header.keyId), offer.signature, offer.bytes);
    this.begin(() => {
      const standing = check.step();
      if (standing !== "more") onChecked(standing === "good");
      return standing === "more";
    });
  }

  /** Whether the bytes in the slot are those that were signed. */
  image(header: ImageHeader, onChecked: (isGood: boolean) => void): void {
    const slots = this.port.slots;
    const native = slots.sha256;
    if (native !== undefined) {
      this.begin(() => {
        onChecked(isSame(native(header.length), header.sha256));
        return false;
      });
      return;
    }
    const hash = new Sha256Pieces();
    const piece = new Uint8Array(pieceLength);
    let at = 0;
    this.begin(() => {
      const part = piece.subarray(0, Math.min(pieceLength, header.length - at));
      slots.read(at, part);
      at += part.length;
      if (at < header.length) {
        hash.push(part);
        return true;
      }
      onChecked(isSame(hash.finish(part), header.sha256));
      return false;
    });
  }

  /** No answer comes any more. */
  stop(): void {
    this.step = undefined;
    if (this.timer !== undefined) this.timer.cancel();
  }

  /** In place of what was going on before. */
  private begin(step: () => boolean): void {
    this.stop();
    this.step = step;
    this.goOn();
  }

  private goOn(): void {
    this.timer = this.clock.after(breathMs, () => {
      this.look();
      const step = this.step;
      if (step === undefined) return;
      this.step = undefined;
      if (!step()) return;
      this.step = step;
      this.goOn();
    });
  }
}

/** No key at all where nobody of that name is trusted: no signature fits it. */
function keyOf(keys: readonly TrustedKey[], id: number): Uint8Array {
  for (const key of keys) if (key.id === id) return key.key;
  return new Uint8Array(0);
}

function isSame(one: Uint8Array, other: Uint8Array): boolean {
  let difference = 0;
  for (let i = 0; i < 32; i++) difference |= (one[i] as number) ^ (other[i] as number);
  return difference === 0;
}
