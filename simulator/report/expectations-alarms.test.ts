/** Promises about the way of an alarm, about who took it, and about presses that nobody could hear. */
import { expect, test } from "vitest";
import { clock, found, runOf, sentences } from "./expectations-bench.ts";

test("each hop of an alarm has a limit of its own", () => {
  const run = runOf({ presses: [{ storedMs: 1_000, sentMs: 2_000, carriedMs: 3_000, acceptedMs: 4_000 }] });
  const entry = "{ alarms: all, heard-within: 1s, sent-within: 2s, carried-within: 3s, accepted-within: 4s }";
  expect(found(entry, run).every((each) => each.startsWith("true: 1 of 1"))).toBe(true);
  expect(sentences(entry, run)).toEqual([
    "all alarms stand in the unit's journal within 1 s",
    "all alarms have left the unit within 2 s",
    "all alarms are carried to a receiver within 3 s",
    "all alarms are accepted within 4 s",
  ]);
  const tighter = "{ alarms: all, heard-within: 999ms, sent-within: 1.999s, carried-within: 2.999s }";
  expect(found(tighter, run).every((each) => each.startsWith("false: 0 of 1"))).toBe(true);
});

test("a percentile of a hop lets the rest be late", () => {
  const presses = Array.from({ length: 20 }, (_, index) => ({ carriedMs: index === 19 ? 60_000 : 500 }));
  expect(found("{ alarms: all, percentile: 95, carried-within: 1s }", runOf({ presses }))[0]).toMatch(
    /^true: 19 of 20/,
  );
  expect(found("{ alarms: all, percentile: 96, carried-within: 1s }", runOf({ presses }))[0]).toMatch(/^false/);
});

const dead = {
  unit: "v",
  pressedMs: clock("08:00"),
  storedMs: null,
  sentMs: null,
  carriedMs: null,
  acceptedMs: null,
  unheard: "unit-off",
} as const;

test("people whom no unit could hear are named apart from slow alarms", () => {
  const run = runOf({ presses: [{}, dead] });
  expect(found("{ alarms: all, accepted-within: 5s }", run)).toEqual([
    "false: 1 of 2 in time; first late v at 08:00:00; slowest never, v at 08:00:00; " +
      "1 nobody could hear, first v at 08:00:00 (unit off)",
  ]);
  expect(found("{ alarms: heard, accepted-within: 5s }", run)[0]).toMatch(/^true: 1 of 1/);
  expect(found("{ alarms: unheard, exactly: 1 }", run)).toEqual(["true: 1, first v at 08:00:00"]);
  expect(found("{ unheard: 0 }", run)).toEqual(["false: 1: first v at 08:00:00 (unit-off)"]);
  expect(found("{ unheard: 1 }", run)[0]).toMatch(/^true/);
  expect(found("{ pending-at-end: 0 }", run)).toEqual(["true: 0"]);
});

test("who accepted, over which way, of which unit and when: all choose and count", () => {
  const run = runOf({
    presses: [
      { unit: "u-002", acceptedBy: "secondary", route: "broadband" },
      { unit: "v", pressedMs: clock("08:00"), acceptedMs: clock("08:00:01") },
    ],
  });
  expect(found("{ alarms: all, unit: u-002, receiver: secondary, route: broadband }", run)).toEqual([
    "true: all 1",
    "true: all 1",
  ]);
  expect(found("{ alarms: all, receiver: secondary }", run)).toEqual([
    "false: 1 of 2 went another way, first v at 08:00:00 (primary)",
  ]);
  expect(found("{ alarms: all, between: 08:00 to end, exactly: 1 }", run)).toEqual(["true: 1, first v at 08:00:00"]);
  expect(found("{ alarms: all, between: 06:00 to 08:00, exactly: 1 }", run)).toEqual([
    "true: 1, first u-002 at 06:00:00",
  ]);
  const waiting = { acceptedMs: null, acceptedBy: null, route: null };
  expect(found("{ alarms: all, route: mobile }", runOf({ presses: [waiting] }))).toEqual(["false: none was accepted"]);
});

test("a fault of some units is no fault for the others", () => {
  const fault = {
    fromMs: 0,
    toMs: clock("09:00"),
    object: "unit",
    name: "v",
    fault: "frozen-modem",
    units: ["v"],
  } as const;
  const run = runOf({ presses: [{}, { unit: "v", acceptedMs: clock("09:00:30") }], more: { faults: [fault] } });
  expect(found("{ alarms: all, pressed: during-faults, exactly: 1 }", run)[0]).toMatch(/^true: 1, first v/);
  expect(found("{ alarms: all, accepted-after-repair-within: 30s }", run)[0]).toMatch(/^true: 2 of 2/);
});

test("an alarm that stands as two cases is told by its checker", () => {
  const checks = runOf({}).checks.map((check) =>
    check.checker === "duplicate-cases" ? { ...check, violations: 1, found: ["u-001 at 08:00:00: 2 cases"] } : check,
  );
  expect(found("{ duplicate-cases: 0 }", runOf({ more: { checks } }))).toEqual([
    "false: 1: u-001 at 08:00:00: 2 cases",
  ]);
});
