import { expect, test } from "vitest";
import { smallText } from "../play-bench.ts";
import type { RunResult } from "../record/run-result.ts";
import { judgeRun } from "../report/expectations.ts";
import { sampleRun } from "../report/sample-run.ts";
import { parseScenario } from "../scenario/scenario-file.ts";
import { differences, type Outcomes, outcomesOf } from "./outcomes.ts";

const result: RunResult = judgeRun(parseScenario(smallText({}), "small.yaml"), sampleRun());
const base = outcomesOf(result);

/** The sample with some presses changed, by place. */
function changed(count: number, change: Partial<Outcomes["presses"][number]>): Outcomes {
  return { ...base, presses: base.presses.map((press, i) => (i < count ? { ...press, ...change } : press)) };
}

test("a run differs in nothing from itself", () => {
  expect(base.presses.length).toBeGreaterThan(100);
  expect(differences(base, outcomesOf(result))).toEqual([]);
});

test("a press that one run lost is told, and so is a case too many", () => {
  const at = result.presses.findIndex(({ acceptedMs }) => acceptedMs !== null);
  const presses = result.presses.map((press, i) => (i === at ? { ...press, acceptedMs: null, cases: 0 } : press));
  const lost = differences(base, outcomesOf({ ...result, presses }));
  expect(lost).toEqual([
    expect.stringMatching(/^.+, button 1, at \d+ ms: accepted, 1 cases, and not accepted, 0 cases$/),
  ]);
  expect(differences(base, changed(1, { cases: 2 }))).toHaveLength(1);
  expect(differences(base, changed(1, { unheard: "unit-off" }))).toHaveLength(1);
});

test("a race may end in another way a few times, and not often", () => {
  expect(differences(base, changed(3, { by: "another" }))).toEqual([]);
  const few = Math.floor((base.presses.length * 20) / 1_000);
  expect(differences(base, changed(few, { by: "another" }))).toEqual([]);
  expect(differences(base, changed(few + 1, { by: "another" }))).toEqual([
    `${few + 1} of ${base.presses.length} presses over another way`,
  ]);
  expect(differences(base, { ...base, presses: base.presses.slice(few + 1) })[0]).toContain("in one run only");
});

test("waits are compared column by column: a tenth of them may be in another one", () => {
  const tenth = Math.floor(base.presses.length / 10);
  const quick = base.presses.filter(({ waitMs }) => waitMs !== null && waitMs < 5_000).length;
  expect(quick).toBeGreaterThan(tenth);
  const slower = (count: number): Outcomes => {
    let left = count;
    const presses = base.presses.map((press) =>
      press.waitMs !== null && press.waitMs < 5_000 && left-- > 0 ? { ...press, waitMs: 30_000 } : press,
    );
    return { ...base, presses };
  };
  expect(differences(base, slower(tenth))).toEqual([]);
  expect(differences(base, slower(tenth + 1))).toEqual([expect.stringContaining("waits for acceptance")]);
});

test("test messages, checkers and promises are equal or told; other counts may be a tenth apart", () => {
  const of = (change: Partial<Outcomes>): readonly string[] => differences({ ...base, ...change }, base);
  expect(of({ tests: { ...base.tests, "aldre-dubbel-001": 9 } })).toEqual([
    expect.stringMatching(/^test messages accepted of aldre-dubbel-001: 9 and \d$/),
  ]);
  expect(of({ accepted: { ...base.accepted, test: 9_999 } })).toHaveLength(1);
  expect(of({ held: { ...base.held, "lost-alarms": false } })).toEqual(["lost-alarms: false and true"]);
  expect(of({ verdict: "interrupted" })).toHaveLength(1);
  const technical = base.accepted["technical"] ?? 0;
  expect(of({ accepted: { ...base.accepted, technical: technical + 3 } })).toEqual([]);
  expect(of({ accepted: { ...base.accepted, technical: technical * 2 + 100 } })).toHaveLength(1);
  expect(of({ beats: { sent: base.beats.sent * 2, answered: base.beats.answered } })).toHaveLength(1);
});
