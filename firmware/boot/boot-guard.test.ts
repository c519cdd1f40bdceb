import { expect, test } from "vitest";
import { EventQueue } from "../../simulator/core/event-queue.ts";
import { SimClock } from "../../simulator/core/sim-clock.ts";
import { NorFlash } from "../../simulator/flash.ts";
import type { StartCause } from "../ports/starts.ts";
import { Journal } from "../storage/journal.ts";
import { BootGuard, startCauses } from "./boot-guard.ts";
import { loopLength, stableHourMs } from "./boot-machine.ts";
import { departmentRows } from "./departments.ts";

function bench() {
  const flash = new NorFlash({ sectorSize: 2048, sectorCount: 4, programUnit: 4, below: () => 0 });
  const restarts: string[] = [];
  const news: string[] = [];
  const start = (cause: StartCause, isReady = true) => {
    const queue = new EventQueue();
    const guard = new BootGuard({
      clock: new SimClock(queue),
      records: new Journal(flash),
      starts: { cause, restart: (why) => restarts.push(why) },
      observe: undefined,
      onNews: (what, shortLives) => news.push(`${what} ${shortLives}`),
    });
    if (isReady) guard.ready();
    return { guard, queue };
  };
  return { flash, restarts, news, start };
}

test("a unit in a boot loop comes up with alarms, radio and routes alone, says so once, and is whole after an hour", () => {
  const { start, news, restarts } = bench();
  for (let i = 1; i < loopLength; i++) expect(start("watchdog").guard.mode).toBe("full");
  const { guard, queue } = start("watchdog", false);
  expect([guard.mode, guard.starts, news]).toEqual(["minimal", loopLength, []]);
  for (const needed of ["journal", "alarms", "radio", "routes", "lamps"] as const)
    expect(guard.runs(needed)).toBe(true);
  for (const row of departmentRows) expect(guard.runs(row.name)).toBe(row.inMinimal);
  guard.ready();
  guard.ready();
  expect(news).toEqual([`boot-loop ${loopLength}`]);
  queue.runUntil(stableHourMs + 1);
  expect([news.at(-1), restarts]).toEqual(["boot-loop-over 0", ["ordered"]]);
  const after = start("ordered").guard;
  expect(after.mode).toBe("full");
  for (const row of departmentRows) expect(after.runs(row.name)).toBe(true);
});

test("a person who pulls the plug ten times has a whole unit", () => {
  const { start } = bench();
  for (let i = 0; i < 10; i++) start("power-on");
  expect(start("ordered").guard).toMatchObject({ mode: "full", starts: 11 });
});

test("a start that never gets ready orders the next one itself", () => {
  const { start, restarts } = bench();
  start("power-on", false).queue.runUntil(60_000);
  expect(restarts).toEqual(["fault"]);
});

test("flash that takes nothing leaves the unit whole", () => {
  const { start, flash } = bench();
  for (let sector = 0; sector < 4; sector++) flash.fail(sector);
  for (let i = 0; i < 10; i++) expect(start("fault").guard.mode).toBe("full");
});

test("every cause has a number of its own in the log", () => {
  expect(new Set(startCauses).size).toBe(7);
});
