import { expect, onTestFinished, test } from "vitest";
import { kinds } from "./misbehaving.ts";
import { misbehavingRuns, misbehavingTable } from "./misbehaving-runs.ts";
import { temporary } from "./scripted-rig.ts";

/** Each kind once unless said: LIVLINA_MISBEHAVING=100. */
const runs = Number(process.env["LIVLINA_MISBEHAVING"] ?? kinds.length);

test(`of ${runs} runs on benches that misbehave none passes falsely, none hangs, and each ends in a state that it knows`, {
  timeout: 60_000 + runs * 15_000,
}, async () => {
  const { path, close } = temporary();
  onTestFinished(close);
  const plan = { firstSeed: 0, count: runs, speed: 10, beside: 10, out: path, onJudged: () => {} };
  const all = await misbehavingRuns(plan);
  expect(all.filter(({ wrong }) => wrong.length > 0)).toEqual([]);
  expect(all).toHaveLength(runs);
  expect(misbehavingTable(all)).toContain(`| all | ${runs} |`);
});
