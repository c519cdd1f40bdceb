import fc from "fast-check";
import { expect, test } from "vitest";
import type { PersonSlot, SlotEvent } from "./person-slot.ts";
import { callsFor, emptySlot, nobody, stepSlot } from "./person-slot.ts";

function played(events: readonly SlotEvent[]): PersonSlot {
  let slot = emptySlot;
  for (const event of events) slot = stepSlot(slot, event).slot;
  return slot;
}

test("the first button is the holder at once, and proven when a press of its own was accepted", () => {
  const first = stepSlot(emptySlot, { type: "paired", place: 3 });
  expect(first).toEqual({
    slot: { holder: 3, verified: false, successor: nobody },
    revoke: nobody,
    warning: "not-verified",
  });
  expect(stepSlot(first.slot, { type: "accepted", place: 3 })).toEqual({
    slot: { holder: 3, verified: true, successor: nobody },
    revoke: nobody,
    warning: undefined,
  });
});

test("a new button takes over when its own press was accepted, and that step revokes the old one", () => {
  const held = played([
    { type: "paired", place: 3 },
    { type: "accepted", place: 3 },
  ]);
  expect(held).toEqual({ holder: 3, verified: true, successor: nobody });
  const both = stepSlot(held, { type: "paired", place: 7 });
  expect(both).toMatchObject({ revoke: nobody, warning: "not-verified" });
  expect([callsFor(both.slot, 3), callsFor(both.slot, 7), callsFor(both.slot, nobody)]).toEqual([true, true, false]);
  const again = stepSlot(both.slot, { type: "accepted", place: 3 });
  expect(again.slot).toEqual(both.slot);
  expect(stepSlot(both.slot, { type: "accepted", place: 7 })).toEqual({
    slot: { holder: 7, verified: true, successor: nobody },
    revoke: 3,
    warning: undefined,
  });
});

test("a lost button is revoked in one step; a successor that waits takes its place, unverified", () => {
  const waiting: PersonSlot = { holder: 3, verified: true, successor: 7 };
  expect(stepSlot(waiting, { type: "revoked", place: 3 })).toEqual({
    slot: { holder: 7, verified: false, successor: nobody },
    revoke: 3,
    warning: "not-verified",
  });
  expect(stepSlot(waiting, { type: "revoked", place: 7 })).toEqual({
    slot: { holder: 3, verified: true, successor: nobody },
    revoke: 7,
    warning: undefined,
  });
  expect(stepSlot(played([{ type: "paired", place: 0 }]), { type: "revoked", place: 0 })).toEqual({
    slot: emptySlot,
    revoke: 0,
    warning: "no-button",
  });
});

test("an acceptance of nobody's press changes nothing, for nobody stands where no device does", () => {
  for (const slot of [emptySlot, { holder: 3, verified: false, successor: nobody }])
    expect(stepSlot(slot, { type: "accepted", place: nobody })).toMatchObject({ slot, revoke: nobody });
  expect(callsFor(emptySlot, nobody)).toBe(false);
  expect(callsFor({ holder: 3, verified: true, successor: nobody }, nobody)).toBe(false);
});

test("a third device for one person is a mistake of ours and throws; a device that is paired again is no third", () => {
  const two = played([
    { type: "paired", place: 1 },
    { type: "paired", place: 2 },
  ]);
  expect(stepSlot(two, { type: "paired", place: 2 }).slot).toEqual(two);
  expect(() => stepSlot(two, { type: "paired", place: 3 })).toThrow("a third device");
});

test("whoever has a button keeps one that calls, unless the last one is revoked by hand, and then there is a warning", () => {
  const anyEvent: fc.Arbitrary<SlotEvent> = fc.record({
    type: fc.constantFrom("paired" as const, "accepted" as const, "revoked" as const),
    place: fc.integer({ min: 0, max: 3 }),
  });
  fc.assert(
    fc.property(fc.array(anyEvent, { maxLength: 30 }), (events) => {
      let slot = emptySlot;
      for (const event of events) {
        if (event.type === "paired" && slot.successor !== nobody && !callsFor(slot, event.place)) continue;
        const before = slot;
        const step = stepSlot(slot, event);
        slot = step.slot;
        if (before.holder !== nobody && slot.holder === nobody) {
          expect(event).toEqual({ type: "revoked", place: before.holder });
          expect(before.successor).toBe(nobody);
        }
        expect(step.warning === "no-button").toBe(slot.holder === nobody);
        expect(step.warning === undefined).toBe(slot.verified && slot.successor === nobody);
        if (step.revoke !== nobody) {
          expect(callsFor(before, step.revoke)).toBe(true);
          expect(callsFor(slot, step.revoke)).toBe(false);
        }
        for (const place of [before.holder, before.successor])
          if (place !== nobody && !callsFor(slot, place)) expect(step.revoke).toBe(place);
        expect(slot.holder === nobody && slot.successor !== nobody).toBe(false);
        if (event.type === "accepted" && slot.holder === event.place) expect(slot.verified).toBe(true);
      }
    }),
  );
});
