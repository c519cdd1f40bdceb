/**
 * The rig's own night: runs on virtual benches that misbehave, each verdict compared with what can be true. Ends with 1 and the seeds
 * where one is not. `npx tsx hil-tests/run/misbehaving-night.ts --runs 1000`.
 */
import { parseArgs } from "node:util";
import { Progress } from "../../tools/progress.ts";
import { misbehavingRuns, misbehavingTable } from "./misbehaving-runs.ts";

const { values } = parseArgs({
  options: {
    runs: { type: "string", default: "1000" },
    from: { type: "string", default: "0" },
    speed: { type: "string", default: "10" },
    beside: { type: "string", default: "16" },
    out: { type: "string", default: "out/hil-misbehaving" },
  },
});

const count = Number(values.runs);
const progress = new Progress(process.stderr, count, (done) => `${done} of ${count} runs`);
let done = 0;
const all = await misbehavingRuns({
  firstSeed: Number(values.from),
  count,
  speed: Number(values.speed),
  beside: Number(values.beside),
  out: values.out,
  onJudged: ({ seed, kind, wrong }) => {
    progress.update(++done, wrong.length === 0 ? undefined : `seed ${seed}, ${kind}: ${wrong.join("; ")}`);
  },
});
progress.end();
process.stdout.write(`${misbehavingTable(all)}\n`);
const wrong = all.filter((each) => each.wrong.length > 0);
for (const { seed, kind, wrong: what } of wrong)
  process.stdout.write(`\nseed ${seed}, ${kind}: ${what.join("; ")}\n  ${values.out}/${seed}\n`);
// A run that hangs must not keep this from its end.
process.exit(wrong.length === 0 ? 0 : 1);
