/** A unit's update from the first question to the end of its trial: good releases, bad ones, and ones that are none. */
import { expect, test } from "vitest";
import type { ReleaseServerMode } from "../peers/release-server.ts";
import { releaseOf } from "./releases.ts";
import { type Behaviour, hourMs, minuteMs, UpdateBench } from "./update-bench.ts";

const allDayMs = 30 * hourMs;

function benchWith(behaviour: Behaviour, before: Behaviour = "good"): UpdateBench {
  const bench = new UpdateBench(1, { "1.0.0": before, "1.1.0": behaviour });
  bench.server.publish(releaseOf("1.1.0"));
  return bench;
}

test("a release is loaded, tried and kept, and receivers and server hear of it", () => {
  const bench = benchWith("good");
  bench.run(6 * hourMs);
  expect(bench.started).toEqual(["1.0.0", "1.1.0"]);
  expect(bench.told).toEqual(["updated to 1.1.0"]);
  expect(bench.broken).toEqual([]);
  expect(bench.server.pieces).toBe(11);
  expect(bench.server.questions[0]).toEqual({
    unit: "4612345678",
    board: "test-board",
    revision: "1",
    region: "eu",
    version: "1.0.0",
    stage: "none",
  });
  expect(bench.server.questions.at(-1)).toMatchObject({ version: "1.1.0", stage: "kept" });
});

test("a second release follows the first, into the slot that the factory's program had", () => {
  const bench = benchWith("good");
  bench.run(6 * hourMs);
  bench.server.publish(releaseOf("1.2.0", { leastVersion: 0x01010000 }));
  bench.run(6 * hourMs);
  expect(bench.started).toEqual(["1.0.0", "1.1.0", "1.2.0"]);
  expect(bench.broken).toEqual([]);
});

const bad: readonly (readonly [Behaviour, string])[] = [
  ["crashes", "start"],
  ["hangs", "start"],
  ["mute", "accept"],
  ["deaf", "radio"],
  ["faulty", "check"],
  ["loops", "loop"],
];

for (const [behaviour, why] of bad)
  test(`a release that is "${behaviour}" is taken back for "${why}", told, never tried again, and followed by a better one`, () => {
    const bench = benchWith(behaviour);
    bench.run(allDayMs);
    expect(bench.version).toBe("1.0.0");
    expect(bench.told.at(-1)).toBe(`taken back 1.1.0: ${why}`);
    expect(bench.broken).toEqual([]);
    const starts = bench.started.length;
    expect(starts).toBeLessThanOrEqual(12);
    bench.run(allDayMs);
    expect(bench.started).toHaveLength(starts);
    expect(bench.server.questions.at(-1)).toMatchObject({ version: "1.0.0", failed: "1.1.0", why, refused: "failed" });
    bench.server.publish(releaseOf("1.1.1"));
    bench.run(allDayMs);
    expect(bench.version).toBe("1.1.1");
    expect(bench.told.at(-1)).toBe("updated to 1.1.1");
  });

test("a release that hangs costs a unit no more than two times half a minute and its two starts", () => {
  const bench = benchWith("hangs");
  bench.run(allDayMs);
  expect(bench.started).toEqual(["1.0.0", "1.1.0", "1.0.0", "1.1.0", "1.0.0"]);
});

test("where no device was heard on the day before, none has to be heard in the trial", () => {
  const bench = benchWith("deaf", "deaf");
  bench.run(allDayMs);
  expect(bench.version).toBe("1.1.0");
});

test("a unit that no receiver answers begins no trial", () => {
  const bench = benchWith("good", "mute");
  bench.run(allDayMs);
  expect(bench.started).toEqual(["1.0.0"]);
  expect(bench.server.questions.at(-1)).toMatchObject({ stage: "loaded" });
});

const refusals: readonly (readonly [string, Parameters<typeof releaseOf>])[] = [
  ["board", ["1.1.0", { board: "other-board" }]],
  ["revision", ["1.1.0", { leastRevision: 2 }]],
  ["revision", ["1.1.0", { leastRevision: 0, mostRevision: 0 }]],
  ["region", ["1.1.0", { region: "us" }]],
  ["version", ["0.9.9"]],
  ["step", ["1.2.0", { leastVersion: 0x01010000 }]],
  ["size", ["1.1.0", { length: 12 * 1_024 + 1 }]],
  ["key", ["1.1.0", { keyId: 2 }]],
  ["signature", ["1.1.0", {}, "stranger"]],
];

