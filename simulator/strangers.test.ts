import { expect, test } from "vitest";
import { playSmall, type SmallWorld, smallText } from "./play-bench.ts";
import { together, type Witness } from "./record/witness.ts";
import { residentsOf } from "./residents.ts";
import { parseScenario } from "./scenario/scenario-file.ts";
import { World } from "./world.ts";

/** What arrives at the units of a small world, by unit. */
function arrivals(world: SmallWorld): readonly string[][] {
  const scenario = parseScenario(smallText(world), "small.yaml");
  const residents = residentsOf(scenario, 1);
  const heard: string[][] = residents.map(() => []);
  const witness: Witness = {
    datagram: (_atMs, unit, _route, direction, bytes) => {
      if (direction === "received") heard[unit]?.push(Buffer.from(bytes).toString("latin1"));
    },
  };
  const played = new World(scenario, 1, residents, together([witness]));
  played.queue.runUntil(scenario.durationMs);
  return heard;
}

const forged = "from: 2m, to: 6m, strangers: u, fault: forged";
const isForged = (text: string): boolean => text.startsWith("MESSAGE") && text.includes("198.18.0.66");

test("a forged answer names what the unit has asked, comes in its window, and reaches homes of that group alone", () => {
  const heard = arrivals({ primary: "silent-after-200", duration: "10m", faults: [forged] })[0] as string[];
  const strange = heard.filter(isForged);
  expect(strange.length).toBeGreaterThan(3);
  for (const text of strange) expect(text).toMatch(/<ref>[0-9A-Z]{15}<\/ref><snu>0/);
  expect(arrivals({ primary: "silent-after-200", duration: "10m" })[0]?.filter(isForged)).toEqual([]);
});

test("a unit that a stranger talks to believes nothing of it", async () => {
  const result = await playSmall({ primary: "silent-after-200", duration: "10m", faults: [forged] });
  expect(result.presses.map(({ acceptedMs }) => acceptedMs)).toEqual([null]);
  expect(result.verdict).toBe("passed");
});

test("packets of a home are heard again in it later, and raise nothing", async () => {
  const presses = [4, 8, 12, 16].map((minute) => `at: ${minute}m, press: u`);
  const replayed = { duration: "80m", presses, faults: ["from: 1m, to: 20m, strangers: u, fault: replayed"] };
  const scenario = parseScenario(smallText(replayed), "small.yaml");
  const world = new World(scenario, 1, residentsOf(scenario, 1), together([]));
  world.queue.runUntil(scenario.durationMs);
  const stranger = world.air.devices.find(({ name }) => name === "stranger at u");
  expect(stranger).toBeDefined();
  expect(stranger && world.air.airtimeOf(stranger).worstHourUs).toBeGreaterThan(0);
  const result = await playSmall(replayed);
  expect(result.verdict).toBe("passed");
  expect(result.presses.filter(({ acceptedMs }) => acceptedMs !== null)).toHaveLength(4);
});

test("strangers meddle with a group that there is", () => {
  const unknown = { faults: ["from: 2m, strangers: nobody, fault: forged"] };
  expect(() => parseScenario(smallText(unknown), "small.yaml")).toThrow(/group/);
  const twice = { faults: [forged, "from: 5m, to: 7m, strangers: u, fault: replayed"] };
  expect(() => parseScenario(smallText(twice), "small.yaml")).toThrow("already has a fault at that time");
});
