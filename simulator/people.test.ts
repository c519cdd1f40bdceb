/** People who answer to what they hear and are told, in played worlds. */
import { expect, test } from "vitest";
import { playScenario } from "./play.ts";
import type { RunResult } from "./record/run-result.ts";
import { RunLog } from "./report/run-log.ts";
import { parseScenario } from "./scenario/scenario-file.ts";

const hourMs = 3_600_000;

function play(home: string, wearers: string, duration: string, starts = "2026-02-02 06:00"): Promise<RunResult> {
  const text = `name: people
starts: ${starts}
duration: ${duration}
world: { radio: { loss: 0 % }, receivers: { primary: { latency: 300ms } }, broadband: { fibre: } }
fleet: [{ name: u, count: 1, policy: broadband-only, broadband: fibre, receivers: [primary]${home} }]
wearers: { ${wearers} }`;
  const scenario = parseScenario(text, "people.yaml");
  return playScenario(scenario, { seed: 1, onProgress: () => {}, log: new RunLog(undefined) });
}

test("somebody changes a button's battery some time after the unit has reported it low, unless that is forgotten", async () => {
  const low = ", button-charge: 6 %";
  const changed = await play(low, "changes-button-battery: { after: 3h to 4h }", "8h");
  const told = changed.reports.find(({ name }) => name === "button-battery-low");
  const good = changed.reports.find(({ name }) => name === "button-battery-good");
  expect(told?.acceptedMs).toBeTypeOf("number");
  expect(good?.raisedMs).toBeGreaterThan((told?.acceptedMs ?? 0) + 3 * hourMs);
  expect(good?.raisedMs).toBeLessThan((told?.acceptedMs ?? 0) + 5 * hourMs);
  const forgotten = await play(low, "changes-button-battery: { after: 3h to 4h, forgotten: 100 % }", "8h");
  expect(forgotten.reports.filter(({ name }) => name === "button-battery-good")).toEqual([]);
});
