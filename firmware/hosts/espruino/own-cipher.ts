/** The block function for boards whose image brings none: AES-128 by the same steps for each byte (FIPS 197 5.1, 5.2). Slow on a board. */
import type { BlockCipher } from "../../ports/secrets.ts";

const rounds = 10;

export function cipherOf(key: Uint8Array): BlockCipher {
  const schedule = expanded(key);
  const state = new Uint8Array(16);
  return (block) => {
    for (let round = 0; round <= rounds; round++) {
      if (round > 0) {
        for (let i = 0; i < 16; i++) state[i] = substitutes[block[(i + (i & 3) * 4) & 15] as number] as number;
        for (let at = 0; at < 16; at += 4) mixInto(block, state, at, round === rounds);
      }
      for (let i = 0; i < 16; i++) block[i] = (block[i] as number) ^ (schedule[round * 16 + i] as number);
    }
  };
}

function mixInto(block: Uint8Array, state: Uint8Array, at: number, plain: boolean): void {
  let all = 0;
  for (let i = 0; i < 4; i++) all ^= state[at + i] as number;
  for (let i = 0; i < 4; i++) {
    const own = state[at + i] as number;
    block[at + i] = plain ? own : own ^ all ^ doubled(own ^ (state[at + ((i + 1) & 3)] as number));
  }
}

function expanded(key: Uint8Array): Uint8Array {
  const schedule = new Uint8Array(16 * (rounds + 1));
  schedule.set(key);
  let constant = 1;
  for (let at = 16; at < schedule.length; at++) {
    let byte = schedule[at - 4] as number;
    if (at % 16 < 4) byte = substitutes[schedule[at % 4 === 3 ? at - 7 : at - 3] as number] as number;
    if (at % 16 === 0) {
      byte ^= constant;
      constant = doubled(constant);
    }
    schedule[at] = byte ^ (schedule[at - 16] as number);
  }
  return schedule;
}

/** Times x in GF(2^8). */
function doubled(byte: number): number {
  return (byte << 1) ^ (byte > 127 ? 0x11b : 0);
}

/** The S-box, walked by a generator and its inverse rather than written down (FIPS 197 5.1.1). */
function substitutionTable(): Uint8Array {
  const table = new Uint8Array(256);
  let power = 1;
  let inverse = 1;
  for (let i = 0; i < 255; i++) {
    power = power ^ doubled(power);
    inverse ^= inverse << 1;
    inverse ^= inverse << 2;
    inverse ^= inverse << 4;
    inverse &= 255;
    if (inverse >= 128) inverse ^= 9;
    const spread = inverse ^ (inverse << 1) ^ (inverse << 2) ^ (inverse << 3) ^ (inverse << 4);
    table[power] = ((spread ^ (spread >> 8)) & 255) ^ 0x63;
  }
  table[0] = 0x63;
  return table;
}

const substitutes = substitutionTable();
