/** Both catalogues say everything, each in its own words. */
import { expect, test } from "vitest";
import { receiverModes } from "../../peers/receiver-modes.ts";
import { broadbandFaults, mobileFaults } from "../../scenario/fault.ts";
import { strangerFaults } from "../../scenario/stranger-fault.ts";
import { unitFaults } from "../../scenario/unit-fault.ts";
import { hopWords } from "../ladder.ts";
import { english } from "./english.ts";
import * as englishWords from "./english-words.ts";
import { formatOf } from "./format.ts";
import { swedish } from "./swedish.ts";
import * as swedishWords from "./swedish-words.ts";
import { catalogue, languages } from "./texts.ts";

/** Words that are spelt alike in both. */
const alike = ["modem", "mobile", "p95"];
/** One language needs them, the other has the words in the run itself. */
const ofOneLanguage = ["checks", "reportWords", "inEnglish"];

function leaves(value: unknown, path: string): [string, unknown][] {
  if (typeof value !== "object" || value === null) return [[path, value]];
  return Object.entries(value).flatMap(([key, inner]) => leaves(inner, path === "" ? key : `${path}.${key}`));
}

const shared = (texts: object): Map<string, unknown> =>
  new Map(leaves(texts, "").filter(([path]) => !ofOneLanguage.some((key) => path.startsWith(key))));

test("no text is missing in a language, or left in the other one", () => {
  const [one, other] = [shared(english), shared(swedish)];
  expect([...other.keys()].sort()).toEqual([...one.keys()].sort());
  for (const [path, text] of one) {
    const translated = other.get(path);
    expect(typeof translated, path).toBe(typeof text);
    if (typeof text !== "string") continue;
    expect(text, path).not.toBe("");
    if (!alike.some((word) => path.endsWith(word))) expect(translated, path).not.toBe(text);
  }
  expect(languages.map((language) => catalogue(language).language)).toEqual([...languages]);
});

test("every hop, every fault and every object of a scenario has a word in both languages", () => {
  expect(Object.keys(english.hops).sort()).toEqual([...hopWords].sort());
  const faults = [
    ...unitFaults,
    ...broadbandFaults,
    ...mobileFaults,
    ...receiverModes,
    ...strangerFaults,
    "off",
    "jammed",
    "loaded",
  ];
  for (const { faults: words, objects } of [englishWords, swedishWords]) {
    expect(faults.filter((fault) => words[fault] === undefined)).toEqual([]);
    expect(Object.keys(objects).sort()).toEqual(Object.keys(englishWords.objects).sort());
  }
});

test("numbers and times are written as each language writes them", () => {
  const [en, sv] = [formatOf("en"), formatOf("sv")];
  const plain = (text: string): string => text.replace(/[\u00a0\u202f]/g, " ");
  const durations = [0, 340, 12_340, 61_000, 3_599_600, 7_500_000, 262_800_000];
  expect(durations.map((ms) => plain(en.duration(ms)))).toEqual([
    "0 ms",
    "340 ms",
    "12.3 s",
    "1 min 1 s",
    "1 h",
    "2 h 5 min",
    "3 d 1 h",
  ]);
  expect(plain(sv.duration(12_340))).toBe("12,3 s");
  expect(plain(sv.duration(262_800_000))).toBe("3 dygn 1 h");
  expect([en.count(1_234_567), plain(sv.count(1_234_567))]).toEqual(["1,234,567", "1 234 567"]);
  // Never more than there was: 100 % is said of all of it only.
  expect([en.percent(999_999), plain(sv.percent(829_760)), en.percent(1_000_000)].map(plain)).toEqual([
    "99.999 %",
    "82,976 %",
    "100.000 %",
  ]);
});

test("the answer says in one breath who was lost, late, told wrongly and without a path", () => {
  const answer = {
    units: 412,
    presses: 206,
    accepted: 200,
    pending: 4,
    unheard: 2,
    lost: 1,
    duplicates: 0,
    late: 39,
    slowestMs: 7_200_000,
    toldWrongly: 3,
    pathless: 112,
    longestPathlessMs: 6_960_000,
    interruptedMs: null,
  };
  const none = { count: 0, all: 28, first: "", found: "" };
  const said = (language: "en" | "sv"): string =>
    catalogue(language)
      .answer("passed", answer, none, 0)
      .replace(/\u00a0/g, " ");
  expect(said("en")).toBe(
    "Yes: 200 of 206 presses were accepted, 2 no unit could hear, 4 still wait, 1 were lost, and 3 times somebody was told wrongly. " +
      "39 came later than a minute or still wait, the slowest took 2 h; 112 units were without a proven path, the longest for 1 h 56 min.",
  );
  expect(said("sv")).toBe(
    "Ja: 200 av 206 larm kvitterades, 2 kunde inget trygghetslarm höra, 4 väntar ännu, 1 förlorades, och 3 gånger gavs felaktigt besked. " +
      "39 dröjde mer än en minut eller väntar ännu, det långsammaste tog 2 h; 112 trygghetslarm var utan bevisad kontakt, som längst i 1 h 56 min.",
  );
});
