import { expect, test } from "vitest";
import { AnswersGiven, transactionMs } from "./receiver-transactions.ts";

const bytes = Uint8Array.of(1);

test("an answer is kept for 32 s and not a moment longer", () => {
  const given = new AnswersGiven(10);
  given.keep("a", bytes, 1_000);
  expect(given.find("a", 1_000 + transactionMs - 1)).toBe(bytes);
  expect(given.find("a", 1_000 + transactionMs)).toBeUndefined();
  expect(transactionMs).toBe(32_000);
});

test("no more answers are kept than the limit, the oldest going first", () => {
  const given = new AnswersGiven(3);
  for (const key of ["a", "b", "c", "d"]) given.keep(key, bytes, 0);
  expect(given.count).toBe(3);
  expect(["a", "b", "c", "d"].map((key) => given.find(key, 1) !== undefined)).toEqual([false, true, true, true]);
});

test("keeping again under one key takes no further room and makes it the newest", () => {
  const given = new AnswersGiven(2);
  for (const key of ["a", "b", "a", "c"]) given.keep(key, bytes, 0);
  expect(["a", "b", "c"].map((key) => given.find(key, 1) !== undefined)).toEqual([true, false, true]);
});

test("what has expired makes room by itself", () => {
  const given = new AnswersGiven(100);
  for (let i = 0; i < 50; i++) given.keep("old" + i, bytes, 0);
  given.keep("new", bytes, transactionMs);
  expect(given.count).toBe(1);
});

test("an answer that was given anew outlives the former one's time", () => {
  const given = new AnswersGiven(10);
  const other = Uint8Array.of(2);
  given.keep("a", bytes, 0);
  given.keep("a", other, 10);
  given.keep("b", bytes, transactionMs);
  expect(given.find("a", transactionMs)).toBe(other);
});

test("room is found for ever, also where every answer is given anew", () => {
  const given = new AnswersGiven(3);
  for (let i = 0; i < 100; i++) for (const key of ["a", "b", `c${i}`, "a"]) given.keep(key, bytes, i);
  expect(given.count).toBeLessThanOrEqual(3);
  expect(["a", "b", "c99"].map((key) => given.find(key, 100) !== undefined)).toEqual([true, true, true]);
});
