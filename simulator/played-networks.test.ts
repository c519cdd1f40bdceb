/** Networks that fail in part, as a home with the whole firmware meets them: another operator, a jammed stairwell, a link that flaps. */
import { expect, test } from "vitest";
import { playScenario } from "./play.ts";
import { foundOf } from "./play-bench.ts";
import type { RunResult } from "./record/run-result.ts";
import { RunLog } from "./report/run-log.ts";
import { parseScenario } from "./scenario/scenario-file.ts";

const minuteMs = 60_000;

interface Town {
  readonly duration: string;
  readonly world?: string;
  readonly fleet: readonly string[];
  readonly faults?: readonly string[];
  readonly presses?: readonly string[];
}

function play(town: Town, seed = 1): Promise<RunResult> {
  const entries = (name: string, list: readonly string[] = []): string =>
    list.length === 0 ? "" : `${name}:\n${list.map((entry) => `  - { ${entry} }\n`).join("")}`;
  const text = `name: town
duration: ${town.duration}
world:
  radio: { loss: 0 % }
  receivers: { primary: { latency: 300ms } }
  operators: { alfa: { generations: [2g, 4g], loss: 0 % }, beta: { loss: 0 % } }
  cells: { mast: { operator: alfa, power: town, battery: 4m }, narrow: { operator: beta, capacity: 4 } }
  broadband: { fibre: , stuga: { uplink: alfa } }
  power: { town: }
${entries("fleet", town.fleet)}${entries("faults", town.faults)}${entries("timeline", town.presses)}`;
  return playScenario(parseScenario(text, "town.yaml"), { seed, onProgress: () => {}, log: new RunLog(undefined) });
}

const waitsMs = ({ presses }: RunResult): readonly number[] =>
  presses.map(({ pressedMs, acceptedMs }) => (acceptedMs ?? Number.POSITIVE_INFINITY) - pressedMs);
const reportsOf = ({ reports }: RunResult, unit: string): readonly string[] =>
  reports
    .filter((report) => report.unit === unit)
    .map(({ name, raisedMs }) => `${Math.floor(raisedMs / minuteMs)} ${name}`);

test("where the own network is registered and carries nothing, a roaming SIM is steered to another, one that may not waits", async () => {
  const result = await play({
    duration: "40m",
    fleet: [
      "name: roams, count: 1, policy: mobile-only, mobile: alfa, roams-to: [beta], receivers: [primary]",
      "name: stays, count: 1, policy: mobile-only, mobile: alfa, receivers: [primary]",
    ],
    faults: ["from: 5m, to: 30m, operator: alfa, fault: no-data"],
    presses: ["at: 20m, press: roams", "at: 20m, press: stays"],
  });
  expect(foundOf(result)).toEqual([]);
  const [roams, stays] = waitsMs(result) as [number, number];
  expect(roams).toBeLessThan(2 * minuteMs);
  expect(stays > 10 * minuteMs && stays < 15 * minuteMs).toBe(true);
});

test("a home behind a SIM router sees a link that carries nothing, and goes over to its modem", async () => {
  const result = await play({
    duration: "41m",
    fleet: ["name: u, count: 1, policy: broadband-first, mobile: beta, broadband: stuga, receivers: [primary]"],
    faults: ["from: 12m, to: 22m, operator: alfa, fault: down"],
    presses: ["at: 4m, press: u", "at: 13m, press: u", "at: 40m, press: u"],
  });
  expect(foundOf(result)).toEqual([]);
  expect(result.presses.map(({ route }) => route)).toEqual(["broadband", "mobile", "broadband"]);
  expect(Math.max(...waitsMs(result))).toBeLessThan(20_000);
});

test("jamming of a stairwell is told by its units, with its end, and presses get through when it is over", async () => {
  const result = await play({
    duration: "30m",
    fleet: [
      "name: u, count: 2, policy: broadband-only, broadband: fibre, building: trappa, receivers: [primary]",
      "name: v, count: 1, policy: broadband-only, broadband: fibre, receivers: [primary]",
    ],
    faults: ["from: 10m, to: 15m, building: trappa, fault: jammed"],
    presses: ["at: 890s, press: u-001", "at: 890s, press: v"],
  });
  expect(foundOf(result)).toEqual([]);
  for (const unit of ["u-001", "u-002"]) {
    const told = reportsOf(result, unit).filter((report) => report.includes("jam"));
    expect(told).toEqual(["10 jammed", "15 jamming-over"]);
  }
  expect(reportsOf(result, "v").filter((report) => report.includes("jam"))).toEqual([]);
  const [inside, outside] = waitsMs(result) as [number, number];
  expect(outside).toBeLessThan(5_000);
  expect(inside > 10_000 && inside < 60_000).toBe(true);
});

