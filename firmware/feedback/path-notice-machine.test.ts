import fc from "fast-check";
import { expect, test } from "vitest";
import { deepFreeze } from "../alarm/arbitraries.ts";
import { type Links, pathNoticeAtStart, stepPathNotice } from "./path-notice-machine.ts";

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;
const times = { afterMs: 10 * minuteMs, repeatMs: 3 * hourMs };

interface Said {
  readonly atMs: number;
  readonly links: Links;
}

/** Quiet from 22 to 7, the unit having started at midnight. */
function quietForMs(nowMs: number): number {
  const inDayMs = nowMs % dayMs;
  if (inDayMs < 7 * hourMs) return 7 * hourMs - inDayMs;
  return inDayMs >= 22 * hourMs ? 31 * hourMs - inDayMs : 0;
}

/** Plays changes of the links, each with how long it lasts. */
function play(changes: readonly (readonly [Links, number])[]): { said: Said[]; sinceMs: (atMs: number) => number } {
  const said: Said[] = [];
  const since: Said[] = [{ atMs: 0, links: "ready" }];
  let state = deepFreeze(pathNoticeAtStart);
  let nowMs = 0;
  let wakeMs = -1;
  const take = (event: Parameters<typeof stepPathNotice>[2]): void => {
    const next = stepPathNotice(times, state, event);
    state = deepFreeze(next.state);
    for (const effect of next.effects) {
      if (effect.type === "wake") wakeMs = effect.atMs;
      else said.push({ atMs: nowMs, links: effect.links });
    }
  };
  for (const [links, lastsMs] of changes) {
    if (links !== since.at(-1)?.links) since.push({ atMs: nowMs, links });
    take({ type: "changed", nowMs, links });
    const untilMs = nowMs + lastsMs;
    while (wakeMs >= 0 && wakeMs <= untilMs) {
      nowMs = Math.max(nowMs, wakeMs);
      wakeMs = -1;
      take({ type: "due", nowMs, quietForMs: quietForMs(nowMs) });
      expect(wakeMs < 0 || wakeMs > nowMs).toBe(true);
    }
    nowMs = untilMs;
  }
  return { said, sinceMs: (atMs) => since.filter((each) => each.atMs <= atMs).at(-1)?.atMs ?? 0 };
}

test("however the links change, only what has held for ten minutes is said, by day, and nothing twice within three hours", () => {
  const links = fc.constantFrom<Links>("ready", "one-path-lost", "no-path", "no-path");
  const change = fc.tuple(links, fc.oneof(fc.integer({ min: 0, max: hourMs }), fc.integer({ min: 0, max: dayMs })));
  fc.assert(
    fc.property(fc.array(change, { maxLength: 30 }), (changes) => {
      const { said, sinceMs } = play(changes);
      said.forEach((each, i) => {
        expect(quietForMs(each.atMs)).toBe(0);
        expect(each.atMs - sinceMs(each.atMs)).toBeGreaterThanOrEqual(times.afterMs);
        const before = said[i - 1];
        if (before === undefined) expect(each.links).not.toBe("ready");
        else if (before.links === each.links) {
          expect(each.links).toBe("no-path");
          expect(each.atMs - before.atMs).toBeGreaterThanOrEqual(times.repeatMs);
        }
      });
    }),
  );
});

test("a unit without any path for days says so every three hours from seven in the morning on", () => {
  const { said } = play([["no-path", 2 * dayMs]]);
  const hours = said.map((each) => (each.atMs / hourMs) % 24);
  expect(hours).toEqual([7, 10, 13, 16, 19, 7, 10, 13, 16, 19]);
});
