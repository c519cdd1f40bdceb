import fc from "fast-check";
import { expect, test } from "vitest";
import type { TransactionEffect, TransactionEvent, TransactionState, TransactionTimer } from "./transaction-machine.ts";
import { startTransaction, stepTransaction } from "./transaction-machine.ts";
import { mobileRoundTripMs, patienceMs, roundTripMs } from "./transaction-times.ts";

/** Plays a transaction in virtual time; `answers` are given at their instants, `never` stops one. */
class Play {
  readonly sentAtMs: number[] = [];
  readonly answers: number[] = [];
  noAnswers = 0;
  forgottenAtMs: number | undefined;
  state: TransactionState;
  private nowMs = 0;
  private readonly due: Partial<Record<TransactionTimer, number>> = {};

  constructor(reliable: boolean, lifeMs: number, firstMs = roundTripMs) {
    const next = startTransaction(reliable, lifeMs, firstMs);
    this.state = next.state;
    this.perform(next.effects, 0);
  }

  runTo(untilMs: number): void {
    for (;;) {
      let first: TransactionTimer | undefined;
      for (const timer of ["F", "E", "K"] as const)
        if (this.due[timer] !== undefined && (first === undefined || this.due[timer] < (this.due[first] as number)))
          first = timer;
      const atMs = first === undefined ? undefined : this.due[first];
      if (first === undefined || atMs === undefined || atMs > untilMs) break;
      delete this.due[first];
      this.nowMs = atMs;
      this.step({ type: "fired", timer: first }, 0);
    }
    this.nowMs = untilMs;
  }

  step(event: TransactionEvent, status: number): void {
    const next = stepTransaction(this.state, event);
    this.state = next.state;
    this.perform(next.effects, status);
  }

  answer(status: number): void {
    this.step({ type: "answered", status }, status);
  }

  get running(): TransactionTimer[] {
    return Object.keys(this.due) as TransactionTimer[];
  }

  private perform(effects: readonly TransactionEffect[], status: number): void {
    for (const effect of effects) {
      if (effect.type === "send") this.sentAtMs.push(this.nowMs);
      else if (effect.type === "timer") this.due[effect.timer] = this.nowMs + effect.afterMs;
      else if (effect.type === "stop-timer") delete this.due[effect.timer];
      else if (effect.type === "report-answer") this.answers.push(status);
      else if (effect.type === "report-no-answer") this.noAnswers++;
      else this.forgottenAtMs = this.nowMs;
    }
  }
}

test("without any answer a request goes out eleven times, the pause doubling from 0.5 s to 4 s, and is given up at 32 s", () => {
  const play = new Play(false, patienceMs);
  play.runTo(31_999);
  expect(play.noAnswers).toBe(0);
  play.runTo(100_000);
  expect(play.sentAtMs).toEqual([0, 500, 1500, 3500, 7500, 11500, 15500, 19500, 23500, 27500, 31500]);
  expect([play.noAnswers, play.forgottenAtMs, play.running]).toEqual([1, 32_000, []]);
});

test("over a mobile network a request goes out ten times, from 1 s apart", () => {
  const play = new Play(false, patienceMs, mobileRoundTripMs);
  play.runTo(100_000);
  expect(play.sentAtMs).toEqual([0, 1000, 3000, 7000, 11000, 15000, 19000, 23000, 27000, 31000]);
});

test("a provisional answer is reported, and from then on copies go out 4 s apart", () => {
  const play = new Play(false, patienceMs);
  play.runTo(600);
  play.answer(100);
  play.runTo(100_000);
  expect(play.sentAtMs).toEqual([0, 500, 1500, 5500, 9500, 13500, 17500, 21500, 25500, 29500]);
  expect([play.answers, play.noAnswers, play.forgottenAtMs]).toEqual([[100], 1, 32_000]);
});

test("a final answer is reported once, ends the sending, and its copies are absorbed for 5 s", () => {
  const play = new Play(false, patienceMs);
  play.runTo(700);
  play.answer(200);
  expect([play.state.at, play.running]).toEqual(["completed", ["K"]]);
  play.runTo(3000);
  play.answer(200);
  play.answer(500);
  play.runTo(100_000);
  expect(play.sentAtMs).toEqual([0, 500]);
  expect([play.answers, play.noAnswers, play.forgottenAtMs]).toEqual([[200], 0, 5700]);
});

test("over a reliable transport a request goes out once, and nothing is waited for after the answer", () => {
  const silent = new Play(true, patienceMs);
  silent.step({ type: "fired", timer: "E" }, 0);
  silent.runTo(100_000);
  expect([silent.sentAtMs, silent.noAnswers, silent.forgottenAtMs]).toEqual([[0], 1, 32_000]);
  const answered = new Play(true, patienceMs);
  answered.answer(200);
  expect([answered.answers, answered.state.at, answered.forgottenAtMs, answered.running]).toEqual([
    [200],
    "terminated",
    0,
    [],
  ]);
});

test("a stopped request is sent no more and reported no more, yet late answers are still absorbed", () => {
  const play = new Play(false, patienceMs);
  play.step({ type: "stopped" }, 0);
  play.answer(200);
  expect(play.state.at).toBe("completed");
  play.runTo(100_000);
  expect([play.sentAtMs, play.answers, play.noAnswers, play.forgottenAtMs]).toEqual([[0], [], 0, 5000]);
});

test("a transport that fails is no answer", () => {
  const play = new Play(false, patienceMs);
  play.step({ type: "transport-failed" }, 0);
  expect([play.noAnswers, play.forgottenAtMs, play.running, play.state.at]).toEqual([1, 0, [], "terminated"]);
});

const anyEvent: fc.Arbitrary<TransactionEvent> = fc.oneof(
  fc.record({ type: fc.constant("answered" as const), status: fc.integer({ min: 100, max: 699 }) }),
  fc.constant<TransactionEvent>({ type: "stopped" }),
  fc.constant<TransactionEvent>({ type: "transport-failed" }),
);

test("whatever comes and whenever, at most eleven copies go out in 32 s, one outcome is reported, and it ends with no timer left", () => {
  fc.assert(
    fc.property(
      fc.boolean(),
      fc.integer({ min: 0, max: patienceMs }),
      fc.array(fc.tuple(fc.nat({ max: 40_000 }), anyEvent), { maxLength: 6 }),
      (reliable, lifeMs, events) => {
        const play = new Play(reliable, lifeMs);
        let stopped = false;
        for (const [atMs, event] of events.sort((one, other) => one[0] - other[0])) {
          play.runTo(atMs);
          const waited = play.state.at === "trying" || play.state.at === "proceeding";
          if (event.type === "stopped" && waited) stopped = true;
          play.step(event, event.type === "answered" ? event.status : 0);
          if (event.type === "answered" && event.status >= 200)
            expect(["completed", "terminated"]).toContain(play.state.at);
        }
        play.runTo(200_000);
        const finals = play.answers.filter((status) => status >= 200).length;
        expect(finals + play.noAnswers).toBe(stopped ? 0 : 1);
        expect(play.sentAtMs.length).toBeLessThanOrEqual(reliable ? 1 : 11);
        expect(Math.max(...play.sentAtMs)).toBeLessThanOrEqual(lifeMs);
        expect([play.state.at, play.running]).toEqual(["terminated", []]);
        expect(play.forgottenAtMs).toBeDefined();
      },
    ),
    { numRuns: 500 },
  );
});
