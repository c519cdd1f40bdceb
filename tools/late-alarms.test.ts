/** Lines about presses that wait too long, as `sim run --verbose` shows them. */
import { expect, test } from "vitest";
import { playScenario } from "../simulator/play.ts";
import { smallText } from "../simulator/play-bench.ts";
import { RunLog } from "../simulator/report/run-log.ts";
import { parseScenario } from "../simulator/scenario/scenario-file.ts";
import { LateAlarms } from "./late-alarms.ts";

test("a press is told once when a minute has passed without acceptance, and one that was accepted never", async () => {
  const faults = ["receiver: primary, fault: silent-after-200, from: 3m, to: 12m"];
  const presses = ["at: 2m, press: u-001", "at: 4m, press: u-002", "at: 15m, press: u-003"];
  const scenario = parseScenario(smallText({ count: 3, faults, presses }), "small.yaml");
  const late = new LateAlarms(scenario, 1);
  const told: [number, string][] = [];
  const run = await playScenario(scenario, {
    seed: 1,
    onProgress: (atMs) => told.push(...late.linesAt(atMs).map((line): [number, string] => [atMs, line])),
    log: new RunLog(undefined),
    watch: late,
  });
  expect(run.presses.every(({ acceptedMs }) => acceptedMs !== null)).toBe(true);
  expect(told).toEqual([[360_000, "u-002, button 1: nobody has accepted its press for 120 s"]]);
});
