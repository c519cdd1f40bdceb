import fc from "fast-check";
import { expect, test } from "vitest";
import { minuteMs } from "../power/test-bench.ts";
import { caseLimit } from "./sms-last-resort-machine.ts";
import { LastResortBench } from "./test-bench.ts";

test("an alarm that nobody accepts goes by message after three minutes, then each ten, six times, then hourly", () => {
  const bench = new LastResortBench();
  bench.alarm(5, true);
  bench.pass(3 * minuteMs - 1);
  expect(bench.sent).toEqual([]);
  bench.pass(1);
  expect(bench.sent).toEqual(["5/1"]);
  bench.pass(10 * minuteMs);
  expect(bench.sent).toEqual(["5/1", "5/2"]);
  bench.pass(40 * minuteMs);
  expect(bench.sent).toHaveLength(6);
  bench.pass(60 * minuteMs - 1);
  expect(bench.sent).toHaveLength(6);
  bench.pass(1);
  expect(bench.sent).toHaveLength(7);
});

test("an alarm whose first round is still under way sends nothing, however long that takes", () => {
  const bench = new LastResortBench();
  bench.alarm(5, false);
  bench.pass(60 * minuteMs);
  expect(bench.sent).toEqual([]);
  bench.alarm(5, true);
  expect(bench.sent).toEqual(["5/1"]);
});

test("an alarm that is accepted or taken back sends nothing more, and what waits is called off", () => {
  const bench = new LastResortBench();
  bench.alarm(5, true);
  bench.pass(4 * minuteMs);
  bench.over(5);
  bench.pass(600 * minuteMs);
  expect(bench.sent).toEqual(["5/1"]);
  expect(bench.done.map(({ effect }) => effect.type)).toContain("stop");
  expect(bench.done.map(({ effect }) => effect.type)).toContain("forget");
});

test("an authenticated answer informs once and ends the messages, not the alarm", () => {
  const bench = new LastResortBench();
  bench.alarm(5, true);
  bench.pass(4 * minuteMs);
  bench.answer(5, 1);
  bench.answer(5, 1);
  bench.pass(600 * minuteMs);
  expect(bench.sent).toEqual(["5/1"]);
  const told = bench.done.filter(({ effect }) => effect.type === "tell-informed");
  expect(told).toHaveLength(1);
});

test("an answer to an alarm that is over, to none, or to a count that was never sent informs nobody", () => {
  const bench = new LastResortBench();
  bench.alarm(5, true);
  bench.answer(5, 1);
  bench.pass(4 * minuteMs);
  bench.answer(5, 2);
  bench.answer(5, 0);
  bench.answer(6, 1);
  bench.over(5);
  bench.answer(5, 1);
  expect(bench.done.filter(({ effect }) => effect.type === "tell-informed")).toEqual([]);
});

test("three alarms at a time are told of; a fourth when one of them is over or known", () => {
  const bench = new LastResortBench();
  for (const number of [1, 2, 3, 4, 5]) bench.alarm(number, true);
  bench.pass(5 * minuteMs);
  expect(bench.sent).toEqual(["1/1", "2/1", "3/1"]);
  bench.over(2);
  expect(bench.sent).toEqual(["1/1", "2/1", "3/1", "4/1"]);
  bench.answer(3, 1);
  expect(bench.sent).toEqual(["1/1", "2/1", "3/1", "4/1", "5/1"]);
});

test("eight cases are kept, and a ninth waits for a place", () => {
  const bench = new LastResortBench();
  for (let number = 1; number <= 9; number++) {
    bench.alarm(number, true);
    bench.pass(4 * minuteMs);
    bench.answer(number, 1);
  }
  expect(bench.state.cases).toHaveLength(caseLimit);
  expect(bench.sent).not.toContain("9/1");
  bench.over(1);
  bench.pass(1);
  expect(bench.sent).toContain("9/1");
});

test("after a restart the usual pause is kept, counts go on, and a known alarm stays known", () => {
  const bench = new LastResortBench();
  const cases = [
    { number: 5, count: 2, informed: false, nextMs: bench.nowMs + 10 * minuteMs },
    { number: 6, count: 1, informed: true, nextMs: 0 },
  ];
  bench.step({ type: "restored", nowMs: bench.nowMs, cases });
  bench.alarmsAre([5, 6].map((number) => ({ number, dty: 3, stc: 10, sinceMs: bench.nowMs, hasFailed: true })));
  bench.pass(10 * minuteMs - 1);
  expect(bench.sent).toEqual([]);
  bench.pass(1);
  expect(bench.sent).toEqual(["5/3"]);
});

const anyAct = fc.oneof(
  fc.record({ act: fc.constant("alarm" as const), number: fc.integer({ min: 1, max: 10 }), failed: fc.boolean() }),
  fc.record({ act: fc.constant("over" as const), number: fc.integer({ min: 1, max: 10 }) }),
  fc.record({
    act: fc.constant("answer" as const),
    number: fc.integer({ min: 1, max: 10 }),
    count: fc.integer({ min: 0, max: 4 }),
  }),
  fc.record({ act: fc.constant("pass" as const), ms: fc.integer({ min: 0, max: 40 * minuteMs }) }),
);

test("in any life the laws hold: early or frequent messages never come, and what is due is never slept over", () => {
  fc.assert(
    fc.property(fc.array(anyAct, { maxLength: 60 }), (acts) => {
      const bench = new LastResortBench();
      const over: number[] = [];
      for (const act of acts) {
        if (act.act === "pass") bench.pass(act.ms);
        else if (act.act === "answer") bench.answer(act.number, act.count);
        else if (act.act === "over") {
          if (bench.pending.some(({ number }) => number === act.number)) over.push(act.number);
          bench.over(act.number);
        }
        // A number is never given out twice.
        else if (!over.includes(act.number)) bench.alarm(act.number, act.failed);
      }
    }),
  );
});
