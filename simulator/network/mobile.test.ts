import fc from "fast-check";
import { expect, test } from "vitest";
import { EventQueue } from "../core/event-queue.ts";
import { Cell, Operator } from "./cells.ts";
import { Subscriber, usualRegistration } from "./mobile.ts";
import { Network, perfectAccess, unitAddress } from "./network.ts";
import type { LinkWindow } from "./outage.ts";

const window = (fault: LinkWindow["fault"], fromMs: number, toMs: number | undefined, more = {}): LinkWindow => ({
  fault,
  fromMs,
  toMs,
  extraDelayMs: 0,
  lossPpm: 0,
  ...more,
});
const operator = (name: string, plmn: string, clock: { clockErrorMs: number | undefined } = { clockErrorMs: 0 }) =>
  new Operator({ name, plmn, ...clock, delay: { leastMs: 40, mostMs: 400 }, lossPpm: 0 });

/** One modem whose home operator has a strong and a weak cell, and a foreign operator that is stronger than both. */
function build({ roaming = false, seed = 1, homeClock = { clockErrorMs: 0 as number | undefined }, count = 1 } = {}) {
  const queue = new EventQueue();
  const network = new Network(queue, seed);
  const home = operator("Hemma", "24001", homeClock);
  const foreign = operator("Borta", "24099");
  const strong = new Cell("strong", home, "4g");
  const weak = new Cell("weak", home, "2g");
  const other = new Cell("other", foreign, "4g");
  const received: number[] = [];
  network.attach("203.0.113.1", perfectAccess, (bytes) => received.push(bytes[0] as number));
  const modems = Array.from({ length: count }, (_, i) => {
    const modem = new Subscriber(queue, network, seed, {
      name: `unit ${i}`,
      home,
      roaming,
      reach: [
        { cell: weak, signal: 9 },
        { cell: strong, signal: 22 },
        { cell: other, signal: 31 },
      ],
      address: unitAddress("mobile", i),
      registration: usualRegistration,
      startWallMs: 1_000_000,
    });
    const changes: [number, string, number][] = [];
    modem.listen(() => changes.push([queue.nowMs, modem.state().registered, modem.state().signal]));
    return { modem, changes };
  });
  const { modem, changes } = modems[0] as (typeof modems)[0];
  return { queue, network, home, foreign, strong, weak, other, modem, changes, modems, received };
}
const toReceiver = { host: "203.0.113.1", port: 5060 };
const settledMs = 20_000;

test("a modem that is switched on searches for 3 to 12 s and is then at home in its strongest cell", () => {
  fc.assert(
    fc.property(fc.nat(), (seed) => {
      const { queue, modem, changes } = build({ seed });
      expect(modem.state().registered).toBe("searching");
      expect(modem.activate(() => {})).toBeUndefined();
      expect(modem.wallMs()).toBeUndefined();
      queue.runUntil(settledMs);
      expect(changes).toHaveLength(1);
      const [atMs] = changes[0] as [number, string, number];
      expect(atMs >= 3_000 && atMs <= 12_000).toBe(true);
      expect(modem.state()).toEqual({
        signal: 22,
        registered: "home",
        operatorName: "Hemma",
        plmn: "24001",
        generation: "4g",
      });
    }),
    { numRuns: 30 },
  );
});

test("when its cell goes down a modem is told at once, moves to the next cell, and keeps its session there", () => {
  const { queue, strong, modem, changes, received } = build();
  strong.calendar.add(window("down", 30_000, undefined));
  queue.runUntil(settledMs);
  const session = modem.activate(() => {});
  queue.runUntil(30_000);
  expect(changes.at(-1)).toEqual([30_000, "searching", 9]);
  session?.send(new Uint8Array([1]), 1, toReceiver);
  queue.runUntil(50_000);
  expect(modem.state()).toMatchObject({ registered: "home", signal: 9, generation: "2g" });
  session?.send(new Uint8Array([2]), 1, toReceiver);
  queue.runUntil(60_000);
  expect(received).toEqual([2]);
});

test("a fault of the operator hits every modem there, at the same instant", () => {
  const { queue, home, modems } = build({ count: 5 });
  home.calendar.add(window("gone", 30_000, undefined));
  queue.runUntil(100_000);
  for (const { modem, changes } of modems) {
    expect(changes[1]).toEqual([30_000, "searching", 99]);
    expect(changes).toHaveLength(2);
    expect(modem.state().registered).toBe("searching");
  }
  const registeredAt = modems.map(({ changes }) => (changes[0] as [number, string, number])[0]);
  expect(new Set(registeredAt).size).toBeGreaterThan(1);
});

test("when the network returns, registration takes its time anew, and the healed world counts as a return", () => {
  const { queue, home, changes } = build();
  home.calendar.add(window("down", 30_000, 40_000));
  home.calendar.add(window("gone", 60_000, undefined));
  queue.runUntil(80_000);
  home.calendar.endAll(80_000);
  queue.runUntil(100_000);
  expect(changes.map(([, registered]) => registered)).toEqual([
    "home",
    "searching",
    "searching",
    "home",
    "searching",
    "searching",
    "home",
  ]);
  const back = changes.filter(([, registered]) => registered === "home").map(([atMs]) => atMs);
  expect((back[1] as number) >= 43_000 && (back[1] as number) <= 52_000).toBe(true);
  expect((back[2] as number) >= 83_000 && (back[2] as number) <= 92_000).toBe(true);
});

