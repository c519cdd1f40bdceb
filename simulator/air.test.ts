import fc from "fast-check";
import { expect, test } from "vitest";
import type { RadioPacket } from "../firmware/ports/radio.ts";
import { airTimeUs } from "../protocol/radio/airtime.ts";
import { Air, type AirDevice, type PacketFate } from "./air.ts";
import type { AirRadio } from "./air-radio.ts";
import { EventQueue } from "./event-queue.ts";

const frame = (mark: number) => new Uint8Array(24).fill(mark);
const frameMs = 33; // 32.5 ms, and the queue knows whole milliseconds

/** Homes of one building, each with its devices; the device's name begins with its home. All radios are open. */
function build(names: readonly string[], { lossPpm = 0, neighbourLossPpm = 0, seed = 1, building = "house" } = {}) {
  const queue = new EventQueue();
  const fates: [PacketFate, string][] = [];
  const observe = (fate: PacketFate, device: AirDevice) => fates.push([fate, device.name]);
  const air = new Air(queue, { seed, lossPpm, neighbourLossPpm, observe });
  const devices = names.map((name) => {
    const device = air.join({ name, building, home: name.split(" ")[0] as string });
    // Whoever places devices by hand needs them equally strong.
    device.attenuationDb = device.placeDb;
    const counts: number[] = [];
    const radio = device.open({ onReadable: (count) => counts.push(count) }) as AirRadio;
    const readAll = () => {
      const packets: RadioPacket[] = [];
      for (let packet = radio.read(); packet !== undefined; packet = radio.read()) packets.push(packet);
      return packets.map(({ bytes }) => bytes[0] as number);
    };
    return { device, radio, counts, readAll };
  });
  return { queue, air, fates, devices };
}
type Placed = ReturnType<typeof build>["devices"];
const three = (devices: Placed) => devices as [Placed[0], Placed[0], Placed[0]];
const two = (devices: Placed) => devices as [Placed[0], Placed[0]];

test("a packet is heard when its air time is over, whole, at the strength of the home", () => {
  const { queue, devices } = build(["a unit", "a button"]);
  const [unit, button] = two(devices);
  unit.radio.listen(-1);
  queue.runUntil(100);
  const bytes = frame(7);
  button.radio.send(bytes);
  bytes.fill(0);
  queue.runUntil(132);
  expect(unit.counts).toEqual([]);
  queue.runUntil(133);
  expect(unit.counts).toEqual([1]);
  const packet = unit.radio.read() as RadioPacket;
  expect(packet.bytes).toEqual(frame(7));
  expect(Math.abs(packet.rssiDbm - -70)).toBeLessThanOrEqual(2);
  expect(unit.radio.read()).toBeUndefined();
});

test("a packet that does not lie wholly within a listening window is not heard", () => {
  const heardWith = (fromMs: number, forMs: number) => {
    const { queue, devices } = build(["a unit", "a button"]);
    const [unit, button] = two(devices);
    queue.at(1000, () => unit.radio.send(frame(1)));
    queue.at(fromMs, () => button.radio.listen(forMs));
    queue.runUntil(2000);
    return button.readAll().length === 1;
  };
  expect(heardWith(1000, frameMs)).toBe(true);
  expect(heardWith(1000, frameMs - 1)).toBe(false);
  expect(heardWith(1001, 100)).toBe(false);
  expect(heardWith(900, 100)).toBe(false);
  expect(heardWith(900, 133)).toBe(true);
  expect(heardWith(900, 0)).toBe(false);
  expect(heardWith(0, -1)).toBe(true);
});

test("prolonging a window goes on hearing, closing it between ends the packet", () => {
  const heardWith = (...calls: readonly (readonly [number, number])[]) => {
    const { queue, devices } = build(["a unit", "a button"]);
    const [unit, button] = two(devices);
    queue.at(1000, () => unit.radio.send(frame(1)));
    for (const [atMs, forMs] of calls) queue.at(atMs, () => button.radio.listen(forMs));
    queue.runUntil(2000);
    return button.readAll().length === 1;
  };
  expect(heardWith([990, 20], [1005, 50])).toBe(true);
  expect(heardWith([990, 20], [1010, 50])).toBe(true);
  expect(heardWith([990, 20], [1011, 50])).toBe(false);
  expect(heardWith([990, -1], [1010, 0], [1011, -1])).toBe(false);
  expect(heardWith([990, -1], [1010, 5])).toBe(false);
});

