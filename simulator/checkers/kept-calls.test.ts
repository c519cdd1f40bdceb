import { expect, test } from "vitest";
import { homes } from "../calls-bench.ts";
import type { ExchangeNews } from "../house/phone-exchange.ts";
import type { SmallWorld } from "../play-bench.ts";
import { firstRef, HandMade, minuteMs } from "./checker-bench.ts";
import { KeptCalls } from "./kept-calls.ts";

const invite = Buffer.from("INVITE sip:larm@larm.example SIP/2.0");
const pressMs = 4 * minuteMs;
const acceptedMs = pressMs + 1_000;
const asks: SmallWorld = { home: homes.sip, primaryMore: "call: { mre: 1, cre: 61 }, operators: { count: 1 }" };
const promises: SmallWorld = { home: homes.sip, primaryMore: "call: { mre: 1, cre: 5 }, operators: { count: 1 }" };

function foundIn(world: SmallWorld, play: (made: HandMade, checker: KeptCalls) => void): readonly string[] {
  const made = new HandMade(world);
  const checker = new KeptCalls(made.scenario, made.residents, made.sight, made.hindrances);
  play(made, checker);
  return checker.verdict({ endMs: 60 * minuteMs, receivers: [] }).found;
}

/** Pressed, and accepted a second later. */
function accepted(made: HandMade, checker: KeptCalls): void {
  made.sends(pressMs);
  made.hears(acceptedMs, firstRef, 0);
  checker.receiverSigned(acceptedMs, 0, made.answered(firstRef, 0));
  made.acknowledges(acceptedMs, firstRef);
}

const calledAt = (atMs: number) => (made: HandMade, checker: KeptCalls) => {
  accepted(made, checker);
  checker.datagram(atMs, 0, "broadband", "sent", invite);
};

test("the unit calls where the receiver asks for it, and a minute later where the receiver does not call as promised", () => {
  expect(foundIn(asks, calledAt(acceptedMs + 30_000))).toEqual([]);
  expect(foundIn(asks, calledAt(acceptedMs + 30_001))).toEqual([
    "u, alarm AB12C0000001: accepted at 00:04:01: the receiver asked for a call, and the unit has not called by 00:04:31",
  ]);
  expect(foundIn(promises, calledAt(acceptedMs + 90_000))).toEqual([]);
  expect(foundIn(promises, calledAt(acceptedMs + 90_001))).toEqual([
    "u, alarm AB12C0000001: accepted at 00:04:01: the receiver did not call as promised, and the unit has not called by 00:05:31",
  ]);
});

test("nobody is called who wants no call, whose alarm was withdrawn, who has no telephone, or while a call is up", () => {
  expect(foundIn({ home: homes.sip, primaryMore: "operators: { count: 1 }" }, accepted)).toEqual([]);
  expect(foundIn({ ...asks, home: "policy: broadband-only, broadband: fibre" }, accepted)).toEqual([]);
  const withdrawn = (made: HandMade, checker: KeptCalls): void => {
    accepted(made, checker);
    made.sends(acceptedMs + 1_000, { mty: "RE" });
  };
  expect(foundIn(asks, withdrawn)).toEqual([]);
  const inCall = (made: HandMade, checker: KeptCalls): void => {
    checker.datagram(pressMs - minuteMs, 0, "broadband", "received", invite);
    accepted(made, checker);
  };
  expect(foundIn(asks, inCall)).toEqual([]);
});

test("a restart begins the wait anew and forgets no call; one that comes before the acceptance was written down may", () => {
  const restarted = (cutMs: number) => (made: HandMade, checker: KeptCalls) => {
    accepted(made, checker);
    checker.stopped(cutMs, 0);
    checker.started(cutMs + 10_000, 0);
  };
  expect(foundIn(promises, restarted(acceptedMs + 2_000))).toEqual([]);
  expect(foundIn(promises, restarted(acceptedMs + 20_000))).toEqual([
    "u, alarm AB12C0000001: accepted at 00:04:01, started again at 00:04:31: the receiver did not call as promised, and the unit has not called by 00:06:01",
  ]);
  const calls = (made: HandMade, checker: KeptCalls): void => {
    restarted(acceptedMs + 20_000)(made, checker);
    checker.datagram(acceptedMs + 100_000, 0, "broadband", "sent", invite);
  };
  expect(foundIn(promises, calls)).toEqual([]);
  const startedOften = (made: HandMade, checker: KeptCalls): void => {
    for (let start = 0; start < 4; start++) checker.started(minuteMs, 0);
    restarted(acceptedMs + 20_000)(made, checker);
  };
  expect(foundIn(promises, startedOften), "it may live in minimal mode").toEqual([]);
});

test("a fault of its way excuses a call, the unit's own power cuts do not", () => {
  const fault = (what: string): SmallWorld => ({ ...asks, faults: [`from: 4m, to: 5m, ${what}`] });
  expect(foundIn(fault("broadband: fibre, fault: down"), accepted)).toEqual([]);
  expect(foundIn(fault("receiver: primary, fault: silent-open"), accepted)).toEqual([]);
  expect(foundIn(fault("unit: u, fault: power-cuts, per-day: 1, off-for: 5s"), accepted)).toHaveLength(1);
});

const [first, second] = ["+46701111111", "+46702222222"];
const relatives: SmallWorld = { home: `${homes.mobile}, relatives: ["${first}", "${second}"]` };

/** One call to a relative, up and over. */
function relativeCalled(checker: KeptCalls, atMs: number, to: string, key?: string): void {
  const tell = (afterMs: number, news: Partial<ExchangeNews> & Pick<ExchangeNews, "what">): void =>
    checker.telephoned(atMs + afterMs, 0, "outgoing", {
      from: "+46701000000",
      to,
      by: undefined,
      key: undefined,
      ...news,
    });
  tell(0, { what: "dialled" });
  tell(5_000, { what: "up" });
  if (key !== undefined) tell(10_000, { what: "key", by: "callee", key });
  tell(30_000, { what: "over" });
}

test("relatives are called in turn until one of them confirms with key 0, or somebody accepts", () => {
  const waiting = (play: (made: HandMade, checker: KeptCalls) => void) => (made: HandMade, checker: KeptCalls) => {
    made.sends(pressMs);
    play(made, checker);
  };
  const callMs = pressMs + minuteMs;
  const machine = waiting((_made, checker) => relativeCalled(checker, callMs, first));
  expect(foundIn(relatives, machine)).toEqual(["u: +46701111111 was called until 00:05:30, and then not +46702222222"]);
  expect(
    foundIn(
      relatives,
      waiting((_made, checker) => relativeCalled(checker, callMs, first, "5")),
    ),
  ).toHaveLength(1);
  expect(
    foundIn(
      relatives,
      waiting((_made, checker) => relativeCalled(checker, callMs, first, "0")),
    ),
  ).toEqual([]);
  const inTurn = waiting((_made, checker) => {
    relativeCalled(checker, callMs, first);
    relativeCalled(checker, callMs + 32_000, second);
  });
  expect(foundIn(relatives, inTurn)).toEqual([]);
  const taken = waiting((made, checker) => {
    relativeCalled(checker, callMs, first);
    made.hears(callMs + minuteMs, firstRef, 0);
  });
  expect(foundIn(relatives, taken)).toEqual([]);
  const noNetwork = { ...relatives, faults: ["from: 1m, to: 8m, operator: alfa, fault: down"] };
  expect(foundIn(noNetwork, machine)).toEqual([]);
});
