/** The ring log's promises: what a power cut costs, how much is kept, how much is written, and what a failing chip does. */
import { afterAll, expect, test } from "vitest";
import { Stream } from "../../simulator/core/prng.ts";
import { NorFlash } from "../../simulator/flash.ts";
import type { Clock } from "../ports/clock.ts";
import { EventLog } from "./event-log.ts";
import { FlashPart, logSectors, partsOf } from "./flash-part.ts";
import { decodeLogEntry, type LogEntry } from "./log-entry.ts";
import { WriteAllowance, writesPerDay } from "./write-allowance.ts";

const time = { nowMs: 0 };
const clock: Clock = { nowMs: () => time.nowMs, after: () => ({ cancel: () => {} }) };
let cuts = 0;
afterAll(() => console.log(`event log: ${cuts} power cuts tried, at most the event under way lost`));

function chip(sectorSize: number, sectorCount: number, programUnit: number, seed: number): NorFlash {
  const chance = new Stream(seed, "cells", programUnit);
  return new NorFlash({ sectorSize, sectorCount, programUnit, below: (limit) => chance.below(limit) });
}

/** Every event has a fresh allowance, so that tests of flash are not tests of the allowance. */
function write(log: EventLog, value: number): void {
  time.nowMs += 10_000;
  log.write("stored", 0, 36 ** 7 - 1, value);
}

function entriesOf(log: EventLog): LogEntry[] {
  const found: LogEntry[] = [];
  log.each(0, 100_000, (_sequence, bytes) => {
    const entry = decodeLogEntry(bytes);
    if (!entry.ok) throw new Error("not an event");
    found.push(entry.value);
  });
  return found;
}

/** Each value is its event's own number: a value found twice, out of order, or never written is an invention. */
function judge(log: EventLog, written: number, missing: number): void {
  const values = entriesOf(log).map((entry) => entry.value);
  for (let i = 1; i < values.length; i++) expect(values[i] as number).toBeGreaterThan(values[i - 1] as number);
  if (written === 0) return;
  const last = values.at(-1) ?? 0;
  const first = values[0] ?? 1;
  expect(last).toBeGreaterThanOrEqual(written - missing);
  expect(last - first + 1 - values.length).toBeLessThanOrEqual(missing);
}

for (const programUnit of [1, 4, 8])
  test(`a cut at any step costs the event under way and no other (unit ${programUnit})`, () => {
    const flash = chip(256, 4, programUnit, programUnit);
    let written = 0;
    flash.visitCuts(programUnit === 1 ? 1 : 3, (torn) => {
      cuts++;
      const log = new EventLog(torn, clock, () => 0);
      judge(log, written, 0);
      for (let i = 0; i < 9; i++) write(log, 1_000_000 + i);
      const after = entriesOf(new EventLog(torn, clock, () => 0)).map((entry) => entry.value);
      expect(after.filter((value) => value >= 1_000_000)).toHaveLength(9);
    });
    let log = new EventLog(flash, clock, () => 0);
    for (let i = 1; i <= 45; i++) {
      write(log, i);
      written = i;
      if (i % 3 === 0 && log.needsTending()) log.tend();
      if (i % 20 === 0) log = new EventLog(flash, clock, () => 0);
    }
    flash.visitCuts(0, () => {});
    judge(log, 45, 0);
    expect(flash.reprogrammed).toBe(0);
  });

test("trains of cuts cost one event each at most, and no sequence number stands for two events", () => {
  for (let seed = 0; seed < 60; seed++) {
    const chance = new Stream(seed, "log train", 0);
    const flash = chip(256, 4, 4, seed);
    let value = 0;
    for (let round = 0; round < 8; round++) {
      flash.cutAfter(chance.below(120));
      try {
        const log = new EventLog(flash, clock, () => 0);
        for (let i = 0; i < 12; i++) write(log, ++value);
        flash.cutAfter(Number.POSITIVE_INFINITY);
      } catch {
        cuts++;
      }
    }
    flash.cutAfter(Number.POSITIVE_INFINITY);
    const entries = entriesOf(new EventLog(flash, clock, () => 0));
    for (let i = 1; i < entries.length; i++) {
      const [one, other] = [entries[i - 1] as LogEntry, entries[i] as LogEntry];
      expect(other.sequence).toBeGreaterThan(one.sequence);
      expect(other.value).toBeGreaterThan(one.value);
      expect(other.start).toBeGreaterThanOrEqual(one.start);
    }
  }
});

test("the newest 2,000 events are always there, with their time, their start and their numbers", () => {
  const flash = chip(4096, logSectors, 4, 1);
  let log = new EventLog(flash, clock, () => 1_767_225_600);
  for (let i = 1; i <= 6_000; i++) {
    write(log, i);
    if (log.needsTending()) log.tend();
    if (i % 500 === 0) log = new EventLog(flash, clock, () => 1_767_225_600);
    if (i > 2_000 && i % 61 === 0) expect(log.next - log.first).toBeGreaterThanOrEqual(2_000);
  }
  const entries = entriesOf(log);
  expect(entries.length).toBeGreaterThanOrEqual(2_000);
  expect(entries.at(-1)).toEqual({
    sequence: 6_000,
    start: 12,
    uptimeMs: time.nowMs,
    utcS: 1_767_225_600,
    what: "stored",
    detail: 0,
    number: 36 ** 7 - 1,
    value: 6_000,
  });
  expect(entries.map((entry) => entry.sequence)).toEqual(entries.map((_, i) => 6_000 - entries.length + 1 + i));
});

