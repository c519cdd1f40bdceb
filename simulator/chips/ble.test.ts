/** The driver for Bluetooth Low Energy over the model of advertising: what gets through, when, and how often it is handed on. */
import fc from "fast-check";
import { expect, test } from "vitest";
import type { Radio } from "../../firmware/ports/radio.ts";
import { Air, type AirDevice, type PacketFate } from "../air/air.ts";
import { EventQueue } from "../core/event-queue.ts";
import { SimClock } from "../core/sim-clock.ts";
import { simBle } from "./ble.ts";
import { deviceRadio } from "./device-radio.ts";

interface Placed {
  readonly device: AirDevice;
  readonly radio: Radio;
  readonly heardAtMs: number[];
  readonly readAll: () => Uint8Array[];
}

function bench(count: number, { lossPpm = 0, seed = 1 } = {}) {
  const queue = new EventQueue();
  const fates: (readonly [number, PacketFate, string])[] = [];
  const air = new Air(queue, {
    seed,
    lossPpm,
    neighbourLossPpm: 0,
    observe: (fate, device) => fates.push([queue.nowMs, fate, device.name]),
  });
  const devices = Array.from({ length: count }, (_, at): Placed => {
    const device = air.join({ name: `device ${at}`, building: "house", home: "home" });
    device.attenuationDb = device.placeDb;
    const heardAtMs: number[] = [];
    const radio = deviceRadio(
      "ble",
      air,
      device,
      () => new SimClock(queue),
    )({ onReadable: () => heardAtMs.push(queue.nowMs) });
    const readAll = () => {
      const packets: Uint8Array[] = [];
      for (let packet = radio.read(); packet !== undefined; packet = radio.read()) packets.push(packet.bytes);
      return packets;
    };
    return { device, radio, heardAtMs, readAll };
  });
  return { queue, air, fates, devices };
}
const two = (devices: readonly Placed[]) => devices as [Placed, Placed];
const frame = (mark: number, bytes = 24) => new Uint8Array(bytes).map((_, at) => 0x20 + mark + at);

test("a frame is handed on once, whole, however many of its packets come in", () => {
  const { queue, air, fates, devices } = bench(2);
  const [unit, button] = two(devices);
  unit.radio.listen(-1);
  queue.runUntil(1_000);
  button.radio.send(frame(1));
  queue.runUntil(2_000);
  expect(unit.readAll()).toEqual([frame(1)]);
  expect(air.ble.counts.events).toBe(3);
  expect(air.ble.counts.heard).toBeGreaterThanOrEqual(2);
  expect(fates.map(([, fate, name]) => [fate, name])).toEqual([
    ["sent", "device 1"],
    ["heard", "device 0"],
  ]);
});

test("frames of 1 to 40 bytes come out as they went in, in order", () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 4 }),
      fc.nat(1_000),
      (lengths, seed) => {
        const { queue, devices } = bench(2, { seed });
        const [unit, button] = two(devices);
        unit.radio.listen(-1);
        queue.runUntil(100);
        const sent = lengths.map((bytes, at) => frame(at, bytes));
        for (const bytes of sent) button.radio.send(bytes);
        queue.runUntil(5_000);
        const heard = unit.readAll();
        // Each burst of a full queue has two events: now and then none of them comes through.
        let from = 0;
        for (const bytes of heard) {
          const at = sent.findIndex(
            (each, index) => index >= from && each.length === bytes.length && each[0] === bytes[0],
          );
          expect(at).toBeGreaterThanOrEqual(from);
          expect(bytes).toEqual(sent[at]);
          from = at + 1;
        }
        expect(sent.length - heard.length).toBeLessThanOrEqual(2);
      },
    ),
    { numRuns: 60 },
  );
});

test("copies 450 ms apart are heard as copies", () => {
  const { queue, devices } = bench(2);
  const [unit, button] = two(devices);
  unit.radio.listen(-1);
  for (let copy = 0; copy < 4; copy++) {
    button.radio.send(frame(1));
    queue.runUntil(queue.nowMs + 450);
  }
  queue.runUntil(queue.nowMs + 500);
  expect(unit.heardAtMs).toHaveLength(4);
});

