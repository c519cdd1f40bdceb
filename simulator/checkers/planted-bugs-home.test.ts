import { vi } from "vitest";
import type { Records } from "../../firmware/radio-counters.ts";
import type { World } from "../world.ts";
import { boundsCheck } from "./bounds.ts";
import { freshCountersCheck } from "./fresh-counters.ts";
import { heartbeatCheck } from "./heartbeat.ts";
import { lifeStatesCheck } from "./life-states.ts";
import { logWithoutGapsCheck } from "./log-without-gaps.ts";
import { testPlants } from "./plant-bench.ts";
import { rightPersonCheck } from "./right-person.ts";
import { toldTheTruthCheck } from "./told-the-truth.ts";
import { trueHoursCheck } from "./true-hours.ts";
import { warnedBeforeFlatCheck } from "./warned-before-flat.ts";

/** Bugs of the firmware, planted around the modules that are really there; off unless a test sets it. */
const planted = vi.hoisted(() => ({ bug: "none" }));

vi.mock("../../firmware/alarm/facts.ts", async (importOriginal) => {
  const real = await importOriginal<typeof import("../../firmware/alarm/facts.ts")>();
  return {
    ...real,
    deviceText: ((origin) => {
      const isLie = planted.bug === "everybody in the home is person 1";
      return real.deviceText(isLie ? { ...origin, person: 1 } : origin);
    }) satisfies typeof real.deviceText,
    factsText: ((facts) => {
      const isLie = planted.bug === "a suspended unit does not say so";
      return real.factsText(isLie ? { ...facts, marks: real.noMarks } : facts);
    }) satisfies typeof real.factsText,
  };
});

vi.mock("../../firmware/alarm/clock.ts", async (importOriginal) => {
  const real = await importOriginal<typeof import("../../firmware/alarm/clock.ts")>();
  return {
    ...real,
    clockKnown: ((turn, wallS) => {
      const isLie = planted.bug === "the press time counts from when the clock was learnt";
      real.clockKnown(turn, isLie ? wallS + Math.floor(turn.nowMs / 1_000) : wallS);
    }) satisfies typeof real.clockKnown,
  };
});

vi.mock("../../firmware/feedback/lamp.ts", async (importOriginal) => {
  const real = await importOriginal<typeof import("../../firmware/feedback/lamp.ts")>();
  return {
    ...real,
    lampOf: ((facts) => {
      const isLie = planted.bug === "the lamp stays green without a path";
      return real.lampOf(isLie ? { ...facts, links: "ready" } : facts);
    }) satisfies typeof real.lampOf,
  };
});

vi.mock("../../firmware/radio-counters.ts", async (importOriginal) => {
  const real = await importOriginal<typeof import("../../firmware/radio-counters.ts")>();
  class Forgetful extends real.RadioCounters {
    constructor(records: Records, kind: number) {
      const isLie = planted.bug === "counters of the radio begin anew with each life";
      super(isLie ? { read: () => undefined, write: () => true } : records, kind);
    }
  }
  return { ...real, RadioCounters: Forgetful };
});

vi.mock("../../firmware/power/reserve-machine.ts", async (importOriginal) => {
  const real = await importOriginal<typeof import("../../firmware/power/reserve-machine.ts")>();
  return {
    ...real,
    stepReserve: ((settings, state, event) => {
      const next = real.stepReserve(settings, state, event);
      if (planted.bug !== "the unit goes dark without a word") return next;
      return { state: next.state, effects: next.effects.filter(({ type }) => type !== "tell") };
    }) satisfies typeof real.stepReserve,
  };
});

vi.mock("../../firmware/power/battery-machine.ts", async (importOriginal) => {
  const real = await importOriginal<typeof import("../../firmware/power/battery-machine.ts")>();
  return {
    ...real,
    stepBattery: ((settings, state, event) => {
      const next = real.stepBattery(settings, state, event);
      if (planted.bug !== "the unit goes dark without a word") return next;
      return { state: next.state, effects: next.effects.filter(({ type }) => type !== "tell") };
    }) satisfies typeof real.stepBattery,
  };
});

vi.mock("../../firmware/storage/event-log.ts", async (importOriginal) => {
  const real = await importOriginal<typeof import("../../firmware/storage/event-log.ts")>();
  class Forgetful extends real.EventLog {
    override write(...event: Parameters<typeof real.EventLog.prototype.write>): void {
      if (planted.bug === "acceptances are not written down" && event[0] === "accepted") return;
      if (planted.bug === "the log skips a number" && event[0] === "carried") this.next++;
      super.write(...event);
    }
  }
  return { ...real, EventLog: Forgetful };
});