test("packets that overlap at a receiver destroy each other, whoever began", () => {
  fc.assert(
    fc.property(fc.integer({ min: -40, max: 40 }), (offsetMs) => {
      const { queue, devices, fates } = build(["a unit", "a one", "a two"]);
      const [unit, one, other] = three(devices);
      unit.radio.listen(-1);
      queue.at(1000, () => one.radio.send(frame(1)));
      queue.at(1000 + offsetMs, () => other.radio.send(frame(2)));
      queue.runUntil(2000);
      const apart = Math.abs(offsetMs) >= frameMs;
      expect(unit.readAll().sort()).toEqual(apart ? [1, 2] : []);
      expect(fates.filter(([fate]) => fate === "collided")).toHaveLength(apart ? 0 : 2);
    }),
  );
});

test.each([
  [5, []],
  [6, [1]],
  [60, [1]],
])("of two overlapping packets the one that is %i dB stronger: heard are %j", (differenceDb, expected) => {
  const { queue, devices } = build(["a unit", "a near", "a far"]);
  const [unit, near, far] = three(devices);
  unit.radio.listen(-1);
  far.device.attenuationDb += differenceDb;
  far.radio.send(frame(2));
  queue.at(10, () => near.radio.send(frame(1)));
  queue.runUntil(1000);
  expect(unit.readAll()).toEqual(expected);
});

test("a sender is deaf while it sends, and hears again after it", () => {
  const { queue, devices } = build(["a unit", "a button"]);
  const [unit, button] = two(devices);
  unit.radio.listen(-1);
  button.radio.listen(-1);
  button.radio.send(frame(1));
  queue.at(20, () => unit.radio.send(frame(2)));
  queue.at(60, () => unit.radio.send(frame(3)));
  queue.runUntil(1000);
  expect(button.readAll()).toEqual([3]);
  expect(unit.readAll()).toEqual([]);
});

test("a packet handed over during a transmission follows it without a gap; of more than four waiting the rest is dropped", () => {
  const { queue, devices, air } = build(["a unit", "a button"]);
  const [unit, button] = two(devices);
  unit.radio.listen(-1);
  const heardAt: [number, number][] = [];
  for (let i = 0; i < 7; i++) button.radio.send(frame(i));
  for (let atMs = 1; atMs < 400; atMs++) {
    queue.runUntil(atMs);
    for (const mark of unit.readAll()) heardAt.push([atMs, mark]);
  }
  expect(heardAt).toEqual([0, 1, 2, 3, 4].map((mark) => [(mark + 1) * frameMs, mark]));
  expect(air.airtimeOf(button.device).packets).toBe(5);
});

test("a receiver keeps four unread packets and drops what is beyond", () => {
  const { queue, devices } = build(["a unit", "a button"]);
  const [unit, button] = two(devices);
  unit.radio.listen(-1);
  for (let i = 0; i < 6; i++) queue.at(i * 100, () => button.radio.send(frame(i)));
  queue.runUntil(1000);
  expect(unit.counts).toEqual([1, 2, 3, 4]);
  expect(unit.readAll()).toEqual([0, 1, 2, 3]);
});

test("neighbours hear each other weaker and with their own loss; other buildings hear nothing", () => {
  const { queue, devices, air } = build(["a unit", "b unit", "a button"], { neighbourLossPpm: 500_000 });
  const [own, neighbour, button] = three(devices);
  const stranger = air.join({ name: "far unit", building: "elsewhere", home: "a" });
  const far = stranger.open({ onReadable: () => {} });
  for (const radio of [own.radio, neighbour.radio, far]) radio.listen(-1);
  const counts = { own: 0, neighbour: 0 };
  for (let i = 0; i < 4000; i++) {
    button.radio.send(frame(1));
    queue.runUntil(queue.nowMs + 100);
    counts.own += own.readAll().length;
    const packet = neighbour.radio.read();
    if (packet === undefined) continue;
    counts.neighbour += 1;
    expect(Math.abs(packet.rssiDbm - -88)).toBeLessThanOrEqual(2);
  }
  expect(counts.own).toBe(4000);
  expect(Math.abs(counts.neighbour - 2000)).toBeLessThan(150);
  expect(far.read()).toBeUndefined();
});

