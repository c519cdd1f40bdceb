/** Every scenario that comes with the simulator keeps what it promises, as it stands and with nothing changed. */
import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { playScenario } from "./play.ts";
import { RunLog } from "./report/run-log.ts";
import { readScenario } from "./scenario/scenario-file.ts";

const folder = fileURLToPath(new URL("./scenarios/", import.meta.url));
const hourMs = 3_600_000;
/** A story of more hours of units than this takes too long here: `npm start` plays one such, `npm run night` the others. */
const mostUnitHours = 1_000;

for (const file of readdirSync(folder).filter((name) => name.endsWith(".yaml"))) {
  const scenario = readScenario(folder + file);
  const units = scenario.fleet.reduce((sum, group) => sum + group.units.length, 0);
  const unitHours = Math.ceil((units * scenario.durationMs) / hourMs);
  test(`${file}: ${scenario.question}`, { timeout: 300_000 }, async (context) => {
    context.skip(unitHours > mostUnitHours, `${unitHours} hours of units: too long for a test`);
    const run = await playScenario(scenario, { seed: 1, onProgress: () => {}, log: new RunLog(undefined) });
    const broken = run.expectations.filter(({ held }) => !held).map(({ text, found }) => `${text}: ${found}`);
    const red = run.checks.filter(({ held }) => !held).map(({ checker, found }) => `${checker}: ${found[0]}`);
    expect([...broken, ...red]).toEqual([]);
    expect(scenario.expectations).not.toEqual([]);
    expect([scenario.question, scenario.source]).not.toContain("");
  });
}
