/** What a scenario asks of its run. All instants are virtual milliseconds since the start, `toMs` not included. */
import type { ReportKind } from "../../firmware/alarm/report.ts";
import type { MonitorNotice, NoticeCause, RunSignal } from "../record/run-result.ts";

/** [from, to) of the run. */
export interface Between {
  readonly fromMs: number;
  readonly toMs: number;
}

/** Units by their group, by name, or both; undefined: all. */
export interface UnitChoice {
  readonly group: string | undefined;
  readonly unit: string | undefined;
}

/** How many of something there must be; undefined: as many as there are. */
export interface Count {
  readonly exactly: number | undefined;
  readonly atLeast: number | undefined;
  readonly atMost: number | undefined;
}

/** Which alarms an expectation speaks of. */
export interface AlarmChoice extends UnitChoice {
  readonly alarms: "all" | "heard" | "unheard" | "with-second-receiver" | "without-second-receiver";
  readonly pressed: "any-time" | "during-faults" | "outside-faults";
  readonly between: Between | undefined;
}

/** The way of an alarm from the press, by the key of `RunPress` that holds its end. */
export interface HopLimits {
  readonly storedMs: number | undefined;
  readonly sentMs: number | undefined;
  readonly carriedMs: number | undefined;
  readonly acceptedMs: number | undefined;
}

export interface AlarmsExpectation {
  readonly type: "alarms";
  readonly choice: AlarmChoice;
  /** Share of the alarms that must keep the limit, 100 unless said. */
  readonly percent: number;
  /** Each counted from the press. */
  readonly within: HopLimits;
  /** Counted from the press or from the end of the fault during which it was made, whichever is later. */
  readonly acceptedAfterRepairWithinMs: number | undefined;
  /** For alarms that were not accepted by then. */
  readonly toldWithinMs: number | undefined;
  readonly route: "mobile" | "broadband" | undefined;
  /** By whom the accepted ones were accepted. */
  readonly receiver: string | undefined;
  readonly count: Count;
}

/** Which reports are meant: by word, by kind, by number, or all. */
export type ReportMeant =
  | { readonly by: "name"; readonly name: string }
  | { readonly by: "kind"; readonly kind: ReportKind }
  | { readonly by: "codes"; readonly dty: number; readonly stc: number }
  | { readonly by: "any" };

/** `accepted`: by a receiver, at that instant; `raised`: in the unit's journal, whether or not it ever arrives. */
export type ReportSeen = "accepted" | "raised";

/** One kind of thing that happens at an instant to a unit, or to what the monitor watches. */
export type Happening =
  | {
      readonly what: "report";
      readonly report: ReportMeant;
      readonly seen: ReportSeen;
      /** Part of its status text; undefined: whatever it says. */
      readonly text: string | undefined;
    }
  | { readonly what: "told"; readonly signal: string; readonly by: RunSignal["by"] | undefined }
  | {
      readonly what: "notice";
      readonly phase: MonitorNotice["phase"];
      readonly cause: NoticeCause | undefined;
      readonly subject: string | undefined;
    }
  | { readonly what: "alarm"; readonly step: AlarmStep };

export const alarmSteps = ["pressed", "heard", "sent", "carried", "accepted", "told-not-accepted"] as const;
export type AlarmStep = (typeof alarmSteps)[number];

/** Happenings of one kind, taken together. */
export interface SetExpectation {
  readonly type: "set";
  readonly happening: Happening;
  readonly units: UnitChoice;
  readonly between: Between | undefined;
  readonly count: Count;
  /** Different units among them. */
  readonly unitCount: Count;
  /** Of each unit that is chosen. */
  readonly perUnit: Count;
  /** Times count from here; undefined: for reports from when each was raised. */
  readonly afterMs: number | undefined;
  readonly firstWithinMs: number | undefined;
  readonly withinMs: number | undefined;
  readonly percent: number;
}

/** One happening of an order, or with a deadline. */
export interface Step {
  readonly happening: Happening;
  readonly unit: string | undefined;
}

export const unitLists = ["without-path", "waiting", "on-call-list", "suspected", "affected", "off", "warned"] as const;
export type UnitList = (typeof unitLists)[number];

export type Expectation =
  | AlarmsExpectation
  | SetExpectation
  | { readonly type: "order"; readonly steps: readonly Step[] }
  | {
      readonly type: "deadline";
      readonly step: Step;
      readonly afterMs: number | undefined;
      /** The last instant that is in time. */
      readonly deadlineMs: number;
    }
  | {
      readonly type: "units";
      readonly list: UnitList;
      readonly atMs: number;
      readonly group: string | undefined;
      /** Exactly these. */
      readonly are: readonly string[] | undefined;
      readonly include: readonly string[];
      readonly exclude: readonly string[];
      readonly count: Count;
    }
  | {
      readonly type: "traffic";
      /** undefined: all receivers. */
      readonly receiver: string | undefined;
      readonly over: "mobile" | "broadband" | undefined;
      readonly messagesASecondAtMost: number | undefined;
      readonly alarms: Count;
      /** Parts per million of all accepted alarms. */
      readonly shareAtLeastPpm: number | undefined;
      readonly shareAtMostPpm: number | undefined;
    }
  | { readonly type: "tally"; readonly of: TallyWord; readonly count: number }
  | { readonly type: "cases-per-alarm"; readonly count: number }
  | { readonly type: "suspicions-at-most"; readonly count: number }
  | {
      readonly type: "noticed";
      readonly object: "receiver" | "operator" | "cell" | "broadband" | "power";
      readonly name: string;
      /** From the start of each of its faults to the monitor's "suspected". */
      readonly suspectedWithinMs: number | undefined;
      /** From the end of each of its faults to the monitor's "closed". */
      readonly closedWithinMs: number | undefined;
    };

export const tallyWords = ["lost", "falsely-accepted", "pending-at-end", "unheard", "duplicate-cases"] as const;
export type TallyWord = (typeof tallyWords)[number];
