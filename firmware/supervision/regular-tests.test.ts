import fc from "fast-check";
import { expect, test } from "vitest";
import { readerOf } from "../../protocol/bytes/reader.ts";
import { Writer } from "../../protocol/bytes/writer.ts";
import { dayNumber } from "../time/civil-date.ts";
import { ContextBench } from "../time/test-bench.ts";
import { type RegularTestState, regularTestAtStart, stepRegularTest } from "./regular-test-machine.ts";
import { regularTestRecord, regularTestRecordSize } from "./regular-test-record.ts";
import { RegularTests } from "./regular-tests.ts";
import { supervisionDefaults } from "./settings.ts";

function unit(former?: ContextBench): { bench: ContextBench; tests: RegularTests } {
  const bench = new ContextBench(former);
  return { bench, tests: new RegularTests(bench, supervisionDefaults) };
}

/** What each day brought, from the day after `from` on: phrases, and reports as their status code. */
function days(bench: ContextBench, tests: RegularTests, from: number, count: number): string[] {
  const heard: string[] = [];
  for (let i = 1; i <= count; i++) {
    tests.dayPassed(from < 0 ? -1 : from + i);
    for (const said of bench.said.splice(0)) heard.push(`${i} ${said}`);
    for (const order of bench.raised.splice(0)) heard.push(`${i} ${order.stc} ${order.stt}`);
  }
  return heard;
}

test("the daily message goes over both routes in turn, also over a restart", () => {
  const first = unit();
  first.tests.message(2, false);
  first.tests.message(2, true);
  const second = unit(first.bench);
  second.tests.message(2, false);
  const sent = first.bench.raised.concat(second.bench.raised);
  expect(sent.map(({ kind, stc, spreadMs }) => `${kind} ${stc} ${spreadMs}`)).toEqual([
    "test 102 0",
    "test 103 600000",
    "test 102 0",
  ]);
});

test("a unit with one route tests that one each day", () => {
  const { bench, tests } = unit();
  for (let i = 0; i < 3; i++) tests.message(1, false);
  expect(bench.raised.map(({ stc }) => stc)).toEqual([102, 102, 102]);
});

test("messages and their acceptances are counted by route, over restarts too", () => {
  const first = unit();
  for (let i = 0; i < 4; i++) first.tests.message(2, false);
  for (const number of [0, 1, 3, 3, 77]) first.tests.accepted(number);
  const { state } = unit(first.bench).tests;
  expect([state.sent, state.sentRedundant, state.accepted, state.acceptedRedundant]).toEqual([2, 2, 1, 2]);
});

test("of nine messages that nobody accepts the oldest is no longer waited for", () => {
  const { tests } = unit();
  for (let i = 0; i < 9; i++) tests.message(1, false);
  tests.accepted(0);
  expect(tests.state.accepted).toBe(0);
  for (let number = 1; number <= 8; number++) tests.accepted(number);
  expect(tests.state.accepted).toBe(8);
});

test("28 days without a press are spoken of, again 3 and 4 days later, and from 35 on the unit is in the list", () => {
  const { bench, tests } = unit();
  expect(days(bench, tests, -1, 60)).toEqual([
    "28 press-to-test",
    "31 press-to-test",
    "32 press-to-test",
    "35 call-service",
    "35 104 inget provlarm, 35 d",
  ]);
  tests.pressAccepted();
  expect(bench.raised.map((order) => [order.stc, order.restores])).toEqual([[94, 104]]);
  bench.raised.length = 0;
  expect(days(bench, tests, -1, 30)).toEqual(["28 press-to-test"]);
});

test("a real press that was accepted begins the month anew, and days without power count too", () => {
  const { bench, tests } = unit();
  const pressed = dayNumber(2026, 5, 4);
  bench.tellTime(pressed * 86_400_000 + 43_200_000);
  tests.dayPassed(pressed - 1);
  tests.pressAccepted();
  expect(days(bench, tests, pressed, 20)).toEqual([]);
  expect(days(bench, tests, pressed + 33, 2)).toEqual([
    "1 press-to-test",
    "2 call-service",
    "2 104 inget provlarm, 35 d",
  ]);
});

test("a test that was asked for is said at once, on days 3 and 4, and on day 5 the unit is in the list", () => {
  const { bench, tests } = unit();
  const monday = dayNumber(2026, 3, 2);
  bench.tellTime(monday * 86_400_000 + 43_200_000);
  tests.askForPress();
  expect(bench.said.splice(0)).toEqual(["press-to-test"]);
  const climb = ["3 press-to-test", "4 press-to-test", "7 call-service", "7 104 provkallelse utan svar, 7 d"];
  expect(days(bench, tests, monday, 20)).toEqual(climb);
});

test("day 5 on a working day is day 5, and an unknown date waits for none", () => {
  const { bench, tests } = unit();
  tests.askForPress();
  bench.said.length = 0;
  const heard = ["3 press-to-test", "4 press-to-test", "5 call-service", "5 104 provkallelse utan svar, 5 d"];
  expect(days(bench, tests, -1, 10)).toEqual(heard);
});

test("a press answers the question, and a unit that pressed in time is never listed", () => {
  const { bench, tests } = unit();
  tests.askForPress();
  days(bench, tests, -1, 4);
  tests.pressAccepted();
  expect(days(bench, tests, -1, 20)).toEqual([]);
  expect(bench.raised).toEqual([]);
});

test("a clock that was wrong for a day lists the unit at worst, and is forgotten with the day", () => {
  const plan = { remindAfterDays: 28, listAfterDays: 35 };
  const pressed: RegularTestState = { ...regularTestAtStart, pressDay: 20_000, days: 3 };
  const wrong = stepRegularTest(plan, pressed, { type: "day-passed", day: 29_000 }).state;
  expect(wrong.at).toBe("listed");
  expect(stepRegularTest(plan, wrong, { type: "day-passed", day: 20_004 }).state.days).toBe(4);
});

test("what is kept is found again, and no other bytes are taken for it", () => {
  const count = fc.nat(0xffff_ffff);
  const day = fc.integer({ min: -1, max: 0xfffe });
  const anyState: fc.Arbitrary<RegularTestState> = fc.record({
    at: fc.constantFrom("fine", "reminded", "listed"),
    next: fc.constantFrom("primary", "redundant"),
    sent: count,
    sentRedundant: count,
    accepted: count,
    acceptedRedundant: count,
    days: fc.nat(0xffff),
    pressDay: day,
    reminders: fc.nat(3),
    askedDays: day,
    askedDay: day,
    askedReminders: fc.nat(2),
  });
  fc.assert(
    fc.property(anyState, fc.nat(regularTestRecordSize - 1), (state, cut) => {
      const to = new Writer(new Uint8Array(regularTestRecordSize));
      regularTestRecord.encode(state, to);
      expect([to.overrun, to.at]).toEqual([false, regularTestRecordSize]);
      expect(regularTestRecord.decode(readerOf(to.written()))).toEqual({ ok: true, value: state });
      expect(regularTestRecord.decode(readerOf(to.written().subarray(0, cut))).ok).toBe(false);
      expect(regularTestRecord.decode(readerOf(Uint8Array.of(...to.written(), 0))).ok).toBe(false);
    }),
  );
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
      const decoded = regularTestRecord.decode(readerOf(bytes));
      if (bytes[0] !== undefined && (bytes[0] > 2 || (bytes[1] ?? 0) > 1)) expect(decoded.ok).toBe(false);
    }),
  );
});
