import { expect, test } from "vitest";
import { EventQueue } from "../core/event-queue.ts";
import { CellLoad } from "./cell-load.ts";
import { Cell, Operator } from "./cells.ts";
import { Broadband } from "./network.ts";
import { Calendar, type LinkWindow } from "./outage.ts";
import { Uplink } from "./uplink.ts";

const window = (fault: LinkWindow["fault"], fromMs: number, toMs: number | undefined, more = {}): LinkWindow => {
  return { fault, fromMs, toMs, extraDelayMs: 0, lossPpm: 0, ...more };
};

/** A router in the 4G of an operator that still runs 2G too. */
function build(load?: CellLoad) {
  const queue = new EventQueue();
  const delay = { leastMs: 100, mostMs: 200 };
  const operator = new Operator({ name: "Alfa", plmn: "24001", delay, lossPpm: 500_000, clockErrorMs: 0 });
  const mast = { calendar: new Calendar<LinkWindow>(), mains: undefined, load };
  const reach = (["4g", "2g"] as const).map((each) => ({ cell: new Cell("Alfa", operator, each, mast), signal: 20 }));
  const calendar = new Calendar<LinkWindow>();
  const line = new Broadband(queue, {
    name: "router",
    delay: { leastMs: 1, mostMs: 2 },
    lossPpm: 500_000,
    calendars: [calendar],
    uplink: new Uplink(reach),
  });
  return { operator, mast, calendar, line };
}

test("a router with a SIM adds its own way to that of the network behind it", () => {
  const { line } = build();
  expect(line.link(0)).toEqual({ delay: { leastMs: 101, mostMs: 202 }, lossPpm: 750_000 });
  expect(line.link(1)).toBe(line.link(0));
});

test.each(["down", "gone", "no-data", "denied", "stale-sessions"] as const)(
  "while the network behind it is %s the home sees a link that carries nothing",
  (fault) => {
    const { operator, line } = build();
    operator.calendar.add(window(fault, 10, 20));
    expect([line.link(9), line.link(10), line.link(20)].map((link) => link !== undefined)).toEqual([true, false, true]);
    expect(line.isUp()).toBe(true);
  },
);

test("it goes over to the older generation where the newer one is closed, and is cut off where both are", () => {
  const { operator, line } = build();
  operator.calendarOf("4g").add(window("gone", 10, undefined));
  operator.calendarOf("2g").add(window("slow", 15, 20, { extraDelayMs: 1_000 }));
  operator.calendarOf("2g").add(window("gone", 30, undefined));
  expect(line.link(14)?.delay.mostMs).toBe(202);
  expect(line.link(15)?.delay.mostMs).toBe(1_202);
  expect(line.link(30)).toBeUndefined();
});

test("its own fault takes the link away, and a full cell behind it makes it wait", () => {
  const { calendar, line } = build(new CellLoad(1));
  calendar.add(window("down", 10, 20));
  expect(line.link(10)).toBeUndefined();
  expect([line.take(30), line.take(30)]).toEqual([0, 1_000]);
});
