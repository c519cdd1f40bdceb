/** The table of radio 4.1, computed from the schedules that the machines run on and from the ledger that every transmitter keeps. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import {
  pollDueMs,
  scheduledCopies,
  seriesMs,
  slowWait,
  waitBeforeCopy,
  waitBeforePoll,
} from "../../firmware/button/copy-schedule.ts";
import { AirtimeLedger, reserveAboveUs, silentAboveUs, thinAboveUs } from "../../firmware/radio-ledger.ts";
import { airTimeUs } from "./airtime.ts";
import { frameLimit } from "./envelope.ts";
import { encodePairingRequest, offerLimit, requestLeastMs, windowMs } from "./pairing.ts";

const hourMs = 3_600_000;
const readme = readFileSync(new URL("./README.md", import.meta.url), "utf8");
/** After giving up, the press rides in a frame of its own each 9-11 min (radio 5.1). */
const rideLeastMs = 540_000;
const devices = 32;
const statusRequestBytes = 23;
const answerBytes = 22;

interface Row {
  readonly what: string;
  readonly frames: number;
  readonly us: number;
}

/** Frames of one press that no unit hears, each gap as short as it may be. */
function unheard(): number {
  let frames = 1;
  let atMs = 0;
  for (let copy = 1; copy < scheduledCopies; copy++, frames++) atMs += waitBeforeCopy(copy, atMs, false).leastMs;
  for (;;) {
    const gapMs = slowWait(atMs, 1).leastMs;
    atMs += gapMs;
    if (gapMs === 0 || atMs >= seriesMs) break;
    frames++;
  }
  for (atMs = seriesMs + rideLeastMs; atMs < hourMs; atMs += rideLeastMs) frames++;
  return frames;
}

/** Status requests about one press that is pending all hour, each as early as it may be. */
function polls(): number {
  let count = 0;
  while (waitBeforePoll(count, 0).leastMs < hourMs) count++;
  return count;
}

function row(what: string, frames: number, bytes: number): Row {
  return { what, frames, us: frames * airTimeUs(bytes) };
}

function sum(what: string, rows: readonly Row[]): Row {
  return rows.reduce((total, one) => ({ what, frames: total.frames + one.frames, us: total.us + one.us }), {
    what,
    frames: 0,
    us: 0,
  });
}

/** Frames of this length that a ledger lets out at one instant while its room is one of these. */
function allowed(bytes: number, rooms: readonly string[], bookedUs = 0): number {
  const ledger = new AirtimeLedger();
  if (bookedUs > 0) ledger.book(0, bookedUs);
  let frames = 0;
  for (; rooms.includes(ledger.roomFor(0, airTimeUs(bytes))); frames++) ledger.book(0, airTimeUs(bytes));
  return frames;
}

function table(rows: readonly Row[], head: string): string {
  const cells = rows.map((one) => [one.what, String(one.frames), `${(one.us / 1_000_000).toFixed(3)} s`]);
  const all = [[head, "Frames", "Air time"], ...cells];
  const line = (cell: readonly string[]): string => `| ${cell.join(" | ")} |`;
  return [line(all[0] as string[]), "|---|---|---|", ...all.slice(1).map(line)].join("\n");
}

const press = row("a press that no unit hears", unheard(), frameLimit);
const fall = row("a fall that no unit hears", unheard(), frameLimit);
const reports = row("two reports, three tries each", 6, frameLimit);
const requestBytes = encodePairingRequest(() => {}, 1, new Uint8Array(8)).length;
const pairing = row(
  "a pairing window in which nobody answers",
  Math.floor(windowMs / requestLeastMs) + 1,
  requestBytes,
);
const asked = sum("a press heard at once and pending all hour", [
  row("", 1, frameLimit),
  row("", polls(), statusRequestBytes),
]);
const buttonPlan = sum("press and fall unheard, and the reports", [press, fall, reports]);
const checkIns = row("32 check-ins, heard at the first try", devices, answerBytes);
const pending = row("one press pending all hour: acknowledge and statuses", 1 + polls(), answerBytes);
const deaf = row("one button that hears no acknowledge", unheard(), answerBytes);
const offers = row("a pairing window: offers", offerLimit, answerBytes);
const unitPlan = sum("the three together", [checkIns, pending, deaf]);
const everybody = row("32 first presses within the hour", devices, answerBytes);

test("the table of the worst hour is what the schedules give", () => {
  const button = [
    press,
    fall,
    asked,
    reports,
    pairing,
    buttonPlan,
    row("presses without end: what the ledger lets out", allowed(frameLimit, ["free", "thin", "reserve"]), frameLimit),
  ];
  const unit = [
    checkIns,
    pending,
    deaf,
    unitPlan,
    offers,
    everybody,
    row(
      "of them certain after an hour of anything else",
      allowed(answerBytes, ["reserve"], reserveAboveUs),
      answerBytes,
    ),
    row("storms: what the ledger lets out", allowed(answerBytes, ["free", "thin", "reserve"]), answerBytes),
  ];
  const expected = `${table(button, "Button, in one hour")}\n\n${table(unit, "Unit with 32 devices, in one hour")}`;
  expect(readme).toContain(expected);
});

test("the plan of a button needs no thinning, that of a unit leaves the reserve alone, and nothing ever crosses 3.6 s", () => {
  const hourUs = hourMs * 1_000;
  expect(silentAboveUs).toBe(hourUs / 1_000);
  expect(buttonPlan.us).toBeLessThanOrEqual(thinAboveUs);
  expect(asked.us).toBeLessThanOrEqual(thinAboveUs);
  expect(pairing.us).toBeLessThanOrEqual(thinAboveUs);
  expect(checkIns.us + pending.us).toBeLessThanOrEqual(thinAboveUs);
  expect(unitPlan.us).toBeLessThanOrEqual(reserveAboveUs);
  expect(offers.us).toBeLessThanOrEqual(thinAboveUs);
  expect(everybody.us).toBeLessThanOrEqual(silentAboveUs);
  for (const bytes of [answerBytes, frameLimit]) {
    const most = allowed(bytes, ["free", "thin", "reserve"]);
    expect(most * airTimeUs(bytes)).toBeLessThanOrEqual(silentAboveUs);
    expect((most + 1) * airTimeUs(bytes)).toBeGreaterThan(silentAboveUs - 100 * most);
  }
});

test("the schedules of the table are those of the text: eight copies in a minute, and 8 + 9 + 5 status requests in an hour", () => {
  expect(scheduledCopies).toBe(8);
  expect([0, 7, 8, 16, 17, 21].map(pollDueMs)).toEqual([2_000, 60_000, 120_000, 600_000, 1_200_000, 3_600_000]);
});
