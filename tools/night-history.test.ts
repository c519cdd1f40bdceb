import { expect, test } from "vitest";
import { firstSeedOf, historyWith, mostNights, type NightLine } from "./night-history.ts";

const line = (seeds: number): NightLine => ({
  date: "2026-11-22",
  firstSeed: 0,
  seeds,
  verdict: "passed",
  digest: "",
  wallMs: 0,
  events: 0,
  failed: [],
});

test("no two days of ten years share a seed, and all seeds are seeds", () => {
  const day = 86_400_000;
  const first = Date.parse("2026-11-22T00:00:00Z");
  const seeds = Array.from({ length: 3_650 }, (_, index) => {
    return firstSeedOf(new Date(first + index * day).toISOString().slice(0, 10));
  });
  expect(new Set(seeds).size).toBe(seeds.length);
  const sorted = [...seeds].sort((a, b) => a - b);
  for (let i = 1; i < sorted.length; i++)
    expect((sorted[i] ?? 0) - (sorted[i - 1] ?? 0)).toBeGreaterThanOrEqual(1_000_000);
  expect(sorted[0]).toBeGreaterThanOrEqual(0);
  expect(sorted.at(-1)).toBeLessThan(2 ** 32 - 1_000_000);
});

test("the history keeps its newest lines, and stays bounded", () => {
  let history = "";
  for (let night = 1; night <= mostNights + 20; night++) history = historyWith(history, line(night));
  const lines = history.trimEnd().split("\n");
  expect(lines).toHaveLength(mostNights);
  expect(JSON.parse(lines[0] ?? "")).toMatchObject({ seeds: 21 });
  expect(JSON.parse(lines.at(-1) ?? "")).toMatchObject({ seeds: mostNights + 20 });
  expect(history.endsWith("\n")).toBe(true);
});
