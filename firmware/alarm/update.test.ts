import { expect, test } from "vitest";
import { alarmBench } from "./arbitraries.ts";
import { messageOf } from "./message.ts";
import { type AlarmBench, answering } from "./test-bench.ts";

const sender = { cid: "4607110231", prefix: "Q4T8A" };

/** Accepted, then pressed once more; the far end is silent from now on. */
function pressedAgain(): AlarmBench {
  const bench = alarmBench();
  bench.press(0, 1);
  bench.answer(bench.last(), 0);
  bench.run(1_000);
  bench.clear();
  bench.press(0, 2);
  return bench;
}

test("a press of an accepted alarm goes as one update with the count, again each 5 s over the next route", () => {
  const bench = pressedAgain();
  bench.run(19_999);
  const sent = bench.sent("IN");
  expect(sent.map(({ atMs }) => atMs - 2_000)).toEqual([0, 5_000, 10_000, 15_000]);
  expect(sent.map(({ attempt }) => attempt.path.route)).toEqual(["mobile", "broadband", "mobile", "broadband"]);
  expect(bench.state.reports).toHaveLength(1);
});

test("an update of a press that is not accepted within 20 s becomes an alarm of its own, stored before the old one lets go", () => {
  const bench = pressedAgain();
  bench.run(19_999);
  bench.clear();
  bench.run(1);
  expect(bench.state.reports).toHaveLength(2);
  const alarm = bench.state.reports[1];
  expect(alarm).toMatchObject({ pressCount: 1, presses: [{ name: 2, accepted: false }], acceptedMs: -1 });
  expect(alarm?.facts.seconds).toBe((bench.state.reports[0]?.facts.seconds ?? 0) + 1);
  expect(bench.state.reports[0]?.presses).toEqual([{ name: 1, accepted: true }]);
  const stores = bench.done.flatMap(({ effect }) => (effect.type === "store" ? [effect.report.number] : []));
  expect(stores.slice(0, 2)).toEqual([alarm?.number, 1]);
  expect(bench.sent("ME").map(({ attempt }) => attempt.number)).toEqual([alarm?.number]);
  bench.answer(bench.last("ME"), 0);
  expect(bench.told()).toEqual(["accepted 2"]);
});

test("an alarm made of such presses says how the unit stands by then, not how it stood when the accepted one was raised", () => {
  const bench = pressedAgain();
  bench.mark({ suspended: true });
  bench.run(20_000);
  expect(textOfNewest(bench, "ME")).toMatch(/ unit suspended$/);
});

/** Pressed at 10 s and 40 s more, answered by nobody for two hours, then accepted; nobody hears the update. */
function pressedLongAgo(before: (bench: AlarmBench) => void): AlarmBench {
  const bench = alarmBench();
  bench.press(0, 1);
  bench.run(10_000);
  bench.press(0, 2, { ageS: 2 });
  bench.run(30_000);
  bench.press(0, 3);
  bench.run(7_200_000);
  before(bench);
  bench.answerRef(0, "mobile", 1, 0, 0);
  bench.run(20_000);
  return bench;
}

function textOfNewest(bench: AlarmBench, what: "ME" | "IN"): string | undefined {
  const newest = bench.sent(what).at(-1);
  return newest === undefined ? undefined : messageOf(sender, newest.report, newest.attempt).ite;
}

test("an alarm made of presses that nobody took bears the time of the oldest and says how many there were", () => {
  const bench = pressedLongAgo(() => {});
  expect(textOfNewest(bench, "ME")).toBe("pressed T+09s 2 times");
  expect(bench.state.reports.at(-1)).toMatchObject({ pressedMs: 9_000, former: false, corrected: "none" });
});

test("the time of a press that nobody took outlives a restart: as it was where the clock was known, else as before the restart", () => {
  const known = pressedLongAgo((bench) => {
    bench.learnClock();
    bench.restart();
  });
  expect(textOfNewest(known, "ME")).toBe("pressed 2027-01-15T08:00:09Z 2 times");
  const unknown = pressedLongAgo((bench) => bench.restart());
  expect(textOfNewest(unknown, "ME")).toBe("pressed T+09s 2 times");
  const restarted = pressedLongAgo((bench) => {
    bench.restart();
    bench.learnClock();
  });
  expect(restarted.state.reports.at(-1)).toMatchObject({ former: true, pressedMs: -1, corrected: "before" });
  restarted.answer(restarted.last("ME"), 0);
  restarted.run(0);
  expect(textOfNewest(restarted, "IN")).toBe("pressed 2 times; pressed before 2027-01-15T08:00:00Z");
});

