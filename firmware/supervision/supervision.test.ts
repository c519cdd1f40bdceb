import fc from "fast-check";
import { expect, test } from "vitest";
import { kindsByUrgency } from "../alarm/report.ts";
import type { SelfCheckPort } from "../ports/self-check.ts";
import type { StartCause } from "../ports/starts.ts";
import { localTimeOf } from "../time/stockholm.ts";
import { ContextBench } from "../time/test-bench.ts";
import { startText } from "./control-message.ts";
import { answerOf } from "./query.ts";
import { type SupervisionSettings, supervisionDefaults, supervisionFault, supervisionOff } from "./settings.ts";
import { Supervision } from "./supervision.ts";
import { kindInTestMode, stepTestMode, testModeAtStart } from "./test-mode-machine.ts";

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;
const may = Date.UTC(2026, 4, 4);

const soundBoard = (bench: ContextBench): SelfCheckPort => ({
  begin: (_check, onFound) => bench.hand.after(100, () => onFound("passed")),
  stop: () => {},
});

interface Home {
  readonly bench: ContextBench;
  readonly supervision: Supervision;
  readonly answers: string[];
}

function home(settings: SupervisionSettings, former?: Home, startCause: StartCause = "power-on"): Home {
  const bench = new ContextBench(former?.bench);
  const answers: string[] = [];
  const supervision = new Supervision(bench, settings, {
    selfCheck: soundBoard(bench),
    answer: (phrase) => answers.push(phrase),
    onFaults: () => {},
    routeCount: 2,
    startCause,
  });
  return { bench, supervision, answers };
}

function codes(bench: ContextBench): number[] {
  return bench.raised.map((order) => order.stc);
}

test("each date has one test message at the unit's own place in the window, over a year with both changes of the clocks", () => {
  for (const drawn of [7, 61, 130, 255]) {
    const bench = new ContextBench(undefined);
    bench.drawn = drawn;
    const sent: { stc: number; day: number; secondOfDay: number }[] = [];
    const raise = bench.raise.bind(bench);
    bench.raise = (order) => {
      const at = localTimeOf(bench.wallClock.seconds(bench.hand.nowMs()));
      if (order.kind === "test") sent.push({ stc: order.stc, ...at });
      return raise(order);
    };
    new Supervision(bench, supervisionDefaults, {
      selfCheck: undefined,
      answer: () => {},
      onFaults: () => {},
      routeCount: 2,
      startCause: "power-on",
    });
    const from = localTimeOf(may / 1000).day;
    bench.tellTime(may - 2 * hourMs);
    bench.pass(365 * dayMs);
    expect(sent.map((each) => each.day - from)).toEqual([...Array(365).keys()]);
    expect(sent.every((each, i) => each.stc === (i % 2 === 0 ? 102 : 103))).toBe(true);
    const places = new Set(sent.map((each) => each.secondOfDay));
    expect([...places].every((second) => second >= 3_600 && second < 18_000)).toBe(true);
    expect(places.size).toBeLessThanOrEqual(2);
  }
});

test("each day the unit looks at itself once, by day, and what it finds becomes part of its answer", () => {
  const bench = new ContextBench(undefined);
  const begun: number[] = [];
  const answers: string[] = [];
  const supervision = new Supervision(bench, supervisionDefaults, {
    selfCheck: {
      begin: (check, onFound) => {
        if (check === "program") begun.push(localTimeOf(bench.wallClock.seconds(bench.hand.nowMs())).secondOfDay);
        bench.hand.after(100, () => onFound(check === "speech-loop" ? "speech-weak" : "passed"));
      },
      stop: () => {},
    },
    answer: (phrase) => answers.push(phrase),
    onFaults: (faulty) => answers.push(`faulty ${faulty}`),
    routeCount: 1,
    startCause: "power-on",
  });
  bench.tellTime(may - 2 * hourMs);
  supervision.answered();
  bench.pass(5 * dayMs);
  expect(begun).toHaveLength(5);
  expect(begun.every((second) => second >= 36_000 && second < 39_600)).toBe(true);
  expect(supervision.faults).toEqual(["speech-weak"]);
  supervision.query("ready");
  expect(answers).toEqual([...Array(5).fill("faulty true"), "works-with-fault"]);
  expect(bench.raised.filter((order) => order.did === "E51")).toHaveLength(1);
});