test("neighbours' packets collide too: a strong own button is heard all the same, a weak one is not", () => {
  const heardAt = (attenuationDb: number) => {
    const { queue, devices } = build(["a unit", "a button", "b button"]);
    const [unit, button, neighbour] = three(devices);
    unit.radio.listen(-1);
    button.device.attenuationDb += attenuationDb;
    neighbour.radio.send(frame(2));
    button.radio.send(frame(1));
    queue.runUntil(100);
    return unit.readAll();
  };
  expect([0, 12, 13, 23, 24].map(heardAt)).toEqual([[1], [1], [], [], [2]]);
});

test("losses come near the rate, drawn for each receiver by itself", () => {
  const { queue, devices, fates } = build(["a one", "a two", "a button"], { lossPpm: 100_000 });
  const [one, other, button] = three(devices);
  one.radio.listen(-1);
  other.radio.listen(-1);
  let both = 0;
  const counts = [0, 0] as [number, number];
  for (let i = 0; i < 10_000; i++) {
    button.radio.send(frame(1));
    queue.runUntil(queue.nowMs + 40);
    const [first, second] = [one.readAll().length, other.readAll().length];
    counts[0] += first;
    counts[1] += second;
    if (first + second === 0) both += 1;
  }
  for (const count of counts) expect(Math.abs(count - 9000)).toBeLessThan(150);
  expect(Math.abs(both - 100)).toBeLessThan(50);
  expect(fates.filter(([fate]) => fate === "lost")).toHaveLength(20_000 - counts[0] - counts[1]);
});

test("what one home hears does not depend on other buildings in the same world", () => {
  const play = (seed: number, others: number) => {
    const { queue, devices, air } = build(["a unit", "a button"], { lossPpm: 400_000, seed });
    const [unit, button] = two(devices);
    const strangers = Array.from({ length: others }, (_, i) => {
      const radio = air.join({ name: `x ${i}`, building: `x ${i >> 1}`, home: "x" }).open({ onReadable: () => {} });
      radio.listen(-1);
      return radio;
    });
    unit.radio.listen(-1);
    const heard: number[] = [];
    for (let i = 0; i < 30; i++) {
      for (const radio of strangers) radio.send(frame(99));
      button.radio.send(frame(i));
      queue.runUntil(queue.nowMs + 50);
      heard.push(...unit.readAll());
    }
    return heard;
  };
  fc.assert(
    fc.property(fc.nat(), fc.nat(6), (seed, others) => {
      expect(play(seed, others)).toEqual(play(seed, 0));
    }),
    { numRuns: 20 },
  );
});

test("a device carried away fades and is silent beyond -110 dBm, and is back when it returns", () => {
  const { queue, devices } = build(["a unit", "a button"]);
  const [unit, button] = two(devices);
  unit.radio.listen(-1);
  for (const [mark, attenuationDb] of [40, 41, 200, 0].entries()) {
    button.device.attenuationDb = button.device.placeDb + attenuationDb;
    button.radio.send(frame(mark));
    queue.runUntil(queue.nowMs + 50);
  }
  expect(unit.readAll()).toEqual([0, 3]);
});

test("while the building is jammed nothing is heard, also a packet of which only a moment is hit", () => {
  const { queue, devices, air } = build(["a unit", "a button"]);
  const [unit, button] = two(devices);
  unit.radio.listen(-1);
  air.jamming("house").add({ fromMs: 1000, toMs: 2000 });
  air.jamming("house").add({ fromMs: 2510, toMs: 2511 });
  for (const [mark, atMs] of [967, 968, 1500, 1999, 2000, 2500].entries())
    queue.at(atMs, () => button.radio.send(frame(mark)));
  const heard: number[] = [];
  for (let atMs = 0; atMs <= 3000; atMs += 100) {
    queue.runUntil(atMs);
    heard.push(...unit.readAll());
  }
  expect(heard).toEqual([0, 4]);
});