test("a press after the others were taken has its own time", () => {
  const bench = pressedAgain();
  bench.far = answering(() => 0);
  bench.run(30_000);
  bench.far = undefined;
  bench.press(0, 3);
  bench.run(20_000);
  expect(textOfNewest(bench, "ME")).toBe("pressed T+32s");
});

test("an answer that comes after a further press belongs to what was carried before it, be it known as carried or not", () => {
  for (const isKnown of [true, false]) {
    const bench = pressedAgain();
    bench.run(0);
    if (isKnown) bench.carry(bench.last("IN"));
    bench.press(0, 3);
    bench.run(0);
    const newest = bench.last("IN");
    bench.carry(newest);
    bench.clear();
    bench.answer(newest, 0);
    expect(bench.told(), "it read of two presses").toEqual([]);
    bench.answer(newest, 0);
    expect(bench.told()).toEqual(["accepted 3"]);
  }
});

test("a second copy's answer takes no press that the receiver has not read of, and is not waited for longer than 30 s", () => {
  for (const waitMs of [0, 31_000]) {
    const bench = pressedAgain();
    bench.run(5_000);
    for (const { attempt } of bench.sent("IN")) bench.carry(attempt);
    bench.answer(bench.last("IN"), 0);
    expect(bench.told()).toEqual(["received 2", "accepted 2"]);
    bench.run(waitMs);
    bench.clear();
    bench.press(0, 3);
    bench.run(0);
    const newest = bench.last("IN");
    bench.carry(newest);
    bench.answer(newest, 0);
    expect(bench.told()).toEqual(waitMs === 0 ? ["received 3"] : ["received 3", "accepted 3"]);
  }
});

test("where the alarm went to its receiver twice, the answer to the second copy takes no further press", () => {
  const bench = alarmBench();
  bench.press(0, 1);
  bench.run(8_000);
  const copies = bench.sent("ME").filter(({ attempt }) => attempt.path.receiver === 0);
  expect(new Set(copies.map(({ attempt }) => attempt.path.route)).size).toBe(2);
  for (const { attempt } of copies) bench.carry(attempt);
  bench.press(0, 2);
  bench.answerRef(0, "mobile", 1, 0, 0);
  bench.run(0);
  const update = bench.last("IN");
  bench.carry(update);
  bench.clear();
  bench.answer(update, 0);
  expect(bench.told()).toEqual([]);
  bench.answer(update, 0);
  expect(bench.told()).toEqual(["accepted 2"]);
});

test("one answer takes all presses that an alarm was made of, and the next one is told by an update", () => {
  const bench = pressedLongAgo(() => {});
  const message = bench.last("ME");
  bench.clear();
  bench.press(0, 4);
  bench.answer(message, 0);
  expect(bench.told()).toEqual(["received 4", "accepted 3"]);
  expect(bench.state.reports.at(-1)?.presses.map(({ accepted }) => accepted)).toEqual([true, true, false]);
  bench.run(0);
  const updates = bench.sent("IN").map(({ report, attempt }) => messageOf(sender, report, attempt).ite);
  expect(updates).toEqual(["pressed 3 times; accepted 7252 s after the press"]);
});

test("an alarm made of several presses that is accepted soon owes no update: its message has told of all", () => {
  const bench = pressedAgain();
  bench.press(0, 3);
  bench.run(20_000);
  bench.answer(bench.last("ME"), 0);
  bench.clear();
  bench.run(60_000);
  expect(bench.sent("IN")).toEqual([]);
  expect(bench.state.reports.every(({ presses }) => presses.every(({ accepted }) => accepted))).toBe(true);
});

