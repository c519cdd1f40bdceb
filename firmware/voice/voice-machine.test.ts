import { expect, test } from "vitest";
import { allowed, fallback, stranger, VoiceBench } from "./test-bench.ts";
import { sessionLimit } from "./voice-state.ts";

const minuteMs = 60_000;

test("without a wish to speak nobody is called", () => {
  const bench = new VoiceBench({});
  bench.grant(1, { mre: 0, cre: 62, tnu: ["gsm:+46701"] });
  bench.run(30 * minuteMs);
  expect(bench.done).toEqual([]);
});

test("the unit calls at once where it is to call, and speaks as the receiver asks", () => {
  const bench = new VoiceBench({});
  bench.grant(1, { mre: 2, cre: 62, tnu: ["gsm:+46701"] });
  expect(bench.done.map(({ effect }) => effect.type)).toEqual(["hold-open", "talking", "tone", "dial", "open", "wake"]);
  expect(bench.orders("dial")[0]?.effect).toMatchObject({ number: "+46701", mode: "listen" });
  bench.answered();
  bench.ended("over");
  expect(bench.held).toEqual([]);
  bench.run(30 * minuteMs);
  expect(bench.dialled()).toEqual(["1000 +46701"]);
});

test("a promised call that has not come in 60 s is made by the unit, and no earlier", () => {
  const bench = new VoiceBench({});
  bench.grant(1, { mre: 3, cre: 5 });
  bench.run(59_999);
  expect(bench.dialled()).toEqual([]);
  bench.run(1);
  expect(bench.dialled()).toEqual(["61000 +4681000"]);
  expect(bench.orders("dial")[0]?.effect.mode).toBe("talk");
});

test("a promised call that comes is answered, also from a number nobody knows, and the unit does not call", () => {
  const bench = new VoiceBench({});
  bench.grant(1, { mre: 2, cre: 5 });
  bench.run(59_000);
  bench.ring("");
  expect(bench.orders("answer")[0]?.effect.mode).toBe("listen");
  expect(bench.held).toEqual([1]);
  bench.run(minuteMs);
  bench.ended("over");
  bench.run(30 * minuteMs);
  expect(bench.dialled()).toEqual([]);
});

test("the minutes that were granted are those in which anybody is answered, and no call prolongs them", () => {
  const bench = new VoiceBench({});
  bench.grant(1, { mre: 1, cre: 2 });
  bench.run(10_000);
  bench.ring(stranger);
  bench.ended("over");
  bench.run(109_999);
  bench.ring(stranger);
  bench.ended("over");
  bench.run(1);
  bench.ring(stranger);
  expect(bench.orders("answer").length).toBe(2);
  expect(bench.line).toBe("free");
});

test("allowed callers alone are answered within ten minutes of an alarm, and each call renews them", () => {
  const bench = new VoiceBench({});
  bench.ring(allowed);
  expect(bench.orders("hang-up").length).toBe(1);
  bench.alarmsAre({ newestMs: bench.nowMs, open: [7] });
  bench.run(10 * minuteMs - 1);
  bench.ring(stranger);
  bench.ring("");
  expect(bench.orders("hang-up").length).toBe(3);
  bench.ring("0701112233");
  expect(bench.held).toEqual([7]);
  bench.run(minuteMs);
  bench.ended("over");
  bench.run(10 * minuteMs - 1);
  bench.ring(allowed);
  expect(bench.orders("answer").length).toBe(2);
  bench.ended("over");
  bench.run(10 * minuteMs);
  bench.ring(allowed);
  expect(bench.orders("answer").length).toBe(2);
});

test("a new alarm is spoken of both ways, whatever an earlier one was granted", () => {
  const bench = new VoiceBench({});
  bench.grant(1, { mre: 2, cre: 5 });
  bench.ring(allowed);
  bench.ended("over");
  bench.alarmsAre({ newestMs: bench.nowMs });
  bench.ring(allowed);
  expect(bench.orders("answer").map(({ effect }) => effect.mode)).toEqual(["listen", "duplex"]);
});

test.each(["busy", "no-answer", "failed"] as const)(
  "a call that ends as %s is tried five times with longer pauses, then told",
  (reason) => {
    const bench = new VoiceBench({});
    bench.grant(1, { mre: 1, cre: 62, tnu: ["gsm:+46701"] });
    for (let i = 0; i < 8; i++) {
      bench.ended(reason);
      bench.run(40_000);
    }
    expect(bench.dialled()).toEqual([
      "1000 +46701",
      "6000 +4681000",
      "51000 +46701",
      "101000 +4681000",
      "161000 +46701",
    ]);
    expect(bench.learned()).toEqual(["1 call failed"]);
    expect(bench.held).toEqual([]);
  },
);

test("nobody is rung for longer than 90 s", () => {
  const bench = new VoiceBench({});
  bench.grant(1, {});
  bench.run(89_999);
  expect(bench.line).toBe("dialled");
  bench.run(1);
  expect(bench.line).toBe("free");
});

test("a call that breaks is made again, unless the far side has cleared it down", () => {
  const bench = new VoiceBench({});
  bench.grant(1, {});
  bench.answered();
  bench.ended("lost");
  bench.run(5_000);
  expect(bench.dialled().length).toBe(2);
  bench.answered();
  bench.key("5");
  bench.key("0");
  bench.ended("lost");
  bench.run(30 * minuteMs);
  expect(bench.dialled().length).toBe(2);
});

test("after key 0 the far side has ten seconds to hang up, then the unit does", () => {
  const bench = new VoiceBench({});
  bench.grant(1, {});
  bench.answered();
  bench.key("0");
  bench.run(5_000);
  bench.key("0");
  bench.run(4_999);
  expect(bench.line).toBe("up");
  bench.run(1);
  expect(bench.line).toBe("free");
  expect(bench.learned()).toEqual([]);
});

