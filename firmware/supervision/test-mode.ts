/** Test mode of a unit: tells receivers and the people around it when it begins and ends. A restart ends it too. */

import type { ReportKind } from "../alarm/report.ts";
import { localUnit, observerOf, raise } from "../department.ts";
import { Runner } from "../runner.ts";
import type { UnitContext } from "../unit-context.ts";
import { Wake } from "../wake.ts";
import {
  kindInTestMode,
  stepTestMode,
  type TestModeEffect,
  type TestModeEvent,
  type TestModeState,
  testModeAtStart,
} from "./test-mode-machine.ts";

/** SCAIP status codes (SS 91100 annex C). */
const activated = 6;
const nonActive = 69;

export class TestMode {
  private readonly context: UnitContext;
  private readonly wake: Wake;
  private readonly machine: Runner<TestModeState, TestModeEvent, TestModeEffect>;

  constructor(context: UnitContext, lastsMs: number) {
    this.context = context;
    this.wake = new Wake(context.clock, () => this.machine.dispatch({ type: "due", nowMs: context.clock.nowMs() }));
    this.machine = new Runner(
      (state: TestModeState, event: TestModeEvent) => stepTestMode(lastsMs, state, event),
      testModeAtStart,
      (effect) => this.perform(effect),
      observerOf(context, "test-mode"),
    );
  }

  get on(): boolean {
    return this.machine.state.at === "on";
  }

  enter(): void {
    this.machine.dispatch({ type: "entered", nowMs: this.context.clock.nowMs() });
  }

  leave(): void {
    this.machine.dispatch({ type: "left" });
  }

  /** The kind under which a report is raised now: never another one for an alarm. */
  kindOf(kind: ReportKind): ReportKind {
    return kindInTestMode(this.machine.state, kind);
  }

  private perform(effect: TestModeEffect): void {
    if (effect.type === "wake") {
      this.wake.set(effect.atMs);
      return;
    }
    const stc = effect.on ? activated : nonActive;
    const stt = effect.on ? "testläge" : "testläget slut";
    const restores = effect.on ? -1 : activated;
    raise(this.context, { type: "tell", kind: "test", dty: localUnit, stc, stt, restores, spreadMs: 0 });
    this.context.say(effect.on ? "test-mode-on" : "test-mode-off");
  }
}
