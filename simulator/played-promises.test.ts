/** A morning with a power cut, a dead unit and a lying receiver: each kind of promise kept by what was really played, and each broken. */
import { beforeAll, expect, test } from "vitest";
import { playScenario } from "./play.ts";
import type { RunResult } from "./record/run-result.ts";
import { judge } from "./report/expectations.ts";
import { RunLog } from "./report/run-log.ts";
import { parseScenario } from "./scenario/scenario-file.ts";

const story = `name: promises
starts: 2026-01-14 07:30
duration: 6h
world:
  radio: { loss: 0 % }
  receivers: { primary: { host: 192.0.2.10 }, secondary: { host: 198.51.100.20 } }
  operators: { alfa: { loss: 0 % }, beta: { loss: 0 % } }
  broadband: { fibre: }
  power: { town: }
fleet:
  - { name: u, count: 3, mobile: alfa, broadband: fibre, power: town, receivers: [primary, secondary] }
  - { name: v, count: 1, mobile: beta, receivers: [primary], policy: mobile-only }
faults:
  - { power: town, fault: off, from: 08:00, to: 11:00 }
  - { unit: v, fault: dead, from: 09:00 }
  - { receiver: primary, fault: silent-after-200, from: 12:00, to: 12:30 }
timeline:
  - { at: 07:50, press: v }
  - { at: 09:30, press: v }
  - { at: 12:10, press: u-001 }
`;

const kept = [
  "{ reports: mains-lost, group: u, after: 08:00, within: 30m, per-unit: 1 }",
  "{ reports: mains-lost, unit: v, exactly: 0 }",
  "{ reports: mains-back, after: 11:00, first-within: 20m, units-at-least: 3 }",
  "{ reports: mains-lost, within: 15m }",
  "{ reports: receiver-lost, between: 12:00 to 12:30, per-unit-at-most: 1, count-at-least: 3 }",
  "{ reports: test-over-first-route, per-unit: 1 }",
  "{ told: mains-lost, by: voice, group: u, after: 08:00, within: 10s, per-unit: 1 }",
  "{ told: given-up, by: button, unit: v, exactly: 1 }",
  "{ notices: suspected, cause: area-power, subject: town, after: 08:00, first-within: 30m }",
  "{ notices: suspected, cause: single-unit, exactly: 1 }",
  "{ order: [{ unit: u-001, told: mains-lost }, { unit: u-001, report: broadband-lost }, { unit: u-001, report: mains-lost }, { notice: suspected, subject: town }, { unit: u-001, report: mains-back }] }",
  "{ order: [{ unit: u-001, report: mains-lost, seen: raised }, { unit: u-001, report: mains-lost }] }",
  "{ deadline: 09:15, after: 09:00, notice: suspected, subject: v }",
  "{ units: off, at: end, are: [v] }",
  "{ units: suspected, at: 09:30, are: [v] }",
  "{ units: affected, at: 10:00, are: [v] }",
  "{ units: without-path, at: 11:00, are: [v] }",
  "{ units: on-call-list, at: 10:45, are: [v] }",
  "{ units: waiting, at: end, are: [] }",
  "{ alarms: heard, percentile: 95, heard-within: 1s, sent-within: 1s, carried-within: 2s, accepted-within: 30s }",
  "{ alarms: unheard, unit: v, exactly: 1 }",
  "{ alarms: all, unit: u-001, receiver: secondary }",
  "{ unheard: 1 }",
  "{ pending-at-end: 0 }",
  "{ traffic: secondary, alarms-at-least: 1, alarms-at-most: 1 }",
  "{ traffic: all, over: mobile, share-at-least: 100 % }",
  "{ traffic: primary, messages-a-second-at-most: 10 }",
  "{ power: town, suspected-within: 30m, closed-within: 30m }",
];

/** With what is found: it must lead to the cause. */
const broken: readonly (readonly [string, RegExp])[] = [
  ["{ reports: mains-lost, per-unit: 1 }", /^1 of 4 units differ, first v with 0$/],
  [
    "{ reports: mains-lost, group: u, after: 08:00, within: 16m }",
    /of 3 in time; first late 1\d min.*, u-00\d at 08:1/,
  ],
  ["{ reports: technical, unit: v, exactly: 0 }", /^1, first v at 07:3/],
  ["{ told: no-path, unit: v, count-at-least: 1 }", /^none$/],
  ["{ notices: suspected, cause: operator, count-at-least: 1 }", /^none$/],
  ["{ order: [{ unit: u-001, report: mains-back }, { unit: u-001, report: mains-lost }] }", /^step 2 .*before that$/],
  ["{ deadline: 08:10, after: 08:00, unit: u-001, report: mains-lost }", /^u-001 at 08:1\d:\d\d, .* too late$/],
  ["{ units: off, at: end, are: [] }", /^1: v; not expected v$/],
  ["{ units: without-path, at: 09:00, are: [v] }", /^0: none; missing v$/],
  [
    "{ alarms: all, accepted-within: 30s }",
    /2 of 3 in time; first late v at 09:30:00; .*1 nobody could hear, first v at 09:30:00 \(unit off\)/,
  ],
  ["{ alarms: all, unit: u-001, receiver: primary }", /first u-001 at 12:10:00 \(secondary\)/],
  ["{ unheard: 0 }", /^1: first v at 09:30:00 \(unit-off\)$/],
  ["{ traffic: primary, messages-a-second-at-most: 0 }", /in one second, primary at \d\d:/],
  ["{ suspicions-at-most: 1 }", /^4, first broadband fibre at 08:1/],
];

function judged(entry: string): ReturnType<typeof judge> {
  const scenario = parseScenario(`${story}expect:\n  - ${entry}\n`, "promises.yaml");
  return scenario.expectations.flatMap((each) => judge(each, result));
}

let result: RunResult;
beforeAll(async () => {
  const options = { seed: 1, onProgress: () => {}, log: new RunLog(undefined) };
  result = await playScenario(parseScenario(story, "promises.yaml"), options);
}, 60_000);

test("every checker is content with that morning", () => {
  expect(result.checks.flatMap(({ found }) => found)).toEqual([]);
});

test("the report keeps its shape: programs read these keys", () => {
  expect(Object.keys(result.reports[0] ?? {}).join(" ")).toBe(
    "unit name kind dty stc text device raisedMs acceptedMs acceptedBy route stem withdrawn",
  );
  expect(Object.keys(result.signals[0] ?? {}).join(" ")).toBe("atMs unit by button what");
  expect(Object.keys(result.off[0] ?? {}).join(" ")).toBe("unit fromMs toMs");
  expect(Object.keys(result.presses[0] ?? {}).join(" ")).toBe(
    "unit button pressedMs storedMs sentMs carriedMs acceptedMs acceptedBy route attempts toldNotAcceptedMs " +
      "stem reportedTime cases unheard",
  );
});

for (const entry of kept)
  test(`kept: ${entry}`, () => {
    const verdicts = judged(entry);
    expect(verdicts.filter(({ held }) => !held)).toEqual([]);
    expect(verdicts.length).toBeGreaterThan(0);
  });

for (const [entry, found] of broken)
  test(`broken: ${entry}`, () => {
    const wrong = judged(entry).filter(({ held }) => !held);
    expect(wrong).toHaveLength(1);
    expect(wrong[0]?.found).toMatch(found);
  });
