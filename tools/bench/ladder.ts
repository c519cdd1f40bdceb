/** The highest rate without a loss, on a ladder of thirds of an octave. */

export interface Tried {
  /** As reached, which is less than the rung where the sender could not offer it. */
  readonly rate: number;
  readonly senderLimited: boolean;
}

const leastRate = 250;
const rungsPerOctave = 3;
const mostRung = 10 * rungsPerOctave;
const firstRung = 2 * rungsPerOctave;

/** Messages a second at a rung. */
export function rateAt(rung: number): number {
  return Math.round(leastRate * 2 ** (rung / rungsPerOctave));
}

export interface Climbed<T> {
  readonly rung: number;
  /** Undefined: not even the lowest was clean. */
  readonly clean: T | undefined;
}

/**
 * By octaves at first, later from the rung where the round before ended. `tryOnce` answers undefined where something was lost;
 * once may be this machine's own hiccup, and so may a sender that fell behind, so each is tried twice.
 */
export async function climb<T extends Tried>(
  tryOnce: (rate: number) => Promise<T | undefined>,
  before: number | undefined,
): Promise<Climbed<T>> {
  const stride = before === undefined ? rungsPerOctave : 1;
  let best: Climbed<T> = { rung: -1, clean: undefined };
  let lost = mostRung + 1;
  let rung = before === undefined ? firstRung : Math.max(before, 0);
  while (lost - best.rung > 1) {
    const clean = await tryTwice(tryOnce, rateAt(rung));
    if (clean === undefined) lost = rung;
    else best = { rung, clean };
    if (clean?.senderLimited) return best;
    const between = Math.floor((best.rung + lost) / 2);
    if (best.rung < 0 && lost > stride) rung = lost - stride;
    else rung = lost > mostRung ? Math.min(best.rung + stride, mostRung) : between;
  }
  return best;
}

async function tryTwice<T extends Tried>(
  tryOnce: (rate: number) => Promise<T | undefined>,
  rate: number,
): Promise<T | undefined> {
  let clean: T | undefined;
  for (let trial = 0; trial < 2 && (clean === undefined || clean.senderLimited); trial++)
    clean = (await tryOnce(rate)) ?? clean;
  return clean;
}
