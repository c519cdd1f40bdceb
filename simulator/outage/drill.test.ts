/** The monthly drill: its days over the holidays, and who stands where on which day. */
import { expect, test } from "vitest";
import { unitOf } from "../monitor/monitor-bench.ts";
import { drillDays, drillOf } from "./drill.ts";
import { dayText } from "./duty-calendar.ts";

const dayMs = 86_400_000;
const day = (text: string): number => Date.parse(`${text}T00:00:00Z`) / dayMs;

test.each([
  ["a Tuesday", 2026, 12, "2026-12-01", "2026-12-04", "2026-12-05", "2026-12-07"],
  ["New Year's Day and the weekend after it", 2027, 1, "2027-01-04", "2027-01-07", "2027-01-08", "2027-01-11"],
  ["a Sunday", 2026, 2, "2026-02-02", "2026-02-05", "2026-02-06", "2026-02-09"],
  ["May Day on a Friday", 2026, 5, "2026-05-04", "2026-05-07", "2026-05-08", "2026-05-11"],
  ["Easter after the fifth day", 2026, 4, "2026-04-01", "2026-04-04", "2026-04-05", "2026-04-07"],
  ["a Monday", 2026, 6, "2026-06-01", "2026-06-04", "2026-06-05", "2026-06-08"],
])("where the 1st is %s", (_, year, month, drill, reminder, again, list) => {
  const days = drillDays(year, month);
  expect([days.drill, days.reminder, days.secondReminder, days.phoneList].map(dayText)).toEqual([
    drill,
    reminder,
    again,
    list,
  ]);
});

const units = ["a", "b", "c"].map((cid) => unitOf(cid));
const press = (cid: string, date: string) => ({ cid, acceptedWallMs: day(date) * dayMs + 36_000_000, day: day(date) });
const states = (today: string, presses = [press("a", "2026-12-01")]): { a?: string; b?: string; c?: string } =>
  Object.fromEntries(drillOf(2026, 12, units, presses, day(today)).rows.map(({ cid, state }) => [cid, state]));

test("who has not pressed is reminded on the third day, again on the fourth, and rung from the fifth or the next working day", () => {
  expect(states("2026-11-30", [])).toEqual({ a: "not-due", b: "not-due", c: "not-due" });
  expect(states("2026-12-01")).toEqual({ a: "confirmed", b: "waiting", c: "waiting" });
  expect(states("2026-12-03").b).toBe("waiting");
  expect(states("2026-12-04").b).toBe("reminded");
  expect(states("2026-12-05").b).toBe("reminded-again");
  expect(states("2026-12-06").b).toBe("reminded-again");
  expect(states("2026-12-07").b).toBe("phone-list");
  expect(states("2026-12-20", [press("b", "2026-12-08")])).toEqual({
    a: "phone-list",
    b: "confirmed",
    c: "phone-list",
  });
});

test("a press before the day of the drill, after the next one, or that has not happened yet confirms nothing", () => {
  const presses = [press("a", "2026-11-30"), press("b", "2027-01-04"), press("c", "2026-12-09")];
  expect(states("2026-12-08", presses)).toEqual({ a: "phone-list", b: "phone-list", c: "phone-list" });
  // The drill of January is on the 4th: until then a press is one of December.
  expect(states("2027-01-05", [press("a", "2027-01-03")]).a).toBe("confirmed");
});

test("those to ring come first, and the first press counts", () => {
  const held = drillOf(2026, 12, units, [press("a", "2026-12-03"), press("a", "2026-12-02")], day("2026-12-10"));
  expect(held.rows.map(({ cid }) => cid)).toEqual(["b", "c", "a"]);
  expect(held.rows[2]?.confirmedWallMs).toBe(day("2026-12-02") * dayMs + 36_000_000);
});
