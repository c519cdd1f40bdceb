/** What a virtual bench can do wrong, each as it happens to benches of hardware: planned by a seed, in the bench's time. */
import type { Stream } from "../../simulator/core/prng.ts";
import type { Filter } from "./virtual-port.ts";

export const misbehaviours = [
  /** The power of the unit blinks now and then. */
  "reboots",
  /** Bytes of the line are changed now and then, either way. */
  "noise",
  /** Lines of the unit end in the middle now and then. */
  "half-lines",
  /** The port goes, and comes back under another number. */
  "renumbered",
  /** All ports and all that the bench switches are gone for good. */
  "dead-hub",
  /** Nothing more can be written. */
  "full-disk",
  /** The unit says nothing any more, on no line and to no receiver. */
  "hanging",
  /** The receivers of the bench and of the unit's settings are foreign ones, from the start on. */
  "foreign-receiver",
] as const;

export interface Misbehaviour {
  readonly kind: (typeof misbehaviours)[number];
  /** From the bench's opening on, in its time; drawn from the seed unless said. */
  readonly afterMs?: number | undefined;
}

/** An address that nobody has (RFC 5737 3). */
export const foreignHost = "203.0.113.7";

/** What a plan of misbehaviour acts on. */
export interface Misbehaving {
  after(ms: number, run: () => void): unknown;
  blink(): void;
  filter(said: Filter, heard: Filter): void;
  renumber(awayMs: number): void;
  killHub(): void;
  fillDisk(): void;
  hang(): void;
}

const latestMs = 5_000;
/** Between two blinks. */
const pause = { least: 500, most: 6_000 };
const oneOf = 25;
const away = { least: 200, most: 3_000 };
const mute: Filter = () => new Uint8Array(0);

/** Sets one in motion. */
export function misbehave({ kind, afterMs }: Misbehaviour, on: Misbehaving, chance: Stream): void {
  const startMs = afterMs ?? chance.between(0, latestMs);
  const blink = (): void => {
    on.blink();
    on.after(chance.between(pause.least, pause.most), blink);
  };
  on.after(startMs, () => {
    switch (kind) {
      case "reboots":
        return blink();
      case "noise": {
        const now = nowAndThenOf((bytes) => spoilt(bytes, chance), chance);
        return on.filter(now, now);
      }
      case "half-lines":
        return on.filter(
          nowAndThenOf((bytes) => bytes.slice(0, chance.below(bytes.length)), chance),
          same,
        );
      case "renumbered":
        return on.renumber(chance.between(away.least, away.most));
      case "dead-hub":
        return on.killHub();
      case "full-disk":
        return on.fillDisk();
      case "hanging":
        on.filter(mute, mute);
        return on.hang();
      case "foreign-receiver":
        return; // from the start on: the bench is made with it
    }
  });
}

function same(bytes: Uint8Array): Uint8Array {
  return bytes;
}

/** One line of twenty-five is hit, whenever it comes. */
function nowAndThenOf(filter: Filter, chance: Stream): Filter {
  return (bytes) => (bytes.length > 0 && chance.below(oneOf) === 0 ? filter(bytes) : bytes);
}

/** Up to three bytes are others. */
function spoilt(bytes: Uint8Array, chance: Stream): Uint8Array {
  const out = bytes.slice();
  for (let left = chance.between(1, 3); left > 0; left--) {
    const at = chance.below(out.length);
    out[at] = (out[at] as number) ^ chance.between(1, 255);
  }
  return out;
}
