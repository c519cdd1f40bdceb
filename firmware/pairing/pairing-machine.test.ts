import fc from "fast-check";
import { expect, test } from "vitest";
import { offerLimit, windowMs } from "../../protocol/radio/pairing.ts";
import type { PairingEvent, PairingState } from "./pairing-machine.ts";
import { pairingAtStart, stepPairing, talkLimit } from "./pairing-machine.ts";

const random = (mark: number): Uint8Array => new Uint8Array(8).fill(mark);
const open = stepPairing(pairingAtStart, { type: "opened", nowMs: 1_000 }).state;
const asked = (mark: number, address = 7): PairingEvent => ({
  type: "asked",
  address,
  deviceRandom: random(mark),
  unitRandom: random(mark + 100),
  refusal: undefined,
});

function played(state: PairingState, events: readonly PairingEvent[]): PairingState {
  return events.reduce((before, event) => stepPairing(before, event).state, state);
}

test("the same request gets the same offer, another one new random bytes; four exchanges are kept", () => {
  const first = stepPairing(open, asked(1));
  const again = stepPairing(first.state, { ...asked(1), unitRandom: random(99) } as PairingEvent);
  expect(again.effects).toEqual(first.effects);
  const many = played(
    open,
    [1, 2, 3, 4, 5, 6].map((mark) => asked(mark)),
  );
  expect(many.at === "open" && many.talks.map((talk) => talk.deviceRandom[0])).toEqual([3, 4, 5, 6]);
  expect(talkLimit).toBe(4);
});

test("one window makes 40 answers at most, however many requests are played to it", () => {
  let state = open;
  let answers = 0;
  for (let i = 0; i < 200; i++) {
    const step = stepPairing(state, asked(i % 250, i % 3));
    state = step.state;
    answers += step.effects.length;
  }
  expect(answers).toBe(offerLimit);
});

test("a refused device hears why, and is offered nothing", () => {
  const step = stepPairing(open, { ...asked(1), refusal: "no-place" } as PairingEvent);
  expect(step.effects).toEqual([{ type: "reject", address: 7, deviceRandom: random(1), reason: "no-place" }]);
  expect(step.state).toMatchObject({ talks: [] });
});

test("only a joining newer than the last one of its device is adopted", () => {
  const state = played(open, [asked(1)]);
  const talk = state.at === "open" ? state.talks[0] : undefined;
  if (talk === undefined) throw new Error("no talk");
  const joining = (counter: number): PairingEvent => ({ type: "joining", talk, counter, holds: 0 });
  const joined = stepPairing(state, joining(9));
  expect(joined.effects).toEqual([{ type: "adopt", talk, counter: 9, holds: 0 }]);
  expect(stepPairing(joined.state, joining(9)).effects).toEqual([]);
  expect(stepPairing(joined.state, joining(8)).effects).toEqual([]);
  expect(stepPairing(joined.state, joining(10)).effects).toHaveLength(1);
  const other: PairingEvent = { type: "joining", talk: { ...talk, address: 8 }, counter: 3, holds: 0 };
  expect(stepPairing(joined.state, other).effects).toHaveLength(1);
});

test("the window ends when the last expected device has called under its new key, and stays for one that went back to its old", () => {
  const state = played(open, [asked(1)]);
  const talk = state.at === "open" ? state.talks[0] : undefined;
  if (talk === undefined) throw new Error("no talk");
  const joined = played(state, [{ type: "joining", talk, counter: 1, holds: 0 }]);
  const settled = (fresh: boolean, more: boolean): PairingEvent => ({ type: "settled", address: 7, fresh, more });
  expect(stepPairing(state, settled(true, false)).effects).toEqual([]);
  expect(stepPairing(joined, settled(true, false)).effects).toEqual([{ type: "window-ended", how: "paired" }]);
  expect(stepPairing(joined, settled(true, true)).state).toMatchObject({ at: "open", talks: [], joined: [] });
  expect(stepPairing(joined, settled(false, false)).state).toMatchObject({ at: "open", talks: [], joined: [] });
});

test("a window is never open for more than 120 s after it was opened last, whatever comes", () => {
  const anyEvent: fc.Arbitrary<PairingEvent> = fc.oneof(
    fc.nat(300).map((mark) => asked(mark)),
    fc.constant<PairingEvent>({ type: "confirmed" }),
    fc.constant<PairingEvent>({ type: "stopped" }),
    fc.nat(3).map((address): PairingEvent => ({ type: "settled", address, fresh: true, more: true })),
  );
  fc.assert(
    fc.property(fc.array(anyEvent, { maxLength: 60 }), (events) => {
      const state = played(open, events);
      const late = stepPairing(state, { type: "due", nowMs: 1_000 + windowMs });
      expect(late.state).toEqual({ at: "closed" });
      const early = stepPairing(state, { type: "due", nowMs: 1_000 + windowMs - 1 });
      expect(early.state).toEqual(state);
    }),
  );
});

test("while the window is closed nothing is answered", () => {
  for (const event of [asked(1), { type: "confirmed" } as const, { type: "due", nowMs: 5 } as const])
    expect(stepPairing(pairingAtStart, event)).toEqual({ state: pairingAtStart, effects: [] });
});
