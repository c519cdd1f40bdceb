/** Promises against runs: each kind once kept, once broken, and at its limit. */
import { expect, test } from "vitest";
import type { CheckerVerdict, RunFacts, RunPress } from "../record/run-result.ts";
import type { Expectation } from "../scenario/expectation.ts";
import { parseScenario } from "../scenario/scenario-file.ts";
import { judge, judgeRun } from "./expectations.ts";
import { sampleRun } from "./sample-run.ts";

const base = sampleRun();
const held: readonly CheckerVerdict[] = base.checks;

/** A run of two units, one with and one without a second receiver, and a fault from 100 s to 200 s; it ends at 1000 s. */
function facts(presses: readonly Partial<RunPress>[], more: Partial<RunFacts> = {}): RunFacts {
  const [unit] = base.units;
  const [press] = base.presses;
  if (unit === undefined || press === undefined) throw new Error("the sample run is empty");
  return {
    ...base,
    virtualMs: 1_000_000,
    units: [
      { ...unit, id: "two", group: "a", receivers: ["primary", "secondary"] },
      { ...unit, id: "one", group: "b", receivers: ["primary"] },
    ],
    presses: presses.map((each) => ({ ...press, unit: "one", toldNotAcceptedMs: null, unheard: null, ...each })),
    faults: [
      { fromMs: 100_000, toMs: 200_000, object: "receiver", name: "primary", fault: "silent-after-200", units: null },
    ],
    notices: [],
    ...more,
  };
}

function expectation(entry: string): Expectation {
  const scenario = parseScenario(
    `name: x
duration: 1h
world:
  receivers: { primary: {}, secondary: {} }
  operators: { a: {} }
  cells: { m: { operator: a } }
  broadband: { fibre: }
fleet:
  - { name: a, count: 1, mobile: a, broadband: fibre, receivers: [primary, secondary] }
  - { name: b, count: 1, mobile: a, receivers: [primary] }
faults:
  - { receiver: primary, fault: silent-after-200, from: 100s, to: 200s }
  - { operator: a, fault: down, from: 1m, to: 2m }
  - { cell: m, fault: down, from: 1m, to: 2m }
expect: [${entry}]`,
    "x.yaml",
  );
  return scenario.expectations[0] as Expectation;
}

const told = (entry: string, run: RunFacts) =>
  judge(expectation(entry), run).map((each) => `${each.held}: ${each.found}`);

test("a limit holds at the limit and breaks one millisecond later", () => {
  const entry = "{ alarms: all, accepted-within: 12s }";
  expect(told(entry, facts([{ pressedMs: 0, acceptedMs: 12_000 }]))).toEqual([
    "true: 1 of 1 in time; slowest 12 s, one at 06:00:00",
  ]);
  expect(told(entry, facts([{ pressedMs: 0, acceptedMs: 12_001 }]))[0]).toMatch(/^false: 0 of 1 in time/);
});

test("an alarm that is never accepted breaks a limit, unless the run ended before it was due", () => {
  const entry = "{ alarms: all, accepted-within: 12s }";
  expect(told(entry, facts([{ pressedMs: 0, acceptedMs: null }]))).toEqual([
    "false: 0 of 1 in time; first late one at 06:00:00; slowest never, one at 06:00:00",
  ]);
  const young = { pressedMs: 995_000, acceptedMs: null };
  expect(told(entry, facts([{ pressedMs: 0, acceptedMs: 1 }, young]))[0]).toMatch(
    /^true: 1 of 1 .*1 were still in time/,
  );
});

test("a promise about alarms that do not exist is broken: nothing was shown", () => {
  expect(told("{ alarms: all, accepted-within: 12s }", facts([]))).toEqual(["false: there is no such alarm"]);
  expect(
    told("{ alarms: with-second-receiver, accepted-within: 12s }", facts([{ pressedMs: 0, acceptedMs: 1 }]))[0],
  ).toMatch(/^false/);
});

test("a percentile lets the rest be late", () => {
  const waits = Array.from({ length: 100 }, (_, index) => ({ pressedMs: 0, acceptedMs: index < 99 ? 1_000 : 99_000 }));
  expect(told("{ alarms: all, percentile: 99, accepted-within: 12s }", facts(waits))[0]).toMatch(/^true: 99 of 100/);
  expect(told("{ alarms: all, percentile: 99.5, accepted-within: 12s }", facts(waits))[0]).toMatch(/^false: 99 of 100/);
});

test("after a repair the time counts from the repair, but only for alarms pressed during the fault", () => {
  const entry = "{ alarms: all, accepted-after-repair-within: 60s }";
  expect(told(entry, facts([{ pressedMs: 150_000, acceptedMs: 260_000 }]))[0]).toMatch(/^true/);
  expect(told(entry, facts([{ pressedMs: 150_000, acceptedMs: 260_001 }]))[0]).toMatch(/^false/);
  expect(told(entry, facts([{ pressedMs: 99_999, acceptedMs: 200_000 }]))[0]).toMatch(/^false/);
});

test("who waits longer than the limit must have been told within it", () => {
  const entry = "{ alarms: all, told-within: 2m }";
  expect(told(entry, facts([{ pressedMs: 0, acceptedMs: 119_000 }]))).toEqual(["true: nobody had to wait that long"]);
  expect(told(entry, facts([{ pressedMs: 0, acceptedMs: 500_000, toldNotAcceptedMs: 120_000 }]))[0]).toMatch(
    /^true: all 1/,
  );
  expect(told(entry, facts([{ pressedMs: 0, acceptedMs: 500_000, toldNotAcceptedMs: 120_001 }]))[0]).toMatch(
    /^false: 1 of 1/,
  );
  expect(told(entry, facts([{ pressedMs: 0, acceptedMs: null }]))[0]).toMatch(/^false: 1 of 1/);
});

