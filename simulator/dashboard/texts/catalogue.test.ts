import { expect, test } from "vitest";
import { lampSignals } from "../../record/signal-book.ts";
import { offeredFaults } from "../messages.ts";
import { catalogue } from "./catalogue.ts";

/** Every path of a catalogue with its text; functions are asked with their own parameters' places. */
function flat(value: unknown, path = ""): readonly (readonly [string, string])[] {
  if (typeof value === "string") return [[path, value]];
  if (typeof value === "function") return [[path, String((value as (...parts: unknown[]) => unknown)("A", "B", "C"))]];
  return Object.entries(value as object).flatMap(([key, each]) => flat(each, `${path}.${key}`));
}

test("both languages have the same texts, none of them empty", () => {
  const english = flat(catalogue("en"));
  const swedish = flat(catalogue("sv"));
  expect(swedish.map(([path]) => path)).toEqual(english.map(([path]) => path));
  for (const [path, text] of [...english, ...swedish]) expect([path, text.trim()]).not.toEqual([path, ""]);
});

test("every fault that is offered and every lamp has words in both languages", () => {
  for (const texts of [catalogue("en"), catalogue("sv")]) {
    for (const fault of Object.values(offeredFaults).flat()) expect(texts.faults).toHaveProperty(fault);
    for (const lamp of lampSignals) expect(texts.lamps).toHaveProperty(lamp);
  }
});
