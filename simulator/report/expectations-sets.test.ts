/** Promises about reports, signs and notices, their order and deadlines: each once kept, once broken, and at its limit. */
import { expect, test } from "vitest";
import { clock, found, runOf, sentences } from "./expectations-bench.ts";

const [early, later] = [clock("08:05"), clock("08:20")];

test("reports are counted by the instant of their acceptance, or of being raised", () => {
  const run = runOf({
    reports: [{ acceptedMs: early }, { unit: "u-002", acceptedMs: later }, { unit: "v", acceptedMs: null }],
  });
  expect(found("{ reports: mains-lost, exactly: 2 }", run)).toEqual([
    "true: 2, first u-001 at 08:05:00, last u-002 at 08:20:00",
  ]);
  expect(found("{ reports: mains-lost, seen: raised, exactly: 2 }", run)).toEqual([
    "false: 3, first u-001 at 08:00:00, last v at 08:00:00",
  ]);
  expect(found("{ reports: mains-lost, count-at-least: 2 }", run)).toEqual([
    "true: 2, first u-001 at 08:05:00, last u-002 at 08:20:00",
  ]);
  expect(found("{ reports: mains-lost, count-at-most: 1 }", run)[0]).toMatch(/^false/);
  expect(found("{ reports: mains-back, count-at-most: 1 }", run)).toEqual(["true: none"]);
});

test("a report is meant by its name, its kind, its numbers, its text, its unit or its group", () => {
  const run = runOf({
    reports: [
      { acceptedMs: early },
      { unit: "v", name: "test", kind: "test", stc: 102, text: "autolarm", acceptedMs: later },
    ],
  });
  const one = (entry: string): boolean => found(`{ ${entry}, exactly: 1 }`, run)[0]?.startsWith("true") === true;
  expect(one("reports: mains-lost")).toBe(true);
  expect(one("reports: technical")).toBe(true);
  expect(one("reports: 2/102")).toBe(true);
  expect(one("reports: test, text: autolarm")).toBe(true);
  expect(one("reports: test, text: other")).toBe(false);
  expect(one("reports: any")).toBe(false);
  expect(one("reports: any, unit: v")).toBe(true);
  expect(one("reports: any, group: u")).toBe(true);
  expect(one("reports: any, between: 08:20 to 09:00")).toBe(true);
  expect(one("reports: any, between: 08:05 to 08:20")).toBe(true);
  expect(one("reports: any, after: 08:20")).toBe(true);
  expect(one("reports: any, after: 08:21")).toBe(false);
});

test("each unit that is meant must have its own number, and the first that has not is named with its instants", () => {
  const run = runOf({ reports: [{ unit: "u-001" }, { unit: "u-003" }, { unit: "u-003", acceptedMs: later }] });
  expect(found("{ reports: mains-lost, group: u, per-unit-at-least: 1 }", run)).toEqual([
    "false: 1 of 3 units differ, first u-002 with 0",
  ]);
  expect(found("{ reports: mains-lost, unit: u-003, per-unit: 1 }", run)).toEqual([
    "false: 1 of 1 units differ, first u-003 with 2 (08:05:00, 08:20:00)",
  ]);
  expect(found("{ reports: mains-lost, unit: u-001, per-unit: 1 }", run)).toEqual(["true: all 1 units"]);
  expect(found("{ reports: mains-lost, units-at-least: 3 }", run)).toEqual(["false: 2: u-001, u-003"]);
  expect(found("{ reports: mains-lost, units-at-most: 2 }", run)).toEqual(["true: 2: u-001, u-003"]);
});

test("a first must come in time, and none is too late", () => {
  const run = runOf({ reports: [{ acceptedMs: early }, { acceptedMs: later }] });
  expect(found("{ reports: mains-lost, after: 08:00, first-within: 5m }", run)).toEqual([
    "true: after 5 min, u-001 at 08:05:00",
  ]);
  expect(found("{ reports: mains-lost, after: 08:00, first-within: 299s }", run)[0]).toMatch(/^false/);
  expect(found("{ reports: mains-lost, after: 08:30, first-within: 5m }", run)).toEqual(["false: none came"]);
});

