import { expect, test } from "vitest";
import { alarmBench } from "./arbitraries.ts";
import { messageOf } from "./message.ts";
import type { AlarmBench } from "./test-bench.ts";

const sender = { cid: "4607110231", prefix: "Q4T8A" };

/** Receiver 1 has heard of the alarm and said nothing; receiver 0 accepts. */
function acceptedByFirst(): AlarmBench {
  const bench = alarmBench();
  bench.press(0, 1);
  bench.run(10_000);
  bench.clear();
  bench.answerRef(0, "mobile", 1, 0, 0);
  return bench;
}

test("after the acceptance every other receiver that may have heard of it gets one RE, stored before, its own messages stopped", () => {
  const bench = acceptedByFirst();
  const [store] = bench.done;
  expect(store?.effect.type === "store" && store.effect.report.sessions[1]?.at).toBe("owed");
  expect(bench.state.attempts).toEqual([]);
  bench.run(0);
  const sent = bench.sent("RE");
  expect(sent).toHaveLength(1);
  const [{ report, attempt } = sent[0] as never] = sent;
  expect(messageOf(sender, report, attempt)).toEqual({
    ref: "Q4T8A0000001001",
    ver: "01.00",
    mty: "RE",
    cid: sender.cid,
    dty: 3,
    crd: ["no-voice:"],
    stc: 98,
    stt: "mottaget av annan",
  });
});

test("a receiver that is lost is not asked each 40 s, and at once when it is back", () => {
  const bench = acceptedByFirst();
  bench.loseReceiver(1, true);
  bench.run(400_000);
  expect(bench.sent("RE")).toHaveLength(1);
  bench.loseReceiver(1, false);
  bench.pathBack();
  bench.run(0);
  expect(bench.sent("RE")).toHaveLength(2);
});

test("a receiver that no byte has reached is owed nothing", () => {
  const bench = alarmBench();
  bench.press(0, 1);
  bench.run(10_000);
  bench.fail(bench.last(), "no-link");
  bench.fail(bench.last(), "no-link");
  bench.answerRef(0, "mobile", 1, 0, 0);
  bench.run(120_000);
  expect(bench.sent("RE")).toEqual([]);
});

test("a receiver that had refused is owed nothing", () => {
  const bench = alarmBench();
  bench.press(0, 1);
  bench.answer(bench.last(), 6);
  bench.answer(bench.last(), 0);
  bench.run(120_000);
  expect(bench.sent("RE")).toEqual([]);
});

test("an RE is tried each 40 s, over the other route each second time, later each 10 min, and dropped after 24 h", () => {
  const bench = acceptedByFirst();
  bench.run(25 * 3_600_000);
  const sent = bench.sent("RE");
  expect(sent.slice(0, 3).map(({ attempt }) => attempt.path.route)).toEqual(["mobile", "broadband", "mobile"]);
  const gaps = sent.slice(1).map(({ atMs }, i) => atMs - (sent[i]?.atMs ?? 0));
  expect(Math.min(...gaps)).toBeGreaterThanOrEqual(32_000);
  expect(Math.max(...gaps.slice(0, 30))).toBeLessThanOrEqual(48_000);
  expect(Math.max(...gaps)).toBeLessThanOrEqual(720_000);
  expect(sent.length).toBeLessThan(300);
  expect((sent.at(-1)?.atMs ?? 0) - 11_000).toBeLessThanOrEqual(24 * 3_600_000);
  expect((sent.at(-1)?.atMs ?? 0) - 11_000).toBeGreaterThan(23 * 3_600_000);
});

test("an RE that was carried is paid by its answer; busy, hold and not treated are not the end of it", () => {
  for (const [snu, paid] of [
    [0, true],
    [99, true],
    [4, false],
    [5, false],
    [6, false],
  ] as const) {
    const bench = acceptedByFirst();
    bench.run(0);
    bench.carry(bench.last("RE"));
    bench.answer(bench.last("RE"), snu);
    expect(bench.report(1)?.sessions[1]?.at).toBe(paid ? "withdrawn" : "owed");
  }
});

