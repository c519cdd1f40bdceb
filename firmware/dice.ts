/** Chance for jitter inside pure machines: the generator's state is part of the machine's (xorshift32). Not for keys. */
import type { Secrets } from "./ports/secrets.ts";
export interface Dice {
  dice: number;
}

/** A whole number from 0 to `below` - 1; 0 where `below` is 0. */
export function roll(dice: Dice, below: number): number {
  let x = dice.dice;
  x ^= x << 13;
  x ^= x >>> 17;
  x ^= x << 5;
  dice.dice = x >>> 0;
  return below > 0 ? dice.dice % below : 0;
}

/** `ms` give or take up to `percent` per cent. */
export function around(dice: Dice, ms: number, percent: number): number {
  const span = Math.floor((ms * percent) / 100);
  return ms - span + roll(dice, 2 * span + 1);
}

/** A seed for a machine's chance. */
export function seedOf(secrets: Secrets): number {
  const bytes = new Uint8Array(4);
  secrets.random(bytes);
  let seed = 0;
  for (const byte of bytes) seed = seed * 256 + byte;
  return seed;
}