test("groups, times of pressing, routes and counts choose and count the right alarms", () => {
  const run = facts([
    { unit: "two", pressedMs: 150_000, acceptedMs: 151_000, route: "broadband" },
    { unit: "one", pressedMs: 200_000, acceptedMs: 201_000, route: "mobile" },
  ]);
  expect(told("{ alarms: all, pressed: during-faults, route: broadband }", run)).toEqual(["true: all 1"]);
  expect(told("{ alarms: all, route: broadband }", run)).toEqual([
    "false: 1 of 2 went another way, first one at 06:03:20 (mobile)",
  ]);
  expect(
    told("{ alarms: all, group: b, count-at-least: 1, count-at-most: 0 }".replace(", count-at-most: 0", ""), run),
  ).toEqual(["true: 1, first one at 06:03:20"]);
  expect(told("{ alarms: without-second-receiver, pressed: outside-faults, count-at-most: 0 }", run)).toEqual([
    "false: 1, first one at 06:03:20",
  ]);
});

test("lost, falsely accepted and pending alarms are counted by the checkers, not guessed", () => {
  const bad = held.map((check) =>
    check.checker === "lost-alarms" ? { ...check, held: false, violations: 2, found: ["one at 5 s"] } : check,
  );
  expect(told("{ lost: 0 }", facts([], { checks: bad }))).toEqual(["false: 2: one at 5 s"]);
  expect(told("{ falsely-accepted: 0 }", facts([], { checks: bad }))).toEqual(["true: 0"]);
  expect(told("{ pending-at-end: 0 }", facts([{ pressedMs: 5_000, acceptedMs: null }]))).toEqual([
    "false: 1: first one at 06:00:05",
  ]);
  expect(() => told("{ lost: 0 }", facts([], { checks: [] }))).toThrow("the checker lost-alarms has not run");
});

test("each accepted alarm leaves the cases that were promised", () => {
  const entry = "{ cases-per-alarm: 1 }";
  expect(
    told(
      entry,
      facts([
        { acceptedMs: 1, cases: 1 },
        { acceptedMs: null, cases: 0 },
      ]),
    )[0],
  ).toMatch(/^true: 1 alarms/);
  expect(told(entry, facts([{ pressedMs: 0, acceptedMs: 1, cases: 2 }]))).toEqual([
    "false: 1 of 1 differ, first one at 06:00:00 with 2",
  ]);
  expect(told(entry, facts([{ acceptedMs: 1, cases: 0 }]))[0]).toMatch(/^false/);
});

test("the monitor must suspect after the fault began and close after it ended, each in time", () => {
  const notice = { cause: "server", subject: "primary", units: 2, evidence: "3 failures", outage: 1 } as const;
  const run = facts([], {
    notices: [
      { ...notice, atMs: 50_000, phase: "suspected" },
      { ...notice, atMs: 160_000, phase: "suspected" },
      { ...notice, atMs: 230_000, phase: "closed" },
    ],
  });
  expect(told("{ receiver: primary, suspected-within: 1m, closed-within: 30s }", run)).toEqual([
    "true: after 1 min, for the fault of 06:01:40",
    "true: after 30 s, for the fault that ended at 06:03:20",
  ]);
  expect(told("{ receiver: primary, suspected-within: 59s }", run)).toEqual([
    "false: after 1 min, for the fault of 06:01:40",
  ]);
  expect(told("{ receiver: primary, suspected-within: 59s }", facts([]))).toEqual([
    "false: never, for the fault of 06:01:40",
  ]);
  expect(told("{ operator: a, suspected-within: 59s }", run)).toEqual(["false: it had no fault"]);
  const mast = { fromMs: 0, toMs: 100, object: "cell", name: "m", fault: "down", units: null } as const;
  const mastOut = { ...notice, atMs: 9_000, phase: "suspected", cause: "operator", subject: "cell m" } as const;
  expect(told("{ cell: m, suspected-within: 9s }", facts([], { faults: [mast], notices: [mastOut] }))).toEqual([
    "true: after 9 s, for the fault of 06:00:00",
  ]);
  expect(told("{ suspicions-at-most: 1 }", run)).toEqual(["false: 2, first server primary at 06:00:50 (3 failures)"]);
});

test("a run passes only when all checkers and all promises held", () => {
  const scenario = parseScenario(
    "name: x\nduration: 1h\nworld: { receivers: { primary: {} }, operators: { a: {} } }\nfleet: [{ name: a, count: 1, mobile: a, receivers: [primary] }]\nexpect: [{ lost: 0 }]",
    "x.yaml",
  );
  expect(judgeRun(scenario, facts([])).verdict).toBe("passed");
  const duty = {
    checker: "duty-cycle",
    rule: "nobody sends more than 3.6 s an hour",
    held: false,
    violations: 1,
    found: [],
  };
  expect(judgeRun(scenario, facts([], { checks: [...held, duty] })).verdict).toBe("failed");
  const lost = held.map((check) => (check.checker === "lost-alarms" ? { ...check, violations: 1 } : check));
  expect(judgeRun(scenario, facts([], { checks: lost })).verdict).toBe("failed");
});
