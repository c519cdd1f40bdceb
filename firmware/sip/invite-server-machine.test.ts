import fc from "fast-check";
import { expect, test } from "vitest";
import type { InviteServerEvent, InviteServerState, InviteServerTimer } from "./invite-server-machine.ts";
import { startInviteServer, stepInviteServer } from "./invite-server-machine.ts";
import { Play } from "./test-play.ts";

type Timed = readonly [atMs: number, event: InviteServerEvent];

const copy: InviteServerEvent = { type: "heard-copy" };
const ack: InviteServerEvent = { type: "heard-ack" };
const failed: InviteServerEvent = { type: "transport-failed" };

function answered(status: number): InviteServerEvent {
  return { type: "answered", status };
}

function played(isReliable: boolean, events: readonly Timed[]): Play<InviteServerState, InviteServerEvent> {
  const play = new Play<InviteServerState, InviteServerEvent>(
    startInviteServer(isReliable),
    stepInviteServer,
    (timer) => ({ type: "fired", timer: timer as InviteServerTimer }),
  );
  for (const [atMs, event] of events) {
    play.runTo(atMs);
    play.take(event);
  }
  play.runTo(1_000_000);
  return play;
}

test("a user that says nothing for 200 ms has a 100 sent for it, once, and again to each copy", () => {
  expect(
    played(false, [
      [100, copy],
      [300, copy],
    ]).log,
  ).toEqual(["200 send-trying", "300 send-trying"]);
  expect(played(false, [[199, answered(180)]]).log).toEqual(["199 send-answer"]);
});

test("while it rings a copy of the INVITE gets the newest provisional answer", () => {
  expect(
    played(true, [
      [0, answered(180)],
      [500, copy],
      [600, answered(183)],
      [700, ack],
    ]).log,
  ).toEqual(["0 send-answer", "500 send-answer", "600 send-answer"]);
});

test("a refusal goes out eleven times, the pause doubling from 0.5 s to 4 s, and fails at 32 s without its ACK", () => {
  const play = played(false, [[0, answered(486)]]);
  const instants = [0, 500, 1500, 3500, 7500, 11500, 15500, 19500, 23500, 27500, 31500];
  const sent = instants.map((atMs) => atMs + " send-answer");
  expect(play.log).toEqual(sent.concat("32000 forget", "32000 report-failure"));
  expect(play.running).toEqual([]);
  expect(played(true, [[0, answered(486)]]).log).toEqual(["0 send-answer", "32000 forget", "32000 report-failure"]);
});

test("the ACK of a refusal ends the sending; late ones are absorbed for 5 s, over TCP not at all", () => {
  const events: Timed[] = [
    [0, answered(486)],
    [100, copy],
    [700, ack],
    [800, ack],
    [900, copy],
    [1000, answered(200)],
  ];
  expect(played(false, events).log).toEqual(["0 send-answer", "100 send-answer", "500 send-answer", "5700 forget"]);
  expect(played(true, events).log).toEqual(["0 send-answer", "100 send-answer", "700 forget"]);
});

test("a timer that fires after it was stopped changes nothing, and after the ACK only timer I runs", () => {
  const stale = (...timers: InviteServerTimer[]) =>
    timers.map((timer) => ({ type: "fired", timer }) as InviteServerEvent);
  let state = stepInviteServer(startInviteServer(false).state, answered(180)).state;
  for (const event of stale("trying", "G", "H", "I", "L"))
    expect(stepInviteServer(state, event)).toEqual({ state, effects: [] });
  state = stepInviteServer(state, answered(486)).state;
  for (const event of stale("trying", "I", "L")) expect(stepInviteServer(state, event)).toEqual({ state, effects: [] });
  const confirmed = stepInviteServer(state, ack);
  expect(confirmed.effects).toEqual([
    { type: "stop-timer", timer: "G" },
    { type: "stop-timer", timer: "H" },
    { type: "timer", timer: "I", afterMs: 5000 },
  ]);
  for (const event of stale("trying", "G", "H", "L"))
    expect(stepInviteServer(confirmed.state, event).effects).toEqual([]);
});

test("after a 2xx copies of the INVITE are absorbed for 32 s, while the user's own copies and the ACK pass", () => {
  const events: Timed[] = [
    [0, answered(200)],
    [400, copy],
    [500, answered(200)],
    [600, answered(486)],
    [700, ack],
  ];
  const expected = ["0 send-answer", "500 send-answer", "700 report-ack", "32000 forget"];
  expect(played(false, events).log).toEqual(expected);
  expect(played(true, events).log).toEqual(expected);
});

