/** What is said of promises that contradict themselves or their scenario, each at its place in the file. */
import { expect, test } from "vitest";
import { benchText, clock, promise } from "../report/expectations-bench.ts";
import { ScenarioError } from "./scenario-error.ts";
import { parseScenario } from "./scenario-file.ts";

/** "line: message" and the hint for each mistake. */
function mistakes(entry: string): readonly string[] {
  try {
    parseScenario(benchText(entry), "bench.yaml");
  } catch (thrown) {
    if (!(thrown instanceof ScenarioError)) throw thrown;
    return thrown.problems.map(
      ({ line, message, hint }) => `${line}: ${message}${hint === undefined ? "" : ` (${hint})`}`,
    );
  }
  return [];
}

/** The line of the first promise in the bench's file. */
const line = benchText("").split("\n").length - 1;

const refused: readonly (readonly [string, string])[] = [
  ["{ reports: mains-last, exactly: 1 }", 'there is no report "mains-last" (did you mean "mains-lost"?)'],
  ["{ reports: Mains, exactly: 1 }", "expected a report such as"],
  ["{ reports: mains-lost }", 'this entry asks for nothing (add a promise such as "count-at-least: 1")'],
  ["{ reports: mains-lost, exactly: 1, count-at-most: 2 }", "an exact number leaves no room"],
  ["{ reports: mains-lost, count-at-least: 3, count-at-most: 2 }", "expected 3 or more"],
  ["{ reports: mains-lost, per-unit: 1, per-unit-at-least: 1 }", "an exact number leaves no room"],
  ["{ reports: mains-lost, units-at-least: 2, units-at-most: 1 }", "expected 2 or more"],
  ["{ reports: mains-lost, first-within: 5m }", 'nobody knows when this time begins (add "after")'],
  ["{ reports: mains-lost, seen: raised, within: 5m }", 'nobody knows when this time begins (add "after")'],
  ["{ told: no-path, within: 5m }", 'nobody knows when this time begins (add "after")'],
  ["{ reports: mains-lost, percentile: 95, exactly: 1 }", 'a percentile needs a limit (add "within")'],
  ["{ reports: mains-lost, group: w, exactly: 1 }", 'there is no group "w"'],
  ["{ reports: mains-lost, unit: u-004, exactly: 1 }", 'there is no unit "u-004"'],
  ["{ reports: mains-lost, group: v, unit: u-001, exactly: 1 }", 'there is no unit of v "u-001"'],
  ["{ reports: mains-lost, between: 09:00 to 8h, exactly: 1 }", "this is after the run has ended"],
  ["{ reports: mains-lost, between: 09:00 to 05:00, exactly: 1 }", 'this ends after the run (write "end")'],
  ["{ reports: mains-lost, between: 2h to 1h, exactly: 1 }", "the second time is not after the first"],
  ["{ reports: mains-lost, between: 2h, exactly: 1 }", "expected two times such as"],
  ["{ reports: mains-lost, after: 11:00, exactly: 1 }", "this is after the run has ended"],
  ["{ told: no-pth, exactly: 1 }", 'there is no signal "no-pth" (did you mean "no-path"?)'],
  ["{ told: given-up, by: lamp, exactly: 1 }", 'there is no signal of the lamp "given-up"'],
  [
    "{ notices: suspected, cause: operator, subject: fibre, exactly: 1 }",
    'there is no subject of the cause operator "fibre"',
  ],
  ["{ notices: suspected, subject: bet, exactly: 1 }", 'there is no subject "bet"'],
  ["{ notices: suspected, group: u, exactly: 1 }", "a notice is about its subject"],
  ["{ notices: noticed, exactly: 1 }", "expected one of suspected, confirmed, updated, closed"],
  ["{ order: [{ unit: v, report: mains-lost }] }", "a list of 2 to 50 entries"],
  ["{ order: [{ unit: x, report: test }, { unit: v, alarm: heard }] }", 'there is no unit "x"'],
  ["{ order: [{ unit: v, report: tost }, { unit: v, alarm: heard }] }", 'did you mean "test"?'],
  ["{ order: [{ unit: v, alarm: herd }, { unit: v, alarm: heard }] }", 'did you mean "heard"?'],
  ["{ deadline: 11:00, unit: v, report: test }", 'this is after the run has ended (the last instant is "end")'],
  ["{ deadline: 08:00, after: 08:00, unit: v, report: test }", 'this is not after the time of "after"'],
  ["{ units: without-path, at: 08:00 }", "this entry asks for nothing"],
  ["{ units: without-path, at: 08:00, are: [u, w] }", 'there is no unit or group "w"'],
  ["{ units: without-paths, at: 08:00, are: [] }", 'did you mean "without-path"?'],
  ["{ units: off, at: 11:00, are: [] }", "this is after the run has ended"],
  ["{ traffic: primary }", "this entry asks for nothing"],
  ["{ traffic: third, alarms-at-least: 1 }", 'there is no receiver "third"'],
  ["{ traffic: all, over: mobile, messages-a-second-at-most: 1 }", "a front counts all its messages together"],
  ["{ alarms: unheard, accepted-within: 1s }", "what nobody could hear can only be counted"],
  ["{ alarms: all, receiver: third }", 'there is no receiver "third"'],
  ["{ alarms: all }", "this entry asks for nothing"],
];

for (const [entry, message] of refused)
  test(`refused with its place: ${entry}`, () => {
    const found = mistakes(entry);
    expect(found.length).toBeGreaterThan(0);
    expect(found[0]).toContain(message);
    expect(found[0]).toMatch(new RegExp(`^${line}:`));
  });

test("a span of times of day may pass midnight, and end is the end of the run", () => {
  expect(promise("{ reports: any, between: 08:00 to end, exactly: 1 }")).toMatchObject({
    between: { fromMs: clock("08:00"), toMs: clock("10:00") },
  });
  const night = parseScenario(
    benchText("{ reports: any, between: 22:00 to 06:00, exactly: 1 }").replace("4h", "30h"),
    "n.yaml",
  );
  expect(night.expectations[0]).toMatchObject({ between: { fromMs: clock("22:00"), toMs: clock("30:00") } });
});

test("nobody is promised a receiver that no unit knows", () => {
  const alone = benchText("{ traffic: secondary, alarms-at-least: 0 }").replace("[primary, secondary]", "[primary]");
  expect(() => parseScenario(alone, "alone.yaml")).toThrow('no unit of the fleet knows receiver "secondary"');
});

test("the name of a group stands for its units", () => {
  expect(promise("{ units: off, at: end, are: [u, v] }")).toMatchObject({
    atMs: clock("10:00"),
    are: ["u-001", "u-002", "u-003", "v"],
  });
});

test("a report is meant by its word, its kind, its numbers, or all are", () => {
  const meant = (word: string): unknown => {
    const each = promise(`{ reports: ${word}, exactly: 1 }`);
    return each.type === "set" && each.happening.what === "report" ? each.happening.report : undefined;
  };
  expect(meant("mains-lost")).toEqual({ by: "name", name: "mains-lost" });
  expect(meant("technical")).toEqual({ by: "kind", kind: "technical" });
  expect(meant("14/76")).toEqual({ by: "codes", dty: 14, stc: 76 });
  expect(meant("any")).toEqual({ by: "any" });
  expect(meant("test")).toEqual({ by: "kind", kind: "test" });
});
