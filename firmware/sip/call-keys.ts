/** One press told twice counts once: many phones send a key both as an RFC 4733 event and as INFO. */

export type KeySource = "sound" | "info";

interface Told {
  readonly key: string;
  readonly source: KeySource;
  readonly atMs: number;
}

/** Longest time between the two tellings of one press. */
export const twinMs = 500;
/** Most presses that wait for a twin; the oldest gives way. */
export const twinLimit = 8;

export class CallKeys {
  /** Presses that still wait for their twin from the other source, oldest first. */
  private told: Told[];

  constructor() {
    this.told = [];
  }

  /** Takes one telling of a key at `nowMs`; true where it is a press of its own. */
  isPress(source: KeySource, key: string, nowMs: number): boolean {
    const left: Told[] = [];
    let isTwin = false;
    for (const told of this.told) {
      if (nowMs - told.atMs > twinMs) continue;
      if (!isTwin && told.key === key && told.source !== source) isTwin = true;
      else left.push(told);
    }
    if (!isTwin) left.push({ key, source, atMs: nowMs });
    if (left.length > twinLimit) left.shift();
    this.told = left;
    return !isTwin;
  }
}
