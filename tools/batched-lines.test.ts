import { expect, test } from "vitest";
import { BatchedLines } from "./batched-lines.ts";

test("the lines of one turn go out in one write, in order, and what waits at the end is not lost", async () => {
  const written: string[] = [];
  const lines = new BatchedLines((text) => written.push(text));
  lines.line("one");
  lines.line("two");
  expect(written).toEqual([]);
  await new Promise(setImmediate);
  expect(written).toEqual(["one\ntwo\n"]);
  lines.line("three");
  lines.flush();
  lines.flush();
  await new Promise(setImmediate);
  expect(written).toEqual(["one\ntwo\n", "three\n"]);
});