test("a transport that fails is reported; only an answered call outlives it", () => {
  expect(played(false, [[100, failed]]).log).toEqual(["100 forget", "100 report-failure"]);
  const refused: Timed[] = [
    [0, answered(486)],
    [100, failed],
  ];
  expect(played(false, refused).log).toEqual(["0 send-answer", "100 forget", "100 report-failure"]);
  const accepted: Timed[] = [
    [0, answered(200)],
    [100, failed],
  ];
  expect(played(false, accepted).log).toEqual(["0 send-answer", "100 report-failure", "32000 forget"]);
});

/** What RFC 3261 and 6026 say of a list of events in order, told by instants and without states. */
function model(isReliable: boolean, events: readonly Timed[]): string[] {
  const lines: { atMs: number; isTimer: boolean; text: string }[] = [];
  const say = (atMs: number, text: string, isTimer = false) => lines.push({ atMs, isTimer, text });
  const statusOf = ([, event]: Timed) => (event.type === "answered" ? event.status : 0);
  const firstAnswerMs = events.find((timed) => statusOf(timed) > 0)?.[0] ?? Number.POSITIVE_INFINITY;
  if (firstAnswerMs >= 200) say(200, "send-trying", true);
  const finalAt = events.findIndex((timed) => statusOf(timed) >= 200);
  let hasAnswer = false;
  for (const timed of finalAt < 0 ? events : events.slice(0, finalAt)) {
    if (statusOf(timed) > 0) hasAnswer = true;
    const isSent = statusOf(timed) > 0 || (timed[1].type === "heard-copy" && hasAnswer);
    if (isSent) say(timed[0], "send-answer");
    else if (timed[1].type === "heard-copy" && timed[0] >= 200) say(timed[0], "send-trying");
  }
  if (finalAt >= 0) modelFinal(isReliable, events.slice(finalAt), say, statusOf);
  return lines.sort((a, b) => a.atMs - b.atMs || +b.isTimer - +a.isTimer).map((line) => line.atMs + " " + line.text);
}

function modelFinal(
  isReliable: boolean,
  events: readonly Timed[],
  say: (atMs: number, text: string, isTimer?: boolean) => void,
  statusOf: (timed: Timed) => number,
): void {
  const [finalMs] = events[0] as Timed;
  const inTime = events.filter(([atMs]) => atMs < finalMs + 32_000);
  if (statusOf(events[0] as Timed) < 300) {
    for (const timed of inTime) {
      if (statusOf(timed) >= 200 && statusOf(timed) < 300) say(timed[0], "send-answer");
      if (timed[1].type === "heard-ack") say(timed[0], "report-ack");
    }
    say(finalMs + 32_000, "forget", true);
    return;
  }
  const ackAt = inTime.findIndex(([, event]) => event.type === "heard-ack");
  const endMs = ackAt < 0 ? finalMs + 32_000 : (inTime[ackAt] as Timed)[0];
  say(finalMs, "send-answer");
  for (const [atMs, event] of ackAt < 0 ? inTime : inTime.slice(0, ackAt))
    if (event.type === "heard-copy") say(atMs, "send-answer");
  if (!isReliable)
    for (let pauseMs = 500, atMs = finalMs + 500; atMs <= endMs; atMs += pauseMs) {
      say(atMs, "send-answer", true);
      pauseMs = Math.min(2 * pauseMs, 4000);
    }
  if (ackAt < 0) {
    say(endMs, "forget", true);
    say(endMs, "report-failure", true);
  } else if (isReliable) say(endMs, "forget");
  else say(endMs + 5000, "forget", true);
}

const anyTimed: fc.Arbitrary<Timed> = fc.tuple(
  fc.oneof(fc.nat({ max: 40_000 }), fc.constantFrom(0, 200, 500, 1500, 32_000)),
  fc.oneof(fc.constantFrom(100, 180, 200, 299, 300, 486, 699).map(answered), fc.constantFrom(copy, ack, copy, ack)),
);

test("whatever is heard and said and whenever, it does what the model says, instant by instant", () => {
  fc.assert(
    fc.property(fc.boolean(), fc.array(anyTimed, { maxLength: 8 }), (isReliable, events) => {
      events.sort((one, other) => one[0] - other[0]);
      expect(played(isReliable, events).log).toEqual(model(isReliable, events));
    }),
    { numRuns: 2000 },
  );
});
