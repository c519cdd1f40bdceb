import fc from "fast-check";
import { expect, test } from "vitest";
import { EventQueue } from "../core/event-queue.ts";
import {
  Broadband,
  type Fate,
  Network,
  perfectAccess,
  receiverAddress,
  unitAddress,
  unitOfAddress,
} from "./network.ts";
import { Calendar, type LinkWindow } from "./outage.ts";

const window = (fault: LinkWindow["fault"], fromMs: number, toMs: number | undefined, more = {}): LinkWindow => ({
  fault,
  fromMs,
  toMs,
  extraDelayMs: 0,
  lossPpm: 0,
  ...more,
});

interface Heard {
  readonly atMs: number;
  readonly bytes: number[];
  readonly from: string;
  readonly toPort: number;
}

/** One receiver on a perfect access, and as many units as asked for on one shared line. */
function build(lossPpm = 0, delay = { leastMs: 10, mostMs: 40 }, unitCount = 1, seed = 1) {
  const queue = new EventQueue();
  const fates: Fate[] = [];
  const network = new Network(queue, seed, (fate) => fates.push(fate));
  const calendar = new Calendar<LinkWindow>();
  const line = new Broadband(queue, { name: "fibre", delay, lossPpm, calendars: [calendar] });
  const log = (into: Heard[]) => (bytes: Uint8Array, from: { host: string; port: number }, toPort: number) => {
    into.push({ atMs: queue.nowMs, bytes: [...bytes], from: `${from.host}:${from.port}`, toPort });
  };
  const atReceiver: Heard[] = [];
  const receiver = network.attach(receiverAddress(0), perfectAccess, log(atReceiver));
  const units = Array.from({ length: unitCount }, (_, i) => {
    const heard: Heard[] = [];
    return { heard, ...network.attach(unitAddress("broadband", i), line, log(heard)) };
  });
  const unit = units[0] as (typeof units)[0];
  return { queue, network, fates, calendar, line, receiver, atReceiver, units, unit };
}
const toReceiver = { host: "203.0.113.1", port: 5060 };
const bytes = new Uint8Array([1, 2, 3]);

test("a datagram arrives whole, with its source, within the delay of the line, both ways", () => {
  const world = build();
  world.unit.send(bytes, 5070, toReceiver);
  bytes[0] = 9; // the sender uses its buffer again at once
  world.queue.runUntil(100);
  bytes[0] = 1;
  expect(world.atReceiver).toMatchObject([{ bytes: [1, 2, 3], from: "10.0.0.0:5070", toPort: 5060 }]);
  world.receiver.send(bytes, 5060, { host: "10.0.0.0", port: 5070 });
  world.queue.runUntil(200);
  expect(world.unit.heard).toMatchObject([{ bytes: [1, 2, 3], from: "203.0.113.1:5060", toPort: 5070 }]);
  const [there, back] = [(world.atReceiver[0] as Heard).atMs, (world.unit.heard[0] as Heard).atMs - 100];
  for (const delayMs of [there, back]) expect(delayMs >= 10 && delayMs <= 40).toBe(true);
  expect(world.fates).toEqual(["sent", "delivered", "sent", "delivered"]);
});

test("delays spread over the whole range of the line, each way drawn for itself", () => {
  const world = build();
  const delays = new Set<number>();
  for (let i = 0; i < 1000; i++) {
    const sentMs = world.queue.nowMs;
    world.unit.send(bytes, 1, toReceiver);
    world.queue.runUntil(sentMs + 50);
    delays.add((world.atReceiver[i] as Heard).atMs - sentMs);
  }
  expect(delays.size).toBe(31);
  expect([Math.min(...delays), Math.max(...delays)]).toEqual([10, 40]);
});

test("nothing is received from inside a send, not even without delay", () => {
  const queue = new EventQueue();
  const network = new Network(queue, 1);
  let heard = 0;
  const one = network.attach("203.0.113.1", perfectAccess, () => {});
  network.attach("203.0.113.2", perfectAccess, () => (heard += 1));
  one.send(bytes, 1, { host: "203.0.113.2", port: 1 });
  expect(heard).toBe(0);
  queue.runUntil(0);
  expect(heard).toBe(1);
});

