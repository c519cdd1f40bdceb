/** The counters of a button and a unit's window for them (radio 2.3) as laws, over the device's own code, flash that fails, and an attacker who keeps every frame. */
import fc from "fast-check";
import { expect, test } from "vitest";
import type { BondMemory } from "../../firmware/pairing/bonds.ts";
import { judge, noMemory, remembered, withStep } from "../../firmware/pairing/bonds.ts";
import { openHeard } from "../../firmware/pairing/heard-frame.ts";
import type { Records } from "../../firmware/radio-counters.ts";
import { RadioCounters } from "../../firmware/radio-counters.ts";
import { Writer } from "../bytes/writer.ts";
import { nobleAes } from "./arbitraries.ts";
import { sealAs } from "./envelope.ts";
import type { Fall } from "./fall.ts";
import { fallFrame } from "./fall.ts";
import type { Message } from "./frame.ts";
import { counterLimit, sealFrame } from "./frame.ts";
import { distanceTo, isNew, nameOf } from "./names.ts";

const cipher = nobleAes(new Uint8Array(16).fill(7));
const last = counterLimit - 1;

/** Flash that keeps the newest promise whole, or does not take it. */
class Flash implements Records {
  stored: Uint8Array | undefined;
  works = true;
  constructor(first: number) {
    this.stored = new Uint8Array(4);
    new Writer(this.stored).u32(first);
  }
  read(): Uint8Array | undefined {
    return this.stored;
  }
  write(_kind: number, _key: number, bytes: Uint8Array): boolean {
    if (this.works) this.stored = new Uint8Array(bytes);
    return this.works;
  }
}

type Call = "press" | "fall";

type Act =
  | { readonly type: Call; readonly heard: boolean }
  | { readonly type: "copy"; readonly heard: boolean }
  | { readonly type: "restart" | "flash-fails" | "flash-works" | "unit-restarts" }
  | { readonly type: "skip"; readonly by: number }
  | { readonly type: "replay"; readonly pick: number };

const anyAct: fc.Arbitrary<Act> = fc.oneof(
  { weight: 6, arbitrary: fc.boolean().map((heard): Act => ({ type: "press", heard })) },
  { weight: 2, arbitrary: fc.boolean().map((heard): Act => ({ type: "fall", heard })) },
  { weight: 3, arbitrary: fc.boolean().map((heard): Act => ({ type: "copy", heard })) },
  { weight: 1, arbitrary: fc.constant<Act>({ type: "restart" }) },
  { weight: 1, arbitrary: fc.constant<Act>({ type: "flash-fails" }) },
  { weight: 1, arbitrary: fc.constant<Act>({ type: "flash-works" }) },
  { weight: 1, arbitrary: fc.constant<Act>({ type: "unit-restarts" }) },
  { weight: 1, arbitrary: fc.nat(0x7fffffff).map((by): Act => ({ type: "skip", by })) },
  { weight: 4, arbitrary: fc.nat().map((pick): Act => ({ type: "replay", pick })) },
);
const anyActs = fc.array(anyAct, { maxLength: 120, size: "max" });
/** Anywhere, and more often where 32 bits end. */
const anyStart = fc.oneof(fc.integer({ min: 1, max: last }), fc.integer({ min: last - 200, max: last }));

class World {
  readonly flash: Flash;
  counters: RadioCounters;
  memory: BondMemory = noMemory;
  /** The highest counter that the unit has taken in any of its lives. */
  highest = 0;
  newest: Uint8Array | undefined;
  readonly air: Uint8Array[] = [];
  readonly used: number[] = [];
  readonly raised: number[] = [];

  constructor(start: number) {
    this.flash = new Flash(start);
    this.counters = new RadioCounters(this.flash, 1);
  }
  /** The frame of a press or fall under the next counter; undefined where the button had none for it. */
  call(type: Call): Uint8Array | undefined {
    const counter = this.counters.peek();
    if (counter === 0) return undefined;
    this.counters.take();
    this.used.push(counter);
    this.newest = sealed(type, counter);
    this.air.push(this.newest);
    return this.newest;
  }
  /** What the unit makes of a frame; whatever raises an alarm is stored and acknowledged. */
  hear(bytes: Uint8Array): string {
    const frame = openHeard(cipher, bytes);
    if (!frame.ok) return "forged";
    const { verdict, memory, series } = judge(this.memory, frame.value, 0);
    if (verdict !== "replayed") {
      this.memory = memory;
      this.highest = Math.max(this.highest, frame.value.counter);
    }
    if (verdict === "call" && series !== undefined) {
      this.raised.push(series.name);
      this.memory = withStep(this.memory, series.name, "received");
    }
    return verdict;
  }
  /** What stands in the records of the alarm and of the bond survives: the counter, and a name for each series. */
  restartUnit(): void {
    const { counter, series } = this.memory;
    this.memory = noMemory;
    for (const { code, name } of series) this.memory = remembered(this.memory, counter, code, name, "received");
  }
  skip(by: number): void {
    const bytes = new Uint8Array(4);
    const from = new DataView((this.flash.stored as Uint8Array).buffer).getUint32(0);
    new Writer(bytes).u32(Math.min(counterLimit, from + by));
    this.flash.stored = bytes;
    this.counters = new RadioCounters(this.flash, 1);
  }
  play(act: Act): void {
    if (act.type === "restart") this.counters = new RadioCounters(this.flash, 1);
    if (act.type === "flash-fails") this.flash.works = false;
    if (act.type === "flash-works") this.flash.works = true;
    if (act.type === "unit-restarts") this.restartUnit();
    if (act.type === "skip") this.skip(act.by);
  }
}

