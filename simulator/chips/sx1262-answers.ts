/** What an SX1262 holds, and what it answers to the commands that ask (Semtech DS.SX1261-2.W.APP 13.2, 13.3, 13.5, 13.6). */
import { Sx1262Setup, word } from "./sx1262-setup.ts";

export const bufferBytes = 256;
export const getStatus = 0xc0;
const noiseDbm = -118;
const received = 0x02;

export interface ChipInsides {
  setup: Sx1262Setup;
  readonly buffer: Uint8Array;
  irq: number;
  errors: number;
  /** Where the newest packet stands, and how strong it was. */
  newest: { readonly start: number; readonly length: number; readonly dbm: number };
}

/** After a reset. */
export function newInsides(): ChipInsides {
  return {
    setup: new Sx1262Setup(),
    buffer: new Uint8Array(bufferBytes),
    irq: 0,
    errors: 0,
    newest: { start: 0, length: 0, dbm: 0 },
  };
}

/** Puts the answer behind the status; false where this command asks nothing. `energyDbm`: on the channel now. */
export function answer(
  inside: ChipInsides,
  opcode: number,
  bytes: Uint8Array,
  into: Uint8Array,
  energyDbm: () => number,
): boolean {
  const { newest, setup, irq, errors, buffer } = inside;
  switch (opcode) {
    case 0x12:
      into.set([irq >> 8, irq & 0xff], 2);
      return true;
    case 0x13:
      into.set([newest.length, newest.start], 2);
      return true;
    case 0x14:
      into.set([received, -2 * newest.dbm, -2 * newest.dbm], 2);
      return true;
    case 0x15:
      into.set([-2 * Math.max(noiseDbm, energyDbm())], 2);
      return true;
    case 0x17:
      into.set([errors >> 8, errors & 0xff], 2);
      return true;
    case 0x1d:
      into.set(setup.registers.subarray(word(bytes, 1), word(bytes, 1) + bytes.length - 4), 4);
      return true;
    case 0x1e:
      for (let at = 3; at < bytes.length; at++)
        into[at] = buffer[((bytes[1] as number) + at - 3) % bufferBytes] as number;
      return true;
    default:
      return opcode === getStatus;
  }
}
