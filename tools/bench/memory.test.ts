import { expect, test } from "vitest";
import { benchMemory, heldBy, memoryTables } from "./memory.ts";
import { tableText } from "./table.ts";

test("a unit takes what the larger world holds more, divided by the units that it has more", () => {
  const result = benchMemory({ smaller: 10, larger: 30, hours: 1 }, (_, units) => ({
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

test("what a world holds is measured in a process of its own", { timeout: 120_000 }, () => {
  const held = heldBy("default", 1, 1);
  expect([held.heap > 1_000_000, held.buffers > 0, Object.values(held.kinds).length > 3]).toEqual([true, true, true]);
});
