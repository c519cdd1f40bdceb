/** A sample of shipped stories and of the swarm's, played at the bytes of the modems and at their sockets: they come to the same. */
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { playScenario } from "../play.ts";
import { smallText } from "../play-bench.ts";
import type { RunResult } from "../record/run-result.ts";
import { RunLog } from "../report/run-log.ts";
import type { Scenario } from "../scenario/scenario.ts";
import { parseScenario, readScenario } from "../scenario/scenario-file.ts";
import { drawStory } from "../swarm/draw-story.ts";
import { scenarioOf } from "../swarm/story.ts";
import type { ModemLevel } from "./modem-level.ts";
import { differences, outcomesOf } from "./outcomes.ts";

function play(scenario: Scenario, seed: number, modem: ModemLevel): Promise<RunResult> {
  return playScenario(scenario, { seed, onProgress: () => {}, log: new RunLog(undefined), modem });
}

/** What the two levels do not share; the coarse run has to be the one that does less. */
async function differencesOf(scenario: Scenario, seed: number): Promise<readonly string[]> {
  const bytes = await play(scenario, seed, "bytes");
  const sockets = await play(scenario, seed, "sockets");
  expect([bytes.modem, sockets.modem]).toEqual(["bytes", "sockets"]);
  expect(sockets.digest).not.toBe(bytes.digest);
  expect(sockets.events).toBeLessThan(bytes.events);
  return differences(outcomesOf(bytes), outcomesOf(sockets));
}

const shipped = ["returned-unit", "planned-maintenance", "two-persons-two-buttons"];

for (const name of shipped)
  test(`${name} comes to the same at the sockets of the modems`, { timeout: 300_000 }, async () => {
    const path = fileURLToPath(new URL(`../scenarios/${name}.yaml`, import.meta.url));
    expect(await differencesOf(readScenario(path), 1)).toEqual([]);
  });

for (const seed of [5, 8, 13, 23])
  test(`story ${seed} of the swarm comes to the same at the sockets of the modems`, { timeout: 300_000 }, async () => {
    expect(await differencesOf(scenarioOf(drawStory(seed)), seed)).toEqual([]);
  });

const hard = {
  "a modem that hangs": { faults: ["from: 3m, to: 12m, group: u, fault: frozen-modem"], home: "mobile: alfa" },
  "an operator that is away": { faults: ["from: 3m, to: 12m, operator: alfa, fault: down"] },
  "sessions that have gone stale": {
    faults: ["from: 3m, to: 12m, operator: alfa, fault: stale-sessions"],
    home: "mobile: alfa",
  },
  "a receiver that answers nothing": {
    faults: ["from: 3m, to: 12m, receiver: primary, fault: silent-open"],
    receivers: ["primary", "secondary"] as const,
  },
  "a receiver behind TLS": { far: "transport: tls", home: "mobile: alfa" },
};

for (const [what, world] of Object.entries(hard))
  test(`${what} comes to the same at the sockets of the modems`, { timeout: 300_000 }, async () => {
    const presses = ["at: 2m, press: u-001", "at: 4m, press: u-002", "at: 11m, press: u-003", "at: 15m, press: u-004"];
    const text = smallText({ count: 4, duration: "30m", presses, ...world });
    expect(await differencesOf(parseScenario(text, "small.yaml"), 1)).toEqual([]);
  });

test("a coarse run is the same run each time, and presses and faults are those of the run at the bytes", async () => {
  const scenario = parseScenario(smallText({}), "small.yaml");
  const [one, again, bytes] = [
    await play(scenario, 1, "sockets"),
    await play(scenario, 1, "sockets"),
    await play(scenario, 1, "bytes"),
  ];
  expect(again.digest).toBe(one.digest);
  expect(one.presses.map(({ unit, pressedMs }) => [unit, pressedMs])).toEqual(
    bytes.presses.map(({ unit, pressedMs }) => [unit, pressedMs]),
  );
});

test("a coarse run has a digest of its own, also where no home has a modem", async () => {
  const scenario = parseScenario(smallText({ home: "policy: broadband-only, broadband: fibre" }), "small.yaml");
  const [bytes, sockets] = [await play(scenario, 1, "bytes"), await play(scenario, 1, "sockets")];
  expect(sockets.events).toBe(bytes.events);
  expect(sockets.digest).not.toBe(bytes.digest);
});
