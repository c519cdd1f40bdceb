import { expect, test } from "vitest";
import { playScenario } from "../play.ts";
import { smallText } from "../play-bench.ts";
import { RunLog } from "../report/run-log.ts";
import { residentsOf } from "../residents.ts";
import { parseScenario } from "../scenario/scenario-file.ts";
import { addCounts, Coverage } from "./coverage.ts";
import { coverageTable } from "./summary.ts";

const text = smallText({
  duration: "20m",
  faults: [
    "from: 3m, to: 12m, receiver: primary, fault: silent-after-200",
    "from: 14m, to: 15m, broadband: fibre, fault: down",
    "from: 14m, to: 15m, receiver: secondary, fault: busy",
  ],
  presses: ["at: 4m, press: u"],
});

async function played(): Promise<Coverage> {
  const scenario = parseScenario(text, "small.yaml");
  const watch = new Coverage(scenario, residentsOf(scenario, 1));
  await playScenario(scenario, { seed: 1, onProgress: () => {}, log: new RunLog(undefined), watch });
  return watch;
}

test("a fault has met the states that its units were in while it was on, once each", async () => {
  const counts = (await played()).counts();
  const of = (fault: string) => counts.filter((each) => each.fault === fault).map(({ state }) => state);
  expect(of("receiver silent-after-200")).toEqual(["no-path", "none", "pause", "ready", "round"]);
  expect(of("broadband down")).toEqual(["open", "ready"]);
  expect(of("receiver busy")).toEqual([]);
  for (const { count } of counts) expect(count).toBe(1);
});

test("counts add up, and the table names what has never met", async () => {
  const counts = (await played()).counts();
  const twice = addCounts([counts, counts]);
  expect(twice.map(({ count }) => count)).toEqual(counts.map(() => 2));
  const table = coverageTable(["receiver silent-after-200", "cell gone"], twice);
  expect(table.split("\n")).toHaveLength(4);
  expect(table).toMatch(/^cell gone( +\.){9}$/m);
  expect(table).toMatch(/5 of 18 pairs of a fault and a state have met$/);
});
