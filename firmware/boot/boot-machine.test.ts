import fc from "fast-check";
import { expect, test } from "vitest";
import {
  type BootEffect,
  type BootEvent,
  type BootState,
  firstStart,
  type KeptStarts,
  loopLength,
  noStart,
  readyWithinMs,
  shortLifeMs,
  stableHourMs,
  stepBoot,
} from "./boot-machine.ts";

function play(events: readonly BootEvent[], from = noStart): { state: BootState; effects: BootEffect[] } {
  let state = from;
  const effects: BootEffect[] = [];
  for (const event of events) {
    const next = stepBoot(Object.freeze(state), event);
    state = next.state;
    effects.push(...next.effects);
  }
  return { state, effects };
}

/** What is on flash after a life of these events. */
function life(kept: KeptStarts, isSuspect: boolean, events: readonly BootEvent[]): KeptStarts {
  const stored = play([{ type: "started", nowMs: 0, isSuspect, kept }, ...events]).effects.filter(
    (effect) => effect.type === "store",
  );
  return stored.at(-1)?.kept ?? kept;
}

const ready: BootEvent = { type: "ready", nowMs: 1_000 };

test("five lives in a row that end too soon bring minimal alarm mode, four do not", () => {
  let kept = firstStart;
  for (let i = 1; i <= loopLength; i++) {
    kept = life(kept, true, i % 2 === 0 ? [ready] : []);
    expect(kept).toEqual({ starts: i, shortLives: i, mode: i < loopLength ? "full" : "minimal" });
  }
  const { effects } = play([{ type: "started", nowMs: 0, isSuspect: true, kept: { ...firstStart, shortLives: 4 } }]);
  expect(effects).toContainEqual({ type: "tell", what: "boot-loop", shortLives: 5 });
  expect(
    play([{ type: "started", nowMs: 0, isSuspect: true, kept }]).effects.map((effect) => effect.type),
  ).not.toContain("tell");
});

test("a life that was ready for five minutes ends the row", () => {
  const kept = { starts: 9, shortLives: 4, mode: "full" as const };
  const long: BootEvent[] = [ready, { type: "due", nowMs: 1_000 + shortLifeMs }];
  expect(life(kept, false, long)).toEqual({ starts: 10, shortLives: 0, mode: "full" });
});

test("starts that somebody wanted are no loop, and do not end one either", () => {
  let kept = { ...firstStart, shortLives: 4 };
  for (let i = 0; i < 20; i++) kept = { ...kept, ...life(kept, false, []) };
  expect(kept).toEqual({ starts: 20, shortLives: 4, mode: "full" });
});

test("a unit that is not alarm-ready within 60 s starts anew", () => {
  const started: BootEvent = { type: "started", nowMs: 5, isSuspect: false, kept: firstStart };
  expect(play([started, { type: "due", nowMs: 4 + readyWithinMs }]).effects.at(-1)?.type).toBe("wake");
  expect(play([started, { type: "due", nowMs: 5 + readyWithinMs }]).effects.at(-1)).toEqual({
    type: "restart",
    cause: "fault",
  });
  expect(play([started, ready, { type: "due", nowMs: 5 + readyWithinMs }]).effects.at(-1)?.type).not.toBe("restart");
});

const minimal = { starts: 5, shortLives: 5, mode: "minimal" as const };
const stable: BootEvent[] = [
  { type: "started", nowMs: 0, isSuspect: true, kept: minimal },
  ready,
  { type: "due", nowMs: 1_000 + shortLifeMs },
];

test("minimal mode ends after a stable hour, with a restart, and not a moment before", () => {
  expect(play([...stable, { type: "due", nowMs: stableHourMs - 1 }]).state.kept.mode).toBe("minimal");
  const { state, effects } = play([...stable, { type: "due", nowMs: stableHourMs }]);
  expect(state.kept).toEqual({ starts: 6, shortLives: 0, mode: "full" });
  expect(effects.slice(-3)).toEqual([
    { type: "store", kept: state.kept },
    { type: "tell", what: "boot-loop-over", shortLives: 0 },
    { type: "restart", cause: "ordered" },
  ]);
});

test("minimal mode is not left while a person's alarm waits, and is left when it no longer does", () => {
  const pending: BootEvent = { type: "alarm", nowMs: 400_000, isPending: true };
  const waiting = play([...stable, pending, { type: "due", nowMs: stableHourMs }]);
  expect(waiting.state.kept.mode).toBe("minimal");
  const over: BootEvent = { type: "alarm", nowMs: stableHourMs + 7, isPending: false };
  expect(play([over], waiting.state).effects.at(-1)).toEqual({ type: "restart", cause: "ordered" });
  const early: BootEvent = { type: "alarm", nowMs: 500_000, isPending: false };
  const soon = play([early], waiting.state);
  expect(soon.state.kept.mode).toBe("minimal");
  expect(play([{ type: "due", nowMs: stableHourMs }], soon.state).state.kept.mode).toBe("full");
});

test("a life in minimal mode that ends too soon leaves the next one in minimal mode", () => {
  expect(life(minimal, true, [ready]).mode).toBe("minimal");
  expect(life(minimal, false, [ready, { type: "due", nowMs: 1_000 + shortLifeMs }])).toMatchObject({
    mode: "minimal",
    shortLives: 0,
  });
});

test("after every wake-up all that is due is due later, and no effect restarts with an alarm waiting", () => {
  const anyEvent = fc.oneof(
    fc.record({ type: fc.constant("ready" as const), nowMs: fc.nat(8_000_000) }),
    fc.record({ type: fc.constant("due" as const), nowMs: fc.nat(8_000_000) }),
    fc.record({ type: fc.constant("alarm" as const), nowMs: fc.nat(8_000_000), isPending: fc.boolean() }),
  );
  fc.assert(
    fc.property(fc.boolean(), fc.array(anyEvent, { maxLength: 20 }), (wasMinimal, drawn) => {
      const kept = wasMinimal ? minimal : firstStart;
      let state = play([{ type: "started", nowMs: 0, isSuspect: false, kept }]).state;
      for (const event of drawn.sort((one, other) => one.nowMs - other.nowMs)) {
        const next = stepBoot(Object.freeze(state), event);
        for (const effect of next.effects) {
          if (effect.type === "wake" && state.at !== "running") expect(effect.atMs).toBeGreaterThan(event.nowMs);
          if (effect.type === "restart" && effect.cause === "ordered") expect(next.state.isPending).toBe(false);
        }
        state = next.state;
      }
    }),
  );
});
