/** What the report page shows, as plain and bounded data: the same code draws it here and, after a change of language or width, in the browser. */
import type { HopWord, Lane } from "../ladder.ts";

export interface ReportView {
  readonly verdict: "passed" | "failed" | "interrupted";
  readonly scenario: {
    readonly name: string;
    readonly question: string;
    readonly source: string;
    readonly startWallMs: number;
    readonly durationMs: number;
  };
  readonly run: {
    readonly virtualMs: number;
    readonly wallMs: number;
    readonly events: number;
    readonly seed: number;
    readonly isCoarse: boolean;
    readonly digest: string;
    readonly command: string;
  };
  readonly answer: Answer;
  readonly promises: readonly Promised[];
  readonly checks: readonly Promised[];
  readonly delays: readonly DelayRow[];
  /** Alarms by how long they took: each column up to `toMs`, the last one without end. */
  readonly spread: readonly { readonly toMs: number | null; readonly count: number }[];
  readonly waits: readonly Wait[];
  readonly ticks: readonly Tick[];
  readonly faults: readonly FaultView[];
  readonly faultsLeftOut: number;
  readonly pending: readonly (readonly [atMs: number, count: number])[];
  readonly notices: readonly NoticeView[];
  readonly noticesLeftOut: number;
  readonly late: readonly LateView[];
  readonly lateLeftOut: number;
  /** Texts that hops of ladders refer to by place. */
  readonly details: readonly string[];
  readonly routes: readonly RouteUse[];
  readonly intakes: readonly IntakeView[];
  readonly providers: readonly string[];
  readonly hours: readonly HourView[];
  readonly state: UnitState;
  readonly path: PathFigures;
}

/** The numbers of the one sentence that answers the question. */
export interface Answer {
  readonly units: number;
  readonly presses: number;
  readonly accepted: number;
  readonly pending: number;
  readonly unheard: number;
  readonly lost: number;
  readonly duplicates: number;
  /** More than a minute, or still waiting after one. */
  readonly late: number;
  /** Of the accepted ones. */
  readonly slowestMs: number | null;
  /** Shown as accepted without being so, or otherwise not told the truth. */
  readonly toldWrongly: number;
  /** Units that had no proven path for a time, and the longest such time. */
  readonly pathless: number;
  readonly longestPathlessMs: number;
  /** Where somebody stopped it. */
  readonly interruptedMs: number | null;
}

export interface Promised {
  /** Name of a checker; "" for a promise of the scenario. */
  readonly checker: string;
  readonly text: string;
  readonly held: boolean;
  readonly found: string;
}

/** Which alarms a row of delivery times is about. */
export type DelayGroup =
  | { readonly by: "all" | "second-receiver" | "one-receiver" | "no-fault" }
  | { readonly by: "route"; readonly name: "mobile" | "broadband" }
  | { readonly by: "fault"; readonly fault: number };

export interface DelayRow {
  readonly group: DelayGroup;
  readonly presses: number;
  readonly accepted: number;
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
  readonly p99Ms: number | null;
  readonly maxMs: number | null;
}

export interface Wait {
  readonly kind: "two" | "one" | "never";
  /** Instant pressed and how long it took, or has lasted at the end. */
  readonly marks: readonly (readonly [atMs: number, waitMs: number])[];
}

export interface Tick {
  readonly atMs: number;
  readonly label: string;
}

export interface FaultView {
  readonly fromMs: number;
  readonly toMs: number;
  readonly object: string;
  readonly name: string;
  readonly fault: string;
  /** null: whoever uses the object. */
  readonly units: number | null;
  /** From its begin until the monitor first spoke of it; null: it never did. */
  readonly noticedAfterMs: number | null;
}

export interface NoticeView {
  readonly atMs: number;
  readonly phase: "suspected" | "confirmed" | "updated" | "closed";
  readonly cause: string;
  readonly subject: string;
  readonly units: number;
  readonly evidence: string;
}

export interface LateView {
  readonly unit: string;
  readonly provider: string;
  readonly button: number;
  readonly pressedMs: number;
  readonly acceptedMs: number | null;
  readonly waitedMs: number;
  readonly toldMs: number | null;
  readonly receiver: string | null;
  readonly attempts: number;
  readonly lanes: readonly Lane[];
  readonly hops: readonly PackedHop[];
}

/** A hop in little room: instant after the press, duration, lanes by place, word, text by place in `details`, fate. */
export type PackedHop = readonly [
  afterMs: number,
  tookMs: number | null,
  from: number,
  to: number,
  what: HopWord,
  detail: number,
  fate: 0 | 1 | 2,
];

export interface RouteUse {
  readonly route: "mobile" | "broadband";
  readonly receiver: string;
  /** Alarms accepted over it, and messages of other kinds. */
  readonly alarms: number;
  readonly others: number;
}

export interface IntakeView {
  readonly name: string;
  readonly messages: number;
  readonly busiestAtMs: number | null;
  readonly busiest: number;
  /** Messages a second that its application can handle; null: whatever comes. */
  readonly limit: number | null;
  /** The busiest second of each stretch, and acceptances a second in the mean. */
  readonly marks: readonly (readonly [atMs: number, peak: number, accepted: number])[];
}

export interface HourView {
  readonly atMs: number;
  readonly units: number;
  /** By provider, in the order of `providers`. */
  readonly byProvider: readonly number[];
  readonly pending: number;
  readonly names: readonly string[];
  readonly namesLeftOut: number;
}

export interface NamedUnits {
  readonly count: number;
  readonly names: readonly string[];
}

/** How units stand at the end of the run, as their reports told it. */
export interface UnitState {
  readonly batteryLow: NamedUnits;
  readonly buttonBatteryLow: NamedUnits;
  readonly withoutMains: NamedUnits;
  readonly off: NamedUnits;
  /** Tests that were sent and accepted, and sent and not accepted. */
  readonly testsAccepted: number;
  readonly testsOpen: number;
  /** No test of theirs was accepted; empty where the run is too short for one. */
  readonly missingTests: NamedUnits;
  /** No receiver has accepted anything of theirs within the last ten minutes. */
  readonly unverified: NamedUnits;
  readonly beats: { readonly sent: number; readonly answered: number; readonly missed: number };
  readonly reports: readonly { readonly name: string; readonly raised: number; readonly accepted: number }[];
  /** Whether the run was long enough to expect a test of each unit. */
  readonly testsDue: boolean;
}

/** The figures that EN 50136-1 speaks of, as measured in this run. */
export interface PathFigures {
  /** Faults that took a path away, and how many of them the monitor spoke of. */
  readonly pathFaults: number;
  readonly noticed: number;
  readonly worstNoticeMs: number | null;
  /** From the unit's journal to the unit knowing of the acceptance. */
  readonly meanMs: number | null;
  readonly p95Ms: number | null;
  readonly maxMs: number | null;
  /** Share of all units' time with a proven path, in millionths. */
  readonly availablePpm: number;
}
