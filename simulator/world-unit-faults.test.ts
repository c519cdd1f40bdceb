/** Units that fail: what each fault does to them, and what is seen of it from outside. */
import { expect, test } from "vitest";
import { foundOf, playSmall, type SmallWorld } from "./play-bench.ts";
import type { RunResult } from "./record/run-result.ts";
import type { World } from "./world.ts";

const minuteMs = 60_000;
const hourMs = 3_600_000;
const never = Number.POSITIVE_INFINITY;

function play(world: SmallWorld, prepare: (world: World) => void = () => {}): Promise<RunResult> {
  return playSmall(world, 1, undefined, prepare);
}

function waitedMs(result: RunResult, press = 0): number {
  const { acceptedMs, pressedMs } = result.presses[press] ?? { acceptedMs: null, pressedMs: 0 };
  return (acceptedMs ?? never) - pressedMs;
}

test("nobody hears a press on a dead unit, so that it is not lost; the monitor misses the unit, and its neighbour goes on", async () => {
  const result = await play({
    duration: "30m",
    count: 2,
    faults: ["from: 5m, unit: u-001, fault: dead"],
    presses: ["at: 8m, press: u-001", "at: 8m, press: u-002"],
  });
  expect(foundOf(result)).toEqual([]);
  expect(result.presses.map(({ storedMs }) => storedMs === null)).toEqual([true, false]);
  expect(waitedMs(result, 1)).toBeLessThan(10_000);
  expect(result.notices.map(({ phase, subject }) => `${phase} ${subject}`)).toEqual([
    "suspected u-001",
    "confirmed u-001",
  ]);
  expect(result.off).toEqual([{ unit: "u-001", fromMs: 5 * minuteMs, toMs: null }]);
});

test("mains that comes back does not wake a dead unit", async () => {
  let isOn: boolean | undefined;
  await play(
    { home: "mobile: alfa, broadband: fibre", faults: ["from: 2m, unit: u, fault: dead"], presses: [] },
    (world) => {
      world.queue.at(3 * minuteMs, () => world.home("u")?.restorePower());
      world.queue.at(4 * minuteMs, () => (isOn = world.home("u")?.isOn));
    },
  );
  expect(isOn).toBe(false);
});

test("a bad release takes a press over and sends nothing; the release after it sends what it finds in its flash", async () => {
  const result = await play({
    duration: "40m",
    count: 4,
    faults: ["from: 5m, to: 25m, group: u, share: 50 %, fault: bad-release"],
    presses: ["at: 4m, press: u-002", "at: 8m, press: u-002", "at: 8m, press: u-001"],
  });
  expect(foundOf(result)).toEqual([]);
  const [before, during, neighbour] = result.presses;
  expect(before?.acceptedMs).toBeLessThan(5 * minuteMs);
  expect(during?.storedMs).toBeLessThan(9 * minuteMs);
  expect(during?.acceptedMs).toBeGreaterThan(25 * minuteMs);
  expect(during?.acceptedMs).toBeLessThan(27 * minuteMs);
  expect(neighbour?.acceptedMs).toBeLessThan(9 * minuteMs);
  const suspected = result.notices.filter(({ phase }) => phase === "suspected").map(({ subject }) => subject);
  expect(suspected.sort()).toEqual(["u-002", "u-004"]);
});

test("power that goes at random instants, between any two acts of the unit, loses nothing", async () => {
  const result = await play({
    duration: "3h",
    faults: ["from: 5m, to: 2h, unit: u, fault: power-cuts, per-day: 240, off-for: 5s to 30s"],
    presses: ["at: 20m, press: u", "at: 50m, press: u", "at: 90m, press: u", "at: 115m, press: u"],
  });
  expect(foundOf(result)).toEqual([]);
  expect(result.off.length).toBeGreaterThan(10);
  expect(result.off.length).toBeLessThan(22);
  for (const { fromMs, toMs } of result.off) {
    expect(fromMs).toBeGreaterThanOrEqual(5 * minuteMs);
    expect(fromMs).toBeLessThan(2 * hourMs);
    expect((toMs ?? never) - fromMs).toBeGreaterThanOrEqual(5_000);
    expect((toMs ?? never) - fromMs).toBeLessThanOrEqual(30_000);
  }
});

