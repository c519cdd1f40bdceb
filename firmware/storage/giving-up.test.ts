/** What goes first when the journal is full, what never goes, and how often that is told. */
import { expect, test } from "vitest";
import { Stream } from "../../simulator/core/prng.ts";
import { NorFlash } from "../../simulator/flash.ts";
import { noMarks, noOrigin } from "../alarm/facts.ts";
import { newReport, type ReportKind } from "../alarm/report.ts";
import { keepReport } from "../alarm/report-store.ts";
import { GivingUp, givingUpRows } from "./giving-up.ts";
import { Journal } from "./journal.ts";
import { batteryHistoryKind, identityKind, reportKind, settingsHeadKind, settingsPartKind } from "./record-kinds.ts";

function chip(): NorFlash {
  const chance = new Stream(1, "cells", 0);
  return new NorFlash({ sectorSize: 2048, sectorCount: 4, programUnit: 4, below: (limit) => chance.below(limit) });
}

function keep(journal: Journal, number: number, kind: ReportKind): boolean {
  const facts = {
    kind,
    dty: 2,
    stc: 85,
    did: "",
    stt: "",
    bond: -1,
    clock: "wall" as const,
    seconds: 1,
    untilS: -1,
    times: 1,
    restores: -1,
    stability: "usual" as const,
    origin: noOrigin,
    marks: noMarks,
  };
  return keepReport(journal, newReport(number, facts, 0));
}

function bench(flash = chip()) {
  const journal = new Journal(flash);
  const told: string[] = [];
  const givingUp = new GivingUp(journal, (step) => told.push(step));
  return { flash, journal, told, givingUp };
}

function keysOf(journal: Journal, kind: number): number[] {
  const keys: number[] = [];
  journal.each(kind, (key) => keys.push(key));
  return keys;
}

test("a full journal gives up in the written order, oldest first, tells each step once, and keeps every alarm", () => {
  const { flash, journal, told, givingUp } = bench();
  journal.write(identityKind, 0, new Uint8Array(11));
  journal.write(settingsHeadKind, 0, Uint8Array.of(1, 1, 1, 0));
  for (const place of [0, 1]) journal.write(settingsPartKind, place * 16, new Uint8Array(150).fill(place));
  for (let key = 0; key < 3; key++) journal.write(batteryHistoryKind, key, new Uint8Array(100));
  const lower = ["statistics", "test", "technical"] as const;
  lower.forEach((kind, i) => {
    for (let more = 0; more < 2; more++) expect(keep(journal, 100 * (i + 1) + more, kind)).toBe(true);
  });
  let alarms = 0;
  while (keep(journal, 1_000 + alarms, "user-alarm")) {
    alarms++;
    if (givingUp.removed === 1) expect(keysOf(journal, batteryHistoryKind)).toEqual([1, 2]);
    if (givingUp.removed === 4) expect(keysOf(journal, reportKind)[0]).toBe(101);
  }
  expect(told).toEqual(givingUpRows.map((row) => row.step));
  expect(givingUp.removed).toBe(3 + 6 + 1);
  const left = new Journal(flash);
  expect(keysOf(left, reportKind)).toEqual(Array.from({ length: alarms }, (_, i) => 1_000 + i));
  expect(keysOf(left, settingsPartKind)).toEqual([16]);
  expect(left.read(identityKind, 0)).toEqual(new Uint8Array(11));
  for (const kind of ["fire-and-gas", "life-safety", "user-alarm"] as const) {
    expect(keep(journal, 9_000, kind)).toBe(false);
    expect(keysOf(journal, reportKind)).toHaveLength(alarms);
  }
  expect(told).toHaveLength(givingUpRows.length);
});

test("a lower report pushes out what is lower still, and never its equal or what is above it", () => {
  const { journal, told, givingUp } = bench();
  for (let number = 0; keep(journal, number, "user-alarm"); number++);
  const full = journal.count;
  expect(journal.remove(reportKind, 0)).toBe(true);
  expect(keep(journal, 500, "technical")).toBe(true);
  expect(keep(journal, 501, "technical")).toBe(false);
  expect(keep(journal, 502, "statistics")).toBe(false);
  expect(journal.count).toBe(full);
  expect(givingUp.removed).toBe(0);
  expect(told).toEqual(["memory-only"]);
  expect(keep(journal, 503, "life-safety")).toBe(true);
  expect(keysOf(journal, reportKind)).not.toContain(500);
});

test("a chip that fails altogether is told once, is tried once more and then costs no alarm an erase, and takes the unit to memory alone", () => {
  const { flash, journal, told } = bench();
  keep(journal, 1, "user-alarm");
  for (let sector = 0; sector < 4; sector++) flash.fail(sector);
  for (let tries = 0; tries < 2; tries++) expect(keep(journal, 2, "user-alarm")).toBe(false);
  const erases = flash.erases;
  for (let number = 3; number < 40; number++) expect(keep(journal, number, "user-alarm")).toBe(false);
  expect(flash.erases).toBe(erases);
  expect(told).toEqual(["memory-only"]);
  expect(keysOf(new Journal(flash), reportKind)).toEqual([1]);
});

test("a row that is given up names what that costs, and no alarm stands in any", () => {
  for (const row of givingUpRows) {
    expect(row.costs.length).toBeGreaterThan(10);
    expect(["user-alarm", "fire-and-gas", "life-safety"]).not.toContain(row.reports);
    expect(row.recordKinds).not.toContain(reportKind);
  }
});