test("a unit that hangs on 4G alone loses its network where that is closed, another goes on over 2G and warns of it", async () => {
  const result = await play({
    duration: "30m",
    fleet: [
      "name: new, count: 1, policy: mobile-only, mobile: alfa, generations: [4g], receivers: [primary]",
      "name: both, count: 1, policy: mobile-only, mobile: alfa, receivers: [primary]",
    ],
    faults: ["from: 5m, operator: alfa, generation: 4g, fault: gone"],
    presses: ["at: 15m, press: new", "at: 15m, press: both"],
  });
  expect(foundOf(result)).toEqual([]);
  expect(result.presses.map(({ acceptedMs }) => acceptedMs !== null)).toEqual([false, true]);
  expect(reportsOf(result, "both").some((report) => report.endsWith("link-trouble"))).toBe(true);
});

test("in a cut a mast on its battery carries alarms for as long as it lasts", async () => {
  const result = await play({
    duration: "30m",
    fleet: ["name: u, count: 1, policy: mobile-only, mobile: mast, power: town, receivers: [primary]"],
    faults: ["from: 5m, to: 20m, power: town, fault: off"],
    presses: ["at: 8m, press: u", "at: 12m, press: u"],
  });
  expect(foundOf(result)).toEqual([]);
  const [early, late] = waitsMs(result) as [number, number];
  expect(early).toBeLessThan(10_000);
  expect(late > 8 * minuteMs && late < 12 * minuteMs).toBe(true);
});

/** How far the time that the receiver read is from that of the press, in whole seconds. */
const timeErrorsS = ({ presses, scenario }: RunResult): readonly number[] =>
  presses.map(({ pressedMs, reportedTime }) =>
    Math.round((Date.parse(reportedTime ?? "") - scenario.startWallMs - pressedMs) / 1_000),
  );

test("a press without coverage is kept, and sent with its own time when there is coverage again", async () => {
  const result = await play({
    duration: "40m",
    fleet: ["name: u, count: 1, policy: mobile-only, mobile: alfa, receivers: [primary]"],
    faults: ["from: 5m, to: 32m, operator: alfa, fault: down"],
    presses: ["at: 6m, press: u"],
  });
  expect(foundOf(result)).toEqual([]);
  expect(waitsMs(result)[0]).toBeGreaterThan(25 * minuteMs);
  expect(Math.abs(timeErrorsS(result)[0] as number)).toBeLessThanOrEqual(2);
});

test("a network that tells the wrong time moves no press time once a receiver has told the right one", async () => {
  const result = await play({
    duration: "20m",
    fleet: ["name: u, count: 1, policy: mobile-only, mobile: alfa, receivers: [primary]"],
    faults: ["from: 1s, to: 15m, operator: alfa, fault: wrong-time, clock: 3h ahead"],
    presses: ["at: 5m, press: u", "at: 18m, press: u"],
  });
  expect(foundOf(result)).toEqual([]);
  for (const errorS of timeErrorsS(result)) expect(Math.abs(errorS)).toBeLessThanOrEqual(2);
});

test("in a cell that carries four datagrams a second, ten who press at once all get through, later than alone", async () => {
  const crowd = (count: number) =>
    play({
      duration: "14m",
      fleet: [`name: u, count: ${count}, policy: mobile-only, mobile: narrow, receivers: [primary]`],
      presses: Array.from({ length: count }, (_, each) => {
        return `at: 10m, press: ${count === 1 ? "u" : `u-${String(each + 1).padStart(3, "0")}`}`;
      }),
    });
  const [alone, many] = [await crowd(1), await crowd(10)];
  expect(foundOf(many)).toEqual([]);
  expect(Math.max(...waitsMs(many))).toBeLessThan(3 * minuteMs);
  expect(Math.max(...waitsMs(many))).toBeGreaterThan(Math.max(...waitsMs(alone)) + 4_000);
});

test("a receiver that is deaf to some of the units is so for the same ones all the time, and for no others", async () => {
  const units = Array.from({ length: 10 }, (_, each) => `u-${String(each + 1).padStart(3, "0")}`);
  const result = await play({
    duration: "9m",
    fleet: ["name: u, count: 10, policy: broadband-only, broadband: fibre, receivers: [primary]"],
    faults: ["from: 3m, receiver: primary, share: 40 %, fault: silent-open"],
    presses: [4, 7].flatMap((minute) => units.map((unit) => `at: ${minute}m, press: ${unit}`)),
  });
  expect(foundOf(result)).toEqual([]);
  const deafTo = (pressedMs: number) =>
    result.presses
      .filter((press) => press.pressedMs === pressedMs && press.acceptedMs === null)
      .map(({ unit }) => unit);
  const deaf = deafTo(4 * minuteMs);
  expect(deaf.length > 0 && deaf.length < 9).toBe(true);
  expect(deafTo(7 * minuteMs)).toEqual(deaf);
});

test("the same town plays the same twice, and another draw of the units that are hit is another run", async () => {
  const town: Town = {
    duration: "8m",
    fleet: ["name: u, count: 5, policy: mobile-first, mobile: alfa, broadband: fibre, receivers: [primary]"],
    faults: ["from: 3m, to: 7m, every: 1m, on: 30s, share: 40 %, operator: alfa, fault: down"],
    presses: ["at: 5m, press: u-003"],
  };
  const digests = [await play(town), await play(town), await play(town, 2)].map(({ digest }) => digest);
  expect(digests[0]).toBe(digests[1]);
  expect(digests[2]).not.toBe(digests[0]);
});
