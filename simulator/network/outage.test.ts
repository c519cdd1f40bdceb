import fc from "fast-check";
import { expect, test } from "vitest";
import { EventQueue } from "../core/event-queue.ts";
import { Calendar, CalendarWatch, type FaultWindow, FaultyLink, type LinkWindow, mostWindows } from "./outage.ts";

const anyWindow: fc.Arbitrary<FaultWindow> = fc
  .tuple(fc.nat(50), fc.option(fc.nat(20), { nil: undefined, freq: 5 }))
  .map(([fromMs, lengthMs]) => ({ fromMs, toMs: lengthMs === undefined ? undefined : fromMs + lengthMs }));
const isOn = ({ fromMs, toMs }: FaultWindow, atMs: number) => fromMs <= atMs && (toMs === undefined || atMs < toMs);

test("at any instant exactly those windows are on that have begun and not ended, in whatever order one asks", () => {
  fc.assert(
    fc.property(fc.array(anyWindow, { maxLength: 12 }), fc.array(fc.nat(80)), (windows, instants) => {
      const calendar = new Calendar(windows);
      for (const atMs of [...instants, 0, 80]) {
        const expected = windows.filter((window) => isOn(window, atMs));
        expect(calendar.active(atMs)).toEqual(expected);
        expect(calendar.isActive(atMs)).toBe(expected.length > 0);
      }
    }),
  );
});

test("between one change and the next nothing begins or ends, and every beginning and end is a change", () => {
  fc.assert(
    fc.property(fc.array(anyWindow, { maxLength: 12 }), fc.nat(80), (windows, atMs) => {
      const calendar = new Calendar(windows);
      const edges = windows
        .filter(({ fromMs, toMs }) => fromMs !== toMs)
        .flatMap(({ fromMs, toMs }) => (toMs === undefined ? [fromMs] : [fromMs, toMs]))
        .filter((edge) => edge > atMs);
      expect(calendar.nextChange(atMs)).toBe(edges.length === 0 ? undefined : Math.min(...edges));
    }),
  );
});

test("what is gone for good never returns, until the world is healed", () => {
  const calendar = new Calendar([
    { fromMs: 10, toMs: undefined },
    { fromMs: 2, toMs: 4 },
    { fromMs: 90, toMs: 95 },
  ]);
  expect([calendar.isActive(9), calendar.isActive(10), calendar.isActive(2 ** 50)]).toEqual([false, true, true]);
  calendar.endAll(60);
  expect([calendar.isActive(3), calendar.isActive(59), calendar.isActive(60), calendar.isActive(92)]).toEqual([
    true,
    true,
    false,
    false,
  ]);
  expect(calendar.nextChange(60)).toBeUndefined();
});

test("a window that ends before it begins is refused, an empty one is left out, and 1,024 are the most", () => {
  const calendar = new Calendar();
  expect(() => calendar.add({ fromMs: 5, toMs: 4 })).toThrow("no window");
  expect(() => calendar.add({ fromMs: 0.5, toMs: 4 })).toThrow("no window");
  calendar.add({ fromMs: 5, toMs: 5 });
  expect(calendar.nextChange(0)).toBeUndefined();
  for (let i = 0; i < mostWindows; i++) calendar.add({ fromMs: i, toMs: i + 1 });
  expect(() => calendar.add({ fromMs: 0, toMs: 1 })).toThrow("more than 1024");
});

test("a watch is called at each change of any of its calendars, at edits, and never after it is closed", () => {
  const queue = new EventQueue();
  const one = new Calendar<FaultWindow>([{ fromMs: 10, toMs: 30 }]);
  const other = new Calendar<FaultWindow>([{ fromMs: 20, toMs: undefined }]);
  const calls: number[] = [];
  const watch = new CalendarWatch(queue, [one, other], () => calls.push(queue.nowMs));
  queue.runUntil(25);
  other.add({ fromMs: 27, toMs: 40 });
  queue.runUntil(35);
  expect(calls).toEqual([10, 20, 25, 27, 30]);
  watch.close();
  one.add({ fromMs: 36, toMs: 37 });
  queue.runUntil(100);
  expect(calls).toHaveLength(5);
  expect(queue.size).toBe(0);
});

const window = (fault: LinkWindow["fault"], fromMs: number, toMs: number | undefined, more = {}): LinkWindow => ({
  fault,
  fromMs,
  toMs,
  extraDelayMs: 0,
  lossPpm: 0,
  ...more,
});

test("faults of everything a link hangs on add up: down and no-data stop it, slow and lossy make it worse", () => {
  const sound = { delay: { leastMs: 10, mostMs: 40 }, lossPpm: 5 };
  const own = new Calendar([
    window("slow", 10, 20, { extraDelayMs: 100 }),
    window("lossy", 15, 30, { lossPpm: 300_000 }),
    window("lossy", 40, 50, { lossPpm: 1 }),
  ]);
  const power = new Calendar([
    window("slow", 18, 20, { extraDelayMs: 7 }),
    window("no-data", 60, 70),
    window("down", 70, 80),
  ]);
  const link = new FaultyLink(sound, [own, power]);
  const slow = { delay: { leastMs: 110, mostMs: 140 }, lossPpm: 5 };
  expect(link.at(9)).toBe(sound);
  expect(link.at(10)).toEqual(slow);
  expect(link.at(15)).toEqual({ ...slow, lossPpm: 300_000 });
  expect(link.at(18)).toEqual({ delay: { leastMs: 117, mostMs: 147 }, lossPpm: 300_000 });
  expect(link.at(20)).toEqual({ ...sound, lossPpm: 300_000 });
  expect(link.at(45)).toEqual(sound);
  expect([link.at(60), link.isUp(60)]).toEqual([undefined, true]);
  expect([link.at(70), link.isUp(70)]).toEqual([undefined, false]);
  expect([link.at(80), link.isUp(80)]).toEqual([sound, true]);
  own.add(window("gone", 90, undefined));
  expect([link.at(1e9), link.isUp(1e9)]).toEqual([undefined, false]);
  expect(link.at(10)).toEqual(slow);
});

test("what is put into a calendar while the world runs, and ended there, comes to all in the order in which it would have come if planned", () => {
  const heard = (isPlanned: boolean): readonly string[] => {
    const queue = new EventQueue();
    const own = new Calendar();
    const other = new Calendar([{ fromMs: 10, toMs: 20 }]);
    const said: string[] = [];
    // Whoever was told of the other calendar at 20 has planned anew since, and comes last at 30.
    new CalendarWatch(queue, [own, other], () => said.push(`${queue.nowMs} both`));
    new CalendarWatch(queue, [own], () => said.push(`${queue.nowMs} own`));
    if (isPlanned) own.add({ fromMs: 30, toMs: 40 });
    said.length = 0;
    queue.runUntil(30);
    if (!isPlanned) own.add({ fromMs: 30, toMs: undefined });
    queue.runUntil(40);
    if (!isPlanned) own.end(30, 40);
    queue.runUntil(50);
    return said;
  };
  expect(heard(true)).toEqual(["10 both", "20 both", "30 own", "30 both", "40 own", "40 both"]);
  expect(heard(false)).toEqual(heard(true));
});
