/**
 * Plants each bug of the list in swarms, one after the other, until a story fails that does not fail without it, and prints
 * the table: bug, stories needed, faults and steps left, what told it. Results go to out/bugs-by-swarm.jsonl as they come; a bug
 * that stands there is not hunted again, so that a night may be continued. `--list 77,109` plays these seeds alone. Ends with 1 where a bug was not found that could be.
 */
import { appendFileSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import { parseArgs } from "node:util";
import { type Hunt, type HuntOptions, hunt, soundOutcomes } from "./hunt.ts";
import { huntTable } from "./hunt-table.ts";
import { plantedBugs } from "./list.ts";
import { swarmBlind } from "./swarm-blind.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seeds: { type: "string", default: "300" },
    list: { type: "string" },
    from: { type: "string", default: "1" },
    minutes: { type: "string", default: "5" },
    lanes: { type: "string", default: "2" },
    shrink: { type: "string", default: "150" },
    out: { type: "string", default: "out/bugs-by-swarm.jsonl" },
    table: { type: "boolean", default: false },
  },
});
const words = positionals.join(" ");
const list = values.list?.split(",").map(Number);
const options: HuntOptions = {
  firstSeed: Number(values.from),
  count: list?.length ?? Number(values.seeds),
  seeds: list,
  minutes: Number(values.minutes),
  shrinkRuns: Number(values.shrink),
};

function done(): Hunt[] {
  if (!existsSync(values.out)) return [];
  const lines = readFileSync(values.out, "utf8").split("\n");
  return lines.filter((line) => line !== "").map((line) => JSON.parse(line) as Hunt);
}

const known = new Set(done().map(({ bug }) => bug));
const bugs = plantedBugs.filter(
  ({ name }) => name.includes(words) && !known.has(name) && swarmBlind[name] === undefined,
);
if (!values.table && bugs.length > 0) {
  mkdirSync(dirname(values.out), { recursive: true });
  const sound = await soundOutcomes(options, Number(values.lanes));
  const red = [...sound.values()].filter(({ failures }) => failures.length > 0).map(({ seed }) => seed);
  if (red.length > 0) console.info(`without any bug these seeds fail already: ${red.join(", ")}`);
  let next = 0;
  const lane = async (): Promise<void> => {
    for (let bug = bugs[next++]; bug !== undefined; bug = bugs[next++]) {
      const result = await hunt(bug, sound, options);
      appendFileSync(values.out, `${JSON.stringify(result)}\n`);
      const { found, seeds, changed } = result;
      const how = found === undefined ? "NOT FOUND" : `${found.by}, ${found.size} left: ${found.text}`;
      console.info(`${seeds} stories, ${changed} changed  ${bug.name}: ${how}`);
    }
  };
  await Promise.all(Array.from({ length: Number(values.lanes) }, lane));
}
const hunts = done();
console.info(
  huntTable(
    hunts,
    plantedBugs.map(({ name }) => name),
  ),
);
process.exitCode = hunts.some(({ found }) => found === undefined) ? 1 : 0;
