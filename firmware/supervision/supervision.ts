/** All supervision of a unit behind one door: its start, its daily jobs, its own faults, test mode and the query key. */
import type { PhraseName } from "../feedback/phrases.ts";
import type { LifeDuties } from "../household/life-states.ts";
import type { SelfCheckPort } from "../ports/self-check.ts";
import type { StartCause } from "../ports/starts.ts";
import { DailyJobs, type JobWindow } from "../time/daily-jobs.ts";
import { TimeKeeper } from "../time/time-keeper.ts";
import type { UnitContext } from "../unit-context.ts";
import { ControlMessage } from "./control-message.ts";
import type { FaultName } from "./faults.ts";
import { answerOf, type QueryFacts } from "./query.ts";
import { RegularTests } from "./regular-tests.ts";
import { SelfCheck } from "./self-check.ts";
import type { SupervisionSettings } from "./settings.ts";
import { TestMode } from "./test-mode.ts";

export interface SupervisionPorts {
  /** Absent where the board cannot look at itself. */
  readonly selfCheck: SelfCheckPort | undefined;
  /** Speaks at any hour: somebody has asked. */
  readonly answer: (phrase: PhraseName) => void;
  readonly onFaults: (faulty: boolean) => void;
  /** How many routes the policy names. */
  readonly routeCount: number;
  readonly startCause: StartCause;
}

/** A message that is later than this has missed its own time. */
const lateMs = 60_000;
/** Numbers of the daily jobs; they stand in the journal. */
const messageJob = 0;
const checkJob = 1;

export class Supervision {
  readonly timeKeeper: TimeKeeper;
  readonly testMode: TestMode;
  readonly tests: RegularTests;
  private readonly ports: SupervisionPorts;
  private readonly control: ControlMessage;
  private readonly selfCheck: SelfCheck | undefined;
  private proven: boolean;
  private duties: Pick<LifeDuties, "supervision" | "selfCheckDays">;

  /** Begins at once. Jobs that are off cost no wake-up. */
  constructor(context: UnitContext, settings: SupervisionSettings, ports: SupervisionPorts) {
    this.ports = ports;
    this.proven = false;
    this.duties = { supervision: true, selfCheckDays: 1 };
    this.timeKeeper = new TimeKeeper(context);
    this.testMode = new TestMode(context, settings.testModeMs);
    this.tests = new RegularTests(context, settings);
    this.control = new ControlMessage(context, this.timeKeeper, ports.startCause);
    const port = ports.selfCheck;
    this.selfCheck = port === undefined ? undefined : new SelfCheck(context, port, ports.onFaults);
    const windows: (JobWindow | undefined)[] = [];
    windows[messageJob] = settings.autolarm;
    windows[checkJob] = settings.dailyCheck;
    new DailyJobs(context, windows, (job, day, late) => this.run(job, day, late));
  }

  /** Faults that the self-check knows of. */
  get faults(): readonly FaultName[] {
    return this.selfCheck === undefined ? [] : this.selfCheck.known;
  }

  /** Whether a receiver has accepted that this life of the unit began. */
  get started(): boolean {
    return this.control.accepted;
  }

  /** Whether a receiver has accepted anything in this life of the unit. */
  get isProven(): boolean {
    return this.proven;
  }

  /** What the unit's life state asks of it from now on. */
  follow(duties: Pick<LifeDuties, "supervision" | "selfCheckDays">): void {
    this.duties = duties;
  }

  /** A receiver has accepted the report under that number. */
  accepted(number: number): void {
    this.answered();
    this.control.hearAccepted(number);
    this.tests.accepted(number);
  }

  /** A receiver has answered 0 to anything, a beat too. */
  answered(): void {
    this.proven = true;
    this.timeKeeper.lives();
  }

  /** An alarm of a person is pending, or none is any more. */
  alarmPending(pending: boolean): void {
    if (this.selfCheck !== undefined) this.selfCheck.alarmPending(pending);
  }

  /** "Does it work?", asked by a key: answered at any hour. */
  query(links: QueryFacts["links"]): void {
    this.ports.answer(answerOf({ links, proven: this.proven, fault: this.faults.length > 0 }));
  }

  /** Looks at the unit now, asked by a tool. */
  checkNow(): void {
    if (this.selfCheck !== undefined) this.selfCheck.start();
  }

  private run(job: number, day: number, lateByMs: number): void {
    if (job === messageJob) {
      if (!this.duties.supervision) return;
      this.tests.message(this.ports.routeCount, lateByMs > lateMs || day < 0);
      return;
    }
    const everyDays = this.duties.selfCheckDays;
    if (everyDays > 0 && (day < 0 || day % everyDays === 0)) this.checkNow();
    if (this.duties.supervision) this.tests.dayPassed(day);
  }
}
