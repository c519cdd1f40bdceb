/** The unit's regular tests: sends the daily message, counts what it cost, reminds of the monthly press, asks for a visit. */

import { readerOf } from "../../protocol/bytes/reader.ts";
import { Writer } from "../../protocol/bytes/writer.ts";
import { localUnit, observerOf, raise, sharedSpreadMs, technical, wallSeconds } from "../department.ts";
import { Runner } from "../runner.ts";
import { regularTestKind } from "../storage/record-kinds.ts";
import { localTimeOf } from "../time/stockholm.ts";
import type { UnitContext } from "../unit-context.ts";
import {
  type RegularTestEffect,
  type RegularTestEvent,
  type RegularTestState,
  regularTestAtStart,
  stepRegularTest,
  type TestRoute,
} from "./regular-test-machine.ts";
import { regularTestRecord, regularTestRecordSize } from "./regular-test-record.ts";
import type { SupervisionSettings } from "./settings.ts";

/** SCAIP status codes (SS 91100 annex C). */
const testOverPrimary = 102;
const testOverRedundant = 103;
const timeOut = 104;
const restoral = 94;
/** Test messages whose acceptance is still waited for. */
const underWayLimit = 8;

interface UnderWay {
  readonly number: number;
  readonly over: TestRoute;
}

export class RegularTests {
  private readonly context: UnitContext;
  private readonly machine: Runner<RegularTestState, RegularTestEvent, RegularTestEffect>;
  private readonly underWay: UnderWay[];

  constructor(context: UnitContext, settings: SupervisionSettings) {
    this.context = context;
    this.underWay = [];
    const plan = { remindAfterDays: settings.remindAfterDays, listAfterDays: settings.listAfterDays };
    this.machine = new Runner(
      (state: RegularTestState, event: RegularTestEvent) => stepRegularTest(plan, state, event),
      this.kept(),
      (effect) => this.perform(effect),
      observerOf(context, "regular-test"),
    );
  }

  /** Counts and dates, for tools. */
  get state(): RegularTestState {
    return this.machine.state;
  }

  /** `late`: the message was missed at its own time and must not leave in step with others. */
  message(routes: number, late: boolean): void {
    this.machine.dispatch({ type: "message-due", routes, late });
  }

  /** Once a day; `day` is the local date, or -1. */
  dayPassed(day: number): void {
    this.machine.dispatch({ type: "day-passed", day });
  }

  /** A receiver has accepted the report under that number; others than test messages mean nothing here. */
  accepted(number: number): void {
    for (let i = 0; i < this.underWay.length; i++) {
      const each = this.underWay[i] as UnderWay;
      if (each.number !== number) continue;
      this.underWay.splice(i, 1);
      this.machine.dispatch({ type: "message-accepted", over: each.over });
      return;
    }
  }

  /** A receiver has accepted an alarm that a person raised with a button. */
  pressAccepted(): void {
    this.machine.dispatch({ type: "press-accepted", day: this.today() });
  }

  /** The centre or a tool asks for a test press. */
  askForPress(): void {
    this.machine.dispatch({ type: "press-asked", day: this.today() });
  }

  private today(): number {
    const seconds = wallSeconds(this.context);
    return seconds < 0 ? -1 : localTimeOf(seconds).day;
  }

  private perform(effect: RegularTestEffect): void {
    switch (effect.type) {
      case "keep":
        this.keep();
        return;
      case "send-message":
        this.send(effect.over, effect.late);
        return;
      case "say":
        this.context.say(effect.phrase);
        return;
      case "list": {
        const text = effect.asked ? "provkallelse utan svar, " : "inget provlarm, ";
        raise(this.context, technical(localUnit, timeOut, text + effect.days + " d", -1, 0));
        return;
      }
      case "unlist":
        raise(this.context, technical(localUnit, restoral, "provlarm mottaget", timeOut, 0));
        return;
    }
  }

  private send(over: TestRoute, late: boolean): void {
    const stc = over === "primary" ? testOverPrimary : testOverRedundant;
    const when = { restores: -1, spreadMs: late ? sharedSpreadMs : 0 };
    const telling = { type: "tell" as const, kind: "test" as const, dty: localUnit, stc, stt: "autolarm" };
    const number = raise(this.context, Object.assign(telling, when));
    if (this.underWay.length >= underWayLimit) this.underWay.shift();
    this.underWay.push({ number, over });
  }

  private keep(): void {
    const to = new Writer(new Uint8Array(regularTestRecordSize));
    regularTestRecord.encode(this.machine.state, to);
    this.context.records.write(regularTestKind, 0, to.written());
  }

  private kept(): RegularTestState {
    const bytes = this.context.records.read(regularTestKind, 0);
    if (bytes === undefined) return regularTestAtStart;
    const decoded = regularTestRecord.decode(readerOf(bytes));
    return decoded.ok ? decoded.value : regularTestAtStart;
  }
}
