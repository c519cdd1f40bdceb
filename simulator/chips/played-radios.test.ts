/** Whole scenarios through the models of the chips: what people get is what they get without them. */
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { playScenario } from "../play.ts";
import { foundOf, playSmall } from "../play-bench.ts";
import type { RunResult } from "../record/run-result.ts";
import { RunLog } from "../report/run-log.ts";
import type { RadioName } from "../scenario/fleet.ts";
import { readScenario } from "../scenario/scenario-file.ts";

const shipped = fileURLToPath(new URL("../scenarios/", import.meta.url));

/** With this radio in every home, whatever the file says. */
function play(file: string, radio: RadioName): Promise<RunResult> {
  const scenario = readScenario(shipped + file);
  const fleet = scenario.fleet.map((group) => ({ ...group, home: { ...group.home, radio } }));
  return playScenario({ ...scenario, fleet }, { seed: 1, onProgress: () => {}, log: new RunLog(undefined) });
}

/** What became of each press, without the instants: radios differ in milliseconds, and chance follows them. */
function outcome(run: RunResult): readonly unknown[] {
  return run.presses.map(({ unit, button, acceptedMs, cases }) => [unit, button, acceptedMs !== null, cases]);
}

function verdicts(run: RunResult): readonly unknown[] {
  return [run.verdict, foundOf(run), run.expectations.map(({ text, held }) => [text, held])];
}

/** From the finger to the alarm in the unit's journal, the shortest of all presses. */
function leastMs(run: RunResult): number {
  return Math.min(...run.presses.map(({ storedMs, pressedMs }) => (storedMs ?? Number.POSITIVE_INFINITY) - pressedMs));
}

test("two persons who press in the same instant are helped alike over every radio", { timeout: 60_000 }, async () => {
  const file = "two-persons-two-buttons.yaml";
  const direct = await play(file, "direct");
  const chip = await play(file, "sx1262");
  const ble = await play(file, "ble");
  expect([direct.verdict, direct.presses.length]).toEqual(["passed", 20]);
  for (const run of [chip, ble]) {
    expect(outcome(run)).toEqual(outcome(direct));
    expect(verdicts(run)).toEqual(verdicts(direct));
    expect(run.digest).not.toBe(direct.digest);
  }
  // A frame of 24 bytes lasts 32.5 ms; starting the clock and looking at the channel costs a few ms more, an advertising packet less.
  expect(leastMs(direct)).toBe(33);
  expect(leastMs(chip)).toBeGreaterThan(33);
  expect(leastMs(chip)).toBeLessThanOrEqual(45);
  expect(leastMs(ble)).toBeLessThanOrEqual(10);
});

test("a unit is paired, used, returned and paired anew through the models of its chips", {
  timeout: 60_000,
}, async () => {
  const run = await play("returned-unit.yaml", "sx1262");
  expect([run.verdict, ...foundOf(run)]).toEqual(["passed"]);
});

test.each<RadioName>(["sx1262", "ble"])("a shipped story is played over %s by its parameter", (radio) => {
  const { fleet } = readScenario(`${shipped}two-persons-two-buttons.yaml`, [`radio=${radio}`]);
  expect(fleet.map(({ home }) => home.radio)).toEqual([radio, radio]);
});

test.each<RadioName>(["sx1262", "ble"])("equal seeds give equal runs over %s, power cuts included", async (radio) => {
  const world = {
    home: `mobile: alfa, broadband: fibre, radio: ${radio}`,
    presses: ["at: 4m, press: u", "at: 9m, press: u, button: 2"],
    faults: ["from: 3m, to: 8m, unit: u, fault: power-cuts, per-day: 1000"],
  };
  const one = await playSmall(world, 7);
  const other = await playSmall(world, 7);
  expect(foundOf(one)).toEqual([]);
  expect(one.off.length).toBeGreaterThan(0);
  expect(one.presses.every(({ acceptedMs }) => acceptedMs !== null)).toBe(true);
  expect(other.digest).toBe(one.digest);
});

test("a unit tells over its chip, too, that its channel is jammed, and that it is over", async () => {
  const run = await playSmall(
    {
      duration: "30m",
      home: "policy: broadband-only, broadband: fibre, building: trappa, radio: sx1262",
      faults: ["from: 10m, to: 15m, building: trappa, fault: jammed"],
      presses: ["at: 890s, press: u"],
    },
    1,
  );
  expect(foundOf(run)).toEqual([]);
  const told = run.reports.filter(({ name }) => name.includes("jam")).map(({ name, raisedMs }) => [name, raisedMs]);
  expect(told.map(([name]) => name)).toEqual(["jammed", "jamming-over"]);
  // More than 30 s within 60, counted in looks of 2 s.
  expect((told[0]?.[1] as number) - 600_000).toBeLessThanOrEqual(36_000);
  expect(run.presses[0]?.acceptedMs).not.toBe(null);
});
