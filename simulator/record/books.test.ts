/** The small books of a run: signs to people, times without power, the work of receivers, and which units a fault hits. */
import { expect, test } from "vitest";
import { phraseOf } from "../../firmware/feedback/phrase-texts.ts";
import { HandMade } from "../checkers/checker-bench.ts";
import type { ReceiverSign } from "../peers/receiver-events.ts";
import { residentsOf } from "../residents.ts";
import { parseScenario } from "../scenario/scenario-file.ts";
import { faultRows } from "./fault-rows.ts";
import { IntakeCount } from "./intake-count.ts";
import { OffTimes } from "./off-times.ts";
import { SignalBook, signalNames } from "./signal-book.ts";

const { residents } = new HandMade();

test("signs stand as people were given them, a sentence under its name", () => {
  const book = new SignalBook(residents);
  book.unitShowed(1, 0, "no-path");
  book.spoke(2, 0, { number: phraseOf("battery-low").number, language: "sv", text: "" });
  book.buttonShowed(3, 0, 2, "given-up");
  expect(book.rows).toEqual([
    { atMs: 1, unit: "u", by: "lamp", button: 0, what: "no-path" },
    { atMs: 2, unit: "u", by: "voice", button: 0, what: "battery-low" },
    { atMs: 3, unit: "u", by: "button", button: 2, what: "given-up" },
  ]);
  expect(signalNames.voice).toContain("battery-low");
});

test("signs beyond their bound are counted", () => {
  const book = new SignalBook(residents, 2);
  for (let each = 0; each < 5; each++) book.unitShowed(each, 0, "ready");
  expect(book.rows.map(({ atMs }) => atMs)).toEqual([0, 1]);
  expect(book.leftOut).toBe(3);
});

test("a unit is off from its last moment of power to its start; one that only starts anew was not", () => {
  const off = new OffTimes(residents);
  off.started(0, 0);
  expect(off.intervals()).toEqual([]);
  off.stopped(100, 0);
  off.stopped(150, 0);
  expect(off.isOff(0)).toBe(true);
  off.started(200, 0);
  expect(off.isOff(0)).toBe(false);
  off.stopped(300, 0);
  expect(off.intervals()).toEqual([
    { unit: "u", fromMs: 100, toMs: 200 },
    { unit: "u", fromMs: 300, toMs: null },
  ]);
});

test("times without power stop at their bound, but who is off at the end is always named", () => {
  const off = new OffTimes(residents, 2);
  for (let each = 0; each < 5; each++) {
    off.stopped(each * 10, 0);
    off.started(each * 10 + 5, 0);
  }
  off.stopped(90, 0);
  expect(off.intervals().map(({ fromMs }) => fromMs)).toEqual([0, 10, 90]);
});

test("a button is dead from its last charge to a new battery", () => {
  const off = new OffTimes(residents);
  off.wentFlat(0, 0, 0);
  off.wentFlat(1, 0, 2);
  expect([off.isFlat(0, 0), off.isFlat(0, 1), off.isFlat(0, 2)]).toEqual([false, false, true]);
  off.batteryFitted(2, 0, 2);
  expect(off.isFlat(0, 2)).toBe(false);
});

test("the busiest second is the first with most new messages, whatever became of them", () => {
  const intake = new IntakeCount(
    [
      { name: "primary", capacity: { messagesPerThousandSeconds: 500, queueLimit: 9, whenFull: "busy" } },
      { name: "secondary", capacity: undefined },
    ],
    120_000,
  );
  const heard: ReceiverSign = { type: "heard", id: 1, cid: "1" };
  for (const atMs of [999, 1_000, 1_999, 2_000, 61_000, 61_001]) intake.receiverSigned(atMs, 0, heard);
  intake.receiverSigned(61_500, 0, { type: "carried", id: 1, cid: "1", ref: "" });
  intake.receiverSigned(62_000, 0, { type: "answered", id: 1, cid: "1", ref: "", snu: 0 });
  intake.receiverSigned(62_000, 0, { type: "answered", id: 1, cid: "1", ref: "", snu: 5 });
  expect(intake.rows(120_000)).toEqual([
    {
      name: "primary",
      messages: 6,
      busiest: { atMs: 1_000, messages: 2 },
      peakPerMinute: [2, 2],
      limitPerThousandSeconds: 500,
      carriedPerMinute: [0, 1],
      acceptedPerMinute: [0, 1],
    },
    {
      name: "secondary",
      messages: 0,
      busiest: null,
      peakPerMinute: [0, 0],
      limitPerThousandSeconds: null,
      carriedPerMinute: [0, 0],
      acceptedPerMinute: [0, 0],
    },
  ]);
});

test("a fault is put down with the units that it hits, where it does not hit all", () => {
  const scenario = parseScenario(
    `name: x
duration: 1h
world: { receivers: { primary: {} }, operators: { alfa: {} } }
fleet:
  - { name: u, count: 40, mobile: alfa, receivers: [primary] }
  - { name: v, count: 1, mobile: alfa, receivers: [primary], building: house }
faults:
  - { operator: alfa, fault: down, from: 1m, to: 2m }
  - { operator: alfa, fault: slow, delay: 1s, share: 30 %, from: 3m, to: 4m }
  - { unit: v, fault: frozen-modem, from: 5m, to: 6m }
  - { building: house, fault: jammed, from: 7m, to: 8m }`,
    "x.yaml",
  );
  const [all, some, one, stairwell] = faultRows(scenario.faults, residentsOf(scenario, 1), 1, 3_600_000);
  expect(all?.units).toBeNull();
  expect(some?.units?.length).toBeGreaterThan(3);
  expect(some?.units?.length).toBeLessThan(25);
  expect(one?.units).toEqual(["v"]);
  expect(stairwell).toMatchObject({ object: "building", name: "house", fault: "jammed", units: ["v"] });
});