test("an idle unit without supervision is woken by nothing of it; with all jobs each costs one wake-up a day", () => {
  const off = home(supervisionOff).bench;
  off.tellTime(may);
  off.pass(3 * minuteMs);
  off.clock.wakeUps = 0;
  off.pass(30 * dayMs);
  expect([off.clock.wakeUps, off.hand.running]).toEqual([0, 0]);
  const mute = new ContextBench(undefined);
  new Supervision(mute, supervisionDefaults, {
    selfCheck: undefined,
    answer: () => {},
    onFaults: () => {},
    routeCount: 2,
    startCause: "power-on",
  });
  mute.tellTime(may);
  mute.pass(dayMs);
  mute.clock.wakeUps = 0;
  mute.pass(30 * dayMs);
  expect(mute.clock.wakeUps).toBe(60);
});

test("a message that was missed waits at random, so that a town whose power is back does not speak at once", () => {
  const { bench } = home(supervisionDefaults);
  bench.tellTime(may + 12 * hourMs);
  const late = bench.raised.filter((order) => order.kind === "test");
  expect(late.map((order) => order.spreadMs)).toEqual([600_000]);
});

test("a start ends with a message that says why and for how long the unit was away", () => {
  const first = home(supervisionOff);
  first.bench.pass(30_000);
  first.bench.tellTime(may);
  expect(first.bench.raised.map((order) => [order.kind, order.stc, order.stt])).toEqual([
    ["technical", 96, "ström på"],
  ]);
  const second = home(supervisionOff, first, "watchdog");
  second.bench.pass(30_000);
  second.bench.tellTime(may + 3 * hourMs + 12 * minuteMs + 30_000);
  expect(second.bench.raised.map((order) => order.stt)).toEqual(["vakthund, borta 3 h 12 min"]);
  expect(second.bench.raised[0]?.spreadMs).toBe(600_000);
});

test("where nobody tells the time the start is told without the gap after two minutes, once", () => {
  const { bench } = home(supervisionOff);
  bench.pass(2 * minuteMs - 1);
  expect(codes(bench)).toEqual([]);
  bench.pass(1);
  expect(codes(bench)).toEqual([96]);
  bench.tellTime(may);
  bench.pass(dayMs);
  expect(codes(bench)).toEqual([96]);
});

test("the unit calls itself ready only when a receiver has accepted its start", () => {
  const { bench, supervision } = home(supervisionOff);
  bench.tellTime(may);
  supervision.accepted(99);
  expect([supervision.started, bench.said]).toEqual([false, []]);
  supervision.accepted(0);
  supervision.accepted(0);
  expect([supervision.started, bench.said]).toEqual([true, ["ready"]]);
});

test("without the time too the unit calls itself ready only when a receiver has accepted its start", () => {
  const { bench, supervision } = home(supervisionOff);
  bench.pass(2 * minuteMs);
  expect([codes(bench), supervision.started, bench.said]).toEqual([[96], false, []]);
  supervision.accepted(0);
  expect([supervision.started, bench.said]).toEqual([true, ["ready"]]);
});

test("any cause and any gap fit into a status text", () => {
  const causes = fc.constantFrom<StartCause>(
    "power-on",
    "ordered",
    "update",
    "watchdog",
    "fault",
    "brown-out",
    "unknown",
  );
  fc.assert(
    fc.property(causes, fc.integer({ min: -1, max: 10 * 365 * 86_400 }), (cause, gapS) => {
      const text = startText(cause, gapS);
      expect(text.length).toBeLessThanOrEqual(32);
      expect(text.includes("borta")).toBe(gapS >= 900);
    }),
  );
  expect(startText("unknown", 900)).toBe("startad, borta 15 min");
  expect(startText("unknown", 48 * 3_600)).toBe("startad, borta 2 d 0 h");
});

