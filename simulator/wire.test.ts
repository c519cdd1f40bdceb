import fc from "fast-check";
import { expect, test } from "vitest";
import type { Serial } from "../firmware/ports/serial.ts";
import { EventQueue } from "./core/event-queue.ts";
import { Stream } from "./core/prng.ts";
import { SimClock } from "./core/sim-clock.ts";
import type { WireOptions } from "./wire.ts";
import { Wire } from "./wire.ts";

function lay(options: Partial<WireOptions>): {
  queue: EventQueue;
  wire: Wire;
  device: Serial;
  atDevice: number[];
  atPeer: number[];
} {
  const queue = new EventQueue();
  const atDevice: number[] = [];
  const atPeer: number[] = [];
  const wire = new Wire({ clock: new SimClock(queue), random: new Stream(1, "wire", 0), ...options }, (bytes) => {
    for (const byte of bytes) atPeer.push(byte);
  });
  const device: Serial = wire.openDevice({
    baud: 115_200,
    onReadable: (count) => {
      const bytes = device.read();
      expect(bytes?.length).toBe(count);
      for (const byte of bytes ?? []) atDevice.push(byte);
    },
  });
  return { queue, wire, device, atDevice, atPeer };
}

test("every byte arrives in order at the other end, however it is cut and delayed", () => {
  const writes = fc.array(
    fc.record({ bytes: fc.uint8Array({ maxLength: 60 }), waitMs: fc.integer({ min: 0, max: 20 }) }),
    { maxLength: 20 },
  );
  const limit = fc.option(fc.integer({ min: 1, max: 10 }), { nil: undefined });
  fc.assert(
    fc.property(writes, limit, fc.integer({ min: 0, max: 30 }), (all, pieceLimit, most) => {
      const line = lay({ delayMs: { least: 0, most }, ...(pieceLimit === undefined ? {} : { pieceLimit }) });
      const said: number[] = [];
      for (const { bytes, waitMs } of all) {
        line.device.write(bytes);
        line.wire.write(bytes);
        said.push(...bytes);
        line.queue.runUntil(line.queue.nowMs + waitMs);
      }
      line.queue.runUntil(line.queue.nowMs + 1_000);
      expect(line.atPeer).toEqual(said);
      expect(line.atDevice).toEqual(said);
    }),
  );
});

test("2,048 unsent bytes are taken, one more is a mistake of the device", () => {
  const line = lay({ delayMs: { least: 5, most: 5 } });
  line.device.write(new Uint8Array(2_048));
  expect(() => line.device.write(new Uint8Array(1))).toThrow("unsent");
  line.queue.runUntil(5);
  line.device.write(new Uint8Array(2_048));
});

test("after close nothing is called, what arrives is lost and counted, and writing is a mistake", () => {
  const line = lay({});
  line.wire.write(new Uint8Array(3));
  line.device.close();
  line.queue.runUntil(10);
  expect(line.atDevice).toEqual([]);
  expect(line.wire.lostCount).toBe(3);
  expect(line.device.read()).toBeUndefined();
  expect(() => line.device.write(new Uint8Array(1))).toThrow("after close");
});

test("a device that never reads loses what is beyond 65,536 bytes", () => {
  const queue = new EventQueue();
  const wire = new Wire({ clock: new SimClock(queue), random: new Stream(1, "wire", 0) }, () => {});
  const device = wire.openDevice({ baud: 115_200, onReadable: () => {} });
  for (let i = 0; i < 33; i++) wire.write(new Uint8Array(2_048));
  queue.runUntil(100);
  expect(wire.lostCount).toBe(2_048);
  expect(device.read()?.length).toBe(65_536);
});

test("each piece is observed once, with its direction", () => {
  const seen: string[] = [];
  const line = lay({ onBytes: (direction, bytes) => seen.push(direction + " " + bytes.join(" ")) });
  line.device.write(new Uint8Array([1, 2]));
  line.queue.runUntil(5);
  line.wire.write(new Uint8Array([3]));
  line.queue.runUntil(10);
  expect(seen).toEqual(["to-peer 1 2", "to-device 3"]);
});
