import { expect, test } from "vitest";
import { type TimeSource, WallClock } from "./wall-clock.ts";

const march = Date.UTC(2026, 2, 2, 6, 10, 5);
const hourMs = 3_600_000;

/** A clock that was told the right time at 0, and what it shows against it, in seconds. */
function clockFrom(source: TimeSource): { tell(errorMs: number, nowMs: number, from: TimeSource): number } {
  const clock = new WallClock();
  clock.set(march, 0, source);
  return {
    tell(errorMs, nowMs, from) {
      clock.set(march + nowMs + errorMs, nowMs, from);
      return clock.seconds(nowMs) - Math.floor((march + nowMs) / 1000);
    },
  };
}

test("the time is unknown until somebody tells it, then goes on with the monotonic clock", () => {
  const clock = new WallClock();
  expect(clock.seconds(50_000)).toBe(-1);
  expect(clock.milliseconds(50_000)).toBe(-1);
  clock.set(march + 7, 50_000);
  expect(clock.seconds(50_000)).toBe(march / 1000);
  expect(clock.milliseconds(110_999)).toBe(march + 7 + 60_999);
});

test("a time from before this firmware is not believed, and does not unsettle a known one", () => {
  const clock = new WallClock();
  clock.set(Date.UTC(2024, 11, 31, 23, 59, 59), 0);
  expect(clock.seconds(0)).toBe(-1);
  clock.set(march, 0);
  clock.set(0, 0);
  expect(clock.seconds(0)).toBe(march / 1000);
});

test("a time below that of a former life is not believed, and the time is never below it", () => {
  const clock = new WallClock();
  clock.raiseFloor(march);
  clock.raiseFloor(march - hourMs);
  expect(clock.leastSeconds(5_000)).toBe(march / 1000);
  clock.set(march - 1, 0);
  expect(clock.seconds(0)).toBe(-1);
  clock.set(march, 0);
  expect(clock.leastSeconds(5_000)).toBe(march / 1000 + 5);
});

test("a correction forwards of up to a minute is taken at once, of two seconds or less not at all", () => {
  const clock = clockFrom("sip-date");
  expect(clock.tell(-2_000, 10_000, "sip-date")).toBe(0);
  expect(clock.tell(2_000, 20_000, "sip-date")).toBe(0);
  expect(clock.tell(53_000, 30_000, "sip-date")).toBe(53);
});

test("a SIP date that is behind was long on its way: it counts only when a later one says the same", () => {
  const clock = clockFrom("sip-date");
  expect(clock.tell(-7_000, 10_000, "sip-date")).toBe(0);
  expect(clock.tell(-12_000, 20_000, "sip-date")).toBe(0);
  expect(clock.tell(-12_500, 50_000, "sip-date")).toBe(-13);
  expect(clock.tell(-20_000, 60_000, "sip-date")).toBe(-13);
});

test("SIP dates that waited together in a modem that hung do not confirm one another", () => {
  const clock = clockFrom("sip-date");
  expect(clock.tell(-16_000, 20_000, "sip-date")).toBe(0);
  expect(clock.tell(-16_000, 20_000, "sip-date")).toBe(0);
  expect(clock.tell(-16_500, 49_999, "sip-date")).toBe(0);
  expect(clock.tell(-16_500, 50_000, "sip-date")).toBe(-17);
});

test("a leap needs two readings in a row that agree", () => {
  const clock = clockFrom("sip-date");
  expect(clock.tell(10 * hourMs, 10_000, "sip-date")).toBe(0);
  expect(clock.tell(20 * hourMs, 20_000, "sip-date")).toBe(0);
  expect(clock.tell(20 * hourMs + 9_000, 30_000, "sip-date")).toBe(72_009);
});

test("of two receivers that contradict each other the one that is heard more often has the word", () => {
  const clock = clockFrom("sip-date");
  for (let i = 1; i < 50; i++) {
    expect(clock.tell(5 * hourMs, i * 60_000, "sip-date")).toBe(0);
    expect(clock.tell(500, i * 60_000 + 30_000, "sip-date")).toBe(0);
  }
});

test("the receiver corrects the network at once, the network contradicts the receiver only after a day of its silence", () => {
  const clock = clockFrom("nitz");
  expect(clock.tell(-2 * hourMs, 1_000, "sip-date")).toBe(-7_200);
  expect(clock.tell(0, 2_000, "nitz")).toBe(-7_200);
  expect(clock.tell(10_000, 24 * hourMs, "sntp")).toBe(-7_200);
  expect(clock.tell(0, 24 * hourMs + 1_000, "sntp")).toBe(-7_200);
  expect(clock.tell(0, 24 * hourMs + 2_000, "sntp")).toBe(0);
});

test("a worse source that agrees does not keep the better one's word alive", () => {
  const clock = clockFrom("sip-date");
  for (let hour = 1; hour < 24; hour++) clock.tell(0, hour * hourMs, "nitz");
  expect(clock.tell(10_000, 24 * hourMs, "nitz")).toBe(10);
});

test("a time becomes firm when a reading agrees an hour later, and a leap makes it new again", () => {
  const clock = new WallClock();
  const firm: boolean[] = [];
  const tell = (errorMs: number, nowMs: number) => {
    clock.set(march + nowMs + errorMs, nowMs);
    firm.push(clock.firm);
  };
  tell(0, 0);
  tell(0, hourMs - 1);
  tell(0, hourMs);
  tell(10_000, 2 * hourMs);
  tell(5 * hourMs, 3 * hourMs);
  tell(5 * hourMs, 4 * hourMs);
  tell(5 * hourMs, 5 * hourMs);
  expect(firm).toEqual([false, false, true, true, true, false, true]);
});

test("watchers hear of the first time and of each change, eight of them and no more", () => {
  const clock = new WallClock();
  const seen: number[] = [];
  for (let i = 0; i < 8; i++) clock.watch(() => seen.push(clock.seconds(0)));
  expect(() => clock.watch(() => {})).toThrow("too many watchers");
  clock.set(march, 0);
  clock.set(march + 1_000, 0);
  clock.set(march + 30_000, 0);
  expect(seen).toEqual([...Array(8).fill(march / 1000), ...Array(8).fill(march / 1000 + 30)]);
});
