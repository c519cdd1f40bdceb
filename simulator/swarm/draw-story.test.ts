import { expect, test } from "vitest";
import { parseDurationMs } from "../scenario/scenario-units.ts";
import { drawStory } from "./draw-story.ts";
import { drawFeatures } from "./features.ts";
import { healedS, quietS, scenarioOf, storyText } from "./story.ts";

const seeds = Array.from({ length: 40 }, (_, index) => 500 + index);

test("one seed draws one story, and each story is a scenario file that is read as it was drawn", () => {
  const texts = seeds.map((seed) => storyText(drawStory(seed)));
  expect(new Set(texts).size).toBe(seeds.length);
  for (const seed of seeds) {
    const story = drawStory(seed);
    expect(storyText(story)).toBe(texts[seed - 500]);
    expect(scenarioOf(story).fleet.length).toBe(story.file.fleet.length);
  }
});

test("a story is small: one to six homes, 25 to 80 minutes, or two days of one home", () => {
  for (const seed of seeds) {
    const scenario = scenarioOf(drawStory(seed));
    const units = scenario.fleet.reduce((sum, group) => sum + group.units.length, 0);
    const isLong = drawFeatures(seed).has("long-stories");
    const [leastMinutes, mostMinutes] = isLong ? [30 * 60, 55 * 60] : [25, 80];
    expect(units).toBeGreaterThanOrEqual(1);
    expect(units).toBeLessThanOrEqual(isLong ? 1 : 6);
    expect(scenario.durationMs).toBeGreaterThanOrEqual(leastMinutes * 60_000);
    expect(scenario.durationMs).toBeLessThanOrEqual(mostMinutes * 60_000);
  }
});

test("in the last twenty minutes nothing is wrong but what is gone for good, and in the last twelve nobody does anything", () => {
  for (const seed of seeds) {
    const story = drawStory(seed);
    const scenario = scenarioOf(story);
    const healedMs = scenario.durationMs - healedS * 1_000;
    for (const fault of scenario.faults)
      if (fault.fault !== "gone" && fault.fault !== "dead") expect(fault.toMs).toBeLessThanOrEqual(healedMs);
    for (const step of scenario.timeline)
      expect(step.atMs).toBeLessThanOrEqual(scenario.durationMs - (quietS - 60) * 1_000);
  }
});

test("liveness is asked of every unit that can be well", () => {
  for (const seed of seeds) {
    const { file } = drawStory(seed);
    const excused = (file.faults ?? []).some(({ fault }) => fault === "dead");
    const visited = (file.timeline ?? []).some((step) => "life" in step);
    const inService = file.fleet.every(({ life }) => life === undefined);
    if (excused || visited || !inService) continue;
    const homes = file.fleet.reduce((sum, { count }) => sum + count, 0);
    const promises = file.expect ?? [];
    expect(promises).toHaveLength(2);
    for (const promise of promises) expect("exclude" in promise && promise.exclude?.length).toBe(homes);
    expect(parseDurationMs(file.duration)).toBeGreaterThan(healedS * 1_000);
  }
});