test("losses come near the line's rate, in both directions", () => {
  const world = build(100_000);
  for (let i = 0; i < 10_000; i++) {
    world.unit.send(bytes, 1, toReceiver);
    world.receiver.send(bytes, 1, { host: "10.0.0.0", port: 1 });
    world.queue.runUntil(world.queue.nowMs + 1);
  }
  world.queue.runUntil(world.queue.nowMs + 100);
  for (const heard of [world.atReceiver, world.unit.heard]) expect(Math.abs(heard.length - 9000)).toBeLessThan(150);
  expect(world.fates.filter((fate) => fate === "lost")).toHaveLength(
    20_000 - world.atReceiver.length - world.unit.heard.length,
  );
});

test("two units on one line draw delays of their own", () => {
  const world = build(0, { leastMs: 0, mostMs: 1_000_000 }, 2);
  for (const unit of world.units) unit.send(bytes, 1, toReceiver);
  world.queue.runUntil(1_000_000);
  expect(world.atReceiver[0]?.atMs).not.toBe(world.atReceiver[1]?.atMs);
});

test("what one unit meets does not depend on how many others share its line", () => {
  fc.assert(
    fc.property(fc.nat(), fc.integer({ min: 2, max: 5 }), (seed, unitCount) => {
      const play = (count: number) => {
        const world = build(300_000, { leastMs: 1, mostMs: 99 }, count, seed);
        for (let i = 0; i < 20; i++) {
          for (const unit of world.units) unit.send(bytes, 7, toReceiver);
          world.queue.runUntil(world.queue.nowMs + 100);
        }
        return world.atReceiver.filter((heard) => heard.from === "10.0.0.0:7");
      };
      expect(play(unitCount)).toEqual(play(1));
    }),
    { numRuns: 20 },
  );
});

test("an outage begins and ends at its very millisecond, and a datagram on its way then is swallowed", () => {
  const world = build(0, { leastMs: 5, mostMs: 5 });
  world.calendar.add(window("no-data", 100, 200));
  const sends = [94, 95, 99, 100, 199, 200];
  const arrived: boolean[] = [];
  for (const atMs of sends) {
    world.queue.at(atMs, () => world.receiver.send(new Uint8Array([atMs]), 1, { host: "10.0.0.0", port: 1 }));
  }
  world.queue.runUntil(300);
  for (const atMs of sends) arrived.push(world.unit.heard.some((heard) => heard.bytes[0] === atMs));
  expect(arrived).toEqual([true, false, false, false, false, true]);
  expect(world.fates.filter((fate) => fate === "swallowed")).toHaveLength(4);
  expect(world.line.isUp()).toBe(true);
});

test("a line that is gone for good carries nothing in either direction, and its units are told once", () => {
  const world = build(0, { leastMs: 5, mostMs: 5 }, 2);
  const told: [number, boolean][] = [];
  const stop = world.line.listen(() => told.push([world.queue.nowMs, world.line.isUp()]));
  world.line.listen(() => told.push([world.queue.nowMs, world.line.isUp()]));
  world.calendar.add(window("down", 10, 20));
  world.calendar.add(window("slow", 30, 40, { extraDelayMs: 1000 }));
  world.calendar.add(window("gone", 50, undefined));
  world.queue.runUntil(49);
  stop();
  world.queue.runUntil(60);
  expect(told).toEqual([
    [10, false],
    [10, false],
    [20, true],
    [20, true],
    [50, false],
  ]);
  world.unit.send(bytes, 1, toReceiver);
  world.receiver.send(bytes, 1, { host: "10.0.0.0", port: 1 });
  world.queue.runUntil(1e9);
  expect([world.atReceiver, world.unit.heard]).toEqual([[], []]);
});

test("slow adds to the delay and lossy replaces the loss, for as long as they last", () => {
  const world = build(0, { leastMs: 5, mostMs: 5 });
  world.calendar.add(window("slow", 10, 20, { extraDelayMs: 2000 }));
  world.calendar.add(window("lossy", 20, 30, { lossPpm: 1_000_000 }));
  for (const atMs of [9, 19, 20, 30])
    world.queue.at(atMs, () => world.unit.send(new Uint8Array([atMs]), 1, toReceiver));
  world.queue.runUntil(5000);
  expect(world.atReceiver.map(({ atMs, bytes: [sentMs] }) => [sentMs, atMs])).toEqual([
    [9, 14],
    [30, 35],
    [19, 2024],
  ]);
});

