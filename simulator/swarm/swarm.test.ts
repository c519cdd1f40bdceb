import { expect, test } from "vitest";
import { drawStory } from "./draw-story.ts";
import { playStory } from "./play-story.ts";

/** Fixed unless the runner names another: a fresh one each time in the forge's run. */
const chosen = Number(process.env["LIVLINA_SEED"] ?? 1);
const seeds = Array.from({ length: 5 }, (_, index) => (chosen % 4_000_000_000) + index);

for (const seed of seeds)
  test(`nothing is lost while it hurts, and all is well after (livlina sim swarm --seeds 1 --from ${seed})`, async () => {
    const { failures, digest } = await playStory(drawStory(seed));
    expect(failures).toEqual([]);
    expect(digest).toMatch(/^[0-9a-f]{64}$/);
  });
