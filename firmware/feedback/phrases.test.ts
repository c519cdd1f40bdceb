import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { phraseOf, phraseTexts } from "./phrase-texts.ts";
import type { PhraseName } from "./phrases.ts";
import { feedbackDefaults, feedbackFault, whereToTurnLimit } from "./settings.ts";

const names = Object.keys(phraseTexts) as PhraseName[];
/** Slow, clear speech. */
const charactersPerSecond = 12;

test("each phrase that a department may name has both languages and a number of its own", () => {
  const source = readFileSync(new URL("./phrases.ts", import.meta.url), "utf8");
  const named = [...source.matchAll(/\| "([^"]+)"/g)].map((match) => match[1]);
  expect(names.toSorted()).toEqual(named.toSorted());
  for (const name of names) {
    const phrase = phraseOf(name);
    expect(phrase.sv).toMatch(/^[A-ZÅÄÖ].*\.$/);
    expect(phrase.en).toMatch(/^[A-Z].*\.$/);
    expect(phrase.sv).not.toBe(phrase.en);
  }
  expect(new Set(names.map((name) => phraseOf(name).number)).size).toBe(names.length);
  expect(new Set(names.map((name) => phraseOf(name).sv)).size).toBe(names.length);
  expect(names.every((name) => phraseOf(name).number > 0 && phraseOf(name).number < 256)).toBe(true);
});

test("no phrase takes longer than six seconds, in either language", () => {
  for (const name of names) {
    const { sv, en } = phraseOf(name);
    expect([name, Math.max(sv.length, en.length) / charactersPerSecond <= 6]).toEqual([name, true]);
  }
});

test("numbers of recordings that are out in the field keep their meaning", () => {
  const numbered: [PhraseName, number][] = [
    ["ready", 1],
    ["sending", 2],
    ["accepted", 3],
    ["not-accepted", 4],
    ["no-path", 5],
    ["where-to-turn", 15],
  ];
  for (const [name, number] of numbered) expect(phraseOf(name).number).toBe(number);
});

test("the settings of speech are checked", () => {
  expect(feedbackFault(feedbackDefaults)).toBeUndefined();
  expect(feedbackFault({ ...feedbackDefaults, whereToTurn: "x".repeat(whereToTurnLimit) })).toBeUndefined();
  const wrong = [
    { language: "de" as "sv" },
    { whereToTurn: "x".repeat(whereToTurnLimit + 1) },
    { noPathAfterMs: 59_999 },
    { noPathRepeatMs: 86_400_001 },
    { quiet: { fromS: 0, toS: 86_400 } },
    { quiet: { fromS: -1, toS: 0 } },
  ];
  for (const change of wrong) expect(feedbackFault({ ...feedbackDefaults, ...change })).toBeTypeOf("string");
});
