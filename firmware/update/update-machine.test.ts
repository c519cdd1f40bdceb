import fc from "fast-check";
import { expect, test } from "vitest";
import { anyImageHeader } from "../../protocol/update/arbitraries.ts";
import { headerBytes, type ImageHeader, type SignedHeader } from "../../protocol/update/image-header.ts";
import { acceptedWithinMs, stepUpdate } from "./update-machine.ts";
import { calmForMs } from "./update-moves.ts";
import { updateDefaults } from "./update-settings.ts";
import {
  type KeptUpdate,
  nothingKept,
  notStarted,
  type UpdateEffect,
  type UpdateEvent,
  type UpdatePlan,
} from "./update-state.ts";

const plan: UpdatePlan = {
  identity: { board: "test-board", revision: 1, region: "eu", version: 0x01000000 },
  settings: { ...updateDefaults, mode: "on", host: "release.example" },
  keyIds: [1],
  pageSize: 1_024,
  capacity: 12 * 1_024,
};

const header: ImageHeader = {
  board: "test-board",
  leastRevision: 1,
  mostRevision: 1,
  region: "eu",
  version: 0x01010000,
  leastVersion: 0,
  length: 2_500,
  sha256: new Uint8Array(32),
  keyId: 1,
};
const offer: SignedHeader = { header, bytes: headerBytes(header), signature: new Uint8Array(64) };

type Told = UpdateEvent extends infer E ? (E extends { readonly nowMs: number } ? Omit<E, "nowMs"> : never) : never;

const anyOther: fc.Arbitrary<Told> = anyImageHeader.map((other) => ({
  type: "offered",
  offer: { header: other, bytes: headerBytes(other), signature: new Uint8Array(64) },
  faults: 0,
}));
const anyEvent: fc.Arbitrary<Told> = fc.oneof(
  { weight: 4, arbitrary: fc.constant<Told>({ type: "due" }) },
  { weight: 3, arbitrary: fc.constant<Told>({ type: "offered", offer, faults: 0 }) },
  { weight: 3, arbitrary: fc.constant<Told>({ type: "written", isGood: true }) },
  { weight: 2, arbitrary: fc.boolean().map<Told>((isGood) => ({ type: "signature", isGood })) },
  { weight: 2, arbitrary: fc.boolean().map<Told>((isGood) => ({ type: "digest", isGood })) },
  { weight: 2, arbitrary: fc.constant<Told>({ type: "accepted" }) },
  fc.constantFrom<Told>(
    { type: "offered", offer: undefined, faults: 0 },
    { type: "written", isGood: false },
    { type: "unreached" },
    { type: "heard" },
    { type: "checked", faults: 0 },
    { type: "checked", faults: 1 },
  ),
  fc.boolean().map<Told>((isCalm) => ({ type: "calm", isCalm })),
  anyOther,
);
const anyLife = fc.array(
  fc.record({ event: anyEvent, afterMs: fc.constantFrom(0, 1_000, 60_000, 300_000, 1_000_000, 30_000_000) }),
  {
    maxLength: 80,
  },
);

const anyTrial = fc.array(
  fc.record({
    event: fc.oneof(
      fc.constantFrom<Told>({ type: "accepted" }, { type: "heard" }, { type: "checked", faults: 0 }, { type: "due" }),
      anyEvent,
    ),
    afterMs: fc.constantFrom(0, 60_000, 300_000, 30_000_000),
  }),
  { maxLength: 30 },
);

/** One life, with what has happened in it before each step. */
function live(
  steps: readonly { readonly event: Told; readonly afterMs: number }[],
  kept: KeptUpdate,
  slotStage: "settled" | "trial",
  own: UpdatePlan,
  see: (effects: readonly UpdateEffect[], event: UpdateEvent, past: readonly UpdateEvent[]) => void,
): void {
  let state = notStarted;
  let nowMs = 0;
  const past: UpdateEvent[] = [];
  const step = (event: UpdateEvent): void => {
    const next = stepUpdate(state, event, own);
    state = next.state;
    past.push(event);
    see(next.effects, event, past);
  };
  step({ type: "started", nowMs, kept, slotStage, isIll: false, canCheck: true });
  for (const { event, afterMs } of steps) {
    nowMs += afterMs;
    step({ ...event, nowMs } as UpdateEvent);
  }
}

/** Since when it has been calm without a break, ms: a life begins calm, and to be told so once more is no news. */
function calmSinceMs(past: readonly UpdateEvent[]): number {
  let sinceMs = 0;
  for (const event of past) {
    if (event.type !== "calm") continue;
    if (!event.isCalm) sinceMs = Number.POSITIVE_INFINITY;
    else if (sinceMs === Number.POSITIVE_INFINITY) sinceMs = event.nowMs;
  }
  return sinceMs;
}

