import { expect, test } from "vitest";
import type { AlarmEffect } from "../../firmware/alarm/alarm-state.ts";
import type { Facts } from "../../firmware/alarm/facts.ts";
import { change, newReport, type Report } from "../../firmware/alarm/report.ts";
import { refOf, stemOf } from "../../protocol/scaip/stem.ts";
import { HandMade } from "../checkers/checker-bench.ts";
import { type EventPart, receiverEvent } from "../peers/receiver-events.ts";
import { ReportBook } from "./report-book.ts";

const home = new HandMade();
const broadbandAddress = { host: "10.0.0.0", port: 5060 };
const prefix = "AB12C";

function factsOf(more: Partial<Facts> = {}): Facts {
  return {
    kind: "technical",
    dty: 2,
    stc: 85,
    did: "",
    stt: "",
    bond: -1,
    clock: "wall",
    seconds: 0,
    untilS: -1,
    times: 1,
    restores: -1,
    stability: "usual",
    origin: { person: 0, form: "none", where: "", dco: 0, batteryMv: 0, low: false },
    marks: { suspended: false, returned: false, testMode: false, onBattery: false },
    ...more,
  };
}

function bookOf(limit?: number): ReportBook {
  return new ReportBook(["primary", "secondary"], home.residents, limit);
}

function store(book: ReportBook, atMs: number, report: Report): void {
  const effects: AlarmEffect[] = [{ type: "store", report }];
  book.stepped(atMs, 0, "alarm", {}, effects);
}

function raise(book: ReportBook, atMs: number, number: number, more: Partial<Facts> = {}): Report {
  const report = newReport(number, factsOf(more), atMs);
  store(book, atMs, report);
  return report;
}

function send(book: ReportBook, report: Report): void {
  const attempt = {
    id: 1,
    number: report.number,
    part: 0,
    what: "ME",
    path: { route: "mobile", receiver: 0 },
    startedMs: 0,
    carriedMs: -1,
  } as const;
  book.stepped(0, 0, "alarm", {}, [{ type: "send", attempt, report }] satisfies AlarmEffect[]);
}

function hear(book: ReportBook, number: number, more: Partial<EventPart> = {}): string {
  const ref = refOf(stemOf(prefix, number), 3);
  const part: EventPart = { type: "alarm", cid: home.cid, ref, mty: "ME", answer: "snu 0", ...more };
  book.receiverTold(0, 1, receiverEvent(part, 0, broadbandAddress, "udp"));
  return ref;
}

function answer(book: ReportBook, atMs: number, ref: string, snu = 0): void {
  book.receiverSigned(atMs, 1, { type: "answered", id: 1, cid: home.cid, ref, snu });
}

test("a report stands from the instant it is raised, and is accepted with the first answer to a reference of it", () => {
  const book = bookOf();
  raise(book, 1_000, 7, { stt: "text", did: "01000060" });
  answer(book, 3_000, hear(book, 7));
  answer(book, 4_000, hear(book, 7));
  expect(book.rows).toEqual([
    {
      unit: "u",
      name: "mains-lost",
      kind: "technical",
      dty: 2,
      stc: 85,
      text: "text",
      device: "01000060",
      raisedMs: 1_000,
      acceptedMs: 3_000,
      acceptedBy: "secondary",
      route: "broadband",
      stem: stemOf(prefix, 7),
      withdrawn: false,
    },
  ]);
  expect(book.acceptedByKind).toEqual({ technical: 1 });
});

test("what a report says may change until its first message, and not after it", () => {
  const book = bookOf();
  const lost = raise(book, 1_000, 7);
  const back = change(lost, { facts: factsOf({ stc: 86, restores: 85 }) });
  store(book, 2_000, back);
  expect(book.rows[0]?.name).toBe("mains-back");
  send(book, back);
  store(book, 3_000, change(lost, {}));
  expect(book.rows).toHaveLength(1);
  expect(book.rows[0]).toMatchObject({ name: "mains-back", raisedMs: 1_000 });
});

test("only an answer with status 0 to a message that was taken as the report itself accepts it", () => {
  const book = bookOf();
  raise(book, 1_000, 7);
  const ref = hear(book, 7, { answer: "snu 4" });
  answer(book, 2_000, ref);
  hear(book, 7, { mty: "RE" });
  answer(book, 3_000, ref);
  hear(book, 7);
  answer(book, 4_000, ref, 5);
  answer(book, 5_000, refOf(stemOf(prefix, 7), 4));
  answer(book, 6_000, refOf(stemOf("XXXXX", 7), 3));
  expect(book.rows[0]?.acceptedMs).toBeNull();
  answer(book, 7_000, ref);
  expect(book.rows[0]?.acceptedMs).toBe(7_000);
});

test("a press of a button is no report, a fall and a key of the unit are", () => {
  const book = bookOf();
  raise(book, 0, 1, { kind: "user-alarm", dty: 3, stc: 10, bond: 0 });
  raise(book, 0, 2, { kind: "user-alarm", dty: 5, stc: 9, bond: 0 });
  raise(book, 0, 3, { kind: "user-alarm", dty: 2, stc: 10 });
  expect(book.rows.map(({ name }) => name)).toEqual(["fall", "help-key"]);
});

test("what is over, and what a restart brings back, is no new report; a wiped unit begins its numbers anew", () => {
  const book = bookOf();
  const report = raise(book, 0, 7);
  answer(book, 1_000, hear(book, 7));
  store(book, 2_000, change(report, { at: "done" }));
  book.started(3_000, 0);
  store(book, 3_000, change(report, { former: true }));
  expect(book.rows).toHaveLength(1);
  raise(book, 4_000, 0);
  expect(book.rows.map(({ raisedMs }) => raisedMs)).toEqual([0, 4_000]);
});

test("a report that its wearer takes back is marked so", () => {
  const book = bookOf();
  store(book, 5_000, change(raise(book, 0, 7), { cancelled: true }));
  expect(book.rows[0]?.withdrawn).toBe(true);
});

test("rows stop at their bound; beyond it reports are counted by name, and their acceptance too", () => {
  const book = bookOf(2);
  for (let number = 0; number < 5; number++) {
    raise(book, number, number, number === 4 ? { stc: 86 } : {});
    answer(book, number, hear(book, number));
  }
  expect(book.rows).toHaveLength(2);
  expect(book.leftOut).toEqual({ "mains-lost": 2, "mains-back": 1 });
  expect(book.acceptedByKind).toEqual({ technical: 5 });
});

test("a report that turns unstable is told under that name", () => {
  const book = bookOf();
  raise(book, 0, 7, { stc: 105, stability: "unstable" });
  expect(book.rows[0]?.name).toBe("unstable");
});
