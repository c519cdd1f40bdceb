/** The record of one outage: what was thought when, whom it hit, and which alarms it delayed. Plain data. */
import type { NoticeCause } from "../record/run-result.ts";
import type { Duty } from "./duty-calendar.ts";

export interface OutageRecord {
  /** 1, 2, 3 ... */
  readonly number: number;
  readonly cause: NoticeCause;
  readonly subject: string;
  readonly suspectedMs: number;
  /** null: not yet. So with `closedMs`. */
  readonly confirmedMs: number | null;
  readonly closedMs: number | null;
  /** Those that were affected, by when they were. */
  readonly units: readonly OutageUnit[];
  readonly unitsLeftOut: number;
  /** From the first suspicion to the end. */
  readonly updates: readonly OutageUpdate[];
  readonly updatesLeftOut: number;
  readonly alarms: Reconciled;
}

export interface OutageUnit {
  readonly unit: string;
  /** Its last accepted message before, or the suspicion where none is known. */
  readonly fromMs: number;
  /** Its first accepted message afterwards; null: none yet. */
  readonly backMs: number | null;
}

export interface OutageUpdate {
  readonly atMs: number;
  readonly phase: "suspected" | "confirmed" | "updated" | "closed";
  /** Affected, as far as was known then. */
  readonly units: number;
  readonly evidence: string;
  readonly evidenceSv: string;
  /** Who was told. */
  readonly to: Duty;
}

/** Alarms of the affected units during the outage: what the units say against what the receivers have. */
export interface Reconciled {
  /** Accepted within a minute. */
  readonly inTime: number;
  /** Accepted later. */
  readonly late: readonly ReconciledAlarm[];
  /** Accepted by nobody. */
  readonly undelivered: readonly ReconciledAlarm[];
  /** Only one side calls it accepted. */
  readonly disputed: readonly ReconciledAlarm[];
  /** Presses that no unit could hear. */
  readonly unheard: number;
  readonly leftOut: number;
  /** Whether the units' own account was at hand; otherwise the receivers' alone. */
  readonly hasUnitSide: boolean;
}

export interface ReconciledAlarm {
  readonly unit: string;
  /** null: nobody knows. So with the others. */
  readonly pressedMs: number | null;
  readonly acceptedMs: number | null;
  readonly receiver: string | null;
  readonly stem: string | null;
}

export const nothingReconciled: Reconciled = {
  inTime: 0,
  late: [],
  undelivered: [],
  disputed: [],
  unheard: 0,
  leftOut: 0,
  hasUnitSide: false,
};
