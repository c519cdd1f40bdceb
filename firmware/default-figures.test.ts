/** What a unit and its button do where provisioning says nothing: the figures that people were promised. */
import { expect, test } from "vitest";
import { usualDelayS } from "./alarm/alarm-settings.ts";
import { buttonDefaults, buttonFault } from "./button/button-settings.ts";
import { chargePermille, lithiumIon } from "./power/charge.ts";
import { defaultStaggerMs, departmentDefaults } from "./settings.ts";

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const { alarm, radio, power, household, supervision, feedback } = departmentDefaults;

test("no alarm waits: the delay before it is off, 10 s where it is wanted, and paths start 5 s apart", () => {
  expect(alarm).toEqual({ preAlarmS: 0, fallDelayS: 0 });
  expect(usualDelayS).toBe(10);
  expect(defaultStaggerMs).toBe(5_000);
});

test("a button checks in each 8 h, is missing after 25 h, and passes a range walk at 10 dB", () => {
  expect(buttonFault(buttonDefaults)).toBeUndefined();
  expect(buttonDefaults.checkInMs).toBe(8 * hourMs);
  expect(radio).toMatchObject({ silentMs: 25 * hourMs, limitDb: 10 });
});

test("a power cut is shown within 10 s, told after 15 min and over after 5; a battery is missing after 30 min", () => {
  expect(power.signAfterMs).toBeLessThanOrEqual(10_000);
  expect(power).toMatchObject({ reportMainsAfterMs: 15 * minuteMs, mainsStableMs: 5 * minuteMs });
  expect(power.missingAfterMs).toBe(30 * minuteMs);
});

test("a unit lasts three days on its battery, says its last words before the end, and tests the battery each week", () => {
  expect(power.standbyMinutes).toBe(72 * 60);
  expect(power.lastWordsPermille).toBeGreaterThan(chargePermille(lithiumIon, 3_300));
  const weeks = (power.checkMs * power.checksPerTest) / (7 * 24 * hourMs);
  expect(weeks).toBeGreaterThan(0.9);
  expect(weeks).toBeLessThan(1.1);
});

test("a press is asked for after 28 days, the unit listed after 35, and test mode ends after 15 min", () => {
  expect(supervision).toMatchObject({ remindAfterDays: 28, listAfterDays: 35, testModeMs: 15 * minuteMs });
  expect(supervision.autolarm).toBeDefined();
  expect(supervision.dailyCheck).toBeDefined();
});

test("a unit speaks Swedish, by day, after ten minutes without a path; stillness is not watched unless wanted", () => {
  expect(feedback).toMatchObject({ language: "sv", noPathAfterMs: 10 * minuteMs, noPathRepeatMs: 3 * hourMs });
  expect(feedback.quiet).toEqual({ fromS: 22 * 3_600, toS: 7 * 3_600 });
  expect(household.inactivity).toMatchObject({ mode: "off", warnMs: 2 * minuteMs });
});
