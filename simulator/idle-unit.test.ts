import { expect, test } from "vitest";
import { departmentDefaults, type UnitSettings } from "../firmware/settings.ts";
import { supervisionOff } from "../firmware/supervision/settings.ts";
import { Air } from "./air/air.ts";
import { Digest } from "./core/digest.ts";
import { EventQueue } from "./core/event-queue.ts";
import { Stream } from "./core/prng.ts";
import { SimClock } from "./core/sim-clock.ts";
import { Home } from "./home.ts";
import { Broadband, Network, perfectAccess, unitAddress } from "./network/network.ts";
import { Calendar } from "./network/outage.ts";
import { Receiver } from "./peers/receiver.ts";
import { together } from "./record/witness.ts";

const dayMs = 86_400_000;
const days = 7;

const onTheShelf: UnitSettings = {
  cid: "4607110231",
  domain: "larm.example",
  policy: "broadband-only",
  receivers: [{ uri: "sip:larm@larm.example", host: "192.0.2.10", port: 5060, user: "", password: "", answerFrom: [] }],
  localPort: 5060,
  modem: { apn: "", user: "", password: "", pin: "" },
  staggerMs: 5_000,
  bonds: [],
  departments: {
    ...departmentDefaults,
    household: { ...departmentDefaults.household, firstLife: "stored" },
    supervision: supervisionOff,
  },
};

/** It answers at once: what the unit has to tell of its start is told. */
function attachReceiver(queue: EventQueue, network: Network, received: (text: string) => void): void {
  const address = { host: "192.0.2.10", port: 5060 };
  const place = network.attach(address.host, perfectAccess, (bytes, from) => receiver.receive(bytes, from, "udp"));
  const clock = new SimClock(queue);
  const chance = new Stream(1, "receiver", 0);
  const receiver: Receiver = new Receiver(
    {
      nowMs: () => queue.nowMs,
      wallMs: () => 1_767_225_600_000 + queue.nowMs,
      after: (delayMs, callback) => clock.after(delayMs, callback),
      below: (n) => chance.below(n),
      send: (bytes, to) => place.send(bytes, address.port, to),
    },
    {
      name: "primary",
      address,
      mode: "normal",
      latencyMs: { least: 100, most: 100 },
      onEvent: ({ type, dty, stc }) => received(`${type} ${dty} ${stc}`),
    },
  );
}

function homeOf(queue: EventQueue, settings: UnitSettings, received: (text: string) => void): Home {
  const network = new Network(queue, 1);
  const air = new Air(queue, { seed: 1, lossPpm: 0, neighbourLossPpm: 0, observe: undefined });
  const line = new Broadband(queue, {
    name: "fibre",
    delay: { leastMs: 10, mostMs: 40 },
    lossPpm: 0,
    calendars: [new Calendar()],
  });
  attachReceiver(queue, network, received);
  return new Home(
    { seed: 1, queue, network, air, digest: new Digest(), witness: together([]) },
    {
      index: 0,
      name: "u",
      settings,
      broadband: { line, address: unitAddress("broadband", 0) },
      bearer: undefined,
      area: undefined,
    },
  );
}

test("a unit on the shelf, without supervision, is woken by a timer at most five times a day", () => {
  const queue = new EventQueue();
  const home = homeOf(queue, onTheShelf, () => {});
  queue.runUntil(dayMs);
  const before = home.wakeUps;
  queue.runUntil((days + 1) * dayMs);
  const perDay = (home.wakeUps - before) / days;
  console.info(`wake-ups of an idle unit: ${perDay.toFixed(2)} a day`);
  expect(perDay).toBeLessThanOrEqual(5);
});

test("on the shelf no button is heard; suspended and returned, a press is an alarm, and no test message is sent", () => {
  for (const [firstLife, alarms] of [
    ["stored", 0],
    ["suspended", 1],
    ["returned", 1],
  ] as const) {
    const queue = new EventQueue();
    const received: string[] = [];
    const bond = { address: 7, person: 1, form: "wrist" as const, key: new Uint8Array(16).fill(5), revoked: false };
    const household = { ...departmentDefaults.household, firstLife };
    const departments = { ...departmentDefaults, household };
    const home = homeOf(queue, { ...onTheShelf, bonds: [bond], departments }, (text) => received.push(text));
    queue.at(3_600_000, () => home.press(1));
    queue.runUntil(2 * dayMs);
    expect([firstLife, received.filter((text) => text === "alarm 3 10").length]).toEqual([firstLife, alarms]);
    expect(received.filter((text) => text === "alarm 2 102" || text === "alarm 2 103")).toEqual([]);
  }
});
