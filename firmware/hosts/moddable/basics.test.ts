/** Clock, flash, secrets, serial line and pins over doubles of the engine. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { aesBlock } from "../../../simulator/node-aes.ts";
import type { Clock } from "../../ports/clock.ts";
import { ByteQueue } from "./byte-queue.ts";
import { XsClock } from "./clock.ts";
import { flashOver } from "./flash.ts";
import { inputOver, keysOver, lampOver } from "./pins.ts";
import { type CryptModule, secretsOver } from "./secrets.ts";
import { serialOver } from "./serial.ts";
import { startsOver } from "./starts.ts";
import { BenchFlash, BenchTime, benchPins } from "./test-bench.ts";
import { benchSerial } from "./test-sockets.ts";

const pages = { address: 0, sectorSize: 4_096, sectorCount: 4, programUnit: 4 as const };

function clockOf(time: BenchTime): Clock {
  return new XsClock(time, time);
}

test("the clock goes on where the engine's counter of 32 bits begins anew", () => {
  const time = new BenchTime(0x7fff_ff00, 0);
  const clock = clockOf(time);
  const seen: number[] = [];
  for (let i = 0; i < 6; i++) {
    time.run(100);
    seen.push(clock.nowMs());
  }
  expect(seen).toEqual([100, 200, 300, 400, 500, 600]);
});

test("a counter that is read out of step does not take the clock back", () => {
  const readings = [1_000, 1_100, 1_090, 1_095, 1_120];
  let at = 0;
  const time = { delta: (start: number, end: number) => end - start, ticks: 0 };
  Object.defineProperty(time, "ticks", { get: () => readings[at++] });
  const clock = new XsClock(new BenchTime(0, 0), time);
  expect([1, 2, 3, 4].map(() => clock.nowMs())).toEqual([100, 100, 100, 120]);
});

test("a timer is never early, however coarse the engine's are, and fires once", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 400 }), { maxLength: 20 }), fc.nat(9), (delays, coarseMs) => {
      const time = new BenchTime(5, coarseMs);
      const clock = clockOf(time);
      const fired: number[] = [];
      for (const delay of delays)
        clock.after(delay, () => {
          expect(clock.nowMs()).toBeGreaterThanOrEqual(delay);
          fired.push(delay);
        });
      expect(fired).toEqual([]);
      time.run(1_000);
      expect(fired.sort()).toEqual([...delays].sort());
      expect(time.waiting).toBe(0);
    }),
  );
});

test("a timer of months fires at its time, though no engine's timer is so long, and a cancelled one leaves nothing", () => {
  const time = new BenchTime(0, 0);
  const clock = clockOf(time);
  const month = 60 * 86_400_000;
  let firedAt = -1;
  clock.after(month, () => {
    firedAt = clock.nowMs();
  });
  const gone = clock.after(10, () => {
    throw new Error("cancelled");
  });
  gone.cancel();
  gone.cancel();
  time.run(month - 1);
  expect(firedAt).toBe(-1);
  time.run(1);
  expect(firedAt).toBe(month);
  expect(time.waiting).toBe(0);
});

test("flash reads, programs and erases its partition, and answers false where the engine throws", () => {
  const bench = new BenchFlash(4_096, { journal: 5 * 4_096 });
  const flash = flashOver(bench, "journal", pages);
  const view = new Uint8Array([9, 1, 2, 3, 4, 9]).subarray(1, 5);
  expect(flash.program(4_100, view)).toBe(true);
  const found = new Uint8Array(6);
  flash.read(4_099, found);
  expect([...found]).toEqual([255, 1, 2, 3, 4, 255]);
  expect(flash.erase(1)).toBe(true);
  flash.read(4_099, found);
  expect([...found]).toEqual([255, 255, 255, 255, 255, 255]);
  bench.failing = true;
  expect(flash.erase(1)).toBe(false);
  expect(flash.program(0, view)).toBe(false);
});

test("a partition of another size is not this board's", () => {
  const bench = new BenchFlash(4_096, { journal: 3 * 4_096 });
  expect(() => flashOver(bench, "journal", pages)).toThrow("not the one of this board");
  const other = new BenchFlash(2_048, { journal: 16 * 4_096 });
  expect(() => flashOver(other, "journal", pages)).toThrow("not the one of this board");
});

test("the engine's cipher gets whole buffers though ours are views", () => {
  const crypt: CryptModule = {
    BlockCipher: class {
      private readonly cipher: (block: Uint8Array) => void;
      constructor(_name: "AES", key: ArrayBuffer) {
        expect(key.byteLength).toBe(16);
        this.cipher = aesBlock(new Uint8Array(key));
      }
      encrypt(block: ArrayBuffer, into: ArrayBuffer): void {
        expect([block.byteLength, into.byteLength]).toEqual([16, 16]);
        const bytes = new Uint8Array(into);
        bytes.set(new Uint8Array(block));
        this.cipher(bytes);
      }
    },
  };
  const secrets = secretsOver(crypt, { get: (count) => new Uint8Array(count).fill(7).buffer });
  const key = new Uint8Array(40).map((_, i) => i).subarray(3, 19);
  const mine = new Uint8Array(48).fill(5);
  const plain = new Uint8Array(16).fill(5);
  secrets.aes(key)(mine.subarray(8, 24));
  aesBlock(key)(plain);
  expect([...mine.subarray(8, 24)]).toEqual([...plain]);
  expect([...mine.subarray(0, 8), ...mine.subarray(24)].every((byte) => byte === 5)).toBe(true);
  const chance = new Uint8Array(5);
  secrets.random(chance.subarray(1, 4));
  expect([...chance]).toEqual([0, 7, 7, 7, 0]);
});

test("a queue of bytes gives the engine what it takes, in order, and refuses what is beyond its room", () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.integer({ min: 1, max: 30 }), fc.integer({ min: -40, max: -1 }))), (acts) => {
      const out: number[] = [];
      let room = 0;
      const queue = new ByteQueue("test", 100, (bytes) => {
        expect(bytes.length).toBeLessThanOrEqual(room);
        room -= bytes.length;
        out.push(...bytes);
      });
      const pushed: number[] = [];
      for (const act of acts) {
        if (act < 0) {
          room = -act;
          queue.grant(room);
          continue;
        }
        const bytes = Uint8Array.from({ length: act }, (_, i) => (pushed.length + i) & 0xff);
        if (pushed.length - out.length + act > 100)
          expect(() => queue.push(bytes)).toThrow("more than it has room for");
        else {
          queue.push(bytes);
          pushed.push(...bytes);
        }
      }
      expect(out).toEqual(pushed.slice(0, out.length));
      expect(room === 0 || out.length === pushed.length).toBe(true);
    }),
  );
});

test("a serial line opens the board's pins, holds 2,048 bytes and says nothing after close", () => {
  const bench = benchSerial();
  const heard: number[] = [];
  const wiring = { port: 2, receive: 5, transmit: 17, baud: 9_600 };
  const line = serialOver(bench.io, wiring)({ baud: 115_200, onReadable: (count) => heard.push(count) });
  const [uart] = bench.opened;
  if (uart === undefined) throw new Error("no line was opened");
  expect(uart.options).toMatchObject({ port: 2, receive: 5, transmit: 17, baud: 115_200, format: "buffer" });
  line.write(new Uint8Array(2_048).fill(1));
  expect(() => line.write(new Uint8Array(1))).toThrow("serial");
  expect(uart.sent).toEqual([]);
  uart.grant(128);
  expect(uart.sent).toHaveLength(128);
  line.write(new Uint8Array(128).fill(2));
  uart.grant(4_000);
  expect(uart.sent).toHaveLength(2_176);
  expect(uart.sent.at(-1)).toBe(2);
  uart.hear([65, 84]);
  expect(heard).toEqual([2]);
  expect([...(line.read() ?? [])]).toEqual([65, 84]);
  expect(line.read()).toBeUndefined();
  line.close();
  line.close();
  uart.hear([66]);
  expect(heard).toEqual([2]);
  expect(line.read()).toBeUndefined();
  line.write(new Uint8Array(3));
});

test("keys and contacts tell whether they are closed, whatever level that is, and are silent after close", () => {
  const bench = benchPins();
  const told: string[] = [];
  const open = keysOver(bench.io, {
    help: { pin: 2, active: "low", pull: "up" },
    away: { pin: 4, active: "high", pull: "down" },
  });
  if (open === undefined) throw new Error("no keys");
  const keys = open({ onChange: (key, closed) => told.push(`${key} ${closed}`) });
  expect(bench.pin(2).options).toMatchObject({ mode: "pull-up", edge: 3 });
  bench.pin(2).move(0);
  bench.pin(2).move(1);
  bench.pin(4).move(1);
  expect(told).toEqual(["help true", "help false", "away true"]);
  keys.close();
  bench.pin(2).move(0);
  expect(told).toHaveLength(3);
  const lid = inputOver(bench.io, { pin: 32, active: "high" })({ onChange: (on) => told.push(`lid ${on}`) });
  bench.pin(32).move(1);
  expect(told.at(-1)).toBe("lid true");
  lid.close();
  expect(bench.pin(32).closed).toBe(true);
  expect(keysOver(bench.io, {})).toBeUndefined();
});

test("a lamp is dark at first and lit at its active level; three colours make yellow", () => {
  const bench = benchPins();
  const one = lampOver(bench.io, { lamp: { pin: 12, active: "low" } });
  expect(bench.pin(12).level).toBe(1);
  one("yellow");
  expect(bench.pin(12).level).toBe(0);
  one("none");
  expect(bench.pin(12).level).toBe(1);
  const three = lampOver(bench.io, {
    red: { pin: 1, active: "high" },
    green: { pin: 2, active: "high" },
    blue: { pin: 3, active: "high" },
  });
  const shown = (): number[] => [1, 2, 3].map((pin) => bench.pin(pin).level);
  three("yellow");
  expect(shown()).toEqual([1, 1, 0]);
  three("blue");
  expect(shown()).toEqual([0, 0, 1]);
  three("none");
  expect(shown()).toEqual([0, 0, 0]);
});

test("a start is told by the chip's register, and by our own note where we ordered it, once", () => {
  const notes = new Map<string, string>();
  let reason = 1;
  let restarts = 0;
  const start = () =>
    startsOver({
      resetReason: () => ({ reason }),
      notes: {
        get: (domain, key) => notes.get(`${domain}.${key}`),
        set: (domain, key, value) => void notes.set(`${domain}.${key}`, value),
        delete: (domain, key) => void notes.delete(`${domain}.${key}`),
      },
      system: { restart: () => restarts++ },
    });
  const causes = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9].map((code) => {
    reason = code;
    return start().cause;
  });
  const hung = ["watchdog", "watchdog", "watchdog"];
  expect(causes).toEqual(["unknown", "power-on", "power-on", "fault", "fault", ...hung, "unknown", "brown-out"]);
  for (const cause of ["ordered", "update", "fault"] as const) {
    reason = 1;
    start().restart(cause);
    reason = 3;
    expect(start().cause).toBe(cause);
    expect(start().cause).toBe("fault");
  }
  start().restart("ordered");
  reason = 9;
  expect(start().cause).toBe("brown-out");
  expect(restarts).toBe(4);
});