test("datagrams for an address that nobody has, or no longer has, vanish", () => {
  const world = build(0, { leastMs: 5, mostMs: 5 });
  world.unit.send(bytes, 1, { host: "203.0.113.77", port: 1 });
  world.unit.send(bytes, 1, { host: "nobody.example.net", port: 1 });
  world.unit.send(bytes, 1, toReceiver);
  world.receiver.detach();
  world.unit.detach();
  world.unit.send(bytes, 1, toReceiver);
  world.queue.runUntil(100);
  expect(world.atReceiver).toEqual([]);
  expect(world.fates).toEqual(["sent", "unknown-address", "sent", "unknown-address", "sent", "unknown-address"]);
});

test("an address has one owner; after detaching another may have it, and the old owner cannot free it", () => {
  const world = build();
  expect(() => world.network.attach("10.0.0.0", perfectAccess, () => {})).toThrow("10.0.0.0 is taken");
  world.unit.detach();
  let heard = 0;
  world.network.attach("10.0.0.0", perfectAccess, () => (heard += 1));
  world.unit.detach();
  world.receiver.send(bytes, 1, { host: "10.0.0.0", port: 1 });
  world.queue.runUntil(100);
  expect(heard).toBe(1);
});

test("chance goes on over a new attachment of an address instead of beginning anew", () => {
  const world = build(0, { leastMs: 0, mostMs: 1_000_000 });
  world.unit.send(bytes, 1, toReceiver);
  world.unit.detach();
  world.network.attach("10.0.0.0", world.line, () => {}).send(bytes, 1, toReceiver);
  world.queue.runUntil(1_000_000);
  expect(world.atReceiver[0]?.atMs).not.toBe(world.atReceiver[1]?.atMs);
});

test("a name leads to its address until it is taken away", () => {
  const world = build();
  world.network.name("arc.example.net", "203.0.113.1");
  world.unit.send(bytes, 1, { host: "arc.example.net", port: 5060 });
  world.queue.runUntil(100);
  expect(world.atReceiver).toHaveLength(1);
  expect(world.network.resolve("arc.example.net")).toBe("203.0.113.1");
  world.network.name("arc.example.net", undefined);
  expect(world.network.resolve("arc.example.net")).toBeUndefined();
  expect(world.network.resolve("198.51.100.9")).toBe("198.51.100.9");
  expect(world.network.resolve("2001:db8::7")).toBe("2001:db8::7");
});

test("the largest UDP datagram passes, one byte more is a mistake of the caller", () => {
  const world = build();
  world.unit.send(new Uint8Array(65_507), 1, toReceiver);
  expect(() => world.unit.send(new Uint8Array(65_508), 1, toReceiver)).toThrow("65508 bytes");
});

test("every unit has an address of its own on each route, within 10.0.0.0/8, and receivers are in the documentation ranges", () => {
  fc.assert(
    fc.property(fc.nat(2 ** 23 - 1), fc.nat(2 ** 23 - 1), (one, other) => {
      expect(unitAddress("broadband", one) === unitAddress("broadband", other)).toBe(one === other);
      expect(unitAddress("broadband", one)).not.toBe(unitAddress("mobile", other));
      expect(unitAddress("mobile", one)).toMatch(/^10\.(1[23]|[12]\d)?\d?\d\.\d{1,3}\.\d{1,3}$/);
    }),
  );
  expect(unitAddress("broadband", 2 ** 23 - 1)).toBe("10.127.255.255");
  expect(unitAddress("mobile", 2 ** 23 - 1)).toBe("10.255.255.255");
  expect(() => unitAddress("mobile", 2 ** 23)).toThrow();
  expect(() => unitAddress("mobile", -1)).toThrow();
  expect([0, 253, 254, 507].map(receiverAddress)).toEqual([
    "203.0.113.1",
    "203.0.113.254",
    "198.51.100.1",
    "198.51.100.254",
  ]);
  expect(() => receiverAddress(508)).toThrow();
});

test("the unit behind an address is the one that it was made for, on either route", () => {
  fc.assert(
    fc.property(fc.nat(2 ** 23 - 1), fc.constantFrom("broadband" as const, "mobile" as const), (index, route) => {
      expect(unitOfAddress(unitAddress(route, index))).toBe(index);
    }),
  );
});