test("a call that nobody ends is ended by the unit after an hour", () => {
  const bench = new VoiceBench({});
  bench.grant(1, {});
  bench.answered();
  bench.run(60 * minuteMs - 1);
  expect(bench.line).toBe("up");
  bench.run(1);
  expect([bench.line, bench.held.length]).toEqual(["free", 0]);
});

test("silence in the home is an outcome: it is told as no response, and nobody is called again", () => {
  const bench = new VoiceBench({});
  bench.grant(4, {});
  bench.answered();
  bench.ended("silent");
  bench.run(30 * minuteMs);
  expect(bench.learned()).toEqual(["4 no response"]);
  expect(bench.dialled().length).toBe(1);
});

test("a second grant joins the call that is made: it is told so, and the first receiver's number stands", () => {
  const bench = new VoiceBench({});
  bench.grant(1, { cre: 62, tnu: ["gsm:+46701"] });
  bench.grant(2, { cre: 62, tnu: ["gsm:+46702"] });
  expect(bench.learned()).toEqual(["2 samtal pågår"]);
  expect(bench.held).toEqual([1, 2]);
  bench.ended("busy");
  bench.run(600_000);
  expect(bench.dialled().join()).not.toContain("+46702");
  expect(bench.learned()).toContain("1 call failed");
  expect(bench.learned()).toContain("2 call failed");
});

test("eight alarms are named in one session; a ninth speaks in it without being named", () => {
  const bench = new VoiceBench({});
  for (let number = 1; number <= sessionLimit + 1; number++) bench.grant(number, { cre: 5 });
  expect(bench.state.numbers.length).toBe(sessionLimit);
  bench.run(minuteMs);
  expect(bench.dialled().length).toBe(1);
});

test("nowhere to call is told, and no call holds the alarm open", () => {
  const bench = new VoiceBench({ fallback: [] });
  bench.own = "";
  bench.grant(1, {});
  expect(bench.done.map(({ effect }) => effect.type)).toEqual(["learn", "open", "wake"]);
  expect(bench.learned()).toEqual(["1 call failed"]);
});

test("a call that comes in while another is up changes nothing", () => {
  const bench = new VoiceBench({});
  bench.grant(1, { cre: 5 });
  bench.run(minuteMs);
  expect(bench.line).toBe("dialled");
  const before = bench.state;
  bench.cross(stranger);
  expect(bench.state).toEqual(before);
  expect(bench.line).toBe("dialled");
});

test("an alarm nobody took in its first round is called about, for 90 s, each ten minutes", () => {
  const bench = new VoiceBench({});
  bench.alarmsAre({ newestMs: bench.nowMs, waiting: [3] });
  expect(bench.dialled()).toEqual([`1000 ${fallback.number}`]);
  bench.run(90_000);
  expect(bench.line).toBe("free");
  bench.run(20 * minuteMs);
  expect(bench.dialled()).toEqual([1_000, 601_000, 1_201_000].map((atMs) => `${atMs} ${fallback.number}`));
  expect(bench.learned()).toEqual([]);
});

test("without a stored number nobody is called about it", () => {
  const bench = new VoiceBench({ fallback: [] });
  bench.alarmsAre({ newestMs: bench.nowMs, waiting: [3] });
  bench.run(30 * minuteMs);
  expect(bench.dialled()).toEqual([]);
});

test("the fallback call waits for a receiver that has the message and may still answer", () => {
  const bench = new VoiceBench({});
  bench.alarmsAre({ newestMs: bench.nowMs, waiting: [3], answerMs: bench.nowMs + 10_000 });
  bench.run(9_999);
  expect(bench.dialled()).toEqual([]);
  bench.run(1);
  expect(bench.dialled()).toEqual([`11000 ${fallback.number}`]);
});

test("an answered fallback call accepts nothing: key 0 is told as spoken, and ten minutes later it is made again", () => {
  const bench = new VoiceBench({});
  bench.alarmsAre({ newestMs: bench.nowMs, waiting: [3, 4] });
  bench.answered();
  expect(bench.learned()).toEqual([]);
  bench.run(12 * minuteMs);
  bench.key("0");
  expect(bench.learned()).toEqual(["3 spoken", "4 spoken"]);
  bench.ended("over");
  expect(bench.state.alarms.waiting).toEqual([3, 4]);
  bench.run(10 * minuteMs - 1);
  expect(bench.dialled().length).toBe(1);
  bench.run(1);
  expect(bench.dialled().length).toBe(2);
});

test("a fallback call that rings ends when somebody has accepted, and makes way for the call that is granted", () => {
  const bench = new VoiceBench({});
  bench.alarmsAre({ newestMs: bench.nowMs, waiting: [3] });
  bench.alarmsAre({ waiting: [] });
  expect(bench.line).toBe("free");
  bench.alarmsAre({ newestMs: bench.nowMs, waiting: [5] });
  bench.grant(5, { cre: 62, tnu: ["gsm:+46701"] });
  expect(bench.dialled()).toEqual([`1000 ${fallback.number}`, `1000 ${fallback.number}`, "1000 +46701"]);
});

test("a grant joins a fallback call that is up, and nobody is called beside it", () => {
  const bench = new VoiceBench({});
  bench.alarmsAre({ newestMs: bench.nowMs, waiting: [3] });
  bench.answered();
  bench.grant(3, {});
  bench.alarmsAre({ waiting: [], open: [3] });
  expect(bench.learned()).toEqual(["3 samtal pågår"]);
  expect(bench.held).toEqual([3]);
  bench.ended("over");
  bench.run(30 * minuteMs);
  expect(bench.dialled().length).toBe(1);
});