function sealed(type: Call, counter: number): Uint8Array {
  const told = { nameDistance: 0, ageS: 0, batteryMv: 3_000, low: false, form: "wrist" } as const;
  if (type === "fall") {
    const fall: Fall = { ...told, falls: 1, phase: "fell" };
    return sealAs(fallFrame, cipher, 1, counter, fall);
  }
  const message: Message = { type, press: { ...told, presses: 1, reason: "call" } };
  return sealFrame(cipher, 1, counter, message);
}

test("no counter is used twice, whatever restarts, flash and skips there are, and none beyond the last", () => {
  fc.assert(
    fc.property(anyStart, anyActs, (start, acts) => {
      const world = new World(start);
      for (const act of acts) {
        world.play(act);
        if (act.type === "press" || act.type === "fall") world.call(act.type);
      }
      for (let i = 0; i < world.used.length; i++) {
        expect(world.used[i]).toBeGreaterThan(world.used[i - 1] ?? 0);
        expect(world.used[i]).toBeLessThanOrEqual(counterLimit);
      }
    }),
    { numRuns: 200 },
  );
});

test("a real button is never locked out: each frame with a new counter is taken, after any gap, skip or replay", () => {
  fc.assert(
    fc.property(anyStart, anyActs, (start, acts) => {
      const world = new World(start);
      for (const act of acts) {
        world.play(act);
        if (act.type === "press" || act.type === "fall") {
          const frame = world.call(act.type);
          if (frame !== undefined && act.heard) expect(world.hear(frame)).toBe("call");
        }
        if (act.type === "replay" && world.air.length > 0)
          world.hear(world.air[act.pick % world.air.length] as Uint8Array);
      }
    }),
    { numRuns: 200 },
  );
});

test("no old frame raises anything: what the unit has once gone past is replayed or a copy, also after its restart", () => {
  fc.assert(
    fc.property(anyStart, anyActs, (start, acts) => {
      const world = new World(start);
      for (const act of acts) {
        world.play(act);
        if (act.type === "press" || act.type === "fall") {
          const frame = world.call(act.type);
          if (frame !== undefined && act.heard) world.hear(frame);
        }
        if (act.type === "copy" && act.heard && world.newest !== undefined) world.hear(world.newest);
        if (act.type !== "replay" || world.air.length === 0) continue;
        const frame = world.air[act.pick % world.air.length] as Uint8Array;
        const counter = new DataView(frame.buffer).getUint32(5);
        const { highest } = world;
        const isNewestOfItsSeries = world.memory.series.some((series) => series.counter === counter);
        const verdict = world.hear(frame);
        if (counter <= highest) expect(isNewestOfItsSeries ? ["replayed", "copy"] : ["replayed"]).toContain(verdict);
      }
      expect(new Set(world.raised).size).toBe(world.raised.length);
    }),
    { numRuns: 200 },
  );
});

test("at the end of its 32 bits a counter stops and never begins again", () => {
  const world = new World(last - 70);
  while (world.call("press") !== undefined) if (world.used.length > 200) break;
  expect(world.used.length).toBe(71);
  expect(world.used[70]).toBe(last);
  world.play({ type: "restart" });
  expect(world.call("press")).toBe(undefined);
  for (const frame of world.air) expect(world.hear(frame)).toBe("call");
  for (const frame of world.air.slice(0, -1)) expect(world.hear(frame)).toBe("replayed");
});

test("a name comes back from its distance while that fits 16 bits; further back a new name is taken", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: counterLimit }), fc.nat(0x1ffff), (name, later) => {
      const counter = Math.min(counterLimit, name + later);
      const distance = distanceTo(counter, name);
      expect(distance).toBeLessThanOrEqual(0xffff);
      expect(nameOf(counter, distance)).toBe(counter - name <= 0xffff ? name : counter);
    }),
  );
  expect([distanceTo(0x10000, 1), distanceTo(0x10001, 1)]).toEqual([0xffff, 0]);
  expect(distanceTo(5, 0)).toBe(0);
  expect(distanceTo(5, 6)).toBe(0);
  expect(nameOf(5, 5)).toBe(5);
  expect(nameOf(5, 4)).toBe(1);
  expect([isNew(7, 7), isNew(7, 8), isNew(0, counterLimit)]).toEqual([false, true, true]);
});