test("test mode ends by itself after 15 minutes, and is told to the receivers at both ends", () => {
  const { bench, supervision } = home(supervisionOff);
  bench.tellTime(may);
  bench.raised.length = 0;
  supervision.testMode.enter();
  bench.pass(10 * minuteMs);
  supervision.testMode.enter();
  bench.pass(15 * minuteMs - 1);
  expect(supervision.testMode.on).toBe(true);
  bench.pass(1);
  expect(supervision.testMode.on).toBe(false);
  supervision.testMode.enter();
  supervision.testMode.leave();
  supervision.testMode.leave();
  bench.pass(dayMs);
  expect(bench.raised.map((order) => [order.stc, order.restores])).toEqual([
    [6, -1],
    [69, 6],
    [6, -1],
    [69, 6],
  ]);
  expect(bench.said).toEqual(["test-mode-on", "test-mode-off", "test-mode-on", "test-mode-off"]);
});

test("a wake-up that was set before test mode was prolonged does not end it", () => {
  const on = { at: "on", untilMs: 5_000 } as const;
  expect(stepTestMode(60_000, on, { type: "due", nowMs: 4_999 })).toEqual({ state: on, effects: [] });
  expect(stepTestMode(60_000, on, { type: "due", nowMs: 5_000 }).state.at).toBe("off");
});

test("test mode makes tests of technical reports and of nothing else", () => {
  const on = { at: "on", untilMs: 5 } as const;
  for (const kind of kindsByUrgency) expect(kindInTestMode(on, kind)).toBe(kind === "technical" ? "test" : kind);
  for (const kind of kindsByUrgency) expect(kindInTestMode(testModeAtStart, kind)).toBe(kind);
});

test("the query key is answered with the gravest thing that is true", () => {
  const fine = { links: "ready", proven: true, fault: false } as const;
  expect(answerOf(fine)).toBe("works");
  expect(answerOf({ ...fine, links: "one-path-lost" })).toBe("works-with-one-path");
  expect(answerOf({ ...fine, links: "one-path-lost", fault: true })).toBe("works-with-fault");
  expect(answerOf({ ...fine, fault: true, proven: false })).toBe("not-proven");
  expect(answerOf({ links: "no-path", proven: true, fault: true })).toBe("works-not");
  const { supervision, answers } = home(supervisionOff);
  supervision.query("ready");
  supervision.answered();
  supervision.query("ready");
  expect(answers).toEqual(["not-proven", "works"]);
});

test("the settings of supervision are checked", () => {
  expect(supervisionFault(supervisionDefaults, 1)).toBeUndefined();
  expect(supervisionFault(supervisionOff, 1)).toBeUndefined();
  const wrong: Partial<SupervisionSettings>[] = [
    { autolarmReceiver: 2 },
    { autolarmReceiver: -2 },
    { remindAfterDays: 0 },
    { listAfterDays: 28 },
    { testModeMs: 59_999 },
    { testModeMs: 3_600_001 },
    { autolarm: { fromS: 5, toS: 5 } },
    { dailyCheck: { fromS: 0, toS: 90_000 } },
  ];
  for (const change of wrong) expect(supervisionFault({ ...supervisionDefaults, ...change }, 2)).toBeTypeOf("string");
});

test("a life state without supervision sends no test message, and one on the shelf looks at itself each 30 days", () => {
  for (const [duties, checks] of [
    [{ supervision: false, selfCheckDays: 30 }, 2],
    [{ supervision: false, selfCheckDays: 0 }, 0],
    [{ supervision: true, selfCheckDays: 1 }, 60],
  ] as const) {
    const bench = new ContextBench(undefined);
    let begun = 0;
    const supervision = new Supervision(bench, supervisionDefaults, {
      selfCheck: {
        begin: (check, onFound) => {
          if (check === "program") begun++;
          bench.hand.after(100, () => onFound("passed"));
        },
        stop: () => {},
      },
      answer: () => {},
      onFaults: () => {},
      routeCount: 2,
      startCause: "power-on",
    });
    supervision.follow(duties);
    bench.tellTime(may - 2 * hourMs);
    bench.pass(60 * dayMs);
    expect(bench.raised.filter(({ kind }) => kind === "test")).toHaveLength(duties.supervision ? 60 : 0);
    expect(begun).toBe(checks);
  }
});