test("power that goes in the middle of a write leaves torn cells, and loses nothing", async () => {
  let tears = 0;
  const result = await play(
    {
      duration: "3h",
      faults: ["from: 5m, to: 2h, unit: u, fault: power-cuts, per-day: 480, off-for: 5s to 30s, torn: 100 %"],
      presses: ["at: 20m, press: u", "at: 50m, press: u", "at: 90m, press: u", "at: 115m, press: u"],
    },
    (world) => {
      world.queue.at(6 * minuteMs, () => {
        const flash = world.home("u")?.flash;
        if (flash === undefined) return;
        const program = flash.program.bind(flash);
        flash.program = (address, bytes) => {
          tears++;
          const done = program(address, bytes);
          tears--;
          return done;
        };
      });
    },
  );
  expect(foundOf(result)).toEqual([]);
  expect(result.off.length).toBeGreaterThan(3);
  // A write that was begun and never came back.
  expect(tears).toBeGreaterThan(2);
});

test.each([-2_000, 2_000])(
  "a clock that drifts by %i ppm goes wrong by as much, and the press time is still that of the network",
  async (ppm) => {
    const errors: (number | undefined)[] = [];
    const result = await play(
      {
        duration: "3h",
        faults: [`from: 1h, to: 2h, unit: u, fault: clock-drift, ppm: ${ppm}`],
        presses: ["at: 110m, press: u", "at: 170m, press: u"],
      },
      (world) => {
        for (const atMinute of [60, 90, 120, 180])
          world.queue.at(atMinute * minuteMs - 1, () => errors.push(world.home("u")?.ailments.clockErrorMs));
      },
    );
    expect(foundOf(result)).toEqual([]);
    expect(errors.map((error) => Math.round((error ?? 0) / 100))).toEqual([
      0,
      (18 * ppm) / 1_000,
      (36 * ppm) / 1_000,
      (36 * ppm) / 1_000,
    ]);
    for (const { pressedMs, reportedTime } of result.presses) {
      const toldMs = Date.parse(reportedTime ?? "") - result.scenario.startWallMs;
      expect(Math.abs(toldMs - pressedMs)).toBeLessThan(4_000);
    }
  },
);

test("a unit whose flash wears out says that it has a fault, and still has its presses accepted", async () => {
  const result = await play({
    duration: "4h",
    faults: ["from: 2m, to: 1h, unit: u, fault: worn-flash, cells: 100 %"],
    presses: ["at: 30m, press: u", "at: 90m, press: u", "at: 200m, press: u"],
  });
  expect(foundOf(result)).toEqual([]);
  expect(result.signals.filter(({ by, what }) => by === "lamp" && what === "fault").length).toBeGreaterThan(0);
  for (const press of [0, 1, 2]) expect(waitedMs(result, press)).toBeLessThan(30_000);
});

test("what flash says it kept is read back: where half of it lies, presses outlive the power cut that comes before their acceptance", async () => {
  const result = await play({
    duration: "40m",
    count: 6,
    faults: [
      "from: 2m, to: 130s, group: u, fault: worn-flash, cells: 50 %, silently: true",
      "from: 5m, to: 15m, broadband: fibre, fault: down",
      "from: 5m, to: 15m, operator: alfa, fault: down",
      'from: 11m, to: 14m, group: u, fault: power-cuts, per-day: 2000, "off-for": 5s to 10s',
    ],
    presses: [1, 2, 3, 4, 5, 6].map((unit) => `at: 10m, press: u-00${unit}`),
  });
  expect(foundOf(result)).toEqual([]);
  for (const { acceptedMs } of result.presses) expect(acceptedMs).toBeGreaterThan(15 * minuteMs);
});

test("a frozen modem leaves broadband to its unit, and nothing to one that has mobile alone", async () => {
  const faults = ["from: 5m, to: 25m, unit: u, fault: frozen-modem"];
  const both = await play({ duration: "40m", faults, presses: ["at: 10m, press: u"] });
  expect(foundOf(both)).toEqual([]);
  expect(both.presses[0]?.route).toBe("broadband");
  expect(waitedMs(both)).toBeLessThan(30_000);
  const alone = await play({
    duration: "40m",
    faults,
    home: "mobile: alfa, policy: mobile-only",
    presses: ["at: 10m, press: u"],
  });
  expect(foundOf(alone)).toEqual([]);
  expect(alone.presses[0]?.acceptedMs).toBeGreaterThan(25 * minuteMs);
  expect(alone.presses[0]?.toldNotAcceptedMs).toBeLessThan(13 * minuteMs);
});

test("a release that was bad and mended before the unit was switched on never runs there", async () => {
  const result = await play({
    duration: "10m",
    count: 8,
    faults: ["from: 1s, to: 30s, group: u, fault: bad-release"],
    presses: [1, 2, 3, 4, 5, 6, 7, 8].map((unit) => `at: 3m, press: u-00${unit}`),
  });
  expect(foundOf(result)).toEqual([]);
  expect(result.presses.every((_, press) => waitedMs(result, press) < minuteMs)).toBe(true);
});
