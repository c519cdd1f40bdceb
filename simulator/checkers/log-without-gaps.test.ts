import { expect, test } from "vitest";
import { EventLog } from "../../firmware/storage/event-log.ts";
import { FlashPart, logSectors } from "../../firmware/storage/flash-part.ts";
import { encodeLogEntry, type LogEntry, logEntryLength } from "../../firmware/storage/log-entry.ts";
import { numberFromRef } from "../../protocol/scaip/stem.ts";
import { Stream } from "../core/prng.ts";
import { NorFlash } from "../flash.ts";
import { firstRef, HandMade, minuteMs } from "./checker-bench.ts";
import { entriesOf, LogWithoutGaps } from "./log-without-gaps.ts";

const sectorSize = 4_096;
const sectorCount = 28;
const atMs = 4 * minuteMs;

function chip(): NorFlash {
  const chance = new Stream(1, "chip", 0);
  return new NorFlash({ sectorSize, sectorCount, programUnit: 4, below: (limit) => chance.below(limit) });
}

/** A chip that holds these events, beginning with the first slot of the log. */
function chipWith(entries: readonly Partial<LogEntry>[]): NorFlash {
  const flash = chip();
  entries.forEach((entry, at) => {
    const bytes = new Uint8Array(logEntryLength);
    const usual = { start: 1, uptimeMs: at * 1_000, utcS: 0, what: "sent", detail: 0, number: 7, value: 0 } as const;
    encodeLogEntry({ sequence: at + 1, ...usual, ...entry }, bytes);
    flash.program((sectorCount - logSectors) * sectorSize + (at + 1) * logEntryLength, bytes);
  });
  return flash;
}

function foundIn(
  flash: NorFlash,
  play: (made: HandMade, checker: LogWithoutGaps) => void = () => {},
): readonly string[] {
  const made = new HandMade();
  const checker = new LogWithoutGaps(made.scenario, made.residents, made.sight);
  play(made, checker);
  return checker.verdict({ endMs: 60 * minuteMs, receivers: [], flashOf: () => flash }).found;
}

test("what the firmware's own log writes is read from the chip, also after the ring has turned", () => {
  const flash = chip();
  let nowMs = 0;
  const clock = { nowMs: () => nowMs, after: () => ({ stop: () => {} }) };
  const part = new FlashPart(flash, sectorCount - logSectors, logSectors);
  const log = new EventLog(part, clock as never, () => -1);
  for (let i = 0; i < 3_000; i++) {
    nowMs += 11_000;
    log.write("sent", 0, i, 0);
  }
  const entries = entriesOf(flash);
  expect(entries.at(-1)).toMatchObject({ sequence: 3_000, number: 2_999 });
  expect(entries.length).toBeGreaterThanOrEqual(2_000);
  expect(foundIn(flash)).toEqual([]);
});

test("a missing event is a gap, and an event that is older than the one before it is told", () => {
  expect(foundIn(chipWith([{}, {}, { sequence: 4 }]))).toEqual(["u: the log goes from event 2 to 4 (sent)"]);
  const torn = chipWith([{}, {}, { sequence: 4, start: 2 }]);
  expect(foundIn(torn)).toEqual(["u: the log goes from event 2 to 4 (sent)"]);
  expect(foundIn(torn, (_made, checker) => checker.stopped(atMs, 0))).toEqual([]);
  expect(foundIn(chipWith([{}, { uptimeMs: 9_000 }, { uptimeMs: 8_999 }]))).toEqual([
    "u: event 3 (sent) is older than the one before it",
  ]);
  expect(foundIn(chipWith([{}, { uptimeMs: 9_000 }, { start: 2, uptimeMs: 10 }]))).toEqual([]);
});

test("every accepted call is in the log, unless the power went in that instant or the allowance was used up", () => {
  const call = (made: HandMade): void => {
    made.sends(atMs);
    made.hears(atMs + 500, firstRef, 0);
  };
  const number = numberFromRef(firstRef.slice(0, 5), firstRef);
  expect(foundIn(chipWith([{ what: "accepted", number }]), call)).toEqual([]);
  expect(foundIn(chipWith([{ what: "accepted", number: number + 1 }]), call)).toEqual([
    "u: AB12C0000001, accepted at 00:04:00, is not in the log as accepted",
  ]);
  expect(foundIn(chipWith([{}, { what: "suppressed" }]), call)).toEqual([]);
  expect(
    foundIn(chipWith([{}]), (made, checker) => {
      call(made);
      checker.stopped(atMs + 600, 0);
    }),
  ).toEqual([]);
});

test("a call that was taken back before the unit could read its acceptance is in no log as accepted", () => {
  const takenBack = (afterMs: number, stc = 19) =>
    foundIn(chipWith([{}]), (made, checker) => {
      made.sends(atMs);
      made.hears(atMs + 500, firstRef, 0);
      checker.fell(atMs + 500 + afterMs, 0, 1, "taken-back");
      made.sends(atMs + 9_000, { mty: "RE", stc });
    });
  for (const afterMs of [-1_400, 0, 2_000]) expect(takenBack(afterMs)).toEqual([]);
  for (const afterMs of [-1_600, 2_001]) expect(takenBack(afterMs)).toHaveLength(1);
  expect(takenBack(0, 98)).toHaveLength(1);
});

test("a reference stands for one content", () => {
  const found = foundIn(chipWith([{}]), (made) => {
    made.sends(atMs);
    made.sends(atMs + 5_000);
    made.sends(atMs + 9_000, { stt: "other" });
    made.sends(atMs + 10_000, { mty: "IN", ite: "pressed 2 times" });
  });
  expect(found).toEqual([`u: 00:04:09: ${firstRef} was told before with another content`]);
});
