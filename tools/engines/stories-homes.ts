/** What happens in a home: its people, devices and supply, service people and their laptop, power that goes and comes. */
import { departmentDefaults, type UnitSettings } from "../../firmware/settings.ts";
import type { World } from "../../simulator/world.ts";
import { withNameService } from "./name-service.ts";
import { serviceKey, withServiceLaptop } from "./service-laptop.ts";
import { button, routes, type Story, story, unit } from "./story.ts";

const { both, wired, mobile } = routes;
const minuteMs = 60_000;
const hourMs = 3_600_000;

const installation = story(
  {
    duration: "4h",
    home: `${both}, life: prepared, accessories: [{ kind: smoke }, { kind: door, hours: 22:00-06:00 }]`,
    presses: [
      "at: 10m, install: u",
      "at: 1h, press: u",
      "at: 90m, lose-button: u, button: 2",
      "at: 100m, revoke-button: u, button: 2",
      "at: 110m, find-button: u, button: 2",
      "at: 111m, press: u, button: 2",
      "at: 2h, replace-button: u",
      "at: 150m, announce: u, for: 30m",
      "at: 3h, life: returned, unit: u",
      "at: 200m, life: wiped, unit: u",
    ],
  },
  [unit("installation"), button("pairing-button"), button("revoked-button", 2)],
);

const accessories = story(
  {
    duration: "5h",
    home: `${mobile}, accessories: [{ kind: smoke }, { kind: door, hours: 06:00-09:00, pre-alarm: 30s, open-at-most: 15m }, { kind: bed }, { kind: water }, { kind: temperature }, { kind: fall-detector }, { kind: motion }]`,
    presses: [
      "at: 10m, accessory: smoke, unit: u, happens: alarm",
      "at: 12m, accessory: smoke, unit: u, happens: restored",
      "at: 20m, accessory: door, unit: u, happens: alarm",
      "at: 50m, accessory: door, unit: u, happens: restored",
      "at: 1h, accessory: bed, unit: u, happens: alarm",
      "at: 70m, accessory: water, unit: u, happens: fault",
      "at: 80m, accessory: water, unit: u, happens: fault-gone",
      "at: 2h, accessory: water, unit: u, happens: tamper",
      "at: 125m, accessory: water, unit: u, happens: tamper-restored",
      "at: 130m, accessory: temperature, unit: u, happens: alarm-low",
      "at: 140m, accessory: fall-detector, unit: u, happens: alarm",
      "at: 150m, accessory: motion, unit: u, happens: activity",
      "at: 3h, accessory-battery: smoke, unit: u",
      "at: 160m, accessory: door, unit: u, happens: alarm",
      "at: 9610s, accessory: door, unit: u, happens: restored",
      "at: 220m, accessory: door, unit: u, happens: alarm",
      "at: 270m, accessory: door, unit: u, happens: restored",
    ],
  },
  [unit("accessories")],
);

const keys = story(
  {
    duration: "3h",
    home: both,
    presses: [
      "at: 5m, key: help, unit: u",
      "at: 302s, key: cancel, unit: u",
      "at: 10m, key: query, unit: u",
      "at: 12m, key: query, unit: u, held: long",
      "at: 15m, key: presence, unit: u",
      "at: 40m, key: presence, unit: u",
      "at: 50m, key: away, unit: u, held: long",
      "at: 90m, key: away, unit: u, held: long",
      "at: 100m, fall: u",
      "at: 110m, fall: u, taken-back-after: 5s",
      "at: 112m, fall: u, taken-back-after: 40s",
      "at: 115m, range: out, unit: u",
      "at: 116m, press: u",
      "at: 125m, range: home, unit: u",
      "at: 130m, key: cancel, unit: u, held: long",
    ],
  },
  [unit("keys"), button("falls-button")],
);

