import { openSync, writeSync } from "node:fs";
import { expect, onTestFinished, test } from "vitest";
import { openServiceLink } from "./service-link.ts";
import { madeKeys, openStandBench } from "./stand-bench.ts";
import { logFrom } from "./unit-watch.ts";

/** A second, and a little more. */
const firstWaitMs = 1_100;

test("a wrong key is refused with its tries, the fourth has to wait, and every one of them is in the unit's log", async () => {
  const bench = await openStandBench(onTestFinished, madeKeys(0), 1);
  const wrong = bench.serviceKey.map((byte) => byte ^ 1);
  for (let tries = 1; tries <= 3; tries++)
    await expect(openServiceLink(bench.port, wrong)).rejects.toMatchObject({
      exitCode: 4,
      message: expect.stringContaining(`the key does not fit this unit (${tries} tries so far`),
    });
  await expect(openServiceLink(bench.port, bench.serviceKey)).rejects.toMatchObject({
    exitCode: 4,
    message: expect.stringContaining("lets nobody try"),
  });
  await new Promise((resolve) => setTimeout(resolve, firstWaitMs));
  const link = await openServiceLink(bench.port, bench.serviceKey);
  onTestFinished(() => link.close());
  const { entries } = await logFrom(link, 0, 100);
  expect(entries.filter(({ what }) => what === "unlock-failed").map(({ value }) => value)).toEqual([1, 2, 3]);
  expect(entries.filter(({ what }) => what === "unlocked").map(({ value }) => value)).toEqual([4]);
});

test("half a line that a former tool left, and noise, cost no command", async () => {
  const bench = await openStandBench(onTestFinished);
  const line = openSync(bench.port, "r+");
  writeSync(line, "?0 0 hel");
  await new Promise((resolve) => setTimeout(resolve, 50));
  const link = await openServiceLink(bench.port, bench.serviceKey);
  onTestFinished(() => link.close());
  writeSync(line, "\u0007noise");
  expect(await link.ask({ type: "status" }, "answer")).toMatchObject({ pending: 0 });
  const { bad } = await link.ask({ type: "status" }, "answer");
  expect(bad).toBeGreaterThan(0);
});

test("a log is read whole and in order over a line that is faster than the unit may send", async () => {
  const bench = await openStandBench(onTestFinished, madeKeys(0), 1);
  const link = await openServiceLink(bench.port, bench.serviceKey);
  onTestFinished(() => link.close());
  for (let i = 0; i < 40; i++) await link.order({ type: "battery-replaced" });
  const { entries, next } = await logFrom(link, 0, 1_000);
  expect(entries.map(({ sequence }) => sequence)).toEqual(Array.from({ length: next - 1 }, (_, at) => at + 1));
  expect([entries.length + 1, entries.filter(({ what }) => what === "order").length >= 40]).toEqual([next, true]);
  expect((await logFrom(link, 10, 5)).entries.map(({ sequence }) => sequence)).toEqual([10, 11, 12, 13, 14]);
});
