import { expect, test } from "vitest";
import { alarmBench } from "./arbitraries.ts";
import { messageOf } from "./message.ts";
import { type Path, partLimit } from "./report.ts";
import { type AlarmBench, answering } from "./test-bench.ts";

const sender = { cid: "4607110231", prefix: "Q4T8A" };

test("an answer 0 for its own reference is the acceptance: stored, shown, told, and the race is over", () => {
  const bench = alarmBench();
  const number = bench.press(0, 1);
  bench.run(5_000);
  bench.clear();
  bench.answer(bench.state.attempts[1] ?? bench.last(), 0);
  expect(bench.done.map(({ effect }) => effect.type)).toEqual([
    "store",
    "log",
    "stop",
    "stop",
    "show",
    "tell-button",
    "tell-department",
    "hops",
    "wake",
  ]);
  expect(bench.told()).toEqual(["accepted 1"]);
  expect(bench.shown()).toEqual(["accepted"]);
  expect(bench.report(number)?.at).toBe("open");
  bench.run(60_000);
  expect(bench.sent("ME")).toEqual([]);
});

test("SIP answers, other numbers, other parts and other receivers accept nothing", () => {
  const bench = alarmBench();
  const number = bench.press(0, 1);
  bench.carry(bench.last());
  bench.answerRef(1, "mobile", number, 0, 0);
  bench.answerRef(0, "mobile", number, 1, 0);
  bench.answerRef(0, "mobile", number + 1, 0, 0);
  for (const snu of [1, 2, 3, 5, 6, 7, 10, 42, 99]) bench.answerRef(0, "mobile", number, 0, snu);
  expect(bench.told()).toEqual(["received 1"]);
  expect(bench.report(number)?.acceptedMs).toBe(-1);
});

test("an answer counts over whichever route it comes", () => {
  const bench = alarmBench();
  bench.press(0, 1);
  bench.answerRef(0, "broadband", 1, 0, 0);
  expect(bench.told()).toEqual(["received 1", "accepted 1"]);
});

test("hold is polled with the same bytes each 8 to 12 s, and no new receiver hears of it for three minutes", () => {
  const bench = alarmBench();
  bench.far = answering(({ receiver }) => (receiver === 0 ? 4 : -1));
  bench.press(0, 1);
  bench.run(179_999);
  const sent = bench.sent("ME");
  expect(new Set(sent.map(({ attempt }) => attempt.path.receiver))).toEqual(new Set([0]));
  for (let i = 1; i < sent.length; i++) {
    const gapMs = (sent[i]?.atMs ?? 0) - (sent[i - 1]?.atMs ?? 0);
    expect(gapMs).toBeGreaterThanOrEqual(8_000);
    expect(gapMs).toBeLessThanOrEqual(12_000);
  }
  const bytes = sent.map(({ attempt, report }) => JSON.stringify(messageOf(sender, report, attempt)));
  expect(new Set(bytes).size).toBe(1);
  bench.run(1_000);
  expect(bench.last("ME").path.receiver).toBe(1);
  expect(bench.shown()).toEqual(["sending", "not-accepted"]);
});

test("a receiver that was started before another asked for patience goes on", () => {
  const bench = alarmBench();
  bench.press(0, 1);
  bench.run(10_000);
  bench.answerRef(0, "mobile", 1, 0, 4);
  bench.run(5_000);
  expect(bench.last("ME").path).toEqual({ route: "broadband", receiver: 1 });
  bench.answerRef(1, "mobile", 1, 1, 0);
  expect(bench.told()).toEqual(["received 1", "accepted 1"]);
});

test("hold ends at 30 min with a withdrawal, and the next message goes under a new reference", () => {
  const bench = alarmBench({ receiverCount: 1 });
  bench.far = answering((_path, what) => (what === "ME" ? 4 : 0));
  bench.press(0, 1);
  bench.run(1_799_000);
  expect(bench.sent("RE")).toEqual([]);
  bench.run(14_000);
  const [withdrawal] = bench.sent("RE");
  expect(withdrawal?.attempt.part).toBe(0);
  expect(bench.last("ME").part).toBe(1);
  if (withdrawal !== undefined)
    expect(messageOf(sender, withdrawal.report, withdrawal.attempt)).toMatchObject({ mty: "RE", stc: 104 });
});

test("a silent poll is repeated over the other route", () => {
  const bench = alarmBench();
  bench.press(0, 1);
  bench.answer(bench.last(), 4);
  bench.run(25_000);
  const routes = bench.sent("ME").map(({ attempt }) => attempt.path.route);
  expect(routes.slice(0, 3)).toEqual(["mobile", "mobile", "broadband"]);
});

test("hold that turns into a refusal brings the next receiver at once", () => {
  const bench = alarmBench();
  bench.press(0, 1);
  bench.answer(bench.last(), 4);
  bench.run(30_000);
  bench.clear();
  bench.answerRef(0, "mobile", 1, 0, 5);
  expect(bench.last("ME").path.receiver).toBe(1);
});

