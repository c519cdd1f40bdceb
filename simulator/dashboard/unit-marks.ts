/** What has changed on the map between two looks. */
import type { Mark } from "./messages.ts";

/** Place and new mark of each unit whose mark is another one now. */
export function marksOf(before: string, now: string): readonly (readonly [number, Mark])[] {
  const changed: (readonly [number, Mark])[] = [];
  if (before === now) return changed;
  for (let i = 0; i < now.length; i++) if (now[i] !== before[i]) changed.push([i, now[i] as Mark]);
  return changed;
}
