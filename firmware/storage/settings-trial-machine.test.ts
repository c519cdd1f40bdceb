import fc from "fast-check";
import { expect, test } from "vitest";
import {
  longestTrialMs,
  settledTrial,
  stepSettingsTrial,
  type TrialEffect,
  type TrialEvent,
  type TrialState,
  trialMs,
} from "./settings-trial-machine.ts";

function play(events: readonly TrialEvent[]): { state: TrialState; effects: TrialEffect[] } {
  let state: TrialState = settledTrial;
  const effects: TrialEffect[] = [];
  for (const event of events) {
    const next = stepSettingsTrial(Object.freeze(state), event);
    state = next.state;
    effects.push(...next.effects);
  }
  return { state, effects };
}

const onTrial: TrialEvent = { type: "started", nowMs: 1_000, stage: "trial", version: 5 };

test("settings under which nobody accepts within 10 minutes are taken back, and not a moment before", () => {
  expect(play([onTrial, { type: "due", nowMs: 1_000 + trialMs - 1 }]).state.at).toBe("trial");
  const { state, effects } = play([onTrial, { type: "due", nowMs: 1_000 + trialMs }]);
  expect(state).toEqual(settledTrial);
  expect(effects.slice(1)).toEqual([{ type: "roll-back", version: 5 }, { type: "restart" }]);
});

test("an accepted message proves them, and nothing takes them back afterwards", () => {
  const { effects } = play([onTrial, { type: "accepted", nowMs: 2_000 }, { type: "due", nowMs: 9_999_999 }]);
  expect(effects.slice(1)).toEqual([{ type: "prove", version: 5 }]);
});

test("a new receiver that answers busy gives them an hour from their start, once", () => {
  const busy: TrialEvent = { type: "receiver-busy", nowMs: 500_000 };
  const { state, effects } = play([onTrial, busy, busy, { type: "due", nowMs: 1_000 + trialMs }]);
  expect(state).toMatchObject({ at: "trial", untilMs: 1_000 + longestTrialMs });
  expect(effects.filter((effect) => effect.type === "wake")).toHaveLength(2);
  expect(play([onTrial, busy, { type: "due", nowMs: 1_000 + longestTrialMs }]).effects.at(-1)).toEqual({
    type: "restart",
  });
});

test("new settings wait while a person's alarm does, also over a restart", () => {
  const staged: TrialEvent = { type: "staged", nowMs: 0, version: 6, isPending: true };
  expect(play([staged]).effects).toEqual([]);
  const begun = [{ type: "begin-trial", version: 6 }, { type: "restart" }];
  expect(play([staged, { type: "alarm", nowMs: 5, isPending: false }]).effects).toEqual(begun);
  const restarted: TrialEvent = { type: "started", nowMs: 0, stage: "staged", version: 6 };
  const wake = { type: "wake", atMs: 60_000 };
  expect(play([restarted, { type: "due", nowMs: 60_000 }]).effects).toEqual([wake, ...begun]);
  const pending: TrialEvent = { type: "alarm", nowMs: 5, isPending: true };
  expect(play([restarted, pending, { type: "due", nowMs: 60_000 }]).effects).toEqual([wake]);
});

test("a trial ends in one of two ways: proven by an acceptance, or taken back with a restart", () => {
  const anyEvent = fc.oneof(
    fc.record({ type: fc.constant("accepted" as const), nowMs: fc.nat(5_000_000) }),
    fc.record({ type: fc.constant("receiver-busy" as const), nowMs: fc.nat(5_000_000) }),
    fc.record({ type: fc.constant("due" as const), nowMs: fc.nat(5_000_000) }),
    fc.record({ type: fc.constant("alarm" as const), nowMs: fc.nat(5_000_000), isPending: fc.boolean() }),
    fc.record({
      type: fc.constant("staged" as const),
      nowMs: fc.nat(5_000_000),
      version: fc.constant(9),
      isPending: fc.constant(true),
    }),
  );
  fc.assert(
    fc.property(fc.array(anyEvent, { maxLength: 20 }), (events) => {
      let state = play([onTrial]).state;
      for (const event of events) {
        const next = stepSettingsTrial(Object.freeze(state), event);
        if (state.at === "trial" && next.state.at !== "trial") {
          const ends = next.effects.map((effect) => effect.type);
          expect(event.type === "accepted" ? ["prove"] : ["roll-back", "restart"]).toEqual(ends);
          return;
        }
        expect(next.effects.every((effect) => effect.type === "wake")).toBe(true);
        state = next.state;
      }
    }),
  );
});
