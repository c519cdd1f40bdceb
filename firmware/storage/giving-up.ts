/**
 * What the unit gives up, and in which order, when its journal is full or fails: what only makes life easier goes first, an
 * alarm of a person or of a fire never. Each step is told once a start; no alarm waits for any of it.
 */
import { readerOf } from "../../protocol/bytes/reader.ts";
import type { ReportKind } from "../alarm/report.ts";
import { reportRecord } from "../alarm/report-record.ts";
import type { Journal } from "./journal.ts";
import {
  batteryHistoryKind,
  maintenanceKind,
  rangeWalkKind,
  reportKind,
  settingsHeadKind,
  settingsPartKind,
} from "./record-kinds.ts";

export type GivingUpStep =
  | "histories"
  | "statistics"
  | "test-reports"
  | "technical-reports"
  | "former-settings"
  | "memory-only";

export interface GivingUpRow {
  readonly step: GivingUpStep;
  /** Kinds of records that go whole. */
  readonly recordKinds: readonly number[];
  /** The kind of reports that goes; a report that goes from flash is still sent while the unit runs. */
  readonly reports: ReportKind | undefined;
  readonly costs: string;
}

/** First to last. What stands in no row is never given up; the last row gives nothing up, it is what remains. */
export const givingUpRows: readonly GivingUpRow[] = [
  {
    step: "histories",
    recordKinds: [batteryHistoryKind, rangeWalkKind, maintenanceKind],
    reports: undefined,
    costs: "forecasts begin anew, the range walk must be repeated, announced work is not relabelled",
  },
  {
    step: "statistics",
    recordKinds: [],
    reports: "statistics",
    costs: "lost if the power goes before they are accepted",
  },
  { step: "test-reports", recordKinds: [], reports: "test", costs: "lost if the power goes before they are accepted" },
  {
    step: "technical-reports",
    recordKinds: [],
    reports: "technical",
    costs: "lost if the power goes before they are accepted",
  },
  {
    step: "former-settings",
    recordKinds: [settingsPartKind],
    reports: undefined,
    costs: "nothing to fall back to where the settings in force rot",
  },
  {
    step: "memory-only",
    recordKinds: [],
    reports: undefined,
    costs: "new alarms are sent but not called received: the button goes on calling until somebody accepts",
  },
];

const memoryOnly = givingUpRows.length - 1;

export class GivingUp {
  /** How far it has come since the start: index into the rows, -1 while nothing was given up. */
  reached: number;
  /** Records removed since the start. */
  removed: number;
  private readonly records: Journal;
  private readonly onStep: (step: GivingUpStep, index: number, removed: number) => void;

  /** Becomes the journal's relief. `onStep` hears of each step once, after its first record went; it must not write. */
  constructor(records: Journal, onStep: (step: GivingUpStep, index: number, removed: number) => void) {
    this.reached = -1;
    this.removed = 0;
    this.records = records;
    this.onStep = onStep;
    records.relief = (kind, bytes) => this.makeRoom(kind, bytes);
    if (records.isForeign) this.tell(memoryOnly);
  }

  private makeRoom(kind: number, bytes: Uint8Array): boolean {
    const own = rowOf(kind, bytes);
    for (let i = 0; i < own; i++) {
      if (!this.giveUpOne(givingUpRows[i] as GivingUpRow)) continue;
      this.removed++;
      this.tell(i);
      return true;
    }
    this.tell(Math.min(own, memoryOnly));
    return false;
  }

  private tell(index: number): void {
    if (index <= this.reached) return;
    this.reached = index;
    this.onStep((givingUpRows[index] as GivingUpRow).step, index, this.removed);
  }

  /** The oldest record of the row. False where it has none, or the chip does not even take its removal. */
  private giveUpOne(row: GivingUpRow): boolean {
    for (const kind of row.recordKinds) {
      const key = this.firstSpare(kind);
      if (key >= 0) return this.records.remove(kind, key);
    }
    if (row.reports === undefined) return false;
    const wanted = row.reports;
    const key = this.firstKey(reportKind, (_key, bytes) => kindOfReport(bytes) === wanted);
    return key >= 0 && this.records.remove(reportKind, key);
  }

  /** Of settings, a piece of the place that is not in force. */
  private firstSpare(kind: number): number {
    const spared = kind === settingsPartKind ? this.placeInForce() : -1;
    return this.firstKey(kind, (key) => Math.floor(key / 16) !== spared);
  }

  private firstKey(kind: number, isMeant: (key: number, bytes: Uint8Array) => boolean): number {
    let found = -1;
    this.records.each(kind, (key, bytes) => {
      if (found < 0 && isMeant(key, bytes)) found = key;
    });
    return found;
  }

  /** Second byte of the head record (configuration). */
  private placeInForce(): number {
    const head = this.records.read(settingsHeadKind, 0);
    return head === undefined ? -1 : (head[1] as number);
  }
}

/** The first row that may not go for this value: those before it may. */
function rowOf(kind: number, bytes: Uint8Array): number {
  const reports = kind === reportKind ? kindOfReport(bytes) : undefined;
  for (let i = 0; i < givingUpRows.length; i++) {
    const row = givingUpRows[i] as GivingUpRow;
    if (row.recordKinds.indexOf(kind) >= 0 || (reports !== undefined && row.reports === reports)) return i;
  }
  return givingUpRows.length;
}

function kindOfReport(bytes: Uint8Array): ReportKind | undefined {
  const decoded = reportRecord.decode(readerOf(bytes));
  return decoded.ok ? decoded.value.facts.kind : undefined;
}
