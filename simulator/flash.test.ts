/** What the flash double promises: real NOR behaviour, and power cuts that hurt. */
import { expect, test } from "vitest";
import { Stream } from "./core/prng.ts";
import { NorFlash, PowerCut } from "./flash.ts";

function chip(seed: number, eraseLimit?: number): NorFlash {
  const chance = new Stream(seed, "cells", 0);
  const wear = eraseLimit === undefined ? {} : { eraseLimit };
  return new NorFlash({ sectorSize: 64, sectorCount: 4, programUnit: 4, below: (n) => chance.below(n), ...wear });
}

function bytesAt(flash: NorFlash, address: number, length: number): number[] {
  const into = new Uint8Array(length);
  flash.read(address, into);
  return [...into];
}

test("programming only clears bits, an erase sets them all", () => {
  const flash = chip(1);
  expect(bytesAt(flash, 0, 2)).toEqual([255, 255]);
  expect(flash.program(0, new Uint8Array([0xf0, 1, 2, 3]))).toBe(true);
  expect(flash.program(0, new Uint8Array([0x3f, 255, 255, 255]))).toBe(true);
  expect(bytesAt(flash, 0, 4)).toEqual([0x30, 1, 2, 3]);
  expect(flash.reprogrammed).toBe(1);
  expect(flash.erase(0)).toBe(true);
  expect(bytesAt(flash, 0, 4)).toEqual([255, 255, 255, 255]);
});

test("memory is taken only for sectors that hold something", () => {
  const flash = chip(1);
  expect(flash.memoryBytes).toBe(0);
  flash.program(64, new Uint8Array(4));
  expect(flash.memoryBytes).toBe(64);
  flash.erase(1);
  expect(flash.memoryBytes).toBe(0);
});

test("what was programmed holds whatever is programmed behind it, to the end of the sector, and what lies between is blank", () => {
  const flash = new NorFlash({ sectorSize: 512, sectorCount: 2, programUnit: 4, below: () => 0 });
  const places = [0, 60, 64, 200, 508];
  for (const at of places) flash.program(at, new Uint8Array([1, 2, 3, at & 255]));
  for (const at of places) expect(bytesAt(flash, at, 4)).toEqual([1, 2, 3, at & 255]);
  expect(bytesAt(flash, 506, 8)).toEqual([255, 255, 1, 2, 3, 508 & 255, 255, 255]);
  expect(bytesAt(flash, 68, 132).every((byte) => byte === 255)).toBe(true);
  expect(flash.memoryBytes).toBe(512);
});

test("an address off the program unit or outside the chip is a mistake of the caller", () => {
  const flash = chip(1);
  expect(() => flash.program(2, new Uint8Array(4))).toThrow();
  expect(() => flash.program(0, new Uint8Array(3))).toThrow();
  expect(() => flash.program(252, new Uint8Array(8))).toThrow();
  expect(() => flash.erase(4)).toThrow();
});

test("a worn sector fails its erase and everything programmed into it", () => {
  const flash = chip(1, 2);
  expect([flash.erase(0), flash.erase(0), flash.erase(0)]).toEqual([true, true, false]);
  expect(flash.program(0, new Uint8Array(4))).toBe(false);
  expect(flash.program(64, new Uint8Array(4))).toBe(true);
  expect(flash.wearBounds()).toEqual({ least: 0, most: 3 });
});

test("a cut comes at the planned step, and only once", () => {
  const flash = chip(1);
  flash.cutAfter(2);
  flash.program(0, new Uint8Array(8));
  expect(() => flash.program(8, new Uint8Array(8))).toThrow(PowerCut);
  expect(bytesAt(flash, 12, 4)).toEqual([255, 255, 255, 255]);
  expect(flash.program(12, new Uint8Array(4))).toBe(true);
});

test("a torn unit may read differently each time, and zeros programmed over it make it firm", () => {
  let wavering = 0;
  for (let seed = 0; seed < 50; seed++) {
    const flash = chip(seed);
    flash.cutAfter(0);
    expect(() => flash.program(0, new Uint8Array(4))).toThrow(PowerCut);
    const reads = new Set<string>();
    for (let i = 0; i < 20; i++) reads.add(String(bytesAt(flash, 0, 4)));
    if (reads.size > 1) wavering++;
    flash.program(0, new Uint8Array(4));
    for (let i = 0; i < 20; i++) expect(bytesAt(flash, 0, 4)).toEqual([0, 0, 0, 0]);
  }
  expect(wavering).toBeGreaterThan(40);
});

test("a cut erase leaves old, blank and wavering sectors, and some that only look blank", () => {
  const seen = { old: 0, wavering: 0, blank: 0, deceiving: 0 };
  for (let seed = 0; seed < 200; seed++) {
    const flash = chip(seed);
    flash.program(0, new Uint8Array(64).fill(0x5a));
    flash.cutAfter(seed % 3);
    expect(() => flash.erase(0)).toThrow(PowerCut);
    const reads = new Set<string>();
    for (let i = 0; i < 10; i++) reads.add(String(bytesAt(flash, 0, 64)));
    if (reads.size > 1) seen.wavering++;
    else if (bytesAt(flash, 0, 64).every((byte) => byte === 0x5a)) seen.old++;
    else if (bytesAt(flash, 0, 64).every((byte) => byte === 255)) {
      seen.blank++;
      flash.program(0, new Uint8Array([0x5a, 0x5a, 0x5a, 0x5a]));
      const after = new Set<string>();
      for (let i = 0; i < 10; i++) after.add(String(bytesAt(flash, 0, 4)));
      if (after.size > 1) seen.deceiving++;
    }
    expect(flash.erase(0)).toBe(true);
    for (let i = 0; i < 5; i++) expect(bytesAt(flash, 0, 64)).toEqual(new Array(64).fill(255));
  }
  expect(Math.min(seen.old, seen.wavering, seen.blank, seen.deceiving)).toBeGreaterThan(0);
});
