import { afterEach, expect, test, vi } from "vitest";
import type { UnitHost } from "../firmware/ports/host.ts";
import { Hindrances } from "./checkers/hindrances.ts";
import type { Home } from "./home.ts";
import { playScenario } from "./play.ts";
import { foundOf } from "./play-bench.ts";
import type { RunPress, RunResult } from "./record/run-result.ts";
import { RunLog } from "./report/run-log.ts";
import { residentsOf } from "./residents.ts";
import { parseScenario } from "./scenario/scenario-file.ts";
import { UnitLife } from "./unit-life.ts";
import type { World } from "./world.ts";

const minuteMs = 60_000;

function story(duration: string, faults: readonly string[], timeline: readonly string[]): string {
  const list = (name: string, entries: readonly string[]): string =>
    entries.length === 0 ? "" : `${name}:\n${entries.map((entry) => `  - { ${entry} }\n`).join("")}`;
  return `name: blackout
duration: ${duration}
world:
  radio: { loss: 0 % }
  receivers: { primary: { latency: 300ms } }
  operators: { alfa: { loss: 0 % } }
  broadband: { fibre: }
  power: { town: }
fleet:
  - { name: u, count: 1, policy: broadband-first, mobile: alfa, broadband: fibre, power: town, receivers: [primary] }
  - { name: v, count: 1, policy: broadband-first, mobile: alfa, broadband: fibre, receivers: [primary] }
${list("faults", faults)}${list("timeline", timeline)}`;
}

function play(text: string, prepare: (world: World) => void = () => {}): Promise<RunResult> {
  const scenario = parseScenario(text, "blackout.yaml");
  return playScenario(scenario, { seed: 1, onProgress: () => {}, log: new RunLog(undefined), prepare });
}

function waitedMs({ acceptedMs, pressedMs }: RunPress): number {
  return (acceptedMs ?? Number.POSITIVE_INFINITY) - pressedMs;
}

afterEach(() => {
  vi.restoreAllMocks();
});

test("in a power cut units with a battery go on, their routers do not, and the neighbour with mains notices nothing", async () => {
  const result = await play(
    story("20m", ["power: town, fault: off, from: 4m, to: 12m"], ["at: 6m, press: u", "at: 6m, press: v"]),
  );
  expect(foundOf(result)).toEqual([]);
  expect(result.presses.map(({ unit, route }) => `${unit} ${route}`)).toEqual(["u mobile", "v broadband"]);
  expect(Math.max(...result.presses.map(waitedMs))).toBeLessThan(30_000);
  expect(result.faults).toEqual([
    { fromMs: 4 * minuteMs, toMs: 12 * minuteMs, object: "power", name: "town", fault: "off", units: null },
  ]);
});

test("without mains a home with broadband alone is cut off, one with a modem is not, and one in no area never", () => {
  const wired = story("20m", ["power: town, fault: off, from: 4m, to: 12m"], []).replaceAll(", mobile: alfa", "");
  const cutOff = (text: string): readonly boolean[] => {
    const scenario = parseScenario(text, "blackout.yaml");
    const hindrances = new Hindrances(scenario);
    return residentsOf(scenario, 1).map((home) => hindrances.isCutOff(home, 5 * minuteMs, 6 * minuteMs));
  };
  expect(cutOff(wired)).toEqual([true, false]);
  expect(cutOff(story("20m", ["power: town, fault: off, from: 4m, to: 12m"], []))).toEqual([false, false]);
});

/** The battery is nearly empty, so that it is flat some minutes into the cut; the press is made while nobody answers. */
function darkStory(world: World, seen: string[]): void {
  const unit = (): Home => world.home("u") as Home;
  const look = (atMs: number): void => {
    world.queue.at(atMs, () => seen.push(`${atMs / minuteMs} ${unit().isOn ? "on" : "off"}`));
  };
  world.queue.at(5 * minuteMs, () => unit().house.supply.setCharge(5));
  world.queue.at(20 * minuteMs, () => unit().restorePower());
  for (const atMinute of [5, 7, 15, 29, 31]) look(atMinute * minuteMs + 1);
}
const dark = story(
  "40m",
  ["power: town, fault: off, from: 6m, to: 30m", "receiver: primary, fault: refuse-connect, from: 3m, to: 16m"],
  ["at: 5m, press: u"],
);

test("a battery that runs flat ends the unit's life, the mains begins another, and the alarm of the first is accepted, once", async () => {
  const seen: string[] = [];
  const result = await play(dark, (world) => darkStory(world, seen));
  expect(seen.map((what) => what.split(" ")[1])).toEqual(["on", "on", "off", "off", "on"]);
  expect(foundOf(result)).toEqual([]);
  const press = result.presses[0] as RunPress;
  expect(press.cases).toBe(1);
  expect(press.acceptedMs).toBeGreaterThan(30 * minuteMs);
  expect(press.acceptedMs).toBeLessThan(33 * minuteMs);
});