test("beyond the bound of names the presses that the message tells of stay, and none counts as told that is not", () => {
  const bench = alarmBench();
  bench.press(0, 1);
  for (let name = 2; name <= 12; name++) bench.press(0, name);
  bench.answerRef(0, "mobile", 1, 0, 0);
  bench.run(20_000);
  const names = (): readonly number[] => bench.state.reports.at(-1)?.presses.map(({ name }) => name) ?? [];
  expect(names()).toEqual([6, 7, 8, 9, 10, 11, 12]);
  expect(textOfNewest(bench, "ME")).toBe("pressed T+01s 7 times");
  expect(bench.state.reports.at(-1)?.pressCount).toBe(11);
  bench.press(0, 13);
  bench.press(0, 14);
  expect(names()).toEqual([6, 7, 8, 9, 10, 11, 12, 14]);
  bench.clear();
  bench.answerRef(0, "mobile", bench.state.reports.at(-1)?.number ?? -1, 0, 0);
  expect(bench.told()).toEqual(["accepted 12"]);
  bench.run(0);
  expect(textOfNewest(bench, "IN")).toBe("pressed 13 times");
});

test("an answer 0 before the update was carried is not its acceptance", () => {
  const bench = pressedAgain();
  bench.run(0);
  bench.answer(bench.last("IN"), 0);
  expect(bench.told()).toEqual(["received 2"]);
});

test("a press while an update is under way is told by a new one, and the answer to the first does not count for it", () => {
  const bench = pressedAgain();
  bench.run(6_000);
  bench.carry(bench.last("IN"));
  const first = bench.last("IN");
  bench.press(0, 3);
  bench.answer(first, 0);
  expect(bench.told()).toEqual(["received 2", "received 3"]);
  bench.run(0);
  const second = bench.sent("IN").at(-1);
  if (second === undefined) throw new Error("an update");
  expect(messageOf(sender, second.report, second.attempt).ite).toBe("pressed 3 times");
  bench.carry(second.attempt);
  bench.answer(second.attempt, 0);
  expect(bench.told().at(-1)).toBe("accepted 3");
});

test("a late acceptance by another receiver does not take a press's update away from the first", () => {
  const bench = alarmBench();
  bench.press(0, 1);
  bench.run(10_000);
  bench.answerRef(0, "mobile", 1, 0, 0);
  bench.press(0, 2);
  bench.answerRef(1, "mobile", 1, 1, 0);
  bench.run(0);
  const told = bench.sent("IN").map(({ attempt, report }) => {
    return `${attempt.path.receiver}: ${messageOf(sender, report, attempt).ite}`;
  });
  expect(told).toEqual(["0: pressed 2 times", "1: pressed 2 times; accepted by another receiver before"]);
});

test("an acceptance more than 60 s after the press is told how late it was", () => {
  for (const [afterMs, told] of [
    [60_900, undefined],
    [61_000, "accepted 61 s after the press"],
  ] as const) {
    const bench = alarmBench();
    bench.press(0, 1);
    bench.run(afterMs);
    bench.answerRef(0, "mobile", 1, 0, 0);
    bench.run(0);
    const update = bench.sent("IN")[0];
    expect(update === undefined ? undefined : messageOf(sender, update.report, update.attempt).ite).toBe(told);
  }
});

test("an update of no press is tried twelve times with growing pauses, then left", () => {
  const bench = alarmBench();
  bench.press(0, 1);
  bench.run(61_000);
  bench.answerRef(0, "mobile", 1, 0, 0);
  bench.run(3 * 3_600_000);
  const sent = bench.sent("IN");
  expect(sent).toHaveLength(12);
  expect((sent[1]?.atMs ?? 0) - (sent[0]?.atMs ?? 0)).toBe(5_000);
  expect((sent[11]?.atMs ?? 0) - (sent[10]?.atMs ?? 0)).toBe(600_000);
  expect(bench.report(1)?.updates).toEqual([]);
});

test("what is over but still has an update on its way is not forgotten", () => {
  const bench = pressedAgain();
  bench.far = answering(() => 0);
  bench.run(5_000);
  expect(bench.told()).toEqual(["received 2", "accepted 2"]);
});

test("a path that comes back hurries an update that waits, and leaves one that has just been sent its time", () => {
  const bench = pressedAgain();
  bench.run(1_000);
  bench.pathBack();
  bench.run(0);
  expect(bench.sent("IN")).toHaveLength(1);
  bench.fail(bench.last("IN"), "no-link");
  bench.pathBack();
  bench.run(0);
  expect(bench.sent("IN")).toHaveLength(2);
});