test("reading begins where it is told and ends after as many as were asked for", () => {
  const flash = chip(256, 4, 4, 1);
  const log = new EventLog(flash, clock, () => 0);
  for (let i = 1; i <= 40; i++) write(log, i);
  const seen: number[] = [];
  log.each(log.next - 3, 2, (sequence) => seen.push(sequence));
  expect(seen).toEqual([38, 39]);
  log.each(41, 5, () => expect.unreachable());
  expect(log.first).toBeGreaterThan(1);
});

test("while it is tended no event waits for an erase", () => {
  const flash = chip(4096, 4, 4, 1);
  const log = new EventLog(flash, clock, () => 0);
  write(log, 0);
  for (let i = 1; i < 1_000; i++) {
    if (log.needsTending()) log.tend();
    const before = flash.erases;
    write(log, i);
    expect(flash.erases).toBe(before);
  }
});

test("a sector that fails costs its room, silent or not, and a chip that fails altogether costs events only", () => {
  for (const silently of [false, true]) {
    const flash = chip(256, 5, 4, 3);
    flash.fail(2, silently);
    const log = new EventLog(flash, clock, () => 0);
    for (let i = 1; i <= 100; i++) write(log, i);
    expect(log.lost).toBe(0);
    const values = entriesOf(new EventLog(flash, clock, () => 0)).map((entry) => entry.value);
    expect(values.length).toBeGreaterThanOrEqual(14);
    expect(values).toEqual(values.map((_, i) => 100 - values.length + 1 + i));
    for (let sector = 0; sector < 5; sector++) flash.fail(sector, silently);
    for (let i = 0; i < 50; i++) write(log, 200 + i);
    expect(log.healthy).toBe(false);
    expect(log.lost).toBeGreaterThan(40);
    const erases = log.erases;
    write(log, 0);
    expect(log.erases).toBe(erases);
    expect(log.needsTending()).toBe(true);
  }
});

test("an event that comes out wrong and is reported as good is found out by reading back", () => {
  const flash = chip(256, 5, 4, 3);
  const log = new EventLog(flash, clock, () => 0);
  write(log, 1);
  for (let sector = 0; sector < 3; sector++) flash.fail(sector, true);
  for (let i = 2; i <= 9; i++) write(log, i);
  expect(entriesOf(new EventLog(flash, clock, () => 0)).map((entry) => entry.value)).toEqual([
    1, 2, 3, 4, 5, 6, 7, 8, 9,
  ]);
});

test("a fault that flaps writes no more a day than the allowance, and the log says how many it kept back", () => {
  const flash = chip(4096, logSectors, 4, 1);
  const log = new EventLog(flash, clock, () => 0);
  const before = log.next;
  for (let second = 0; second < 86_400; second++) {
    time.nowMs += 1_000;
    log.write("route-lost", 1, 0, 0);
    log.write("sent", 1, 7, 0);
  }
  expect(log.next - before).toBeLessThanOrEqual(2 * writesPerDay);
  expect(flash.wearBounds().most).toBeLessThan(12);
  const kept = entriesOf(log).filter((entry) => entry.what === "suppressed");
  expect(kept.length).toBeGreaterThan(0);
});

test("an alarm's steps are written while a flapping link has used up its own allowance", () => {
  const allowance = new WriteAllowance(0);
  for (let i = 0; i < 60; i++) expect(allowance.take(0, false)).toBe(true);
  expect(allowance.take(59_999, false)).toBe(false);
  expect(allowance.take(60_000, false)).toBe(true);
  for (let i = 0; i < 240; i++) expect(allowance.take(60_000, true)).toBe(true);
  expect(allowance.take(60_000, true)).toBe(false);
  expect(allowance.suppressed).toBe(2);
});

test("journal and log never share a sector, and a small chip is the journal's alone", () => {
  const flash = chip(4096, 24, 4, 1);
  const { journal, log } = partsOf(flash);
  expect([journal.sectorCount, log?.sectorCount]).toEqual([4, logSectors]);
  journal.program(4 * 4096 - 4, new Uint8Array(4));
  log?.program(0, new Uint8Array(4));
  log?.program(logSectors * 4096 - 4, new Uint8Array(4));
  const byte = new Uint8Array(4);
  for (const address of [4 * 4096 - 4, 4 * 4096, 24 * 4096 - 4]) {
    flash.read(address, byte);
    expect(byte).toEqual(new Uint8Array(4));
  }
  log?.erase(0);
  flash.read(4 * 4096, byte);
  expect(byte).toEqual(new Uint8Array(4).fill(0xff));
  expect(() => journal.program(4 * 4096, new Uint8Array(4))).toThrow();
  expect(() => journal.erase(4)).toThrow();
  expect(() => new FlashPart(flash, 20, 5)).toThrow();
  expect(partsOf(chip(4096, 23, 4, 1))).toMatchObject({ log: undefined, journal: { sectorCount: 23 } });
});