test("a run with blackouts is the same run each time, and a battery with one part more is another", async () => {
  const digestOf = async (more: number): Promise<string> => {
    const prepare = (world: World): void => {
      darkStory(world, []);
      world.queue.at(5 * minuteMs + 1, () => (world.home("u") as Home).house.supply.setCharge(5 + more));
    };
    return (await play(dark, prepare)).digest;
  };
  const digest = await digestOf(0);
  expect(await digestOf(0)).toBe(digest);
  expect(await digestOf(1)).not.toBe(digest);
});

test("a unit that is dark to the end of the run has lost nothing; what it owes is judged by the time it had power", async () => {
  const result = await play(dark.replace("to: 30m", "to: 40m").replace("to: 16m", "to: 40m"), (world) =>
    darkStory(world, []),
  );
  expect(result.presses[0]?.acceptedMs).toBeNull();
  expect(foundOf(result)).toEqual([]);
});

test("keys and a button's new battery stand in the timeline, and change the run", async () => {
  const digestOf = async (steps: readonly string[]): Promise<string> =>
    (await play(story("8m", [], ["at: 5m, press: u", ...steps]))).digest;
  const digests = [
    await digestOf([]),
    await digestOf(["at: 4m, key: presence, unit: u"]),
    await digestOf(["at: 4m, key: presence, unit: u, held: long"]),
    await digestOf(["at: 4m, button-battery: u"]),
  ];
  expect(new Set(digests).size).toBe(4);
});

interface Life {
  readonly host: UnitHost;
  readonly atMs: number;
  readonly cold: boolean | undefined;
}

/** Every life in a world, with the ports that its firmware was given; the supply is opened by the test in its place. */
function livesOf(world: () => World): Life[] {
  const lives: Life[] = [];
  const start = UnitLife.prototype.start;
  vi.spyOn(UnitLife.prototype, "start").mockImplementation(function (this: UnitLife, firmware) {
    start.call(this, (host) => {
      const supply = host.openPower?.({ onMains: () => {}, onBattery: () => {} });
      lives.push({ host, atMs: world().queue.nowMs, cold: supply?.coldStart });
      firmware({ ...host, openPower: undefined });
    });
  });
  return lives;
}

test("a restart that the firmware orders is another life with that cause, three seconds later and not from the cold", async () => {
  let world: World | undefined;
  const lives = livesOf(() => world as World);
  await play(story("6m", [], []).replace(/ {2}- \{ name: v.*\n/, ""), (built) => {
    world = built;
    built.queue.at(2 * minuteMs, () => {
      const { host } = lives.at(-1) as Life;
      expect(() => host.starts?.restart("update")).toThrow("starts anew");
    });
    built.queue.at(2 * minuteMs + 1_000, () => {
      expect((built.home("u") as Home).isOn).toBe(false);
      built.home("u")?.restorePower();
    });
    built.queue.at(3 * minuteMs, () => {
      (built.home("u") as Home).cutPower();
      (built.home("u") as Home).restorePower();
    });
  });
  expect(lives.map(({ host }) => host.starts?.cause)).toEqual(["power-on", "update", "power-on"]);
  expect(lives.map(({ atMs }) => atMs).slice(1)).toEqual([2 * minuteMs + 3_000, 3 * minuteMs]);
  expect(lives.map(({ cold }) => cold)).toEqual([true, false, true]);
});

test("a unit that is off draws nothing from its battery", async () => {
  const permilles: number[] = [];
  await play(story("40m", ["power: town, fault: off, from: 2m"], []), (world) => {
    const unit = (): Home => world.home("u") as Home;
    const look = (): unknown => permilles.push(unit().house.supply.batteryPermille);
    world.queue.at(3 * minuteMs, () => {
      unit().cutPower();
      look();
    });
    world.queue.at(39 * minuteMs, look);
  });
  expect(permilles).toEqual([999, 999]);
});

test("power that goes while a unit starts anew keeps it off until the power is back", async () => {
  let world: World | undefined;
  const lives = livesOf(() => world as World);
  await play(
    story("6m", ["power: town, fault: off, from: 121s, to: 4m"], []).replace(/ {2}- \{ name: v.*\n/, ""),
    (built) => {
      world = built;
      built.queue.at(2 * minuteMs, () => {
        const unit = built.home("u") as Home;
        unit.house.supply.connectBattery(false);
        expect(() => (lives.at(-1) as Life).host.starts?.restart("ordered")).toThrow("starts anew");
      });
    },
  );
  expect(lives.map(({ host }) => host.starts?.cause)).toEqual(["power-on", "power-on"]);
  expect(lives[1]?.atMs).toBe(4 * minuteMs);
});
