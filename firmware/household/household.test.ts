/** The parts of the home together: what away, a suspension and an alarm change in the others; the lid; how seldom it wakes. */
import { expect, test } from "vitest";
import { Bench, dayMs, hourMs, minuteMs } from "../power/test-bench.ts";
import { Household } from "./household.ts";
import { type HouseholdSettings, householdDefaults } from "./household-settings.ts";

const settings: HouseholdSettings = {
  ...householdDefaults,
  inactivity: { ...householdDefaults.inactivity, mode: "rolling", periodMs: 12 * hourMs },
};

class Home {
  readonly bench = new Bench();
  duties = 0;
  lid: (open: boolean) => void = () => {};
  household: Household;

  constructor(own: HouseholdSettings = settings) {
    this.household = this.start(own);
  }

  start(own: HouseholdSettings): Household {
    this.household = new Household(this.bench.context, own, {
      openThermometer: undefined,
      openLid: (options) => {
        this.lid = options.onChange;
        return { close: () => {} };
      },
      onDuties: () => this.duties++,
    });
    return this.household;
  }
}

test("away pauses the search for silent buttons and for silence, and an alarm ends it", () => {
  const home = new Home();
  home.household.key("away", false);
  expect(home.household.buttonsSupervised).toBe(false);
  expect(home.household.duties.supervision).toBe(true);
  home.bench.pass(5 * dayMs);
  expect(home.bench.codes).toEqual([3]);
  home.household.alarmed();
  expect(home.household.buttonsSupervised).toBe(true);
  expect(home.duties).toBe(2);
  home.bench.pass(12 * hourMs + 2 * minuteMs);
  expect(home.bench.codes).toEqual([3, 121, 9]);
});

test("a suspended unit searches for no silence, also after a restart, and one in service again does", () => {
  const home = new Home();
  home.household.order("suspended", true);
  home.bench.pass(2 * dayMs);
  home.bench.newLife();
  home.start(settings);
  home.bench.pass(2 * dayMs);
  expect(home.bench.codes).toEqual([78]);
  expect(home.household.buttonsSupervised).toBe(false);
  home.household.order("in-service", true);
  home.bench.pass(12 * hourMs + 2 * minuteMs);
  expect(home.bench.codes).toEqual([78, 48, 9]);
});

test("an absent wearer stays unwatched through a restart", () => {
  const home = new Home();
  home.household.key("away", false);
  home.bench.newLife();
  home.start(settings);
  home.bench.pass(3 * dayMs);
  expect(home.household.buttonsSupervised).toBe(false);
  expect(home.bench.codes).toEqual([3]);
});

test("a carer who comes within four hours of an alarm comes because of it", () => {
  const home = new Home();
  home.household.alarmed();
  home.bench.pass(4 * hourMs - 1);
  home.household.key("presence", false);
  home.household.key("presence", false);
  home.bench.pass(1);
  home.household.key("presence", false);
  home.household.key("presence", true);
  expect(home.bench.codes).toEqual([88, 111, 87, 110]);
});

test("each key and each movement is a sign of life", () => {
  const home = new Home();
  for (const act of [
    () => home.household.key("query", false),
    () => home.household.key("help", false),
    () => home.household.key("cancel", false),
    () => home.household.active(),
    () => home.household.alarmed(),
  ]) {
    home.bench.pass(11 * hourMs);
    act();
  }
  expect(home.bench.said).toEqual([]);
});

test("an open case is told within seconds, a rattling one once, and its end when it stays closed", () => {
  const home = new Home();
  home.lid(true);
  home.bench.pass(1_000);
  expect(home.bench.raised).toMatchObject([{ dty: 2, stc: 125, stt: "case open" }]);
  for (let i = 0; i < 20; i++) {
    home.lid(i % 2 === 1);
    home.bench.pass(5_000);
  }
  home.lid(false);
  home.bench.pass(minuteMs);
  expect(home.bench.raised[1]).toMatchObject({ stc: 94, restores: 125 });
  expect(home.bench.raised).toHaveLength(2);
});

test("a case that is closed while the unit was off is told as closed", () => {
  const home = new Home();
  home.lid(true);
  home.bench.pass(minuteMs);
  home.bench.newLife(hourMs);
  home.start(settings);
  home.bench.pass(minuteMs);
  expect(home.bench.codes).toEqual([125, 94]);
});

test("a quiet home with the first settings wakes the unit not once", () => {
  const home = new Home(householdDefaults);
  home.bench.pass(30 * dayMs);
  expect(home.bench.wakeUps).toBe(0);
});

test("an inactivity window goes by the clock on the wall in Sweden", () => {
  const home = new Home({
    ...settings,
    inactivity: { ...settings.inactivity, mode: "window", periodMs: 24 * hourMs, windowStart: 360, windowEnd: 600 },
  });
  home.bench.setWall();
  home.household.alarmed();
  home.household.order("suspended", true);
  home.household.order("in-service", true);
  home.household.key("query", false);
  home.bench.pass(27 * hourMs - minuteMs);
  expect(home.bench.said).toEqual([]);
  home.bench.pass(2 * minuteMs);
  expect(home.bench.said).toEqual(["inactivity-warning"]);
});
