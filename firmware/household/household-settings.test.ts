import { expect, test } from "vitest";
import { householdDefaults, householdFault } from "./household-settings.ts";

test("the first values are usable", () => {
  expect(householdFault(householdDefaults)).toBeUndefined();
});

test.each([
  [{ inactivity: { ...householdDefaults.inactivity, periodMs: 1 } }, "12 or 24 h"],
  [{ inactivity: { ...householdDefaults.inactivity, mode: "on" as "off" } }, "rolling"],
  [{ inactivity: { ...householdDefaults.inactivity, warnMs: 59_999 } }, "60 to 300 s"],
  [{ inactivity: { ...householdDefaults.inactivity, warnMs: 300_001 } }, "60 to 300 s"],
  [{ inactivity: { ...householdDefaults.inactivity, windowEnd: 1_440 } }, "23:59"],
  [{ inactivity: { ...householdDefaults.inactivity, windowEnd: 360 } }, "length"],
  [{ temperature: { coldDeciC: -201, warmDeciC: 300 } }, "degrees"],
  [{ temperature: { coldDeciC: 200, warmDeciC: 249 } }, "apart"],
  [{ firstLife: "sold" as "stored" }, "life"],
  [{ alarmVisitMs: -1 }, "visit"],
])("a setting beyond its border is refused: %j", (wrong, words) => {
  expect(householdFault({ ...householdDefaults, ...wrong })).toContain(words);
});
