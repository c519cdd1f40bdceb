/** A person's finger on a contact: it bounces as it closes, is held for a moment, and bounces again as it opens. */
import type { EventQueue } from "../core/event-queue.ts";
import type { Stream } from "../core/prng.ts";

/** How long people hold: for a press, and where they were told to hold on. */
const heldMs = { short: { least: 80, most: 400 }, long: { least: 2_300, most: 4_000 } };
const bounceMs = 3;
const levels = [true, false, true, false, true, false];

export type Hold = "short" | "long";

/** Begins now; one draw of `fingers` says how long it is held. Answers after how many ms the contact rests again. */
export function touch(queue: EventQueue, fingers: Stream, hold: Hold, onLevel: (closed: boolean) => void): number {
  const { least, most } = heldMs[hold];
  return holdFor(queue, fingers.between(least, most), onLevel);
}

/** As `touch`, held for just so long: what a person does who counts. */
export function holdFor(queue: EventQueue, held: number, onLevel: (closed: boolean) => void): number {
  const times = [0, 1, bounceMs, held, held + 1, held + bounceMs];
  levels.forEach((closed, at) => {
    queue.after(times[at] as number, () => onLevel(closed));
  });
  return held + bounceMs;
}

/** A contact that is left so, such as a lid's: it bounces on the way. */
export function flip(queue: EventQueue, closed: boolean, onLevel: (closed: boolean) => void): void {
  [closed, !closed, closed].forEach((level, at) => {
    queue.after(at, () => onLevel(level));
  });
}
