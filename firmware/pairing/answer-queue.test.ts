import { expect, test } from "vitest";
import type { Answer, AnswerRank } from "./answer-queue.ts";
import { AnswerQueue } from "./answer-queue.ts";
import { bondLimit } from "./bonds.ts";

function answer(bond: number, rank: AnswerRank, fromMs = 0, untilMs = 400): Answer {
  return { bond, rank, type: "acknowledge", name: bond + 100, step: "received", fromMs, untilMs };
}

test("new presses come first, then status, report and copies; among equals the one that waited longest", () => {
  const queue = new AnswerQueue();
  for (const [bond, rank] of [
    [0, 3],
    [1, 2],
    [2, 0],
    [3, 1],
    [4, 0],
  ] as const)
    queue.put(answer(bond, rank));
  const order: number[] = [];
  for (let next = queue.take(10, "free"); next !== undefined; next = queue.take(10, "free")) order.push(next.bond);
  expect(order).toEqual([2, 4, 3, 1, 0]);
});

test("at most one answer waits for each bond, the newest: so 32 bonds bound the queue", () => {
  const queue = new AnswerQueue();
  for (let round = 0; round < 3; round++) for (let bond = 0; bond < bondLimit; bond++) queue.put(answer(bond, 0));
  expect(queue.length).toBe(bondLimit);
});

test("an answer begins neither before its button listens nor after it has stopped", () => {
  const queue = new AnswerQueue();
  queue.put(answer(0, 0, 20, 368));
  expect(queue.take(19, "free")).toBe(undefined);
  expect(queue.nextFromMs()).toBe(20);
  expect(queue.take(20, "free")?.bond).toBe(0);
  queue.put(answer(0, 0, 20, 368));
  expect(queue.take(369, "free")).toBe(undefined);
  expect(queue.length).toBe(0);
});

test("where air time runs short copies and reports go unanswered first, then questions, and at the limit all", () => {
  const served = (room: "free" | "thin" | "reserve" | "none"): number[] => {
    const queue = new AnswerQueue();
    for (const rank of [0, 1, 2, 3] as const) queue.put(answer(rank, rank));
    const ranks: number[] = [];
    for (let next = queue.take(0, room); next !== undefined; next = queue.take(0, room)) ranks.push(next.rank);
    return ranks;
  };
  expect(served("free")).toEqual([0, 1, 2, 3]);
  expect(served("thin")).toEqual([0, 1]);
  expect(served("reserve")).toEqual([0]);
  expect(served("none")).toEqual([]);
});

test("one that is dropped on the way does not shift which one is taken", () => {
  const queue = new AnswerQueue();
  queue.put(answer(0, 3, 0, 5));
  queue.put(answer(1, 1));
  queue.put(answer(2, 2));
  expect(queue.take(10, "free")?.bond).toBe(1);
});
