/** The record of a report: a law over all reports, its cut-offs, its longest, and golden bytes. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { readerOf } from "../../protocol/bytes/reader.ts";
import { Writer } from "../../protocol/bytes/writer.ts";
import { payloadLimit } from "../storage/record.ts";
import { type Facts, noMarks, noOrigin, textByteLimit } from "./facts.ts";
import {
  change,
  kindsByUrgency,
  newReport,
  newSession,
  partLimit,
  pressLimit,
  type Report,
  sessionLimit,
} from "./report.ts";
import { reportRecord, reportRecordLimit } from "./report-record.ts";

const anySession = fc
  .record({
    receiver: fc.nat(3),
    part: fc.nat(partLimit - 1),
    at: fc.constantFrom<Report["sessions"][number]["at"]>("open", "hold", "accepted", "refused", "owed", "withdrawn"),
    minimal: fc.boolean(),
    held: fc.boolean(),
  })
  .map(({ receiver, part, minimal, at, held }) => {
    const keepsHeld = at === "refused" || at === "owed";
    return { ...newSession(receiver, part, minimal, 0), at, sends: 1, held: keepsHeld ? held : at === "hold" };
  });

const anyOrigin: fc.Arbitrary<Facts["origin"]> = fc.record({
  person: fc.nat(255),
  form: fc.constantFrom<Facts["origin"]["form"]>("none", "wrist", "neck", "wall"),
  where: fc.string({ unit: fc.constantFrom("a", "ö", " "), maxLength: 20 }),
  dco: fc.nat(255),
  batteryMv: fc.nat(255).map((steps) => steps * 20),
  low: fc.boolean(),
});

/** By the wall since 1970; by a start's clock also before it. */
const anyInstant = fc.oneof(
  fc.record({ clock: fc.constant("wall" as const), seconds: fc.nat(0xffffffff) }),
  fc.record({ clock: fc.constant("start" as const), seconds: fc.integer() }),
);

const anyFactsButInstant = fc.record({
  kind: fc.constantFrom(...kindsByUrgency),
  dty: fc.nat(9999),
  stc: fc.nat(9999),
  did: fc.string({ maxLength: 8 }),
  stt: fc.string({ unit: fc.constantFrom("a", "å", " ", "9"), maxLength: 20 }),
  bond: fc.integer({ min: -1, max: 31 }),
  untilS: fc.integer({ min: -1, max: 0xfffffffe }),
  times: fc.nat(0xffff),
  restores: fc.integer({ min: -1, max: 9999 }),
  stability: fc.constantFrom<Facts["stability"]>("usual", "unstable", "rested"),
  origin: anyOrigin,
  marks: fc.record({
    suspended: fc.boolean(),
    returned: fc.boolean(),
    testMode: fc.boolean(),
    onBattery: fc.boolean(),
  }),
});

const anyFacts: fc.Arbitrary<Facts> = fc
  .tuple(anyFactsButInstant, anyInstant)
  .map(([facts, instant]) => ({ ...facts, ...instant }));

const anyReport: fc.Arbitrary<Report> = fc
  .record({
    number: fc.nat(78_364_164_095),
    facts: anyFacts,
    presses: fc.array(fc.record({ name: fc.nat(0xffffffff), accepted: fc.boolean() }), { maxLength: pressLimit }),
    pressCount: fc.nat(0xffff),
    untaken: anyInstant.map((instant) => ({ ...instant, atMs: -1 })),
    counter: fc.nat(0xffffffff),
    sessions: fc.array(anySession, { maxLength: sessionLimit }),
    nextPart: fc.nat(partLimit),
    minimal: fc.boolean(),
    cancelled: fc.boolean(),
    corrected: fc.constantFrom<Report["corrected"]>("none", "exact", "before"),
    correctedS: fc.nat(0xffffffff),
    timeTold: fc.boolean(),
    endedS: fc.integer({ min: -1, max: 0xfffffffe }),
    acceptedMs: fc.constantFrom(-1, 0),
  })
  .map((known) => change(newReport(known.number, known.facts, 0), known));

