import fc from "fast-check";
import { expect, test } from "vitest";
import { windowMs } from "../../protocol/radio/pairing.ts";
import type { JoiningEvent, JoiningState } from "./joining-machine.ts";
import { joiningAtStart, stepJoining } from "./joining-machine.ts";

const begin: JoiningEvent = { type: "asked-for", nowMs: 0, room: "free" };
const waited = (nowMs: number): JoiningEvent => ({ type: "waited", nowMs, room: "free" });
const kinds = (state: JoiningState, event: JoiningEvent): string[] =>
  stepJoining(state, event).effects.map((effect) => effect.type);

function played(events: readonly JoiningEvent[]): JoiningState {
  return events.reduce((state, event) => stepJoining(state, event).state, joiningAtStart);
}

test("request, offer, joining, welcome: the key is taken only on a welcome", () => {
  expect(kinds(joiningAtStart, begin)).toEqual(["show-asking", "begin", "send-request", "listen", "wait"]);
  const asking = played([begin]);
  expect(kinds(asking, { type: "offered" })).toEqual(["send-joining", "listen", "wait"]);
  expect(kinds(asking, { type: "welcomed" })).toEqual([]);
  const trying = played([begin, { type: "offered" }]);
  expect(kinds(trying, { type: "welcomed" })).toEqual(["take-key"]);
  expect(stepJoining(trying, { type: "welcomed" }).state).toEqual({ at: "resting" });
});

test("a key that nobody welcomes is tried three times, then it is asked anew with new random bytes", () => {
  const third = played([begin, { type: "offered" }, waited(500), waited(1_000)]);
  expect(third).toMatchObject({ at: "trying", tries: 3 });
  expect(kinds(third, waited(1_500))).toEqual(["begin", "send-request", "listen", "wait"]);
});

test("a press, a reject or the end of the window leaves everything as it was; an offer that is open is given back", () => {
  const asking = played([begin]);
  const trying = played([begin, { type: "offered" }]);
  expect(stepJoining(asking, { type: "rejected" }).effects).toEqual([{ type: "give-up", tell: false }]);
  expect(stepJoining(asking, { type: "pressed" }).effects).toEqual([{ type: "give-up", tell: false }]);
  expect(stepJoining(trying, { type: "pressed" }).effects).toEqual([{ type: "give-up", tell: true }]);
  expect(stepJoining(trying, waited(windowMs)).effects).toEqual([{ type: "give-up", tell: true }]);
  expect(stepJoining(asking, waited(windowMs)).effects).toEqual([{ type: "give-up", tell: false }]);
});

test("while air time is short nothing is asked, and it goes on waiting", () => {
  expect(kinds(joiningAtStart, { type: "asked-for", nowMs: 0, room: "thin" })).toEqual([
    "show-asking",
    "begin",
    "wait",
  ]);
});

test("however it goes, it rests 120 s after it began, and waits as long as it does not rest", () => {
  const anyEvent = fc.oneof(
    { weight: 4, arbitrary: fc.nat(6_000).map((after) => ({ type: "waited" as const, after })) },
    { weight: 1, arbitrary: fc.constant({ type: "offered" as const, after: 0 }) },
    { weight: 1, arbitrary: fc.constant({ type: "asked-for" as const, after: 0 }) },
  );
  fc.assert(
    fc.property(fc.array(anyEvent, { maxLength: 80 }), (events) => {
      let state = played([begin]);
      let nowMs = 0;
      for (const { type, after } of events) {
        if (state.at === "resting") break;
        nowMs += after;
        const event = type === "offered" ? { type } : { type, nowMs, room: "free" as const };
        const step = stepJoining(state, event as JoiningEvent);
        state = step.state;
        if (type === "waited" && nowMs >= windowMs) expect(state.at).toBe("resting");
        if (type === "waited" && state.at !== "resting") expect(step.effects.at(-1)?.type).toBe("wait");
      }
    }),
  );
});