test("power loss breaks a transmission off: nobody reads it, but it disturbs up to there; the device can start anew", () => {
  const { queue, devices, air } = build(["a unit", "a button", "a other"]);
  const [unit, button, other] = three(devices);
  unit.radio.listen(-1);
  button.radio.send(frame(1));
  button.radio.send(frame(2));
  queue.runUntil(10);
  other.radio.send(frame(3));
  queue.runUntil(20);
  expect(() => button.device.open({ onReadable: () => {} })).toThrow("open already");
  button.radio.close();
  button.radio.close();
  button.radio.send(frame(4));
  button.radio.listen(-1);
  queue.runUntil(25);
  const again = button.device.open({ onReadable: () => {} });
  queue.runUntil(60);
  expect(unit.readAll()).toEqual([]);
  again.send(frame(5));
  queue.runUntil(200);
  expect(unit.readAll()).toEqual([5]);
  expect(air.airtimeOf(button.device).packets).toBe(2);
});

test("after close() no callback comes, not even for a packet that was half heard", () => {
  const { queue, devices } = build(["a unit", "a button"]);
  const [unit, button] = two(devices);
  unit.radio.listen(-1);
  button.radio.send(frame(1));
  queue.at(20, () => unit.radio.close());
  queue.runUntil(100);
  expect(unit.counts).toEqual([]);
  expect(unit.radio.read()).toBeUndefined();
});

test("air time is booked to the sender, by the size of each packet, and forgotten by no restart", () => {
  const { queue, devices, air } = build(["a unit", "a button"]);
  const [unit, button] = two(devices);
  button.radio.send(frame(1));
  queue.runUntil(1000);
  button.radio.close();
  button.device.open({ onReadable: () => {} }).send(new Uint8Array(40));
  queue.runUntil(2000);
  const sentUs = airTimeUs(24) + airTimeUs(40);
  expect(air.airtimeOf(button.device)).toEqual({
    totalUs: sentUs,
    packets: 2,
    lastHourUs: sentUs,
    worstHourUs: sentUs,
    worstAtMs: 1000,
  });
  expect(air.airtimeOf(unit.device).totalUs).toBe(0);
  queue.runUntil(2 * 3_600_000);
  expect(air.airtimeOf(button.device)).toMatchObject({ lastHourUs: 0, worstHourUs: sentUs });
});

test("a busy building forgets packets that can no longer matter", () => {
  const { queue, devices, air } = build(["a unit", "a one", "a two"]);
  for (let i = 0; i < 5000; i++) {
    for (const { radio } of devices) radio.send(frame(1));
    queue.runUntil(queue.nowMs + 20);
  }
  const { buildings } = air as unknown as { buildings: Map<string, { onAir: unknown[] }> };
  expect(buildings.get("house")?.onAir.length).toBeLessThan(20);
});

test("a packet has 1 to 40 bytes, a window is whole, a name joins once, a building holds 256 devices", () => {
  const { devices, air } = build(["a unit", "a button"]);
  const [unit] = two(devices);
  unit.radio.send(new Uint8Array(40));
  expect(() => unit.radio.send(new Uint8Array(41))).toThrow("41 bytes");
  expect(() => unit.radio.send(new Uint8Array(0))).toThrow("0 bytes");
  expect(() => unit.radio.listen(1.5)).toThrow();
  expect(() => unit.radio.listen(-2)).toThrow();
  expect(() => air.join({ name: "a unit", building: "b", home: "b" })).toThrow("joined already");
  for (let i = 2; i < 256; i++) air.join({ name: `more ${i}`, building: "house", home: "a" });
  expect(() => air.join({ name: "one more", building: "house", home: "a" })).toThrow("more than 256");
});
