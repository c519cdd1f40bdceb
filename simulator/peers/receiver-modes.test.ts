import { expect, test } from "vitest";
import { alarm, ReceiverBench } from "./receiver-bench.ts";
import { isReceiverMode, type ReceiverMode, receiverModes } from "./receiver-modes.ts";

/** Says one alarm and waits two minutes: the SIP status, and number and time of each `mrs`. */
function play(mode: ReceiverMode) {
  const bench = new ReceiverBench({ mode });
  const status = bench.say(alarm("Q4T8A0000127"));
  bench.passAnswering(120_000);
  const answers = bench.answers().map(({ ref, snu, atMs }) => ({ ref, snu, atMs }));
  return { bench, status, answers, cases: [...bench.receiver.book.cases()].length };
}

const ref = "Q4T8A0000127";

test.each([
  ["normal", 200, [{ ref, snu: 0, atMs: 200 }], 1, "alarm", "snu 0"],
  ["slow", 200, [{ ref, snu: 0, atMs: 9_000 }], 1, "alarm", "snu 0"],
  ["late", 200, [{ ref, snu: 0, atMs: 25_000 }], 1, "alarm", "snu 0"],
  ["silent-open", undefined, [], 0, undefined, undefined],
  ["silent-after-200", 200, [], 0, "alarm", "sip 200"],
  ["reject", 200, [{ ref, snu: 5, atMs: 200 }], 0, "rejected", "snu 5"],
  ["busy", 200, [{ ref, snu: 6, atMs: 200 }], 0, "rejected", "snu 6"],
  ["hold", 200, [{ ref, snu: 4, atMs: 200 }], 1, "alarm", "snu 4"],
  ["wrong-ref", 200, [{ ref: "Z4T8A0000127", snu: 0, atMs: 200 }], 0, "alarm", "snu 0"],
  ["longer-ref", 200, [{ ref: `${ref}0`, snu: 0, atMs: 200 }], 0, "alarm", "snu 0"],
  ["unknown-snu", 200, [{ ref, snu: 42, atMs: 200 }], 0, "rejected", "snu 42"],
  ["stale-nonces", 200, [{ ref, snu: 0, atMs: 200 }], 1, "alarm", "snu 0"],
  ["password-changed", 200, [{ ref, snu: 0, atMs: 200 }], 1, "alarm", "snu 0"],
  ["duplicate", 200, [200, 1_200].map((atMs) => ({ ref, snu: 0, atMs })), 1, "alarm", "snu 0"],
  ["refuse-connect", undefined, [], 0, undefined, undefined],
  ["dies", 200, [], 0, "alarm", "sip 200"],
] as const)("mode %s: SIP %s, mrs %j, %s cases", (mode, status, answers, cases, type, answer) => {
  const played = play(mode);
  expect(played.status).toBe(status);
  expect(played.answers).toEqual(answers);
  expect(played.cases).toBe(cases);
  expect(played.bench.events.map((event) => [event.type, event.answer])).toEqual(
    type === undefined ? [] : [[type, answer]],
  );
});

test("every mode has its row in this test", () => {
  expect(receiverModes.length).toBe(20);
  expect(isReceiverMode("normal")).toBe(true);
  expect(isReceiverMode("toString")).toBe(false);
});

test("the copies of mode duplicate are messages of their own", () => {
  const { bench } = play("duplicate");
  const calls = bench.sent.filter(({ message }) => message.kind === "request").map(({ message }) => message.callId);
  expect(new Set(calls).size).toBe(2);
  expect(bench.signs.filter((sign) => sign.type === "answered").length).toBe(1);
});

test("a silent front is heard of by the monitor once per request, a closed port never", () => {
  for (const [mode, heard] of [
    ["silent-open", 1],
    ["refuse-connect", 0],
  ] as const) {
    const bench = new ReceiverBench({ mode });
    const bytes = bench.message(alarm("A1"));
    for (let copy = 0; copy < 5; copy++) bench.hear(bytes);
    expect(bench.signs.filter((sign) => sign.type === "heard").length).toBe(heard);
    expect(bench.sent).toEqual([]);
  }
});

