/** One process of a swarm: plays what it is told to, one story after the other, and says what came of each. */
import { join } from "node:path";
import { openFolder, writeWhole } from "../report/files.ts";
import { RunLog } from "../report/run-log.ts";
import { writeReport } from "../report/write-report.ts";
import { Capture } from "../trace/capture.ts";
import { drawStory } from "./draw-story.ts";
import type { Order, Word } from "./orders.ts";
import { type Outcome, playStory } from "./play-story.ts";
import { shrink } from "./shrink.ts";
import { storyText } from "./story.ts";

function say(word: Word): void {
  process.send?.(word);
}

async function follow(order: Order): Promise<void> {
  if (order.type === "shrink") {
    const story = drawStory(order.seed);
    say({ type: "shrunk", shrunk: await shrink(story, await playStory(story), playStory, order.runs) });
    return;
  }
  for (const seed of order.seeds) {
    const outcome =
      order.reports === undefined ? await playStory(drawStory(seed)) : await reported(seed, order.reports);
    say({ type: "played", outcome });
  }
  say({ type: "ready" });
}

/** Throws UnwritableError. */
async function reported(seed: number, folder: string): Promise<Outcome> {
  const out = join(folder, String(seed));
  openFolder(out);
  const story = drawStory(seed);
  const path = join(out, "story.yaml");
  writeWhole(path, storyText(story));
  const log = new RunLog(join(out, "events.jsonl"));
  const capture = new Capture(join(out, "traffic.pcapng"));
  const outcome = await playStory(story, { path, log, capture, done: (result) => writeReport(out, result) });
  log.close();
  capture.close();
  return outcome;
}

// One order after the other, whatever the pace at which they come.
let last = Promise.resolve();
process.on("message", (order: Order) => {
  last = last
    .then(() => follow(order))
    .catch((thrown: unknown) =>
      say({ type: "failed", text: thrown instanceof Error ? String(thrown.stack) : String(thrown) }),
    );
});
process.on("disconnect", () => process.exit());
