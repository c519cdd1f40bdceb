/**
 * An installation as it goes on: the checklist asks for the next step, the step is done with the unit and whoever stands before it, and
 * its proof is in the record before the next one begins. Interrupted, it goes on from the record.
 */
import { UserError } from "../user-error.ts";
import {
  type ChecklistEvent,
  type ChecklistState,
  type Facts,
  missingOf,
  nextStep,
  type Place,
  type Step,
  stepChecklist,
} from "./checklist.ts";
import type { Desk } from "./desk.ts";
import { InstallationSteps } from "./installation-steps.ts";
import type { InstallationPlan } from "./plan-file.ts";
import { checklistOf, type InstallationRecord, readRecord, withState, writeRecord } from "./record.ts";
import type { RegistryFile } from "./registry-file.ts";
import type { ServiceLink } from "./service-link.ts";

/** What came of a step. `changed`: proofs that rest on it count no more. */
export interface StepResult {
  readonly passed: boolean;
  readonly changed: boolean;
  readonly facts: Facts;
  /** What to try where it did not pass. */
  readonly hint: string;
}

export interface InstallationOptions {
  readonly link: ServiceLink;
  readonly desk: Desk;
  readonly plan: InstallationPlan;
  readonly recordPath: string;
  readonly registry: RegistryFile | undefined;
  readonly place: Place;
  /** UTC now, as ISO 8601 has it. */
  readonly now: () => string;
  /** How long people and devices are waited for, in ms. */
  readonly patienceMs: number;
}

/** Whoever closes without every proof. */
export interface Force {
  readonly by: string;
  readonly why: string;
}

export class Installation {
  readonly record: () => InstallationRecord;
  private readonly options: InstallationOptions;
  private readonly steps: InstallationSteps;
  private kept: InstallationRecord;
  private state: ChecklistState;

  /** Throws UserError (2) where the record is another installation's. */
  constructor(options: InstallationOptions) {
    const { plan, recordPath, link } = options;
    this.options = options;
    const read = readRecord(recordPath, plan, options.now());
    this.kept = { ...read, stem: link.unit, firmware: link.version };
    this.state = checklistOf(plan, read);
    this.record = () => this.kept;
    this.steps = new InstallationSteps(options, {
      settings: () => this.kept.settings,
      keepSettings: (settings) => {
        this.kept = { ...this.kept, stem: link.unit, settings };
        writeRecord(recordPath, this.kept);
      },
      numberOf: (press) => this.state.proofs.find(({ step }) => step === press)?.facts["number"],
    });
  }

  get checklist(): ChecklistState {
    return this.state;
  }

  /** Refuses a unit that somebody depends on, and says what is done and what is left. Throws UserError. */
  async begin(): Promise<void> {
    const { desk } = this.options;
    await this.steps.begin(this.state.proofs.length > 0);
    for (const { step, at, outcome, facts } of this.state.proofs)
      desk.say(`${mark(outcome === "passed")} ${step}  ${at}  ${factsText(facts)}`);
    if (this.kept.stem !== "" && this.state.proofs.length > 0)
      desk.say(`${missingOf(this.state).length} of ${this.state.steps.length} steps are left`);
  }

  /** Every step that can be done at this place, each once. What does not pass is told and left. */
  async walk(): Promise<void> {
    const tried: string[] = [];
    const { place } = this.options;
    for (let step = nextStep(this.state, place, tried); step !== undefined; step = nextStep(this.state, place, tried)) {
      tried.push(step.name);
      await this.attempt(step);
    }
    await this.steps.end();
  }

  /** Closes it: verified, or forced and unverified. Throws UserError (1) where steps are missing and nobody forces it. */
  async close(force: Force | undefined): Promise<void> {
    const at = this.options.now();
    const effects = this.take(force === undefined ? { type: "close", at } : { type: "force-close", at, ...force });
    const refusal = effects.find((effect) => effect.type === "refuse-close");
    if (refusal?.type === "refuse-close")
      throw new UserError(
        ["the installation stays open:", ...refusal.missing.map(({ step, why }) => `  ${step}: ${why}`)].join("\n"),
        "the same command does what is left; --force-close WHY --by WHO closes it as unverified, for everybody to see",
        1,
      );
    await this.steps.putIntoService();
  }

  private async attempt(step: Step): Promise<void> {
    const { desk, place, now } = this.options;
    const result = await this.steps.run(step);
    const { facts } = result;
    const at = now();
    const effects = result.passed
      ? this.take({ type: "passed", step: step.name, at, place, facts, changed: result.changed })
      : this.take({ type: "failed", step: step.name, at, place, facts });
    const refused = effects.find((effect) => effect.type === "refuse-proof");
    const isKept = result.passed && refused === undefined;
    desk.say(`${mark(isKept)} ${step.name}  ${factsText(facts)}`.trimEnd());
    if (refused?.type === "refuse-proof") desk.say(`  ${refused.why}`);
    if (!isKept && result.hint !== "") desk.say(`  try: ${result.hint}`);
  }

  private take(event: ChecklistEvent): ReturnType<typeof stepChecklist>["effects"] {
    const { state, effects } = stepChecklist(this.state, event);
    this.state = state;
    if (effects.some(({ type }) => type === "keep")) {
      this.kept = withState(this.kept, state);
      writeRecord(this.options.recordPath, this.kept);
    }
    return effects;
  }
}

export function factsText(facts: Facts): string {
  return Object.entries(facts)
    .map(([name, value]) => `${name} ${value}`)
    .join(", ");
}

function mark(passed: boolean): string {
  return passed ? "[x]" : "[ ]";
}