test("a request that a silent front has heard is answered when it comes again after the repair", () => {
  const bench = new ReceiverBench({ mode: "silent-open" });
  const bytes = bench.message(alarm("A1"));
  bench.hear(bytes);
  bench.receiver.setMode("normal");
  bench.hear(bytes);
  bench.passAnswering(1_000);
  expect(bench.answers()).toMatchObject([{ ref: "A1", snu: 0 }]);
});

test("a receiver that died stays off until its mode is set", () => {
  const bench = new ReceiverBench({ mode: "dies" });
  expect(bench.say(alarm("A1"))).toBe(200);
  expect(bench.say(alarm("A2"))).toBeUndefined();
  expect(bench.events.length).toBe(1);
  bench.receiver.setMode("normal");
  expect(bench.ask(alarm("A3"))).toBe(0);
});

test("a receiver that dies takes the answers under way with it", () => {
  const bench = new ReceiverBench();
  bench.say(alarm("A1"));
  bench.receiver.setMode("dies");
  bench.say(alarm("A2"));
  bench.passAnswering(60_000);
  expect(bench.answers()).toEqual([]);
  expect(bench.queue.size).toBe(0);
});

test.each(["silent-open", "silent-after-200", "refuse-connect"] as const)(
  "in mode %s what was still to be said is never said",
  (mode) => {
    const bench = new ReceiverBench({ mode: "late" });
    bench.say(alarm("A1"));
    bench.receiver.setMode(mode);
    bench.passAnswering(60_000);
    bench.receiver.setMode("normal");
    bench.passAnswering(60_000);
    expect(bench.answers()).toEqual([]);
  },
);

test("hold answers updates, withdrawals and heartbeats with 0, and a poll with 0 once the mode is normal", () => {
  const bench = new ReceiverBench({ mode: "hold" });
  expect(bench.ask(alarm("A1"))).toBe(4);
  expect(bench.ask(alarm("A1"))).toBe(4);
  expect(bench.ask(alarm("P1", { mty: "PI" }))).toBe(0);
  expect(bench.ask(alarm("A1", { mty: "IN", ite: "2 presses" }))).toBe(0);
  bench.receiver.setMode("normal");
  expect(bench.ask(alarm("A1"))).toBe(0);
  expect([...bench.receiver.book.cases()]).toMatchObject([{ ref: "A1", snu: 0, state: "open" }]);
  expect(bench.events.filter((event) => event.type === "alarm").map((event) => event.again)).toEqual([
    false,
    true,
    true,
  ]);
});

test("reject and busy refuse heartbeats and withdrawals too, but an accepted alarm keeps its answer", () => {
  for (const [mode, snu] of [
    ["reject", 5],
    ["busy", 6],
  ] as const) {
    const bench = new ReceiverBench();
    expect(bench.ask(alarm("A1"))).toBe(0);
    bench.receiver.setMode(mode);
    expect(bench.ask(alarm("A1"))).toBe(0);
    expect(bench.ask(alarm("P1", { mty: "PI" }))).toBe(snu);
    expect(bench.ask(alarm("A1", { mty: "RE" }))).toBe(snu);
    expect([...bench.receiver.book.cases()]).toMatchObject([{ state: "open" }]);
  }
});

test("a receiver that is busy by SIP says 503 and when to come again", () => {
  const bench = new ReceiverBench({ mode: "sip-503" });
  expect(bench.say(alarm("A1"))).toBe(503);
  expect(bench.sent[0]?.message.headers.map((header) => header.name)).toEqual(["Retry-After"]);
  bench.receiver.setMode("normal");
  expect(bench.ask(alarm("A1"))).toBe(0);
});

test("mode least-only takes an alarm that says what it must and no more", () => {
  const bench = new ReceiverBench({ mode: "least-only" });
  expect(bench.ask(alarm("A1", { ite: "pressed 2026-01-14T05:04:00Z" }))).toBe(3);
  expect(bench.ask(alarm("A2"))).toBe(0);
});