test("what comes over another route than the RE may be the alarm's late answer: the next RE, over that route, gets its own", () => {
  const bench = acceptedByFirst();
  bench.run(0);
  const first = bench.last("RE");
  const other = first.path.route === "mobile" ? "broadband" : "mobile";
  bench.carry(first);
  bench.answerRef(1, other, 1, 1, 0);
  expect(bench.report(1)?.sessions[1]?.at).toBe("owed");
  bench.run(50_000);
  expect(bench.last("RE").path).toEqual({ route: other, receiver: 1 });
  bench.carry(bench.last("RE"));
  bench.answerRef(1, other, 1, 1, 0);
  expect(bench.report(1)?.sessions[1]?.at).toBe("withdrawn");
});

test("who was too busy for an RE and then takes the alarm late is told that another was first", () => {
  const bench = acceptedByFirst();
  bench.run(0);
  const withdrawal = bench.last("RE");
  bench.carry(withdrawal);
  bench.answer(withdrawal, 6);
  bench.answer(withdrawal, 0);
  bench.run(0);
  expect(bench.state.reports[0]?.sessions.map(({ at }) => at)).toEqual(["accepted", "accepted"]);
  expect(bench.last("IN").path.receiver).toBe(1);
});

test("a receiver that answers 0 late gets no RE: it is told by an update that another was first", () => {
  const bench = acceptedByFirst();
  bench.answerRef(1, "broadband", 1, 1, 0);
  bench.run(0);
  expect(bench.sent("RE")).toEqual([]);
  const [update] = bench.sent("IN");
  expect(update?.attempt).toMatchObject({ part: 1, path: { receiver: 1 } });
  if (update !== undefined)
    expect(messageOf(sender, update.report, update.attempt).ite).toBe("accepted by another receiver before");
  expect(bench.told()).toEqual(["accepted 1"]);
});

test("an answer 0 to the alarm that crosses the RE on its way ends the RE", () => {
  const bench = acceptedByFirst();
  bench.run(0);
  const withdrawal = bench.last("RE");
  bench.answerRef(1, "mobile", 1, 1, 0);
  expect(bench.report(1)?.sessions[1]?.at).toBe("accepted");
  expect(bench.done.at(-2)?.effect).toEqual({ type: "stop", attempt: withdrawal.id });
  bench.clear();
  bench.run(3_600_000);
  expect(bench.sent("RE")).toEqual([]);
});

test("a press is told to the receiver that accepted, not to one whose acceptance crossed the RE that closed its case", () => {
  const bench = alarmBench();
  bench.press(0, 1);
  bench.run(10_000);
  bench.answerRef(1, "mobile", 1, 1, 0);
  bench.run(0);
  expect(bench.sent("RE").map(({ attempt }) => attempt.path.receiver)).toEqual([0]);
  bench.answerRef(0, "mobile", 1, 0, 0);
  bench.clear();
  bench.press(0, 2);
  bench.run(0);
  const receivers = bench.sent("IN").map(({ attempt, report }) => {
    return `${attempt.path.receiver}: ${messageOf(sender, report, attempt).ite}`;
  });
  expect(receivers).toEqual(["0: pressed 2 times; accepted by another receiver before", "1: pressed 2 times"]);
});

test("a late refusal makes the RE needless", () => {
  const bench = acceptedByFirst();
  bench.answerRef(1, "mobile", 1, 1, 5);
  bench.run(120_000);
  expect(bench.sent("RE")).toEqual([]);
});

test("late answers are still matched a day after the acceptance, and not much longer", () => {
  const bench = acceptedByFirst();
  bench.answerRef(1, "mobile", 1, 1, 0);
  bench.run(23 * 3_600_000);
  expect(bench.report(1)).toBeDefined();
  bench.run(3 * 3_600_000);
  expect(bench.report(1)).toBeUndefined();
  expect(bench.journal).toEqual([]);
});

test("the answer to a withdrawal of a pending alarm never passes for its acceptance", () => {
  const bench = alarmBench({ receiverCount: 1 });
  bench.press(0, 1);
  bench.answer(bench.last(), 4);
  bench.run(1_815_000);
  expect(bench.sent("RE").length).toBeGreaterThan(0);
  bench.answerRef(0, "mobile", 1, 0, 0);
  expect(bench.told()).toEqual(["received 1"]);
  bench.answerRef(0, "mobile", 1, 1, 0);
  expect(bench.told()).toEqual(["received 1", "accepted 1"]);
});

test("a path that is back brings what is owed at once", () => {
  const bench = acceptedByFirst();
  bench.run(1_000);
  bench.clear();
  bench.pathBack();
  bench.run(0);
  expect(bench.sent("RE")).toHaveLength(1);
});
