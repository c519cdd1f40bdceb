/** A run that is stopped half-way: what it says is what the whole run would have said of that half, and no more. */
import { expect, test } from "vitest";
import { playScenario } from "./play.ts";
import type { RunResult } from "./record/run-result.ts";
import { reportPage } from "./report/page.ts";
import { RunLog } from "./report/run-log.ts";
import { parseScenario } from "./scenario/scenario-file.ts";

const minuteMs = 60_000;
const story = `name: a story
duration: 8m
world:
  receivers: { primary: {} }
  operators: { alfa: {} }
fleet:
  - { name: town, count: 2, mobile: alfa, receivers: [primary] }
timeline:
  - { at: 2m, press: town-001 }
  - { at: 7m, press: town-002 }
faults:
  - { operator: alfa, fault: slow, from: 3m, to: 6m }
  - { receiver: primary, fault: slow, from: 7m, to: 8m }
expect:
  - { alarms: all, exactly: 2 }
`;

function play(stop?: (reachedMs: number) => boolean, text = story): Promise<RunResult> {
  const options = { seed: 1, onProgress: () => {}, log: new RunLog(undefined) };
  return playScenario(parseScenario(text, "story.yaml"), stop === undefined ? options : { ...options, stop });
}

test("it ends with the minute in which somebody stopped it, judges no promise, and cuts what was planned beyond", async () => {
  const asked: number[] = [];
  const half = await play((reachedMs) => asked.push(reachedMs) > 5);
  expect(asked).toEqual([0, 1, 2, 3, 4, 5].map((minute) => minute * minuteMs));
  expect(half).toMatchObject({ verdict: "interrupted", interruptedMs: 5 * minuteMs, virtualMs: 5 * minuteMs });
  expect(half.expectations).toEqual([]);
  expect(half.presses.map(({ unit }) => unit)).toEqual(["town-001"]);
  expect(half.faults.map(({ object, fromMs, toMs }) => [object, fromMs, toMs])).toEqual([
    ["operator", 3 * minuteMs, 5 * minuteMs],
  ]);
  expect(half.receivers.map(({ carriedPerMinute }) => carriedPerMinute.length)).toEqual([5]);
});

test("two runs stopped at one instant have one digest, that of a story no longer than that; the whole run has another", async () => {
  const at = (minute: number) => play((reachedMs) => reachedMs >= minute * minuteMs);
  const [first, second, whole] = [await at(5), await at(5), await play()];
  expect(first.digest).toBe(second.digest);
  expect(first.digest).not.toBe(whole.digest);
  expect(whole).toMatchObject({ verdict: "passed", interruptedMs: null, virtualMs: 8 * minuteMs });
  const calm = story.replace(/faults:\n(.*\n){2}/, "").replace(/ {2}- \{ at: 7m.*\n/, "");
  const stopped = await play((reachedMs) => reachedMs >= 5 * minuteMs, calm);
  expect(stopped.digest).toBe((await play(undefined, calm.replace("8m", "5m"))).digest);
});

test("a run that was stopped before its first minute still leaves a report", async () => {
  const nothing = await play(() => true);
  expect(nothing).toMatchObject({ verdict: "interrupted", interruptedMs: 0, presses: [], faults: [] });
  expect(reportPage(nothing)).toContain("No answer: the run was interrupted after 0\u00a0ms of 8\u00a0min");
});