const plainFacts: Facts = {
  kind: "user-alarm",
  dty: 3,
  stc: 10,
  did: "B0",
  stt: "",
  bond: 0,
  clock: "wall",
  seconds: 0x69a52a0d,
  untilS: -1,
  times: 1,
  restores: -1,
  stability: "usual",
  origin: noOrigin,
  marks: noMarks,
};

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
  const facts: Facts = {
    ...plainFacts,
    did: "12345678",
    stt: "å".repeat(textByteLimit / 2),
    origin: { ...noOrigin, where: "ö".repeat(textByteLimit / 2) },
  };
  const longest = change(newReport(78_364_164_095, facts, 0), {
    presses: new Array(pressLimit).fill({ name: 0xffffffff, accepted: true }),
    sessions: new Array(sessionLimit).fill(newSession(3, partLimit - 1, true, 0)),
    nextPart: partLimit,
  });
  expect(encoded(longest)).toHaveLength(200);
  expect(reportRecordLimit).toBeLessThanOrEqual(payloadLimit);
});

/** An accepted alarm with two presses, an owed and an accepted session. */
function twicePressed(): Report {
  const facts: Facts = {
    ...plainFacts,
    origin: { person: 2, form: "wrist", where: "kök", dco: 2, batteryMv: 2980, low: true },
    marks: { ...noMarks, suspended: true },
  };
  return change(newReport(0x1_0000_0002, facts, 0), {
    presses: [
      { name: 7, accepted: true },
      { name: 9, accepted: false },
    ],
    pressCount: 2,
    untaken: { clock: "wall", seconds: 0x69a52a0f, atMs: -1 },
    counter: 9,
    sessions: [
      { ...newSession(0, 0, false, 0), at: "accepted", sends: 1 },
      { ...newSession(1, 1, true, 0), at: "owed", sends: 1 },
    ],
    nextPart: 2,
    minimal: true,
    corrected: "exact",
    correctedS: 0x69a52a0e,
    endedS: 0x69a52a10,
    acceptedMs: 0,
  });
}

test("golden bytes: an accepted alarm with two presses, an owed and an accepted session", () => {
  expect(Buffer.from(encoded(twicePressed())).toString("hex")).toBe(
    "030055" +
      "000100000002" +
      "630003000a02423000046bc3b66b" +
      "0169a52a0dffffffff0001ffff020295" +
      "69a52a0e69a52a10" +
      "000200000009" +
      "02010000000700000009" +
      "69a52a0f" +
      "000202" +
      "0200008c0001",
  );
});

test("golden bytes: a session that was held is told from one that was not, refused or owed", () => {
  const ends = ["refused", "owed"].map((at) => {
    const session = { ...newSession(1, 2, false, 0), at: at as "refused", sends: 1, held: true };
    return Buffer.from(encoded(change(newReport(1, plainFacts, 0), { sessions: [session], nextPart: 3 }))).toString(
      "hex",
    );
  });
  expect(ends.map((bytes) => bytes.slice(-8))).toEqual(["010e0002", "010f0002"]);
});

test("a record of the version before is read: its alarm's own time stands for that of the press that nobody took", () => {
  const bytes = Buffer.from(
    "020015" +
      "000100000002" +
      "630003000a02423000046bc3b66b" +
      "0169a52a0dffffffff0001ffff020295" +
      "69a52a0e69a52a10" +
      "000200000009" +
      "02010000000700000009" +
      "000202" +
      "0200008c0001",
    "hex",
  );
  const report = twicePressed();
  const untaken = { ...report.untaken, seconds: report.facts.seconds };
  expect(reportRecord.decode(readerOf(bytes))).toEqual({ ok: true, value: { ...report, untaken } });
});

test("unknown versions, kinds, steadiness and corrections are refused", () => {
  const good = encoded(change(newReport(1, plainFacts, 0), { sessions: [newSession(0, 0, false, 0)], nextPart: 1 }));
  for (const [at, value] of [
    [0, 1],
    [1, 6],
    [1, 0x30],
    [2, 0x30],
  ] as const) {
    const bytes = good.slice();
    bytes[at] = value;
    expect(reportRecord.decode(readerOf(bytes)).ok).toBe(false);
  }
});

test("a text beyond its bytes is a mistake of whoever made the facts", () => {
  const facts: Facts = { ...plainFacts, stt: "x".repeat(textByteLimit + 1) };
  expect(() => encoded(newReport(1, facts, 0))).toThrow("too long");
});