test("who held and was busy afterwards hears under that reference that another has the alarm, or that it is cancelled, over a restart too", () => {
  const heldThenBusy = (): AlarmBench => {
    const bench = alarmBench();
    bench.press(0, 1);
    bench.answer(bench.last(), 4);
    bench.run(30_000);
    bench.answerRef(0, "mobile", 1, 0, 6);
    expect(bench.last("ME").path.receiver).toBe(1);
    return bench;
  };
  const told = (bench: AlarmBench): number[][] => {
    bench.run(1_000);
    return bench.sent("RE").map(({ attempt }) => [attempt.path.receiver, attempt.part]);
  };
  const taken = heldThenBusy();
  taken.answerRef(1, "mobile", 1, 1, 0);
  expect(told(taken)).toEqual([[0, 0]]);
  const restarted = heldThenBusy();
  restarted.restart();
  restarted.answerRef(1, "mobile", 1, 1, 0);
  expect(told(restarted)).toEqual([[0, 0]]);
  const takenBack = heldThenBusy();
  takenBack.press(0, 2, { reason: "cancel" });
  expect(told(takenBack)).toContainEqual([0, 0]);
});

test("a late busy of who held does not make its RE needless", () => {
  const bench = alarmBench();
  bench.press(0, 1);
  bench.run(10_000);
  bench.answerRef(1, "mobile", 1, 1, 4);
  bench.answerRef(0, "mobile", 1, 0, 0);
  bench.answerRef(1, "mobile", 1, 1, 6);
  bench.run(1_000);
  expect(bench.sent("RE").map(({ attempt }) => attempt.part)).toEqual([1]);
});

test("a hold that comes behind a refusal is believed: the receiver has a case, and hears once another has the alarm", () => {
  const withdrawn = (play: (bench: AlarmBench, at: { hold: () => void; taken: () => void }) => void): Path[] => {
    const bench = alarmBench();
    bench.press(0, 1);
    bench.answer(bench.last(), 6);
    const next = bench.last("ME").path;
    expect(next.receiver).toBe(1);
    play(bench, {
      hold: () => bench.answerRef(0, "mobile", 1, 0, 4),
      taken: () => bench.answerRef(1, next.route, 1, 1, 0),
    });
    bench.run(1_000);
    return bench.sent("RE").map(({ attempt }) => attempt.path);
  };
  expect(withdrawn((_bench, { taken }) => taken())).toEqual([]);
  const held = withdrawn((_bench, { hold, taken }) => {
    hold();
    taken();
  });
  expect(held.map(({ receiver }) => receiver)).toEqual([0]);
  const late = withdrawn((bench, { hold, taken }) => {
    taken();
    bench.run(100);
    hold();
  });
  expect(late.map(({ receiver }) => receiver)).toEqual([0]);
  withdrawn((bench, { hold }) => {
    bench.clear();
    hold();
    bench.run(12_000);
    expect(bench.sent("ME").map(({ attempt }) => attempt.part)).toContain(0);
  });
});

test("busy and not treated leave that receiver out for 5 to 15 s, doubled to 60 s, and ask the next one at once", () => {
  for (const snu of [5, 6]) {
    const bench = alarmBench({ receiverCount: 2 });
    bench.far = answering(({ receiver }) => (receiver === 0 ? snu : -1));
    bench.press(0, 1);
    expect(bench.last("ME").path.receiver).toBe(1);
    const waits: number[] = [];
    for (let passed = 0; passed < 600_000; passed += 500) {
      const waitMs = bench.state.leftOut[0]?.waitMs ?? 0;
      if (waits.at(-1) !== waitMs) waits.push(waitMs);
      bench.run(500);
    }
    expect(waits[0]).toBeGreaterThanOrEqual(5_000);
    expect(waits[0]).toBeLessThanOrEqual(15_000);
    for (let i = 1; i < waits.length; i++) expect(waits[i]).toBe(Math.min((waits[i - 1] ?? 0) * 2, 60_000));
    expect(waits.at(-1)).toBe(60_000);
    expect(bench.sent("ME").every(({ report }) => !report.minimal)).toBe(true);
  }
});

test("a busy receiver is asked again when its time is over, not before, under a new reference", () => {
  const bench = alarmBench({ receiverCount: 1 });
  bench.far = answering(() => 6);
  bench.press(0, 1);
  let leftMs = bench.state.leftOut[0]?.untilMs ?? 0;
  for (let i = 1; i < 6; i++) {
    bench.clear();
    bench.run(75_000);
    const sent = bench.sent("ME");
    expect(sent.length).toBeGreaterThan(0);
    expect(sent[0]?.atMs).toBeGreaterThanOrEqual(leftMs);
    leftMs = bench.state.leftOut[0]?.untilMs ?? 0;
  }
  const parts = bench.sent("ME").map(({ attempt }) => attempt.part);
  expect(new Set(parts).size).toBe(parts.length);
});

