/**
 * The checklist of an installation, pure: which steps there are, what has proven them, and whether it may be closed. It is closed as
 * verified only where every step has a proof that still counts, an accepted press of every button among them. Whoever closes it
 * otherwise says who he is and why, and it stays unverified for everybody to see.
 */

export type StepKind =
  | "settings"
  | "identity"
  | "self-check"
  | "battery"
  | "power"
  | "path"
  | "pair"
  | "press"
  | "room"
  | "speech"
  | "read-back";

export interface Step {
  /** Unique, such as `press 0102030A`. */
  readonly name: string;
  readonly kind: StepKind;
  /** The path, button or room that it is about; "" where there is only one. */
  readonly subject: string;
  /** Steps that must be proven before it; when one of them changes something, it is to be proven anew. */
  readonly needs: readonly string[];
  /** What was proven on a bench says nothing of the home. */
  readonly inHome: boolean;
}

/** What is to be installed, as far as the steps depend on it. */
export interface ChecklistPlan {
  /** Each route to each receiver, such as `mobile 1`. */
  readonly paths: readonly string[];
  /** Names of the buttons; none: the key on the unit is pressed. */
  readonly buttons: readonly string[];
  readonly rooms: readonly string[];
  readonly hasBattery: boolean;
  readonly hasSpeech: boolean;
}

export type Place = "bench" | "home";
export type Facts = Readonly<Record<string, string | number>>;

export interface Proof {
  readonly step: string;
  /** UTC, as ISO 8601 has it. */
  readonly at: string;
  readonly place: Place;
  readonly outcome: "passed" | "failed";
  readonly facts: Facts;
}

export interface Closing {
  readonly at: string;
  readonly how: "verified" | "unverified";
  /** Who closed it without every proof, why, and what was missing; empty where it is verified. */
  readonly by: string;
  readonly why: string;
  readonly missing: readonly Missing[];
}

export interface ChecklistState {
  readonly steps: readonly Step[];
  /** The newest of each step. */
  readonly proofs: readonly Proof[];
  readonly closing: Closing | undefined;
}

export interface Missing {
  readonly step: string;
  readonly why: "not done" | "failed" | "only on the bench";
}

export type ChecklistEvent =
  /** `changed`: what it needs no longer is what others were proven with. */
  | {
      readonly type: "passed";
      readonly step: string;
      readonly at: string;
      readonly place: Place;
      readonly facts: Facts;
      readonly changed: boolean;
    }
  | {
      readonly type: "failed";
      readonly step: string;
      readonly at: string;
      readonly place: Place;
      readonly facts: Facts;
    }
  | { readonly type: "close"; readonly at: string }
  | { readonly type: "force-close"; readonly at: string; readonly by: string; readonly why: string };

export type ChecklistEffect =
  /** Into the record, before anything else is done. */
  | { readonly type: "keep" }
  | { readonly type: "order-service" }
  | { readonly type: "refuse-proof"; readonly step: string; readonly why: string }
  | { readonly type: "refuse-close"; readonly missing: readonly Missing[] };

export interface ChecklistNext {
  readonly state: ChecklistState;
  readonly effects: readonly ChecklistEffect[];
}

/** The key on the unit itself, where there is no button. */
export const unitKey = "unit";

/** In the order in which they are done. */
export function stepsOf(plan: ChecklistPlan): readonly Step[] {
  const steps: Step[] = [stepOf("settings", "", [], false), stepOf("identity", "", ["settings"], false)];
  steps.push(stepOf("power", "", [], true));
  for (const path of plan.paths) steps.push(stepOf("path", path, ["settings"], true));
  // Behind the paths: a unit that nobody has answered does not know the time, which is a fault of its own.
  steps.push(stepOf("self-check", "", [], false));
  if (plan.hasBattery) steps.push(stepOf("battery", "", [], false));
  for (const button of plan.buttons) steps.push(stepOf("pair", button, ["settings"], false));
  const presses = plan.buttons.length === 0 ? [unitKey] : plan.buttons;
  for (const button of presses)
    steps.push(stepOf("press", button, ["settings", ...(button === unitKey ? [] : [`pair ${button}`])], true));
  const first = plan.buttons[0];
  if (first !== undefined) for (const room of plan.rooms) steps.push(stepOf("room", room, [`pair ${first}`], true));
  if (plan.hasSpeech) steps.push(stepOf("speech", "", [], true));
  steps.push(
    stepOf(
      "read-back",
      "",
      presses.map((button) => `press ${button}`),
      true,
    ),
  );
  return steps;
}

export function startChecklist(plan: ChecklistPlan): ChecklistState {
  return { steps: stepsOf(plan), proofs: [], closing: undefined };
}

