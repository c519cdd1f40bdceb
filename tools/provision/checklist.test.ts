import fc from "fast-check";
import { expect, test } from "vitest";
import {
  type ChecklistEvent,
  type ChecklistPlan,
  type ChecklistState,
  missingOf,
  nextStep,
  proofOf,
  startChecklist,
  stepChecklist,
  stepsOf,
} from "./checklist.ts";

const plan: ChecklistPlan = {
  paths: ["mobile 1", "broadband 1"],
  buttons: ["0000000A", "0000000B"],
  rooms: ["kok"],
  hasBattery: true,
  hasSpeech: true,
};
const at = "2026-11-22T10:00:00.000Z";

const anyPlan: fc.Arbitrary<ChecklistPlan> = fc.record({
  paths: fc.uniqueArray(fc.constantFrom("mobile 1", "mobile 2", "broadband 1", "broadband 2")),
  buttons: fc.uniqueArray(fc.constantFrom("0000000A", "0000000B", "0000000C")),
  rooms: fc.uniqueArray(fc.constantFrom("kok", "bad")),
  hasBattery: fc.boolean(),
  hasSpeech: fc.boolean(),
});

function anyEvents(of: ChecklistPlan): fc.Arbitrary<readonly ChecklistEvent[]> {
  const step = fc.constantFrom(...stepsOf(of).map(({ name }) => name), "no such step");
  const place = fc.constantFrom("bench" as const, "home" as const);
  const facts = fc.record({ number: fc.integer({ min: 60, max: 66 }), receiver: fc.integer({ min: 0, max: 2 }) });
  const passed = fc.record({
    type: fc.constant("passed" as const),
    step,
    at: fc.constant(at),
    place,
    facts,
    changed: fc.boolean(),
  });
  const failed = fc.record({ type: fc.constant("failed" as const), step, at: fc.constant(at), place, facts });
  const forced = fc.record({
    type: fc.constant("force-close" as const),
    at: fc.constant(at),
    by: fc.constantFrom("", "Kim"),
    why: fc.constantFrom("", "no receiver"),
  });
  return fc.array(
    fc.oneof(
      { weight: 20, arbitrary: passed },
      { weight: 2, arbitrary: failed },
      { weight: 1, arbitrary: fc.constant({ type: "close" as const, at }) },
      { weight: 1, arbitrary: forced },
    ),
    { maxLength: 80 },
  );
}

const planAndEvents = anyPlan.chain((of) => fc.tuple(fc.constant(of), anyEvents(of)));

/** Walks every step as an installer does who does everything right. */
function walked(of: ChecklistPlan, until: (step: string) => boolean = () => false): ChecklistState {
  let state = startChecklist(of);
  for (let number = 64; ; number++) {
    const step = nextStep(state, "home", []);
    if (step === undefined || until(step.name)) return state;
    const facts = { number, receiver: 1 };
    state = stepChecklist(state, { type: "passed", step: step.name, at, place: "home", facts, changed: false }).state;
  }
}

test("an installation that did every step closes as verified, and its unit is put into service", () => {
  fc.assert(
    fc.property(anyPlan, (of) => {
      const { state, effects } = stepChecklist(walked(of), { type: "close", at });
      expect(state.closing).toEqual({ at, how: "verified", by: "", why: "", missing: [] });
      expect(effects).toEqual([{ type: "keep" }, { type: "order-service" }]);
    }),
  );
});

test("whatever is left out, closing is refused and names it", () => {
  fc.assert(
    fc.property(anyPlan, fc.nat(), (of, pick) => {
      const steps = stepsOf(of);
      const left = steps[pick % steps.length]?.name ?? "";
      const { state, effects } = stepChecklist(
        walked(of, (step) => step === left),
        { type: "close", at },
      );
      expect(state.closing).toBeUndefined();
      expect(effects).toMatchObject([{ type: "refuse-close" }]);
      expect(JSON.stringify(effects)).toContain(JSON.stringify({ step: left, why: "not done" }));
    }),
  );
});

test("whatever happened, a verified closing has a press of every button that a receiver accepted, each under a number of its own", () => {
  fc.assert(
    fc.property(planAndEvents, ([of, events]) => {
      let state = startChecklist(of);
      for (const event of events) state = stepChecklist(state, event).state;
      if (state.closing?.how !== "verified") return;
      const presses = state.proofs.filter(({ step }) => step.startsWith("press "));
      expect(presses).toHaveLength(Math.max(1, of.buttons.length));
      for (const { facts, outcome, place } of presses) {
        expect([outcome, place]).toEqual(["passed", "home"]);
        expect(facts["receiver"]).toBeGreaterThan(0);
      }
      expect(new Set(presses.map(({ facts }) => facts["number"])).size).toBe(presses.length);
      expect(missingOf(state)).toEqual([]);
    }),
    { numRuns: 500 },
  );
});

