import { expect, test } from "vitest";
import { departmentDefaults, type UnitSettings } from "../firmware/settings.ts";
import { supervisionOff } from "../firmware/supervision/settings.ts";
import { Air } from "./air/air.ts";
import { Digest } from "./core/digest.ts";
import { EventQueue } from "./core/event-queue.ts";
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
function attachReceiver(queue: EventQueue, network: Network): void {
  const address = { host: "192.0.2.10", port: 5060 };
  const place = network.attach(address.host, perfectAccess, (bytes, from) => receiver.receive(bytes, from, "udp"));
  const clock = new SimClock(queue);
  const receiver: Receiver = new Receiver(
    {
      nowMs: () => queue.nowMs,
      wallMs: () => 1_767_225_600_000 + queue.nowMs,
      after: (delayMs, callback) => clock.after(delayMs, callback),
      below: () => 0,
      send: (bytes, to) => place.send(bytes, address.port, to),
    },
    { name: "primary", address, mode: "normal", latencyMs: { least: 100, most: 100 }, onEvent: () => {} },
  );
}

test("a unit on the shelf, without supervision, is woken by a timer at most five times a day", () => {
  const queue = new EventQueue();
  const network = new Network(queue, 1);
  const air = new Air(queue, { seed: 1, lossPpm: 0, neighbourLossPpm: 0, observe: undefined });
  const digest = new Digest();
  const line = new Broadband(queue, {
    name: "fibre",
    delay: { leastMs: 10, mostMs: 40 },
    lossPpm: 0,
    calendars: [new Calendar()],
  });
  attachReceiver(queue, network);
  const home = new Home(
    { seed: 1, queue, network, air, digest, witness: together([]) },
    {
      index: 0,
      name: "u",
      settings: onTheShelf,
      broadband: { line, address: unitAddress("broadband", 0) },
      bearer: undefined,
      area: undefined,
    },
  );
  queue.runUntil(dayMs);
  const before = home.wakeUps;
  queue.runUntil((days + 1) * dayMs);
  const perDay = (home.wakeUps - before) / days;
  console.info(`wake-ups of an idle unit: ${perDay.toFixed(2)} a day`);
  expect(perDay).toBeLessThanOrEqual(5);
});