export function stepChecklist(state: ChecklistState, event: ChecklistEvent): ChecklistNext {
  if (state.closing !== undefined) return { state, effects: [] };
  switch (event.type) {
    case "passed":
      return passed(state, event);
    case "failed":
      return failed(state, event);
    case "close": {
      const missing = missingOf(state);
      if (missing.length > 0) return { state, effects: [{ type: "refuse-close", missing }] };
      return closed(state, { at: event.at, how: "verified", by: "", why: "", missing: [] });
    }
    case "force-close": {
      const missing = missingOf(state);
      if (missing.length === 0) return closed(state, { at: event.at, how: "verified", by: "", why: "", missing: [] });
      if (event.by === "" || event.why === "") return { state, effects: [{ type: "refuse-close", missing }] };
      return closed(state, { at: event.at, how: "unverified", by: event.by, why: event.why, missing });
    }
  }
}

/** What stands in the way of closing, in the order of the steps. */
export function missingOf(state: ChecklistState): readonly Missing[] {
  const missing: Missing[] = [];
  for (const step of state.steps) {
    const proof = proofOf(state, step.name);
    if (proof === undefined) missing.push({ step: step.name, why: "not done" });
    else if (proof.outcome === "failed") missing.push({ step: step.name, why: "failed" });
    else if (step.inHome && proof.place === "bench") missing.push({ step: step.name, why: "only on the bench" });
  }
  return missing;
}

/** What is done next at that place; undefined where nothing is left that can be done there. `after`: steps that were tried in this visit. */
export function nextStep(state: ChecklistState, place: Place, after: readonly string[]): Step | undefined {
  const missing = missingOf(state).map(({ step }) => step);
  return state.steps.find(
    (step) =>
      missing.includes(step.name) &&
      !after.includes(step.name) &&
      (place === "home" || isForBench(step)) &&
      step.needs.every((need) => isProven(state, need)),
  );
}

/** What a bench can prove, be it for a while only. */
export function isForBench(step: Step): boolean {
  return step.kind !== "room" && step.kind !== "read-back" && step.kind !== "speech" && step.kind !== "press";
}

export function proofOf(state: ChecklistState, step: string): Proof | undefined {
  return state.proofs.find((proof) => proof.step === step);
}

function isProven(state: ChecklistState, step: string): boolean {
  return proofOf(state, step)?.outcome === "passed";
}

function passed(state: ChecklistState, event: Extract<ChecklistEvent, { readonly type: "passed" }>): ChecklistNext {
  const step = state.steps.find(({ name }) => name === event.step);
  const why = step === undefined ? "no such step" : whyNoProof(state, step, event);
  if (why !== undefined) return { state, effects: [{ type: "refuse-proof", step: event.step, why }] };
  const { at, place, facts } = event;
  const kept = event.changed ? withoutDependents(state, event.step) : state;
  return proven(kept, { step: event.step, at, place, outcome: "passed", facts });
}

function failed(state: ChecklistState, event: Extract<ChecklistEvent, { readonly type: "failed" }>): ChecklistNext {
  if (!state.steps.some(({ name }) => name === event.step))
    return { state, effects: [{ type: "refuse-proof", step: event.step, why: "no such step" }] };
  const { step, at, place, facts } = event;
  return proven(state, { step, at, place, outcome: "failed", facts });
}

/** A press counts when a receiver has accepted it, for one button alone. */
function whyNoProof(
  state: ChecklistState,
  step: Step,
  event: Extract<ChecklistEvent, { readonly type: "passed" }>,
): string | undefined {
  const open = step.needs.find((need) => !isProven(state, need));
  if (open !== undefined) return `${open} is not proven`;
  if (step.kind !== "press") return undefined;
  const number = event.facts["number"];
  if (typeof number !== "number" || typeof event.facts["receiver"] !== "number" || event.facts["receiver"] < 1)
    return "no receiver has accepted it";
  const other = state.proofs.find(
    (proof) => proof.step !== step.name && proof.step.startsWith("press ") && proof.facts["number"] === number,
  );
  return other === undefined ? undefined : `report ${number} is the proof of ${other.step} already`;
}

function proven(state: ChecklistState, proof: Proof): ChecklistNext {
  const proofs = [...state.proofs.filter(({ step }) => step !== proof.step), proof];
  return { state: { ...state, proofs }, effects: [{ type: "keep" }] };
}

/** Whatever rests on that step, directly or not, is to be proven anew. */
function withoutDependents(state: ChecklistState, changed: string): ChecklistState {
  const gone = [changed];
  for (let before = 0; before < gone.length; ) {
    before = gone.length;
    for (const step of state.steps)
      if (!gone.includes(step.name) && step.needs.some((need) => gone.includes(need))) gone.push(step.name);
  }
  return { ...state, proofs: state.proofs.filter(({ step }) => step === changed || !gone.includes(step)) };
}

function closed(state: ChecklistState, closing: Closing): ChecklistNext {
  return { state: { ...state, closing }, effects: [{ type: "keep" }, { type: "order-service" }] };
}

function stepOf(kind: StepKind, subject: string, needs: readonly string[], inHome: boolean): Step {
  return { name: subject === "" ? kind : `${kind} ${subject}`, kind, subject, needs, inHome };
}