test("an answer comes while the button still listens, with a tenth of all packets lost", () => {
  let answered = 0;
  for (let seed = 0; seed < 200; seed++) {
    const { queue, devices } = bench(2, { seed, lossPpm: 100_000 });
    const [unit, button] = two(devices);
    unit.radio.listen(-1);
    queue.runUntil(500 + seed);
    button.radio.send(frame(1));
    button.radio.listen(433);
    const answer = () => {
      if (unit.readAll().length === 0) return;
      queue.after(20, () => unit.radio.send(frame(2, 22)));
    };
    for (let step = 0; step < 60; step++) {
      queue.runUntil(queue.nowMs + 10);
      answer();
    }
    if (button.readAll().length > 0) answered++;
  }
  expect(answered).toBeGreaterThanOrEqual(190);
});

// 376 µs for each packet, 150 µs between two: the second device's first packet lies over the first one's second, or behind it.
test.each([
  [0, [], []],
  [526, [], [1]],
  [526 + 376 - 1, [], [1]],
  [526 + 376, [2], [1]],
])(
  "packets %i µs apart: a device hears nothing while it sends, on whatever channel, and what meets is lost",
  (intoUs, one, other) => {
    let judged = 0;
    for (let seed = 0; seed < 20; seed++) {
      const { queue, air, devices } = bench(2, { seed });
      const heard = devices.map(({ device, radio }, at) => {
        radio.close();
        const marks: number[] = [];
        air.ble.join(device, {
          channelDuring: () => (at === 0 ? 1 : 0),
          hear: (data) => marks.push(data[0] as number),
        });
        return marks;
      });
      const [first, second] = two(devices);
      air.ble.event(first.device, new Uint8Array(24).fill(1), 0);
      air.ble.event(second.device, new Uint8Array(24).fill(2), intoUs);
      queue.runUntil(100);
      // Now and then a packet is lost to others of this band.
      if (air.ble.counts.lost > 0) continue;
      judged++;
      expect(heard).toEqual([one, other]);
    }
    expect(judged).toBeGreaterThan(10);
  },
);

test("outside its window a button hears nothing, and a closed radio neither sends nor hears", () => {
  const { queue, air, devices } = bench(2);
  const [unit, button] = two(devices);
  button.radio.listen(50);
  queue.runUntil(100);
  unit.radio.send(frame(1));
  queue.runUntil(1_000);
  expect(button.readAll()).toEqual([]);
  unit.radio.listen(-1);
  button.radio.send(frame(2));
  button.radio.close();
  const { events } = air.ble.counts;
  queue.runUntil(2_000);
  expect(air.ble.counts.events).toBe(events);
  expect(unit.readAll().length).toBeLessThanOrEqual(1);
});

test("of many who begin in the same instant, packets meet and are lost, and bursts get most of them through", () => {
  let heard = 0;
  let collided = 0;
  for (let seed = 0; seed < 20; seed++) {
    const { queue, air, devices } = bench(9, { seed });
    const [unit, ...buttons] = devices as [Placed, ...Placed[]];
    unit.radio.listen(-1);
    queue.runUntil(100);
    for (const [at, { radio }] of buttons.entries()) radio.send(frame(at + 1));
    for (let step = 0; step < 100; step++) {
      queue.runUntil(queue.nowMs + 10);
      heard += unit.readAll().length;
    }
    collided += air.ble.counts.collided;
  }
  expect(collided).toBeGreaterThan(100);
  // The first events of all eight meet; the delay that the standard adds to each interval parts the others.
  expect(heard / 160).toBeGreaterThan(0.5);
});

test("a stack of Bluetooth 4 takes no interval below 100 ms, and no data beyond a legacy packet", () => {
  const { queue, air, devices } = bench(1);
  const device = air.join({ name: "old", building: "house", home: "home" });
  const old = simBle({ queue, air, ble: air.ble, device, chance: device.chipChance(), leastIntervalMs: 100 });
  const ble = old({ company: 0xffff, onHeard: () => {} });
  expect(() => ble.advertise(frame(1), 99)).toThrow("at most each 100 ms");
  ble.advertise(frame(1), 100);
  expect(() => air.ble.event((devices[0] as Placed).device, new Uint8Array(25), 0)).toThrow("fit no legacy");
  air.ble.event((devices[0] as Placed).device, new Uint8Array(24), 0);
});
