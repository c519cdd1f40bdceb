/** Everything that puts a run down, heard in one order: they see alike what the world shows, and change nothing. */
import type { AlarmSight } from "../checkers/alarm-sight.ts";
import type { RunLog } from "../report/run-log.ts";
import type { Resident } from "../residents.ts";
import type { Scenario } from "../scenario/scenario.ts";
import { BeatCount } from "./beat-count.ts";
import { IntakeCount } from "./intake-count.ts";
import { JourneyBook } from "./journeys.ts";
import { OffTimes } from "./off-times.ts";
import { ProofOfLife } from "./proof-of-life.ts";
import { Recorder } from "./recorder.ts";
import { ReportBook } from "./report-book.ts";
import type { RunFacts } from "./run-result.ts";
import { SignalBook } from "./signal-book.ts";
import type { Witness } from "./witness.ts";

/** The facts that they put down. */
export type BookedFacts = Pick<
  RunFacts,
  | "presses"
  | "receivers"
  | "pathless"
  | "pending"
  | "journeys"
  | "reports"
  | "reportsLeftOut"
  | "signals"
  | "signalsLeftOut"
  | "off"
  | "otherReports"
  | "beats"
>;

export class Books {
  /** In the order in which they must hear. */
  readonly witnesses: readonly Witness[];
  private readonly off: OffTimes;
  readonly recorder: Recorder;
  readonly journeys: JourneyBook;
  private readonly reports: ReportBook;
  readonly signals: SignalBook;
  private readonly intake: IntakeCount;
  private readonly life: ProofOfLife;
  private readonly beats: BeatCount;

  constructor(scenario: Scenario, residents: readonly Resident[], log: RunLog) {
    const { receivers } = scenario.world;
    const names = receivers.map(({ name }) => name);
    this.off = new OffTimes(residents);
    this.recorder = new Recorder(scenario, residents, log, this.off);
    this.journeys = new JourneyBook(residents);
    this.reports = new ReportBook(names, residents);
    this.signals = new SignalBook(residents);
    this.intake = new IntakeCount(receivers, scenario.durationMs);
    this.life = new ProofOfLife(scenario, residents);
    this.beats = new BeatCount(residents.length);
    const { off, recorder, journeys, reports, signals, intake, life, beats } = this;
    this.witnesses = [off, recorder, journeys, reports, signals, intake, life, beats];
  }

  /** Asked once, when the run is over. */
  facts(sight: AlarmSight, casesOf: (cid: string, stem: string) => number, endMs: number): BookedFacts {
    return {
      presses: this.recorder.rows(sight, casesOf),
      receivers: this.intake.rows(endMs),
      pathless: this.life.pathless(endMs),
      pending: this.recorder.pending,
      journeys: this.journeys.rows,
      reports: this.reports.rows,
      reportsLeftOut: this.reports.leftOut,
      signals: this.signals.rows,
      signalsLeftOut: this.signals.leftOut,
      off: this.off.intervals(),
      otherReports: this.reports.acceptedByKind,
      beats: this.beats.counts(endMs),
    };
  }
}