for (const [refusal, release] of refusals)
  test(`an offer of ${JSON.stringify(release)} is refused for its ${refusal}, and not a byte of it is loaded`, () => {
    const bench = new UpdateBench(1);
    bench.server.publish(releaseOf(...release));
    bench.run(6 * hourMs);
    expect(bench.started).toEqual(["1.0.0"]);
    expect(bench.server.pieces).toBe(0);
    expect(bench.server.questions.at(-1)).toMatchObject({ version: "1.0.0", refused: refusal });
  });

test("an image that is not what was signed is never started, and not loaded again", () => {
  const bench = benchWith("good");
  bench.server.mode = "damaged";
  bench.run(allDayMs);
  expect(bench.started).toEqual(["1.0.0"]);
  expect(bench.told).toEqual(["taken back 1.1.0: image"]);
  expect(bench.server.pieces).toBe(11);
});

const failing: readonly ReleaseServerMode[] = ["silent", "short", "hangs-up", "no-ranges", "shifted", "busy"];

for (const mode of failing)
  test(`a server that is "${mode}" for six hours costs nothing but time, and few questions`, () => {
    const bench = benchWith("good");
    bench.server.mode = mode;
    bench.run(6 * hourMs);
    expect(bench.started).toEqual(["1.0.0"]);
    expect(bench.server.questions.length).toBeLessThan(20);
    bench.server.mode = "normal";
    bench.run(6 * hourMs);
    expect(bench.started).toEqual(["1.0.0", "1.1.0"]);
  });

test("a ring that is stopped after a unit has loaded stops that unit too, and it goes on when the ring does", () => {
  const bench = benchWith("good");
  bench.isWeak = true;
  bench.run(hourMs);
  expect(bench.server.questions).toHaveLength(0);
  bench.isWeak = false;
  while (bench.server.pieces < 11) bench.run(20);
  const release = bench.server.offered;
  bench.server.offered = undefined;
  bench.run(6 * hourMs);
  expect(bench.started).toEqual(["1.0.0"]);
  bench.server.offered = release;
  bench.run(6 * hourMs);
  expect(bench.started).toEqual(["1.0.0", "1.1.0"]);
  expect(bench.server.pieces).toBe(11);
});

test("an alarm stops everything at once, and what was loaded is not loaded again", () => {
  const bench = benchWith("good");
  while (bench.server.pieces < 10) bench.run(20);
  bench.alarm(true);
  const { pieces } = bench.server;
  bench.run(3 * hourMs);
  expect(bench.server.pieces).toBe(pieces);
  expect(bench.started).toEqual(["1.0.0"]);
  bench.alarm(false);
  const calmMs = bench.queue.nowMs;
  while (bench.server.pieces === pieces) bench.run(1_000);
  expect(bench.queue.nowMs - calmMs).toBeGreaterThanOrEqual(5 * minuteMs);
  bench.run(6 * hourMs);
  expect(bench.version).toBe("1.1.0");
  expect(bench.server.pieces).toBeLessThanOrEqual(pieces + 3);
});

test("whenever an alarm, a call or a loss of mains begins, no update starts before it is over and five minutes have passed", () => {
  for (let at = 5; at < 100; at += 3) {
    const bench = benchWith("good");
    bench.run(at * 12_000);
    const before = bench.started.length;
    const way = at % 3;
    if (way === 0) bench.alarm(true);
    else if (way === 1) bench.updater?.talking(true);
    else bench.isWeak = true;
    bench.run(2 * hourMs);
    expect(bench.started.length - before).toBe(0);
    if (way === 0) bench.alarm(false);
    else if (way === 1) bench.updater?.talking(false);
    else bench.isWeak = false;
    bench.run(4 * minuteMs);
    expect(bench.started.length - before).toBe(0);
    bench.run(6 * hourMs);
    expect([bench.version, bench.broken, bench.wrongRestarts]).toEqual(["1.1.0", [], []]);
  }
});
