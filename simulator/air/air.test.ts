import fc from "fast-check";
import { expect, test } from "vitest";
import type { RadioPacket } from "../../firmware/ports/radio.ts";
import { airTimeUs } from "../../protocol/radio/airtime.ts";
import { build, frame, frameMs, three, two } from "./air-bench.ts";

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
  const { queue, devices, fates } = build(["a unit", "a button"]);
  const [unit, button] = two(devices);
  unit.radio.listen(-1);
  button.radio.listen(-1);
  button.radio.send(frame(1));
  queue.at(20, () => unit.radio.send(frame(2)));
  queue.at(60, () => unit.radio.send(frame(3)));
  queue.runUntil(1000);
  expect(button.readAll()).toEqual([3]);
  expect(unit.readAll()).toEqual([]);
  expect(fates.map(([fate]) => fate)).toEqual(["sent", "sent", "sent", "heard"]);
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
