/** The record of a report: a law over all reports, its cut-offs, its longest, and golden bytes. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { readerOf } from "../../protocol/bytes/reader.ts";
import { Writer } from "../../protocol/bytes/writer.ts";
import { payloadLimit } from "../storage/record.ts";
import { newReport } from "./press.ts";
import { change, kindsByUrgency, newSession, partLimit, pressLimit, type Report, sessionLimit } from "./report.ts";
import { reportRecord, reportRecordLimit } from "./report-record.ts";

const anySession = fc
  .record({
    receiver: fc.nat(3),
    part: fc.nat(partLimit - 1),
    at: fc.constantFrom<Report["sessions"][number]["at"]>("open", "hold", "accepted", "refused", "owed", "withdrawn"),
    minimal: fc.boolean(),
  })
  .map((known) => ({ ...newSession(known.receiver, known.part, known.minimal, 0), at: known.at, sends: 1 }));

const anyReport: fc.Arbitrary<Report> = fc
  .record({
    number: fc.nat(78_364_164_095),
    facts: fc.record({
      kind: fc.constantFrom(...kindsByUrgency),
      dty: fc.nat(9999),
      stc: fc.nat(9999),
      did: fc.string({ maxLength: 8 }),
      stt: fc.string({ unit: fc.constantFrom("a", "å", " ", "9"), maxLength: 32 }),
      bond: fc.integer({ min: -1, max: 31 }),
      clock: fc.constantFrom<"wall" | "start">("wall", "start"),
      seconds: fc.nat(0xffffffff),
    }),
    presses: fc.array(fc.record({ name: fc.nat(0xffffffff), accepted: fc.boolean() }), { maxLength: pressLimit }),
    pressCount: fc.nat(0xffff),
    counter: fc.nat(0xffffffff),
    sessions: fc.array(anySession, { maxLength: sessionLimit }),
    nextPart: fc.nat(partLimit),
    minimal: fc.boolean(),
    cancelled: fc.boolean(),
    acceptedMs: fc.constantFrom(-1, 0),
  })
  .map((known) => change(newReport(known.number, known.facts, 0), known));

function encoded(report: Report): Uint8Array {
  const to = new Writer(new Uint8Array(reportRecordLimit));
  reportRecord.encode(report, to);
  expect(to.overrun).toBe(false);
  return to.written();
}

test("whatever must outlive a power cut comes back as it was", () => {
  fc.assert(
    fc.property(anyReport, (report) => {
      expect(reportRecord.decode(readerOf(encoded(report)))).toEqual({ ok: true, value: report });
    }),
  );
});

test("a record that is cut off anywhere is refused", () => {
  fc.assert(
    fc.property(anyReport, fc.double({ min: 0, max: 1, noNaN: true }), (report, share) => {
      const bytes = encoded(report);
      const length = Math.min(Math.floor(bytes.length * share), bytes.length - 1);
      expect(reportRecord.decode(readerOf(bytes.subarray(0, length))).ok).toBe(false);
    }),
  );
});

test("no bytes make the decoder throw", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: reportRecordLimit }), (bytes) => {
      reportRecord.decode(readerOf(bytes));
    }),
  );
});

test("the longest report fits into the journal's longest record", () => {
  const facts = {
    kind: "statistics" as const,
    dty: 9999,
    stc: 9999,
    did: "12345678",
    stt: "å".repeat(32),
    bond: 31,
    clock: "wall" as const,
    seconds: 0xffffffff,
  };
  const longest = change(newReport(78_364_164_095, facts, 0), {
    presses: new Array(pressLimit).fill({ name: 0xffffffff, accepted: true }),
    sessions: new Array(sessionLimit).fill(newSession(3, partLimit - 1, true, 0)),
    nextPart: partLimit,
  });
  expect(encoded(longest)).toHaveLength(174);
  expect(reportRecordLimit).toBeLessThanOrEqual(payloadLimit);
});

test("golden bytes: an accepted alarm with two presses, an owed and an accepted session", () => {
  const facts = {
    kind: "user-alarm" as const,
    dty: 3,
    stc: 10,
    did: "B0",
    stt: "",
    bond: 0,
    clock: "wall" as const,
    seconds: 0x69a52a0d,
  };
  const report = change(newReport(0x1_0000_0002, facts, 0), {
    presses: [
      { name: 7, accepted: true },
      { name: 9, accepted: false },
    ],
    pressCount: 2,
    counter: 9,
    sessions: [
      { ...newSession(0, 0, false, 0), at: "accepted", sends: 1 },
      { ...newSession(1, 1, true, 0), at: "owed", sends: 1 },
    ],
    nextPart: 2,
    minimal: true,
    acceptedMs: 0,
  });
  expect(Buffer.from(encoded(report)).toString("hex")).toBe(
    "01000d000100000002" +
      "0003000a02423000" +
      "0169a52a0d000200000009" +
      "0200000007010000000900" +
      "00020200000002" +
      "01000184",
  );
});

test("unknown versions, kinds and session states are refused", () => {
  const facts = {
    kind: "test" as const,
    dty: 2,
    stc: 102,
    did: "",
    stt: "",
    bond: -1,
    clock: "start" as const,
    seconds: 0,
  };
  const good = encoded(change(newReport(1, facts, 0), { sessions: [newSession(0, 0, false, 0)], nextPart: 1 }));
  for (const [at, value] of [
    [0, 2],
    [1, 5],
    [good.length - 1, 6],
  ] as const) {
    const bytes = good.slice();
    bytes[at] = value;
    expect(reportRecord.decode(readerOf(bytes)).ok).toBe(false);
  }
});
