/** The unit's keys: one movement of the hand is one press, however it bounces and however long it lasts. */
import fc from "fast-check";
import { expect, test } from "vitest";
import type { KeyName } from "../ports/keys.ts";
import { Bench } from "../power/test-bench.ts";
import { UnitKeys } from "./unit-keys.ts";

class Hand {
  readonly bench = new Bench();
  readonly heard: string[] = [];
  private change: (key: KeyName, closed: boolean) => void = () => {};
  readonly keys = new UnitKeys(
    this.bench.context,
    (options) => {
      this.change = options.onChange;
      return {
        close: () => {
          this.change = () => {};
        },
      };
    },
    (key, long) => this.heard.push(long ? `${key} long` : key),
  );

  set(key: KeyName, closed: boolean, forMs: number): void {
    this.change(key, closed);
    this.bench.pass(forMs);
  }

  hold(key: KeyName, forMs: number): void {
    this.bench.pass(400);
    this.set(key, true, forMs);
    this.set(key, false, 400);
  }
}

test.each(["help", "cancel", "query"] as const)(
  "%s counts the moment it closes, once, however long it is held",
  (key) => {
    const hand = new Hand();
    hand.bench.pass(400);
    hand.set(key, true, 0);
    expect(hand.heard).toEqual([key]);
    hand.bench.pass(60_000);
    hand.set(key, false, 400);
    expect(hand.heard).toEqual([key]);
    hand.hold(key, 10);
    expect(hand.heard).toEqual([key, key]);
  },
);

test.each(["presence", "away"] as const)("%s is short when let go in time, and long while it is still held", (key) => {
  const hand = new Hand();
  hand.hold(key, 1_999);
  expect(hand.heard).toEqual([key]);
  hand.bench.pass(400);
  hand.set(key, true, 1_999);
  expect(hand.heard).toEqual([key]);
  hand.bench.pass(1);
  expect(hand.heard).toEqual([key, `${key} long`]);
  hand.set(key, false, 1_000);
  expect(hand.heard).toHaveLength(2);
});

test("a bounce while a key is held does not begin the press anew", () => {
  const hand = new Hand();
  hand.bench.pass(400);
  hand.set("away", true, 1_900);
  hand.set("away", false, 10);
  hand.set("away", true, 89);
  expect(hand.heard).toEqual([]);
  hand.bench.pass(1);
  expect(hand.heard).toEqual(["away long"]);
});

test("keys do not disturb one another", () => {
  const hand = new Hand();
  hand.bench.pass(400);
  hand.set("presence", true, 10);
  hand.set("away", true, 10);
  hand.set("help", true, 10);
  hand.set("away", false, 100);
  hand.set("presence", false, 3_000);
  expect(hand.heard).toEqual(["help", "away", "presence"]);
});

test("one movement is one press, short or long by how long it was held, however it bounces", () => {
  const anyBounces = fc
    .array(fc.integer({ min: 1, max: 59 }), { maxLength: 12 })
    .map((each) => each.slice(each.length % 2));
  fc.assert(
    fc.property(
      fc.array(fc.tuple(anyBounces, fc.integer({ min: 100, max: 5_000 }), anyBounces), { maxLength: 6 }),
      (movements) => {
        const hand = new Hand();
        const expected: string[] = [];
        for (const [first, heldMs, last] of movements) {
          hand.bench.pass(500);
          const startMs = hand.bench.worldMs;
          for (const [i, pauseMs] of first.entries()) hand.set("away", i % 2 === 0, pauseMs);
          hand.set("away", true, heldMs);
          for (const [i, pauseMs] of last.entries()) hand.set("away", i % 2 === 1, pauseMs);
          const letGoMs = hand.bench.worldMs;
          hand.set("away", false, 500);
          const isLong = hand.heard.at(expected.length) === "away long";
          if (letGoMs - startMs < 2_000) expect(isLong).toBe(false);
          if (heldMs >= 2_000) expect(isLong).toBe(true);
          expected.push(isLong ? "away long" : "away");
          expect(hand.heard).toEqual(expected);
        }
      },
    ),
  );
});

test("after close() no key is heard", () => {
  const hand = new Hand();
  hand.keys.close();
  hand.hold("help", 100);
  expect(hand.heard).toEqual([]);
});
