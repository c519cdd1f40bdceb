import { expect, test } from "vitest";
import { benchQueue, queueTables } from "./queue.ts";
import { tableText } from "./table.ts";

test("every queue holds what it was filled with and goes on", () => {
  const result = benchQueue({ rounds: 2, roundMs: 1, nowMs: () => 0 }, [100, 20_000]);
  expect(result.sizes.map(({ pending }) => pending)).toEqual([100, 20_000]);
  for (const { queues } of result.sizes) {
    expect(queues.map(({ name }) => name)).toEqual([
      "ours",
      "ours, with a handle",
      "flatqueue",
      "tinyqueue",
      "heap-js",
      "fake-timers",
    ]);
    for (const { median, ratio } of queues) expect([median > 0, ratio > 0]).toEqual([true, true]);
    expect(queues[0]?.ratio).toBe(1);
    expect(queues[0]?.bytesPerEvent).toBeLessThan((queues.at(-1)?.bytesPerEvent ?? 0) / 10);
  }
});

test("the table says how many times as many ours does", () => {
  const row = { median: 10, least: 9, most: 11, bytesPerEvent: 42.04 };
  const [table] = queueTables({
    bench: "queue",
    sizes: [{ pending: 1000, queues: [{ name: "other", ...row, ratio: 3.2345 }] }],
  });
  if (table === undefined) throw new Error("no table");
  expect(tableText(table)).toMatch(/1,000 pending[\s\S]*other +10 +9 +11 +3\.23 x +42\.0/);
});