test("with a time to count from, what comes must come within the limit, but for the share that may be late", () => {
  const reports = [1, 2, 3, 4].map((minutes) => ({ acceptedMs: clock("08:00") + minutes * 60_000 }));
  const run = runOf({ reports });
  expect(found("{ reports: mains-lost, after: 08:00, within: 4m }", run)).toEqual([
    "true: 4 of 4 in time; slowest 4 min, u-001 at 08:04:00",
  ]);
  expect(found("{ reports: mains-lost, after: 08:00, within: 2m }", run)).toEqual([
    "false: 2 of 4 in time; first late 3 min, u-001 at 08:03:00; slowest 4 min, u-001 at 08:04:00",
  ]);
  expect(found("{ reports: mains-lost, after: 08:00, within: 3m, percentile: 75 }", run)[0]).toMatch(/^true: 3 of 4/);
  expect(found("{ reports: mains-lost, after: 08:00, within: 3m, percentile: 76 }", run)[0]).toMatch(/^false: 3 of 4/);
  expect(found("{ reports: mains-back, after: 08:00, within: 3m }", run)).toEqual(["false: there is none"]);
});

test("without one, each report counts from when its unit raised it, and one that never arrives is late", () => {
  const entry = "{ reports: mains-lost, within: 10m }";
  expect(found(entry, runOf({ reports: [{ acceptedMs: clock("08:10") }] }))).toEqual([
    "true: 1 of 1 in time; slowest 10 min, u-001 at 08:00:00",
  ]);
  expect(found(entry, runOf({ reports: [{ acceptedMs: clock("08:10:01") }] }))[0]).toMatch(/^false/);
  expect(found(entry, runOf({ reports: [{ unit: "v", acceptedMs: null }] }))).toEqual([
    "false: 0 of 1 in time; first late never, v at 08:00:00; slowest never, v at 08:00:00",
  ]);
  const young = { raisedMs: clock("09:55"), acceptedMs: null };
  expect(found(entry, runOf({ reports: [{}, young] }))[0]).toMatch(/^true: 1 of 1 .*1 were still in time/);
  expect(found(entry, runOf({ reports: [{}, { acceptedMs: null, withdrawn: true }] }))[0]).toMatch(/^true: 1 of 1/);
  expect(sentences(entry, runOf({}))).toEqual(["reports mains-lost: all accepted within 10 min of being raised"]);
});

test("what the run could not keep leaves only one thing to show: that there was enough", () => {
  const run = runOf({ reports: [{}], more: { reportsLeftOut: { "mains-lost": 7 }, signalsLeftOut: 3 } });
  expect(found("{ reports: mains-lost, count-at-least: 1 }", run)[0]).toMatch(
    /^true: .*; 7 more were counted but not kept/,
  );
  expect(found("{ reports: mains-lost, count-at-most: 5 }", run)[0]).toMatch(/^false: .*proves nothing$/);
  expect(found("{ reports: technical, exactly: 1 }", run)[0]).toMatch(/^false/);
  expect(found("{ reports: mains-back, exactly: 0 }", run)).toEqual(["true: none"]);
  expect(found("{ told: no-path, exactly: 0 }", run)[0]).toMatch(/^false: none; 3 more/);
});

test("a sign is meant by its name and by what gave it", () => {
  const run = runOf({
    signals: [{ what: "not-accepted" }, { what: "not-accepted", by: "voice", atMs: clock("08:01") }],
  });
  expect(found("{ told: not-accepted, exactly: 2 }", run)[0]).toMatch(/^true/);
  expect(found("{ told: not-accepted, by: voice, after: 08:00, first-within: 1m }", run)).toEqual([
    "true: after 1 min, u-001 at 08:01:00",
  ]);
  expect(found("{ told: not-accepted, by: lamp, unit: v, per-unit: 1 }", run)[0]).toMatch(/^false/);
  expect(sentences("{ told: no-path, by: lamp, group: u, after: 08:00, exactly: 0 }", run)).toEqual([
    "signs no-path by lamp of u from 08:00:00 on: exactly 0",
  ]);
});

test("a notice is meant by its phase, its cause and what it is about", () => {
  const run = runOf({ notices: [{}, { cause: "single-unit", subject: "v" }, { phase: "closed" }] });
  expect(found("{ notices: suspected, exactly: 2 }", run)[0]).toMatch(/^true/);
  expect(found("{ notices: suspected, cause: server, exactly: 1 }", run)[0]).toMatch(/^true/);
  expect(found("{ notices: suspected, subject: v, after: 08:00, first-within: 10m }", run)).toEqual([
    "true: after 10 min, v at 08:10:00",
  ]);
  expect(found("{ notices: confirmed, count-at-least: 1 }", run)).toEqual(["false: none"]);
});

