import fc from "fast-check";
import { expect, test } from "vitest";
import type { Records } from "./radio-counters.ts";
import { blockLength, RadioCounters } from "./radio-counters.ts";

/** Keeps one value; refuses while `failing`. */
class OneRecord implements Records {
  failing = false;
  writes = 0;
  private bytes: Uint8Array | undefined = undefined;

  read(): Uint8Array | undefined {
    return this.bytes;
  }

  write(_kind: number, _key: number, bytes: Uint8Array): boolean {
    if (this.failing) return false;
    this.writes++;
    this.bytes = Uint8Array.from(bytes);
    return true;
  }
}

test("no value is ever given twice, whenever the device restarts and the flash fails", () => {
  const anyAct = fc.constantFrom("take", "take", "take", "restart", "fail", "heal");
  fc.assert(
    fc.property(fc.array(anyAct, { maxLength: 300 }), (acts) => {
      const records = new OneRecord();
      let counters = new RadioCounters(records, 10);
      let last = 0;
      for (const act of acts) {
        if (act === "fail") records.failing = true;
        if (act === "heal") records.failing = false;
        if (act === "restart") counters = new RadioCounters(records, 10);
        if (act !== "take") continue;
        const promised = counters.peek();
        if (promised === 0) {
          expect(records.failing).toBe(true);
          continue;
        }
        const value = counters.take();
        expect(value).toBe(promised);
        expect(value).toBeGreaterThan(last);
        last = value;
      }
    }),
  );
});

test("the first value is 1, a block is promised at a time, and a restart goes on with the next block", () => {
  const records = new OneRecord();
  const counters = new RadioCounters(records, 10);
  expect(counters.usedBefore).toBe(false);
  expect(counters.take()).toBe(1);
  expect(records.writes).toBe(1);
  const again = new RadioCounters(records, 10);
  expect(again.usedBefore).toBe(true);
  expect(again.take()).toBe(1 + blockLength);
});

test("flash that fails leaves at least 32 values for the press under way, then none", () => {
  const records = new OneRecord();
  const counters = new RadioCounters(records, 10);
  for (let i = 0; i < 45; i++) counters.take();
  records.failing = true;
  let left = 0;
  while (counters.peek() !== 0) {
    counters.take();
    left++;
  }
  expect(left).toBeGreaterThanOrEqual(32);
  expect(() => counters.take()).toThrow("no counter left");
  records.failing = false;
  expect(counters.peek()).toBe(1 + 45 + left);
});

test("at the end of the 32 bits nothing wraps: the button falls silent", () => {
  const records = new OneRecord();
  records.write(10, 0, new Uint8Array([0xff, 0xff, 0xff, 0xfd]));
  const counters = new RadioCounters(records, 10);
  expect(counters.take()).toBe(0xfffffffd);
  expect(counters.take()).toBe(0xfffffffe);
  expect(counters.peek()).toBe(0);
  expect(new RadioCounters(records, 10).peek()).toBe(0);
});
