import fc from "fast-check";
import { expect, test } from "vitest";
import type { DoorEvent, DoorSettings, DoorState } from "./door-machine.ts";
import { doorAtStart, doorDefaults, doorFault, stepDoor } from "./door-machine.ts";
import { doorRuleLimit, doorsFault } from "./doors.ts";

const night: DoorSettings = { fromMinute: 1_320, toMinute: 360, preAlarmMs: 30_000, tooLongMs: 600_000 };
const at = (type: DoorEvent["type"], nowMs: number, minute: number): DoorEvent => ({ type, nowMs, minute });

test.each([
  [1_319, false],
  [1_320, true],
  [0, true],
  [359, true],
  [360, false],
  [-1, true],
])("at minute %i of the day an opening is asked about: %s", (minute, asks) => {
  const step = stepDoor(night, doorAtStart, at("opened", 0, minute));
  expect(step.effects.some((effect) => effect.type === "pre-alarm")).toBe(asks);
});

test("a door that is open when its window begins is asked about then", () => {
  const evening = stepDoor({ ...night, tooLongMs: 0 }, doorAtStart, at("opened", 0, 1_310));
  expect(evening.effects).toEqual([{ type: "wake", atMs: 600_000 }]);
  const later = stepDoor({ ...night, tooLongMs: 0 }, evening.state, at("due", 600_000, 1_320));
  expect(later.effects).toEqual([{ type: "pre-alarm" }, { type: "wake", atMs: 630_000 }]);
});

test("without a pre-alarm it is told at once, and without a window never", () => {
  expect(stepDoor({ ...night, preAlarmMs: 0 }, doorAtStart, at("opened", 5, 0)).effects[0]).toEqual({
    type: "tell",
    what: "open",
  });
  expect(stepDoor({ ...doorDefaults, tooLongMs: 0 }, doorAtStart, at("opened", 5, -1)).effects).toEqual([]);
});

test("each opening is told once as open and once as too long, its end only if it was told, and each wake lies ahead", () => {
  const anyEvent = fc.record({
    type: fc.constantFrom("opened", "shut", "due"),
    after: fc.nat(700_000),
    minute: fc.nat(1_439),
  });
  fc.assert(
    fc.property(fc.array(anyEvent, { maxLength: 40 }), (events) => {
      let state: DoorState = doorAtStart;
      let nowMs = 0;
      const told: string[] = [];
      for (const { type, after, minute } of events) {
        nowMs += after;
        const step = stepDoor(night, state, at(type as DoorEvent["type"], nowMs, minute));
        state = step.state;
        for (const effect of step.effects) {
          if (effect.type === "wake") expect(effect.atMs).toBeGreaterThan(nowMs);
          if (effect.type !== "tell") continue;
          if (effect.what === "shut") expect(told.length).toBeGreaterThan(0);
          else expect(told).not.toContain(effect.what);
          told.push(effect.what);
        }
        if (state.at === "shut") told.length = 0;
      }
    }),
  );
});

test("rules that no door can keep are refused in words, and so is a ninth rule", () => {
  expect(doorFault(night)).toBe(undefined);
  expect(doorFault({ ...night, fromMinute: 1_440 })).toContain("minutes");
  expect(doorFault({ ...night, preAlarmMs: 300_001 })).toContain("300 s");
  expect(doorFault({ ...night, tooLongMs: 59_999 })).toContain("24 hours");
  const rules = Array.from({ length: doorRuleLimit }, (_, address) => ({ ...night, address }));
  expect(doorsFault(rules)).toBe(undefined);
  expect(doorsFault([...rules, { ...night, address: 9 }])).toContain("at most 8");
});
