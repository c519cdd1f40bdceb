import fc from "fast-check";
import { expect, test } from "vitest";
import type { ContactEvent } from "./contact-machine.ts";
import { contactAtStart, restMs, stepContact } from "./contact-machine.ts";

function pressesIn(events: readonly ContactEvent[]): number {
  let state = contactAtStart;
  let presses = 0;
  for (const event of events) {
    const next = stepContact(state, event);
    state = next.state;
    presses += next.effects.length;
  }
  return presses;
}

/** Changes of level, beginning with a closing, with these pauses between them. */
function changes(startMs: number, pauses: readonly number[]): ContactEvent[] {
  const events: ContactEvent[] = [{ type: "closed", nowMs: startMs }];
  let nowMs = startMs;
  for (let i = 0; i < pauses.length; i++) {
    nowMs += pauses[i] as number;
    events.push({ type: i % 2 === 0 ? "opened" : "closed", nowMs });
  }
  return events;
}

const anyBounces = fc.array(fc.nat(restMs - 1), { maxLength: 30 });

test("one movement makes exactly one press, however it bounces", () => {
  fc.assert(
    fc.property(fc.nat(1_000_000), anyBounces, (startMs, pauses) => {
      expect(pressesIn(changes(startMs, pauses))).toBe(1);
    }),
  );
});

test("however long it is held, with bounces at both ends, it stays one press", () => {
  fc.assert(
    fc.property(fc.nat(20), fc.nat(20), fc.integer({ min: 1, max: 600_000 }), (atStart, atEnd, heldMs) => {
      const pauses: number[] = [];
      for (let i = 0; i < atStart * 2; i++) pauses.push(3);
      pauses.push(heldMs);
      for (let i = 0; i < atEnd * 2; i++) pauses.push(3);
      expect(pressesIn(changes(0, pauses))).toBe(1);
    }),
  );
});

test("each press after a rest is one press more, also where an opening between them was missed", () => {
  fc.assert(
    fc.property(fc.array(anyBounces, { minLength: 1, maxLength: 10 }), fc.nat(100_000), (movements, restMoreMs) => {
      const events: ContactEvent[] = [];
      let nowMs = 0;
      for (const pauses of movements) {
        const movement = changes(nowMs, pauses);
        events.push(...movement);
        nowMs = (movement[movement.length - 1] as ContactEvent).nowMs + restMs + restMoreMs;
      }
      expect(pressesIn(events)).toBe(movements.length);
    }),
  );
});

test("a double-click is one press, and two presses half a second apart are two", () => {
  expect(pressesIn(changes(0, [120, 180, 120]))).toBe(1);
  expect(pressesIn(changes(0, [120, 380, 120]))).toBe(2);
});