const steps =
  "{ order: [{ unit: u-001, report: mains-lost }, { unit: u-001, told: no-path, by: lamp }, { unit: u-001, alarm: accepted }, { notice: suspected, subject: primary }] }";

test("steps that come one after the other, or at one instant, are in order", () => {
  const run = runOf({
    reports: [{ acceptedMs: early }],
    signals: [{ atMs: early }],
    presses: [{ acceptedMs: clock("08:06") }],
    notices: [{ atMs: clock("08:10") }],
  });
  expect(found(steps, run)).toEqual([
    "true: report mains-lost of u-001 at 08:05:00, then sign no-path by lamp of u-001 at 08:05:00, " +
      "then alarm accepted of u-001 at 08:06:00, then notice suspected about primary at 08:10:00",
  ]);
});

test("a step that came too early or not at all is named with what came before it", () => {
  const run = runOf({ reports: [{ acceptedMs: early }], signals: [{ atMs: clock("08:04:59") }] });
  expect(found(steps, run)).toEqual([
    "false: step 2 (sign no-path by lamp of u-001) did not come after report mains-lost of u-001 at 08:05:00: " +
      "it last came at 08:04:59, before that",
  ]);
  expect(found(steps, runOf({ signals: [{}] }))).toEqual([
    "false: step 1 (report mains-lost of u-001) did not come: it never came",
  ]);
});

test("one report is not two steps, but may be raised and then accepted", () => {
  const twice = "{ order: [{ unit: v, report: mains-lost }, { unit: v, report: mains-lost }] }";
  expect(found(twice, runOf({ reports: [{ unit: "v" }] }))[0]).toMatch(/^false: step 2/);
  expect(found(twice, runOf({ reports: [{ unit: "v" }, { unit: "v" }] }))[0]).toMatch(/^true/);
  const told = "{ order: [{ report: mains-lost, seen: raised }, { report: mains-lost }] }";
  expect(found(told, runOf({ reports: [{}] }))[0]).toMatch(/^true/);
});

test("each promise of a set is a sentence of its own", () => {
  const entry =
    "{ reports: mains-lost, group: u, after: 08:00, first-within: 5m, within: 20m, percentile: 95, per-unit: 1, units-at-least: 3, count-at-most: 9 }";
  expect(sentences(entry, runOf({ reports: [{}] }))).toEqual([
    "reports mains-lost of u from 08:00:00 on: at most 9",
    "reports mains-lost of u from 08:00:00 on: from at least 3 units",
    "reports mains-lost of u from 08:00:00 on: exactly 1 from each unit",
    "reports mains-lost of u from 08:00:00 on: the first within 5 min",
    "reports mains-lost of u from 08:00:00 on: 95 % within 20 min",
  ]);
});

test("a deadline is kept at its last instant and broken a millisecond later", () => {
  const entry = "{ deadline: 08:05, after: 08:00, unit: u-001, report: mains-lost }";
  expect(found(entry, runOf({ reports: [{ acceptedMs: early }] }))).toEqual(["true: u-001 at 08:05:00"]);
  expect(found(entry, runOf({ reports: [{ acceptedMs: early + 1 }] }))).toEqual([
    "false: u-001 at 08:05:00, 1 ms too late",
  ]);
  expect(found(entry, runOf({ reports: [{ acceptedMs: clock("07:59") }] }))).toEqual([
    "false: it came before that only, last u-001 at 07:59:00",
  ]);
  expect(found(entry, runOf({ reports: [{ unit: "v" }] }))).toEqual(["false: it never came"]);
  expect(sentences("{ deadline: end, alarm: told-not-accepted }", runOf({}))).toEqual([
    "by 10:00:00: alarm told-not-accepted",
  ]);
});

test("in a run of days the date stands with the time", () => {
  const run = runOf({ reports: [{}], more: { virtualMs: 90_000_000 } });
  expect(found("{ reports: mains-lost, exactly: 1 }", run)).toEqual(["true: 1, first u-001 at 01-14 08:05:00"]);
});
