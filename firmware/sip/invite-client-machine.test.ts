import fc from "fast-check";
import { expect, test } from "vitest";
import type { InviteClientEvent, InviteClientState, InviteClientTimer } from "./invite-client-machine.ts";
import { startInviteClient, stepInviteClient } from "./invite-client-machine.ts";
import { Play } from "./test-play.ts";

type Timed = readonly [atMs: number, event: InviteClientEvent];

function answered(status: number): InviteClientEvent {
  return { type: "answered", status };
}

function begin(isReliable: boolean): Play<InviteClientState, InviteClientEvent> {
  return new Play(startInviteClient(isReliable), stepInviteClient, (timer) => ({
    type: "fired",
    timer: timer as InviteClientTimer,
  }));
}

function played(isReliable: boolean, events: readonly Timed[]): Play<InviteClientState, InviteClientEvent> {
  const play = begin(isReliable);
  for (const [atMs, event] of events) {
    play.runTo(atMs);
    play.take(event);
  }
  play.runTo(1_000_000);
  return play;
}

test("without any answer an INVITE goes out seven times, the pause doubling from 0.5 s, and is given up at 32 s", () => {
  expect(played(false, []).log).toEqual([
    "0 send",
    "500 send",
    "1500 send",
    "3500 send",
    "7500 send",
    "15500 send",
    "31500 send",
    "32000 forget",
    "32000 report-no-answer",
  ]);
  expect(played(true, []).log).toEqual(["0 send", "32000 forget", "32000 report-no-answer"]);
});

test("a telephone that rings may ring for ever: nothing is sent again and nothing given up", () => {
  const play = begin(false);
  play.runTo(600);
  play.take(answered(180));
  play.runTo(10_000_000);
  expect(play.log).toEqual(["0 send", "500 send", "600 report-answer"]);
  expect([play.state.at, play.running]).toEqual(["proceeding", []]);
});

test("a refusal is acknowledged, and for 32 s each of its copies too; it is reported once", () => {
  const play = played(false, [
    [100, answered(486)],
    [200, answered(486)],
    [300, answered(180)],
    [400, answered(200)],
    [32_099, answered(486)],
    [32_100, answered(486)],
  ]);
  expect(play.log).toEqual([
    "0 send",
    "100 send-ack",
    "100 report-answer",
    "200 send-ack",
    "32099 send-ack",
    "32100 forget",
  ]);
  expect(played(true, [[100, answered(486)]]).log).toEqual([
    "0 send",
    "100 send-ack",
    "100 forget",
    "100 report-answer",
  ]);
});

test("a 2xx and each of its copies are the user's for 32 s, and never acknowledged here", () => {
  const events: Timed[] = [
    [100, answered(200)],
    [600, answered(200)],
    [700, answered(486)],
    [800, answered(183)],
    [32_100, answered(200)],
  ];
  const expected = ["0 send", "100 report-answer", "600 report-answer", "32100 forget"];
  expect(played(false, events).log).toEqual(expected);
  expect(played(true, events).log).toEqual(expected);
});

test("a cancelled call whose end never comes is given up 32 s after the CANCEL, and one that was not rung yet at its own time", () => {
  expect(
    played(false, [
      [100, answered(180)],
      [1000, { type: "cancelled" }],
    ]).log,
  ).toEqual(["0 send", "100 report-answer", "33000 forget", "33000 report-no-answer"]);
  expect(played(true, [[1000, { type: "cancelled" }]]).log[1]).toBe("32000 forget");
});

test("a transport that fails ends what is being sent or absorbed, not a call that rings or is answered", () => {
  const failed: InviteClientEvent = { type: "transport-failed" };
  expect(played(false, [[100, failed]]).log).toEqual(["0 send", "100 forget", "100 report-no-answer"]);
  const refused = played(false, [
    [100, answered(486)],
    [200, failed],
  ]);
  expect(refused.log.slice(-2)).toEqual(["100 report-answer", "200 forget"]);
  for (const status of [180, 200]) {
    const play = begin(false);
    play.take(answered(status));
    const before = play.state;
    play.take(failed);
    expect(play.state).toBe(before);
  }
});

test("a timer that fires after it was stopped changes nothing", () => {
  const after = (status: number) => stepInviteClient(startInviteClient(false).state, answered(status)).state;
  const stale: [InviteClientState, InviteClientTimer[]][] = [
    [after(180), ["A", "D", "M"]],
    [after(486), ["A", "B", "M"]],
    [after(200), ["A", "B", "D"]],
    [startInviteClient(true).state, ["A", "D", "M"]],
    [startInviteClient(false).state, ["D", "M"]],
  ];
  for (const [state, timers] of stale)
    for (const timer of timers)
      expect(stepInviteClient(state, { type: "fired", timer })).toEqual({ state, effects: [] });
});

/** What RFC 3261 and 6026 say of a list of events in order, told by instants and without states. */
function model(isReliable: boolean, events: readonly Timed[]): string[] {
  const first = events.findIndex(([atMs, event]) => event.type === "answered" && atMs < 32_000);
  const heardMs = first < 0 ? 32_000 : (events[first] as Timed)[0];
  const log: string[] = [];
  for (let atMs = 0; atMs <= heardMs && !(isReliable && atMs > 0); atMs = 2 * atMs + 500) log.push(atMs + " send");
  let endMs = first < 0 ? 32_000 : Number.POSITIVE_INFINITY;
  let final = 0;
  for (const [atMs, event] of first < 0 ? [] : events.slice(first)) {
    if (atMs >= endMs) break;
    if (event.type === "cancelled" && final === 0) endMs = atMs + 32_000;
    if (event.type !== "answered") continue;
    const { status } = event;
    const isCopy = final > 0;
    if (status >= 300 && (final === 0 || final >= 300)) log.push(atMs + " send-ack");
    if (status >= 200 && !isCopy) {
      final = status;
      endMs = isReliable && status >= 300 ? atMs : atMs + 32_000;
      if (endMs === atMs) log.push(atMs + " forget");
    }
    if (!isCopy || (final < 300 && status >= 200 && status < 300)) log.push(atMs + " report-answer");
  }
  if (log[log.length - 2]?.endsWith("forget")) return log;
  if (endMs < Number.POSITIVE_INFINITY) log.push(endMs + " forget");
  if (final === 0 && endMs < Number.POSITIVE_INFINITY) log.push(endMs + " report-no-answer");
  return log;
}

const anyTimed: fc.Arbitrary<Timed> = fc.tuple(
  fc.oneof(fc.nat({ max: 70_000 }), fc.constantFrom(0, 500, 1500, 31_500, 32_000, 64_000)),
  fc.oneof(
    fc.constantFrom(100, 180, 199, 200, 299, 300, 486, 699).map(answered),
    fc.constant<InviteClientEvent>({ type: "cancelled" }),
  ),
);

test("whatever answers come and whenever, it does what the model says, instant by instant", () => {
  fc.assert(
    fc.property(fc.boolean(), fc.array(anyTimed, { maxLength: 8 }), (isReliable, events) => {
      events.sort((one, other) => one[0] - other[0]);
      expect(played(isReliable, events).log).toEqual(model(isReliable, events));
    }),
    { numRuns: 2000 },
  );
});