test("registered but without data: the state stays as good as before, and nothing arrives in either direction", () => {
  const { queue, network, strong, modem, changes, received } = build();
  const heard: number[] = [];
  const receiver = network.attach("203.0.113.2", perfectAccess, () => {});
  strong.calendar.add(window("no-data", 30_000, 40_000));
  queue.runUntil(settledMs);
  const session = modem.activate((bytes) => heard.push(bytes[0] as number));
  for (const atMs of [25_000, 30_000, 39_999, 40_000]) {
    queue.at(atMs, () => {
      session?.send(new Uint8Array([atMs / 1000]), 1, toReceiver);
      receiver.send(new Uint8Array([atMs / 1000]), 1, { host: session?.address ?? "", port: 1 });
    });
  }
  queue.runUntil(60_000);
  expect(received).toEqual([25, 40]);
  expect(heard).toEqual([25, 40]);
  expect(changes).toHaveLength(1);
});

test("stale sessions carry nothing until a new one is started, though registration and signal look well", () => {
  const { queue, home, modem, changes, received } = build();
  home.calendar.add(window("stale-sessions", 30_000, undefined));
  queue.runUntil(settledMs);
  const old = modem.activate(() => {});
  queue.runUntil(31_000);
  old?.send(new Uint8Array([1]), 1, toReceiver);
  const fresh = modem.activate(() => {});
  fresh?.send(new Uint8Array([2]), 1, toReceiver);
  old?.send(new Uint8Array([3]), 1, toReceiver);
  old?.close();
  fresh?.send(new Uint8Array([4]), 1, toReceiver);
  queue.runUntil(40_000);
  expect(received.sort()).toEqual([2, 4]);
  expect(changes).toHaveLength(1);
});

test("a network that turns modems away is told as denied, and let in again after it", () => {
  const { queue, home, modem } = build();
  home.calendar.add(window("denied", 30_000, 60_000));
  queue.runUntil(55_000);
  expect(modem.state().registered).toBe("denied");
  expect(modem.activate(() => {})).toBeUndefined();
  queue.runUntil(80_000);
  expect(modem.state().registered).toBe("home");
});

test("a foreign network serves only where roaming is allowed and home is not to be had, and does not know the old session", () => {
  const played = [false, true].map((roaming) => {
    const world = build({ roaming });
    world.home.calendar.add(window("down", 30_000, 90_000));
    world.queue.runUntil(settledMs);
    const session = world.modem.activate(() => {});
    expect(world.modem.state().registered).toBe("home");
    world.queue.runUntil(60_000);
    session?.send(new Uint8Array([1]), 1, toReceiver);
    world.modem.activate(() => {})?.send(new Uint8Array([2]), 1, toReceiver);
    world.queue.runUntil(70_000);
    return [world.modem.state().registered, world.received];
  });
  expect(played).toEqual([
    ["searching", []],
    ["roaming", [2]],
  ]);
});

test("a chosen network is the only one searched for, until the choice is taken back", () => {
  const { queue, modem, changes } = build({ roaming: true });
  queue.runUntil(settledMs);
  modem.select("24099");
  expect(changes.at(-1)?.[1]).toBe("searching");
  queue.runUntil(40_000);
  expect(modem.state()).toMatchObject({ registered: "roaming", plmn: "24099", signal: 31 });
  modem.select("99999");
  queue.runUntil(60_000);
  expect(modem.state()).toMatchObject({ registered: "searching", signal: 99 });
  modem.select(undefined);
  queue.runUntil(80_000);
  expect(modem.state().plmn).toBe("24001");
});

test("a restart ends the session and searches anew", () => {
  const { queue, modem, changes, received } = build();
  queue.runUntil(settledMs);
  const session = modem.activate(() => {});
  modem.restart();
  expect(modem.state().registered).toBe("searching");
  queue.runUntil(40_000);
  session?.send(new Uint8Array([1]), 1, toReceiver);
  queue.runUntil(50_000);
  expect(received).toEqual([]);
  expect(changes.map(([, registered]) => registered)).toEqual(["home", "searching", "home"]);
});

test("a restart during the search begins it anew: registration comes 3 to 12 s after the last one", () => {
  const { queue, modem, changes } = build();
  for (let atMs = 0; atMs < 20_000; atMs += 1_000) queue.at(atMs, () => modem.restart());
  queue.runUntil(50_000);
  expect(changes).toHaveLength(1);
  const [atMs] = changes[0] as [number, string, number];
  expect(atMs >= 22_000 && atMs <= 31_000).toBe(true);
});

test("the network tells its wall clock with its own error, or none", () => {
  const clocks = [{ clockErrorMs: 0 }, { clockErrorMs: -7_200_000 }, { clockErrorMs: undefined }].map((homeClock) => {
    const { queue, modem } = build({ homeClock });
    queue.runUntil(settledMs);
    expect(modem.state().registered).toBe("home");
    return modem.wallMs();
  });
  expect(clocks).toEqual([1_020_000, 1_020_000 - 7_200_000, undefined]);
});

test("32 cells in reach are the most", () => {
  const queue = new EventQueue();
  const home = operator("Hemma", "24001");
  const reach = Array.from({ length: 33 }, (_, i) => ({ cell: new Cell(`cell ${i}`, home, "4g"), signal: i % 32 }));
  const start = (count: number) =>
    new Subscriber(queue, new Network(queue, 1), 1, {
      name: "x",
      home,
      roaming: false,
      reach: reach.slice(0, count),
      address: "10.128.0.0",
      registration: usualRegistration,
      startWallMs: 0,
    });
  start(32);
  expect(() => start(33)).toThrow("more than 32");
});