const supply = story(
  {
    duration: "10h",
    home: both,
    presses: [
      "at: 5m, handle: unplugged, unit: u",
      "at: 30m, press: u",
      "at: 5h, handle: plugged-in, unit: u",
      "at: 6h, handle: opened, unit: u",
      "at: 390m, handle: closed, unit: u",
      "at: 7h, handle: moved, unit: u",
      "at: 8h, button-battery: u",
    ],
  },
  [unit("mains-lost"), button("battery-button", 1, 2)],
);

/** Its battery is found nearly empty, so that the last words come soon; when the mains is back the unit starts anew. */
const lastWords = story(
  {
    duration: "11h",
    home: both,
    presses: [
      "at: 5m, handle: unplugged, unit: u",
      "at: 30m, press: u",
      "at: 9h, handle: plugged-in, unit: u",
      "at: 10h, press: u",
    ],
  },
  [unit("battery-empty"), unit("battery-back", 2)],
  { prepare: (world) => world.queue.at(2 * minuteMs, () => world.home("u")?.house.supply.setCharge(90)) },
);

/** The room is cold, then hot. */
const weather = story({ duration: "7h", home: wired, presses: [] }, [unit("temperature")], {
  prepare: (world) =>
    world.queue.at(2 * minuteMs, () =>
      world.home("u")?.house.climate.follow([
        { atMs: 0, deciC: 210 },
        { atMs: hourMs, deciC: 110 },
        { atMs: 3 * hourMs, deciC: 210 },
        { atMs: 4 * hourMs, deciC: 360 },
        { atMs: 6 * hourMs, deciC: 220 },
      ]),
    ),
});

function withDepartments(
  settings: UnitSettings,
  change: (departments: typeof departmentDefaults) => typeof departmentDefaults,
): UnitSettings {
  return { ...settings, departments: change(settings.departments ?? departmentDefaults) };
}

/** The power goes while an alarm is on its way, and comes back two seconds later. */
function cutInAlarm(world: World): void {
  world.queue.at(180_000, () => {
    const home = world.home("u");
    home?.cutPowerAfter(12, () => world.queue.after(2_000, () => home.restorePower()));
  });
}

const powerCut = story(
  { duration: "9m", home: both, receivers: ["primary", "secondary"], presses: ["at: 3m, press: u"] },
  [unit("power-cut"), unit("power-cut-after", 2)],
  { prepare: cutInAlarm },
);

const stirring = story(
  { duration: "15h", home: wired, presses: ["at: 1h, press: u", "at: 14h, key: presence, unit: u"] },
  [unit("inactivity")],
  {
    settings: (settings) =>
      withDepartments(settings, (departments) => {
        const inactivity = { ...departments.household.inactivity, mode: "rolling" as const, periodMs: 43_200_000 };
        return { ...departments, household: { ...departments.household, inactivity } };
      }),
  },
);

const jammed = story(
  {
    duration: "30m",
    home: `${both}, building: trappa`,
    faults: ["from: 5m, to: 15m, building: trappa, fault: jammed"],
    presses: ["at: 10m, press: u", "at: 20m, press: u"],
  },
  [unit("jammed"), button("jammed-button")],
);

const laptop = story(
  { duration: "40m", home: both, presses: ["at: 30m, press: u"] },
  [unit("service"), unit("service-after", 2)],
  {
    settings: (settings) => ({ ...settings, serviceKey }),
    ports: withServiceLaptop,
  },
);

const names = story(
  { duration: "70m", home: both, faults: ["from: 10m, to: 15m, receiver: primary, fault: silent-open"] },
  [unit("names")],
  {
    settings: (settings) => ({
      ...settings,
      receivers: settings.receivers.map(({ address, ...receiver }) => ({
        ...receiver,
        host: "larm.example",
        port: 0,
        register: true,
        answerFrom: address === undefined ? [] : [address],
      })),
    }),
    ports: withNameService,
  },
);

export const homeStories: readonly Story[] = [
  installation,
  accessories,
  keys,
  supply,
  lastWords,
  weather,
  powerCut,
  stirring,
  jammed,
  laptop,
  names,
];
