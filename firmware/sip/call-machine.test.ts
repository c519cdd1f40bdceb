import fc from "fast-check";
import { expect, test } from "vitest";
import { isHeld, newCall, ringLimitMs, stepCall } from "./call-machine.ts";
import type { CallEffect, CallEvent, CallState } from "./call-state.ts";

const session = { intervalMs: 90_000, weRefresh: true };
const others = { intervalMs: 90_000, weRefresh: false };

/** Plays events from the beginning; answers the state and all effects, each as its type with what it says. */
function play(...events: readonly CallEvent[]): { state: CallState; log: string[] } {
  let state: CallState = newCall;
  const log: string[] = [];
  for (const event of events) {
    const next = stepCall(state, event);
    state = next.state;
    for (const effect of next.effects) log.push(textOf(effect));
  }
  return { state, log };
}

function textOf(effect: CallEffect): string {
  if (effect.type === "tell-ended") return "tell-ended " + effect.reason;
  if (effect.type === "refuse") return "refuse " + effect.status;
  return effect.type === "wake" ? "wake " + effect.atMs : effect.type;
}

const dialled: CallEvent = { type: "dialled" };
const ready: CallEvent = { type: "media-ready", nowMs: 1000 };
const progressed: CallEvent = { type: "progressed" };
const taken: CallEvent = { type: "taken", nowMs: 2000, usable: true, session: undefined };
const called: CallEvent = { type: "called", nowMs: 1000, forMs: 300_000, session: undefined };
const took: CallEvent = { type: "took" };
const hungUp: CallEvent = { type: "hung-up" };
const acknowledged: CallEvent = { type: "acknowledged", usable: true };

test("sound is set up before the INVITE, and who is heard before anybody hears", () => {
  expect(play(dialled, ready, progressed, taken)).toEqual({
    state: { at: "up", session: undefined },
    log: ["open-media", "invite", "start-media", "tell-answered"],
  });
});

test("a refusal says why nobody was reached", () => {
  const reasons: [number, string][] = [
    [486, "busy"],
    [600, "busy"],
    [480, "no-answer"],
    [408, "no-answer"],
    [403, "failed"],
    [302, "failed"],
    [503, "failed"],
    [603, "failed"],
  ];
  for (const [status, reason] of reasons)
    expect(play(dialled, ready, { type: "refused", status }).log.slice(2)).toEqual([
      "close-media",
      "tell-ended " + reason,
    ]);
  expect(play(dialled, ready, { type: "unanswered" }).log.slice(2)).toEqual(["close-media", "tell-ended no-answer"]);
});

test("RFC 3261 9.1: what is hung up before any answer is cancelled with the first provisional one, and once", () => {
  expect(play(dialled, ready, hungUp).log.slice(2)).toEqual(["close-media"]);
  expect(play(dialled, ready, hungUp, progressed, progressed).log.slice(2)).toEqual(["close-media", "cancel"]);
  expect(play(dialled, ready, progressed, hungUp, hungUp).log.slice(2)).toEqual(["close-media", "cancel"]);
});

test("RFC 3261 15: a call that is taken while it is cancelled is ended with BYE, and nobody hears of it", () => {
  expect(play(dialled, ready, progressed, hungUp, taken, { type: "bye-over" })).toEqual({
    state: { at: "over" },
    log: ["open-media", "invite", "close-media", "cancel", "bye"],
  });
});

test("a session description that does not fit ends the call that has just begun", () => {
  const unusable: CallEvent = { type: "taken", nowMs: 1, usable: false, session: undefined };
  expect(play(dialled, ready, unusable).log.slice(2)).toEqual(["close-media", "bye", "tell-ended failed"]);
});

test("a call that rings is refused, given back, taken back or let ring out", () => {
  expect(play(called, hungUp).log).toEqual(["ring", "wake 61000", "close-media", "refuse 486"]);
  expect(play(called, { type: "cancelled" }).log.slice(2)).toEqual([
    "close-media",
    "refuse 487",
    "tell-ended no-answer",
  ]);
  expect(play(called, { type: "due", nowMs: 1000 + ringLimitMs - 1 }).log.slice(2)).toEqual([]);
  expect(play(called, { type: "due", nowMs: 1000 + ringLimitMs }).log.slice(2)).toEqual([
    "refuse 480",
    "tell-ended no-answer",
  ]);
  const brief: CallEvent = { type: "called", nowMs: 1000, forMs: 5000, session: undefined };
  expect(play(brief).log).toEqual(["ring", "wake 6000"]);
});

test("RFC 3261 15: the called end says BYE only after the ACK, or when it can come no more", () => {
  const answered = [called, took, ready];
  expect(play(...answered).log.slice(2)).toEqual(["open-media", "start-media", "accept"]);
  expect(play(...answered, hungUp).log.slice(5)).toEqual(["close-media"]);
  expect(play(...answered, hungUp, acknowledged).log.slice(6)).toEqual(["bye"]);
  expect(play(...answered, hungUp, { type: "unacknowledged" }).log.slice(6)).toEqual(["bye"]);
  expect(play(...answered, { type: "unacknowledged" }).log.slice(5)).toEqual(["close-media", "bye", "tell-ended lost"]);
});