test("SIP 503 leaves the receiver out too, whatever time it names, and both routes count once", () => {
  const bench = alarmBench({ receiverCount: 1 });
  bench.press(0, 1);
  bench.run(5_000);
  const [first, second] = bench.state.attempts;
  if (first === undefined || second === undefined) throw new Error("two attempts");
  bench.fail(first, "busy", 3_000);
  const left = bench.state.leftOut[0]?.waitMs ?? 0;
  bench.fail(second, "busy", 3_000);
  expect(bench.state.leftOut[0]?.waitMs).toBe(left);
  bench.clear();
  bench.run(20_000);
  expect(bench.sent("ME").length).toBeGreaterThan(0);
  expect(bench.last("ME").part).toBe(0);
});

test("whoever took something is let in again: the next busy is the first of a row", () => {
  const bench = alarmBench();
  let snu = 6;
  bench.far = answering(({ receiver }) => (receiver === 0 ? snu : -1));
  bench.press(0, 1);
  bench.run(60_000);
  expect(bench.state.leftOut[0]?.waitMs).toBeGreaterThan(15_000);
  snu = 4;
  bench.run(60_000);
  expect(bench.state.leftOut[0]?.waitMs).toBe(0);
});

test("a new alarm asks a receiver that was busy for another one", () => {
  const bench = alarmBench({ receiverCount: 1 });
  bench.far = answering(() => 6);
  bench.press(0, 1);
  bench.clear();
  bench.press(1, 1);
  expect(bench.sent("ME")).toHaveLength(1);
});

test("a refused message goes on minimal, in new sessions, first to the next receiver", () => {
  for (const snu of [1, 2, 3, 7, 10, 42, 99]) {
    const bench = alarmBench();
    bench.press(0, 1);
    bench.answer(bench.last(), snu);
    const next = bench.sent("ME")[1];
    expect(next?.attempt).toMatchObject({ part: 1, path: { receiver: 1 } });
    if (next !== undefined)
      expect(messageOf(sender, next.report, next.attempt)).toEqual({
        ref: "Q4T8A0000001001",
        cid: sender.cid,
        dty: 3,
        stc: 10,
      });
  }
});

test("refused everywhere, the wearer is told and the rounds go on, always with new references", () => {
  const bench = alarmBench();
  bench.far = answering(() => 3);
  bench.press(0, 1);
  expect(bench.shown()).toEqual(["sending", "not-accepted"]);
  bench.run(120_000);
  const parts = bench.sent("ME").map(({ attempt }) => attempt.part);
  expect(parts.length).toBeGreaterThan(7);
  expect(parts).toEqual(parts.map((_, i) => i));
  bench.far = answering(() => 0);
  bench.run(60_000);
  expect(bench.told().at(-1)).toBe("accepted 1");
});

test("when the references of an alarm run out, a receiver that refused is asked again under its last one", () => {
  const bench = alarmBench({ receiverCount: 1, routes: ["mobile"] });
  bench.far = answering(() => 3);
  const number = bench.press(0, 1);
  bench.state = {
    ...bench.state,
    reports: bench.state.reports.map((report) => ({ ...report, nextPart: partLimit - 1 })),
  };
  bench.run(180_000);
  expect(bench.report(number)?.nextPart).toBe(partLimit);
  expect(bench.last("ME").part).toBe(partLimit - 1);
  expect(bench.sent("ME").length).toBeGreaterThan(4);
});

test("the message bears the press time from the start, and the time since the start while the clock is unknown", () => {
  const bench = alarmBench();
  bench.nowMs = 62_000;
  bench.press(1, 2, { ageS: 20 });
  const unknown = bench.sent("ME").at(-1);
  bench.wallStartS = 1_772_431_815 - 62;
  bench.learnClock();
  bench.press(0, 1, { ageS: 10 });
  const known = bench.sent("ME").at(-1);
  if (known === undefined || unknown === undefined) throw new Error("two messages");
  expect(messageOf(sender, known.report, known.attempt)).toEqual({
    ref: "Q4T8A0000002000",
    ver: "01.00",
    mty: "ME",
    cid: sender.cid,
    dty: 3,
    did: "B0",
    dco: 2,
    crd: ["no-voice:"],
    stc: 10,
    ite: "pressed 2026-03-02T06:10:05Z",
  });
  expect(messageOf(sender, unknown.report, unknown.attempt).ite).toBe("pressed T+42s");
});

test("a poll that found no way, as after a restart, is made again in five seconds", () => {
  const bench = alarmBench({ receiverCount: 1 });
  bench.press(0, 1);
  bench.answer(bench.last(), 4);
  bench.restart();
  bench.far = (on, sent) => on.fail(sent.attempt, "no-link");
  bench.run(0);
  bench.far = undefined;
  bench.clear();
  bench.pathBack();
  bench.run(5_000);
  expect(bench.sent("ME")).toHaveLength(1);
});
