import { expect, test } from "vitest";
import { drawStory } from "./draw-story.ts";
import type { Outcome } from "./play-story.ts";
import { eventCount, failsAlike, mostRuns, shrink } from "./shrink.ts";
import { type Story, scenarioOf } from "./story.ts";

function outcome(seed: number, kinds: readonly string[]): Outcome {
  const failures = kinds.map((kind) => ({ kind, text: "found" }));
  return { seed, digest: "", failures, events: 0, virtualMs: 0, presses: 0, accepted: 0, pairs: [] };
}

/** Fails as long as somebody presses and a receiver has a fault. */
function fails({ seed, file }: Story): Promise<Outcome> {
  const isPressed = (file.timeline ?? []).some((step) => "press" in step);
  const isHurt = (file.faults ?? []).some((fault) => "receiver" in fault);
  return Promise.resolve(outcome(seed, isPressed && isHurt ? ["lost-alarms"] : []));
}

test("of a story is left what it takes to fail, and a scenario still", async () => {
  let shrunk = 0;
  for (let seed = 1; seed <= 20; seed++) {
    const story = drawStory(seed);
    const first = await fails(story);
    if (first.failures.length === 0) continue;
    shrunk++;
    const small = await shrink(story, first, fails);
    expect(eventCount(small.story)).toBe(2);
    expect(small.story.file.fleet).toHaveLength(1);
    expect(small.story.file.fleet[0]?.count).toBe(1);
    expect(Object.keys(small.story.file.world.receivers).length).toBeLessThanOrEqual(2);
    expect(small.outcome.failures[0]?.kind).toBe("lost-alarms");
    expect(small.runs).toBeLessThanOrEqual(mostRuns);
    expect(scenarioOf(small.story).durationMs).toBeLessThanOrEqual(scenarioOf(story).durationMs);
  }
  expect(shrunk).toBeGreaterThan(2);
});

test("no more stories are played than were granted, and a cut that fails otherwise is no cut", async () => {
  const story = drawStory(3);
  let runs = 0;
  const other = (one: Story): Promise<Outcome> => {
    runs++;
    return Promise.resolve(outcome(one.seed, ["duplicate-cases"]));
  };
  const kept = await shrink(story, outcome(3, ["lost-alarms"]), other, 25);
  expect(kept.story).toBe(story);
  expect(runs).toBe(25);
  expect(kept.runs).toBe(25);
});

test("two errors are alike where only their numbers differ", () => {
  const thrown = (text: string) => [{ kind: "thrown", text }];
  expect(failsAlike(thrown("journal: sector 3 is full"), thrown("journal: sector 14 is full"))).toBe(true);
  expect(failsAlike(thrown("journal: sector 3 is full"), thrown("queue full"))).toBe(false);
  expect(failsAlike([], thrown("queue full"))).toBe(false);
});
