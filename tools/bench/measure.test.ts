import { expect, test } from "vitest";
import { bytesPerRun } from "./allocation.ts";
import { measure, median } from "./measure.ts";

test("the middle of odd, even and no values", () => {
  expect(median([3, 1, 2])).toBe(2);
  expect(median([4, 1, 3, 2])).toBe(2.5);
  expect(median([])).toBe(0);
});

/** A clock that the contenders' own work moves. */
function machine() {
  let nowMs = 0;
  const order: string[] = [];
  const contender = (name: string, costMs: (round: number) => number) => {
    let calls = 0;
    return {
      name,
      run: (times: number) => {
        order.push(name);
        calls++;
        nowMs += times * costMs(calls);
        return times;
      },
    };
  };
  return { contender, order, timing: { rounds: 3, roundMs: 100, nowMs: () => nowMs } };
}

test("speeds are runs per second, and ratios are taken round by round against the first", () => {
  const { contender, timing } = machine();
  const figures = measure([contender("one", () => 1), contender("other", () => 4)], timing);
  expect(figures).toEqual([
    { name: "one", median: 1000, least: 1000, most: 1000, ratio: 1 },
    { name: "other", median: 250, least: 250, most: 250, ratio: 4 },
  ]);
});

test("rounds are interleaved, so that a machine that slows down hurts all alike", () => {
  const { contender, order, timing } = machine();
  measure([contender("one", () => 100), contender("other", () => 100)], timing);
  expect(order.join(" ")).toBe("one other one other one other one other");
});

test("one slow round moves the extremes and not the median", () => {
  const { contender, timing } = machine();
  const [figures] = measure([contender("one", (call) => (call === 3 ? 1000 : 100))], timing);
  expect(figures).toMatchObject({ median: 10, least: 1, most: 10 });
});

test("what a run takes from the heap and outside it is told within a tenth", () => {
  const kept: unknown[] = [];
  const bytes = bytesPerRun((times) => {
    kept.length = 0;
    for (let i = 0; i < times; i++) kept.push(new Uint8Array(10_000));
    return kept.length;
  });
  expect(bytes).toBeGreaterThan(9_900);
  expect(bytes).toBeLessThan(11_000);
});