test("an image is tried only when its signature and its digest are good, it is offered still, a receiver answers, and it has been calm", () => {
  let armed = 0;
  const loaded: KeptUpdate = { ...nothingKept, stage: "loaded", header, offset: 2_500 };
  fc.assert(
    fc.property(anyLife, fc.constantFrom(nothingKept, loaded), (steps, kept) => {
      live(steps, kept, "settled", plan, (effects, event, past) => {
        if (!effects.some(({ type }) => type === "try-next")) return;
        armed++;
        expect(event).toMatchObject({ type: "offered", offer: { header } });
        expect(event.nowMs - calmSinceMs(past)).toBeGreaterThanOrEqual(calmForMs);
        const accepted = past.filter(({ type }) => type === "accepted").at(-1);
        expect(event.nowMs - (accepted?.nowMs ?? Number.NEGATIVE_INFINITY)).toBeLessThanOrEqual(acceptedWithinMs);
        if (kept.stage === "loaded") return;
        expect(past.some((before) => before.type === "signature" && before.isGood)).toBe(true);
        expect(past.some((before) => before.type === "digest" && before.isGood)).toBe(true);
      });
    }),
    { numRuns: 3_000 },
  );
  expect(armed).toBeGreaterThan(0);
});

test("while an alarm, a call or a weak supply stands, nothing is asked, loaded, checked, tried or restarted", () => {
  fc.assert(
    fc.property(anyLife, (steps) => {
      let isCalm = true;
      live(steps, nothingKept, "settled", plan, (effects, event) => {
        if (event.type === "calm") isCalm = event.isCalm;
        if (isCalm) return;
        for (const { type } of effects) expect(["stop", "wake", "keep", "log", "tell"]).toContain(type);
      });
    }),
    { numRuns: 1_000 },
  );
});

test("nothing stands in the slot that the journal does not know of: each image is noted before its first byte is loaded", () => {
  fc.assert(
    fc.property(anyLife, (steps) => {
      let noted: KeptUpdate = nothingKept;
      live(steps, { ...nothingKept, canGoBack: true }, "settled", plan, (effects) => {
        for (const effect of effects) {
          if (effect.type === "keep") noted = effect.kept;
          if (effect.type !== "load") continue;
          expect(noted.canGoBack).toBe(false);
          expect(noted.header).toEqual(effect.header);
          expect(effect.offset).toBeLessThan(effect.header.length);
        }
      });
    }),
    { numRuns: 1_000 },
  );
});

test("on trial an image is kept only after an acceptance, a frame and a passed self-check; otherwise it is left, and why stands in the journal first", () => {
  const own: UpdatePlan = { ...plan, identity: { ...plan.identity, version: header.version } };
  const armed: KeptUpdate = { ...nothingKept, stage: "armed", header, offset: 2_500, attempts: 1, radioDue: true };
  const ends = { kept: 0, left: 0 };
  fc.assert(
    fc.property(anyTrial, (steps) => {
      live(steps, armed, "trial", own, (effects, _event, past) => {
        const types = effects.map(({ type }) => type);
        if (types.includes("confirm")) {
          ends.kept++;
          for (const needed of ["accepted", "heard", "checked"])
            expect(past.some(({ type }) => type === needed)).toBe(true);
          expect(types.indexOf("confirm")).toBeLessThan(types.indexOf("keep"));
        }
        if (!types.includes("go-back")) return;
        ends.left++;
        const note = effects[0];
        expect(note?.type === "keep" && note.kept.why !== "none").toBe(true);
        expect(types).toEqual(["keep", "go-back", "restart"]);
      });
    }),
    { numRuns: 1_000 },
  );
  expect(Math.min(ends.kept, ends.left)).toBeGreaterThan(0);
});

test("tries that come to nothing are a minute apart, then two, four and more, and never further than the usual question", () => {
  const waits: number[] = [];
  let state = stepUpdate(
    notStarted,
    { type: "started", nowMs: 0, kept: nothingKept, slotStage: "settled", isIll: false, canCheck: true },
    plan,
  ).state;
  let nowMs = 1_000_000;
  for (let i = 0; i < 12; i++) {
    state = stepUpdate(state, { type: "due", nowMs }, plan).state;
    const next = stepUpdate(state, { type: "unreached", nowMs }, plan);
    const wake = next.effects.find(({ type }) => type === "wake");
    if (wake?.type !== "wake") throw new Error("nothing wakes it");
    waits.push(wake.atMs - nowMs);
    state = next.state;
    nowMs = wake.atMs;
  }
  expect(waits.slice(0, 7).map((ms) => ms / 60_000)).toEqual([1, 2, 4, 8, 16, 32, 64]);
  expect(Math.max(...waits)).toBeLessThanOrEqual(plan.settings.askEveryMs);
});
