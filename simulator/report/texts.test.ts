import { expect, test } from "vitest";
import type { RunPress } from "../record/run-result.ts";
import { runOf } from "./expectations-bench.ts";
import { answerText } from "./texts.ts";

const quiet = { verdict: "passed", expectations: [] } as const;
const answer = (presses: readonly Partial<RunPress>[]): string => answerText({ ...runOf({ presses }), ...quiet });

const waiting = { acceptedMs: null } as const;
const unheard = { storedMs: null, acceptedMs: null, unheard: "unit-off" } as const;

test("the answer says apart who waits and whom no unit could hear", () => {
  expect(answer([{}, {}])).toMatch(/^Yes: all 2 presses were accepted, none was lost/);
  expect(answer([{}, waiting])).toMatch(/^Yes: 1 of 2 presses were accepted, 1 still wait, none/);
  expect(answer([{}, unheard])).toMatch(/^Yes: 1 of 2 presses were accepted, 1 no unit could hear, none/);
  expect(answer([{}, unheard, waiting])).toMatch(/accepted, 1 no unit could hear, 1 still wait, none/);
});
