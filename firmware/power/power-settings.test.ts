import { expect, test } from "vitest";
import { powerDefaults, powerFault } from "./power-settings.ts";

test("the first values are usable", () => {
  expect(powerFault(powerDefaults)).toBeUndefined();
});

test("a load test never costs more than a tenth of the battery", () => {
  expect(powerFault({ ...powerDefaults, testMa: 1_560 })).toBeUndefined();
  expect(powerFault({ ...powerDefaults, testMa: 1_561 })).toContain("a tenth");
});

test.each([
  [{ signAfterMs: 10_001 }, "10 s"],
  [{ reportMainsAfterMs: 10_800_001 }, "180 min"],
  [{ mainsSpreadMs: 3_600_001 }, "60 min"],
  [{ mainsStableMs: 59_999 }, "stable"],
  [{ missingAfterMs: 1 }, "missing"],
  [{ confirmMs: 239_999 }, "4 to 6"],
  [{ confirmMs: 360_001 }, "4 to 6"],
  [{ goodPermille: 200 }, "higher"],
  [{ checkMs: 1 }, "each"],
  [{ checksPerTest: 61 }, "60 readings"],
  [{ capacityMah: 0 }, "capacity"],
  [{ testFromPermille: 299 }, "above"],
  [{ overAgeDays: 29 }, "age"],
  [{ standbyMinutes: 59 }, "standby"],
  [{ standbyMinutes: 1_559 }, "half an hour's talk"],
  [{ talkMa: -1 }, "half an hour's talk"],
  [{ lastWordsPermille: 201 }, "last words"],
  [{ stepsMinutes: [60, 60] }, "fall"],
  [{ stepsMinutes: Array.from({ length: 13 }, (_, i) => 100 - i) }, "12 steps"],
  [{ curve: [] }, "curve"],
])("a setting beyond its border is refused: %j", (wrong, words) => {
  expect(powerFault({ ...powerDefaults, ...wrong })).toContain(words);
});

test("a battery must carry a day and half an hour's talk", () => {
  expect(powerFault({ ...powerDefaults, standbyMinutes: 1_560 })).toBeUndefined();
  expect(powerFault({ ...powerDefaults, standbyMinutes: 1_559 })).toContain("24 h");
});