test("a forced closing says who, why and what was missing, and stays unverified whatever comes after it", () => {
  fc.assert(
    fc.property(planAndEvents, ([of, events]) => {
      let state = startChecklist(of);
      for (const event of events) {
        const before = state;
        const next = stepChecklist(state, event);
        state = next.state;
        if (before.closing !== undefined) expect([state, next.effects]).toEqual([before, []]);
        else if (state.closing?.how === "unverified") {
          expect(event).toMatchObject({ type: "force-close", by: "Kim", why: "no receiver" });
          expect(state.closing.missing).toEqual(missingOf(before));
          expect(state.closing.missing.length).toBeGreaterThan(0);
        }
      }
    }),
    { numRuns: 500 },
  );
});

test("no proof is kept for a step whose needs are not proven, and only one proof stands for each step", () => {
  fc.assert(
    fc.property(planAndEvents, ([of, events]) => {
      let state = startChecklist(of);
      for (const event of events) {
        const { state: next, effects } = stepChecklist(state, event);
        const names = next.proofs.map(({ step }) => step);
        expect(new Set(names).size).toBe(names.length);
        if (event.type === "passed" && effects[0]?.type === "keep") {
          const step = state.steps.find(({ name }) => name === event.step);
          for (const need of step?.needs ?? []) expect(proofOf(state, need)?.outcome).toBe("passed");
        }
        state = next;
      }
    }),
  );
});

test("settings that changed drop what was proven under the former ones, a button that was paired anew its press and the rooms", () => {
  const whole = walked(plan);
  const changed = (step: string): string[] =>
    missingOf(stepChecklist(whole, { type: "passed", step, at, place: "home", facts: {}, changed: true }).state).map(
      (each) => each.step,
    );
  expect(changed("pair 0000000A")).toEqual(["press 0000000A", "room kok", "read-back"]);
  expect(changed("settings")).toEqual([
    "identity",
    "path mobile 1",
    "path broadband 1",
    "pair 0000000A",
    "pair 0000000B",
    "press 0000000A",
    "press 0000000B",
    "room kok",
    "read-back",
  ]);
  expect(changed("speech")).toEqual([]);
});

test("what was proven on a bench is to be proven again in the home, where the home decides it", () => {
  let state = startChecklist(plan);
  for (
    let step = nextStep(state, "bench", []);
    step !== undefined;
    step = nextStep(
      state,
      "bench",
      state.proofs.map((proof) => proof.step),
    )
  )
    state = stepChecklist(state, {
      type: "passed",
      step: step.name,
      at,
      place: "bench",
      facts: {},
      changed: false,
    }).state;
  expect(missingOf(state)).toEqual([
    { step: "power", why: "only on the bench" },
    { step: "path mobile 1", why: "only on the bench" },
    { step: "path broadband 1", why: "only on the bench" },
    { step: "press 0000000A", why: "not done" },
    { step: "press 0000000B", why: "not done" },
    { step: "room kok", why: "not done" },
    { step: "speech", why: "not done" },
    { step: "read-back", why: "not done" },
  ]);
});

test("a press that nobody accepted, or that proves another button already, is no proof", () => {
  const ready = walked(plan, (step) => step === "press 0000000A");
  const press = (state: ChecklistState, step: string, number: number, receiver: number) =>
    stepChecklist(state, { type: "passed", step, at, place: "home", facts: { number, receiver }, changed: false });
  expect(press(ready, "press 0000000A", 70, 0).effects).toEqual([
    { type: "refuse-proof", step: "press 0000000A", why: "no receiver has accepted it" },
  ]);
  const one = press(ready, "press 0000000A", 70, 1);
  expect(one.effects).toEqual([{ type: "keep" }]);
  expect(press(one.state, "press 0000000B", 70, 1).effects).toEqual([
    { type: "refuse-proof", step: "press 0000000B", why: "report 70 is the proof of press 0000000A already" },
  ]);
});

test("a step that failed after it had passed stands in the way again", () => {
  const { state } = stepChecklist(walked(plan), {
    type: "failed",
    step: "room kok",
    at,
    place: "home",
    facts: { margin: 3 },
  });
  expect(stepChecklist(state, { type: "close", at }).effects).toEqual([
    { type: "refuse-close", missing: [{ step: "room kok", why: "failed" }] },
  ]);
});
