import fc from "fast-check";
import { expect, test } from "vitest";
import { go } from "../machine.ts";
import type { ServerEvent, ServerState } from "./server-transaction-machine.ts";
import { startServer, stepServer } from "./server-transaction-machine.ts";
import { Play } from "./test-play.ts";

type Timed = readonly [atMs: number, event: ServerEvent];

const copy: ServerEvent = { type: "heard-copy" };
const failed: ServerEvent = { type: "transport-failed" };

function answered(status: number): ServerEvent {
  return { type: "answered", status };
}

function played(isReliable: boolean, events: readonly Timed[]): Play<ServerState, ServerEvent> {
  const play = new Play<ServerState, ServerEvent>(go(startServer(isReliable), []), stepServer, () => ({
    type: "fired",
    timer: "J",
  }));
  for (const [atMs, event] of events) {
    play.runTo(atMs);
    play.take(event);
  }
  play.runTo(1_000_000);
  return play;
}

test("a copy before any answer is dropped, one after it is answered the same way, until 32 s after the final one", () => {
  const events: Timed[] = [
    [100, copy],
    [200, answered(100)],
    [300, copy],
    [400, answered(200)],
    [500, copy],
    [600, answered(500)],
    [700, answered(100)],
    [32_399, copy],
    [32_400, copy],
  ];
  const sent = [200, 300, 400, 500, 32_399].map((atMs) => atMs + " send-answer");
  expect(played(false, events).log).toEqual(sent.concat("32400 forget"));
  expect(played(true, events).log).toEqual(["200 send-answer", "300 send-answer", "400 send-answer", "400 forget"]);
});

test("a request that is never answered waits for ever, and no timer runs for it", () => {
  const play = played(false, [[0, copy]]);
  expect([play.log, play.running, play.state.at]).toEqual([[], [], "trying"]);
});

test("a transport that fails is reported in every state that still sends, and ends it", () => {
  expect(played(false, [[0, failed]]).log).toEqual(["0 forget", "0 report-failure"]);
  for (const status of [100, 200]) {
    const play = played(false, [
      [0, answered(status)],
      [1, failed],
      [2, failed],
    ]);
    expect(play.log).toEqual(["0 send-answer", "1 forget", "1 report-failure"]);
    expect([play.running, play.state.at]).toEqual([[], "terminated"]);
  }
});

/** What RFC 3261 17.2.2 says of a list of events in order, told by instants and without states. */
function model(isReliable: boolean, events: readonly Timed[]): string[] {
  const statusOf = ([, event]: Timed) => (event.type === "answered" ? event.status : 0);
  const finalAt = events.findIndex((timed) => statusOf(timed) >= 200);
  const finalMs = finalAt < 0 ? Number.POSITIVE_INFINITY : (events[finalAt] as Timed)[0];
  const firstAt = events.findIndex((timed) => statusOf(timed) > 0);
  const log: string[] = [];
  for (const [i, timed] of events.entries()) {
    const isPast = finalAt >= 0 && i > finalAt;
    if (isPast && (isReliable || timed[0] >= finalMs + 32_000)) break;
    const isCopyAnswered = timed[1].type === "heard-copy" && firstAt >= 0 && i > firstAt;
    if (isCopyAnswered || (statusOf(timed) > 0 && !isPast)) log.push(timed[0] + " send-answer");
  }
  if (finalAt >= 0) log.push(finalMs + (isReliable ? 0 : 32_000) + " forget");
  return log;
}

const anyTimed: fc.Arbitrary<Timed> = fc.tuple(
  fc.oneof(fc.nat({ max: 40_000 }), fc.constantFrom(0, 32_000)),
  fc.oneof(fc.constantFrom(100, 199, 200, 699).map(answered), fc.constant(copy)),
);

test("whatever is heard and said and whenever, it does what the model says, instant by instant", () => {
  fc.assert(
    fc.property(fc.boolean(), fc.array(anyTimed, { maxLength: 8 }), (isReliable, events) => {
      events.sort((one, other) => one[0] - other[0]);
      expect(played(isReliable, events).log).toEqual(model(isReliable, events));
    }),
    { numRuns: 1000 },
  );
});