vi.mock("../../firmware/uplink/uplink-turn.ts", async (importOriginal) => {
  const real = await importOriginal<typeof import("../../firmware/uplink/uplink-turn.ts")>();
  return {
    ...real,
    get activeBeatMs() {
      return planted.bug === "a heartbeat each eight minutes" ? 480_000 : real.activeBeatMs;
    },
  };
});

vi.mock("../../firmware/sip/transaction-times.ts", async (importOriginal) => {
  const real = await importOriginal<typeof import("../../firmware/sip/transaction-times.ts")>();
  return {
    ...real,
    get longestPauseMs() {
      return planted.bug === "a request is sent again each half second" ? 500 : real.longestPauseMs;
    },
  };
});

const noPaths = [
  "from: 5m, to: 35m, operator: alfa, fault: no-data",
  "from: 5m, to: 35m, broadband: fibre, fault: no-data",
];

/** The mains goes, and the battery has a tenth of its charge. */
function runDown(world: World): void {
  const supply = world.home("u")?.house.supply;
  supply?.setCharge(100);
  supply?.plug(false);
}

testPlants(planted, [
  {
    bug: "everybody in the home is person 1",
    world: { presses: ["at: 4m, press: u, button: 2"], duration: "10m" },
    red: rightPersonCheck,
    says: /^u, 00:04:00: [0-9A-Z]{15} speaks of person 1, and [0-9A-F]{8} is worn by person 2$/,
  },
  {
    bug: "the lamp stays green without a path",
    world: { duration: "40m", presses: [], faults: noPaths },
    red: toldTheTruthCheck,
    says: /^u, 00:\d\d:\d\d: nothing has reached it since 00:0\d:\d\d, and its lamp shows "ready"$/,
  },
  {
    bug: "the lamp stays green without a path",
    world: { duration: "40m", presses: [], primary: "silent-after-200" },
    red: toldTheTruthCheck,
    says: /^u, 00:\d\d:\d\d: no receiver has answered it since 00:0\d:\d\d, asked \d+ times, and its lamp shows "ready"$/,
  },
  {
    bug: "the press time counts from when the clock was learnt",
    world: {
      presses: ["at: 9m, press: u"],
      faults: ["from: 0s, to: 6m, operator: alfa, fault: down", "from: 0s, to: 6m, broadband: fibre, fault: down"],
    },
    red: trueHoursCheck,
    says: /^u, alarm [0-9A-Z]{12}: says \d\d:\d\d:\d\d, and nobody asked for help then$/,
  },
  {
    bug: "counters of the radio begin anew with each life",
    world: { presses: ["at: 4m, press: u", "at: 12m, press: u"] },
    prepare: (world) =>
      world.queue.at(600_000, () => {
        world.home("u")?.cutPower();
        world.home("u")?.restorePower();
      }),
    red: freshCountersCheck,
    says: /^unit u, 00:1\d:\d\d: counter \d+ sealed a second content$/,
  },
  {
    bug: "a heartbeat each eight minutes",
    world: { duration: "40m" },
    red: heartbeatCheck,
    says: /^u, 00:\d\d:\d\d: not heard by any receiver for \d min, since 00:\d\d:\d\d$/,
  },
  {
    bug: "the unit goes dark without a word",
    world: { duration: "14h", presses: [] },
    prepare: (world) => world.queue.at(300_000, () => runDown(world)),
    red: warnedBeforeFlatCheck,
    says: /^u, \d\d:\d\d:\d\d: its battery is used up after \d+\.\d h, and it had not told$/,
  },
  {
    bug: "acceptances are not written down",
    world: {},
    red: logWithoutGapsCheck,
    says: /^u: [0-9A-Z]{12}, accepted at 00:04:0\d, is not in the log as accepted$/,
  },
  {
    bug: "the log skips a number",
    world: {},
    red: logWithoutGapsCheck,
    says: /^u: the log goes from event \d+ to \d+ \(carried\)$/,
  },
  {
    bug: "a request is sent again each half second",
    world: { primary: "silent-open", duration: "8m" },
    red: boundsCheck,
    says: /^u, 00:0\d:\d\d: one and the same request left 13 times, more than 12$/,
  },
  {
    bug: "a suspended unit does not say so",
    world: { presses: ["at: 3m, life: suspended, unit: u", "at: 6m, press: u"] },
    red: lifeStatesCheck,
    says: /^u, 00:06:00: [0-9A-Z]{12} does not say that its unit is suspended$/,
  },
]);