test("sound that is lost ends a call in every state", () => {
  const lost: CallEvent = { type: "media-lost" };
  expect(play(dialled, lost).log.slice(1)).toEqual(["close-media", "tell-ended failed"]);
  expect(play(dialled, ready, progressed, lost).log.slice(2)).toEqual(["close-media", "cancel", "tell-ended failed"]);
  expect(play(called, took, lost).log.slice(3)).toEqual(["close-media", "refuse 480", "tell-ended failed"]);
  expect(play(called, took, ready, lost).log.slice(5)).toEqual(["close-media", "tell-ended lost"]);
  expect(play(dialled, ready, taken, lost).log.slice(4)).toEqual(["close-media", "bye", "tell-ended lost"]);
});

test("RFC 4028 7.2 and 10: whoever refreshes does so at half time, and an unrefreshed call ends before its time", () => {
  const up = [dialled, ready, { type: "taken", nowMs: 0, usable: true, session } as CallEvent];
  expect(play(...up).log.slice(2)).toEqual(["start-media", "tell-answered", "wake 45000"]);
  const asked = play(...up, { type: "due", nowMs: 45_000 });
  expect(asked.log.slice(5)).toEqual(["refresh", "wake 60000"]);
  const renewed: CallEvent = { type: "refreshed", nowMs: 46_000, session };
  expect(play(...up, { type: "due", nowMs: 45_000 }, renewed).log.slice(7)).toEqual(["wake 91000"]);
  expect(play(...up, { type: "due", nowMs: 60_000 }).log.slice(5)).toEqual(["close-media", "bye", "tell-ended lost"]);
  const waiting = play(dialled, ready, { type: "taken", nowMs: 0, usable: true, session: others });
  expect(waiting.log.slice(2)).toEqual(["start-media", "tell-answered", "wake 60000"]);
});

test("RFC 3261 12.2.1.2: a refresh that is refused is tried again, and one to a call that is gone ends it", () => {
  const up = [dialled, ready, { type: "taken", nowMs: 0, usable: true, session } as CallEvent];
  const refused: CallEvent = { type: "not-refreshed", nowMs: 46_000, isGone: false };
  expect(play(...up, { type: "due", nowMs: 45_000 }, refused).log.slice(7)).toEqual(["wake 53000"]);
  const late: CallEvent = { type: "not-refreshed", nowMs: 59_000, isGone: false };
  expect(play(...up, { type: "due", nowMs: 45_000 }, late).log.slice(7)).toEqual(["wake 60000"]);
  const gone: CallEvent = { type: "not-refreshed", nowMs: 46_000, isGone: true };
  expect(play(...up, { type: "due", nowMs: 45_000 }, gone).log.slice(7)).toEqual([
    "close-media",
    "bye",
    "tell-ended lost",
  ]);
});

const anyTimer = fc.constantFrom(undefined, session, others);
const anyEvent: fc.Arbitrary<CallEvent> = fc.oneof(
  fc.constantFrom<CallEvent>(progressed, took, hungUp, { type: "media-lost" }, { type: "cancelled" }, { type: "left" }),
  fc.constantFrom<CallEvent>({ type: "unacknowledged" }, { type: "unanswered" }, { type: "bye-over" }),
  fc.record({ type: fc.constant("media-ready" as const), nowMs: fc.nat(9999) }),
  fc.record({ type: fc.constant("taken" as const), nowMs: fc.nat(9999), usable: fc.boolean(), session: anyTimer }),
  fc.record({ type: fc.constant("refused" as const), status: fc.integer({ min: 300, max: 699 }) }),
  fc.record({ type: fc.constant("acknowledged" as const), usable: fc.boolean() }),
  fc.record({ type: fc.constant("refreshed" as const), nowMs: fc.nat(99_999), session: anyTimer }),
  fc.record({ type: fc.constant("not-refreshed" as const), nowMs: fc.nat(99_999), isGone: fc.boolean() }),
  fc.record({ type: fc.constant("due" as const), nowMs: fc.nat(200_000) }),
);

test("whatever comes, one end is told unless the user has hung up, and a call that nobody holds makes no sound", () => {
  fc.assert(
    fc.property(fc.constantFrom(dialled, called), fc.array(anyEvent, { maxLength: 30 }), (first, events) => {
      let state: CallState = newCall;
      let ends = 0;
      let isOpen = false;
      let heard = false;
      let hasHungUp = false;
      for (const event of [first, ...events]) {
        const before = state;
        const next = stepCall(Object.freeze(state), event);
        state = next.state;
        if (event.type === "progressed") heard = true;
        if (event.type === "hung-up" && isHeld(before)) hasHungUp = true;
        for (const effect of next.effects) {
          if (effect.type === "open-media") isOpen = true;
          else if (effect.type === "close-media") isOpen = false;
          else if (effect.type === "start-media") expect(isOpen).toBe(true);
          else if (effect.type === "tell-ended") ends++;
          else if (effect.type === "cancel") expect(heard).toBe(true);
          else if (effect.type === "wake" && event.type === "due") expect(effect.atMs).toBeGreaterThan(event.nowMs);
          if (effect.type === "bye") expect(["answered", "inviting", "up"]).toContain(before.at);
        }
        if (!isHeld(state)) expect([isOpen, ends]).toEqual([false, hasHungUp ? 0 : 1]);
        else expect(ends).toBe(0);
      }
    }),
  );
});
