/** Promises about lists of units and about the work of receivers: each once kept, once broken. */
import { expect, test } from "vitest";
import { clock, found, runOf, sentences } from "./expectations-bench.ts";

const gap = { lastProofMs: null, why: "nothing is heard" };

test("units without a path are those whose gap holds that instant", () => {
  const run = runOf({
    more: {
      pathless: [
        { unit: "v", fromMs: clock("08:00"), toMs: clock("09:00"), ...gap },
        { unit: "u-002", fromMs: clock("08:30"), toMs: null, ...gap },
      ],
    },
  });
  expect(found("{ units: without-path, at: 08:00, are: [v] }", run)).toEqual(["true: 1: v"]);
  expect(found("{ units: without-path, at: 07:59:59, are: [] }", run)).toEqual(["true: 0: none"]);
  expect(found("{ units: without-path, at: 08:30, are: [u] }", run)).toEqual([
    "false: 2: u-002, v; missing u-001, u-003; not expected v",
  ]);
  expect(found("{ units: without-path, at: 09:00, group: u, are: [u-002] }", run)).toEqual(["true: 1: u-002"]);
  expect(found("{ units: without-path, at: end, count-at-most: 0 }", run)).toEqual(["false: 1: u-002"]);
  expect(found("{ units: without-path, at: 08:45, include: [v], exclude: [u-001] }", run)).toEqual([
    "true: 2: u-002, v",
    "true: 2: u-002, v",
  ]);
  expect(found("{ units: without-path, at: 08:45, include: [u-003], exclude: [v] }", run)).toEqual([
    "false: 2: u-002, v; missing u-003",
    "false: 2: u-002, v; not expected v",
  ]);
  expect(sentences("{ units: without-path, at: 08:45, are: [u, v] }", run)).toEqual([
    "units without a proven path at 08:45:00 are u-001, u-002, u-003, v",
  ]);
});

test("an alarm waits from the journal to the acceptance; what nobody heard does not", () => {
  const run = runOf({
    presses: [
      { pressedMs: clock("08:00"), storedMs: clock("08:00:01"), acceptedMs: clock("08:30") },
      { unit: "v", pressedMs: clock("08:00"), storedMs: null, acceptedMs: null, unheard: "unit-off" },
    ],
  });
  expect(found("{ units: waiting, at: 08:00, are: [] }", run)[0]).toMatch(/^true/);
  expect(found("{ units: waiting, at: 08:29, are: [u-001] }", run)[0]).toMatch(/^true/);
  expect(found("{ units: waiting, at: end, are: [] }", run)[0]).toMatch(/^true/);
});

test("the call list is the one of the last full hour", () => {
  const run = runOf({ presses: [{ unit: "v", pressedMs: clock("07:30"), acceptedMs: clock("09:20") }] });
  expect(found("{ units: on-call-list, at: 08:40, are: [v] }", run)).toEqual(["true: 1: v"]);
  expect(found("{ units: on-call-list, at: 07:45, are: [] }", run)).toEqual(["true: 0: none"]);
  expect(found("{ units: on-call-list, at: end, are: [] }", run)).toEqual(["true: 0: none"]);
});

test("a unit is suspected from the monitor's word until its outage is closed", () => {
  const run = runOf({
    notices: [
      { cause: "single-unit", subject: "v" },
      { cause: "single-unit", subject: "v", phase: "confirmed", atMs: clock("08:20") },
      { cause: "server", subject: "primary" },
      { cause: "single-unit", subject: "v", phase: "closed", atMs: clock("09:00") },
    ],
  });
  expect(found("{ units: suspected, at: 08:09, are: [] }", run)[0]).toMatch(/^true/);
  expect(found("{ units: suspected, at: 08:30, are: [v] }", run)).toEqual(["true: 1: v"]);
  expect(found("{ units: suspected, at: 09:00, are: [] }", run)[0]).toMatch(/^true/);
});

test("units without power, and those that warned before it", () => {
  const run = runOf({
    reports: [
      { name: "battery-low", acceptedMs: clock("08:00") },
      { name: "battery-good", acceptedMs: clock("09:00") },
      { unit: "v", name: "button-battery-low", device: "01000060", acceptedMs: clock("08:30") },
      { unit: "v", name: "battery-good", acceptedMs: clock("09:00") },
      { unit: "u-003", name: "battery-low", acceptedMs: null },
    ],
    more: { off: [{ unit: "u-003", fromMs: clock("08:00"), toMs: clock("08:10") }] },
  });
  expect(found("{ units: off, at: 08:05, are: [u-003] }", run)[0]).toMatch(/^true/);
  expect(found("{ units: off, at: 08:10, are: [] }", run)[0]).toMatch(/^true/);
  expect(found("{ units: warned, at: 08:45, are: [u-001, v] }", run)[0]).toMatch(/^true/);
  expect(found("{ units: warned, at: 09:30, are: [v] }", run)[0]).toMatch(/^true/);
});

test("the busiest second of a front, and the alarms over each receiver and route", () => {
  const intake = { peakPerMinute: [], limitPerThousandSeconds: null, carriedPerMinute: [], acceptedPerMinute: [] };
  const run = runOf({
    presses: [
      { acceptedBy: "primary", route: "mobile" },
      { acceptedBy: "secondary", route: "broadband" },
      { acceptedBy: "primary", route: "broadband" },
      { acceptedMs: null, acceptedBy: null, route: null },
    ],
    more: {
      receivers: [
        { name: "primary", messages: 9, busiest: { atMs: clock("08:00:12"), messages: 7 }, ...intake },
        { name: "secondary", messages: 1, busiest: null, ...intake },
      ],
    },
  });
  expect(found("{ traffic: primary, messages-a-second-at-most: 7 }", run)).toEqual([
    "true: 7 in one second, primary at 08:00:12",
  ]);
  expect(found("{ traffic: all, messages-a-second-at-most: 6 }", run)[0]).toMatch(/^false: 7 in one second/);
  expect(found("{ traffic: secondary, messages-a-second-at-most: 0 }", run)).toEqual(["true: none"]);
  expect(found("{ traffic: primary, alarms-at-least: 2, alarms-at-most: 2 }", run)).toEqual([
    "true: 2 of 3",
    "true: 2 of 3",
  ]);
  expect(found("{ traffic: primary, over: mobile, alarms-at-least: 2 }", run)).toEqual(["false: 1 of 3"]);
  expect(found("{ traffic: all, over: mobile, share-at-least: 33 %, share-at-most: 34 % }", run)).toEqual([
    "true: 1 of 3",
    "true: 1 of 3",
  ]);
  expect(found("{ traffic: all, over: mobile, share-at-most: 33 % }", run)).toEqual(["false: 1 of 3"]);
  expect(found("{ traffic: all, over: mobile, share-at-most: 50 % }", runOf({}))).toEqual(["false: 0 of 0"]);
});
