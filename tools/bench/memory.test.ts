import { expect, test } from "vitest";
import { benchMemory, heldBy, memoryTables } from "./memory.ts";
import { tableText } from "./table.ts";

const once = { rounds: 1, roundMs: 1, nowMs: () => 0 };

test("a unit takes what the larger world holds more, divided by the units that it has more", () => {
  const result = benchMemory(once, { smaller: 10, larger: 30, hours: 1 }, (_, units) => ({
    heap: 5_000_000 + 90_000 * units,
    buffers: 1_000 + 4_000 * units,
    kinds: { closure: 40_000 * units, object: 7 + 50_000 * units, string: 10 * units, native: 9_000 * units },
  }));
  for (const profile of result.profiles) {
    expect(profile).toMatchObject({ heap: 90_000, buffers: 4_000 });
    expect(profile.kinds).toEqual([
      { kind: "object", bytes: 50_000 },
      { kind: "closure", bytes: 40_000 },
    ]);
  }
  expect(memoryTables(result).map(tableText)[0]).toMatch(
    /30 units less 10 after 1 h[\s\S]*default +94,000 +90,000 +4,000/,
  );
});

test("of several rounds each figure is the median, and the sizes take turns", () => {
  const asked: number[] = [];
  const result = benchMemory({ ...once, rounds: 3 }, { smaller: 10, larger: 30, hours: 1 }, (_, units) => {
    asked.push(units);
    const round = Math.floor((asked.length - 1) / 4);
    const each = [70_000, 90_000, 80_000][round] ?? 0;
    return { heap: each * units, buffers: 4_000 * units, kinds: { object: each * units } };
  });
  expect(asked).toEqual(Array.from({ length: 12 }, (_, i) => (i % 2 === 0 ? 10 : 30)));
  for (const profile of result.profiles)
    expect(profile).toMatchObject({ heap: 80_000, buffers: 4_000, kinds: [{ kind: "object", bytes: 80_000 }] });
});

test("what a world holds is measured in a process of its own", { timeout: 120_000 }, () => {
  const held = heldBy("default", 1, 1);
  expect([held.heap > 1_000_000, held.buffers > 0, Object.values(held.kinds).length > 3]).toEqual([true, true, true]);
});
