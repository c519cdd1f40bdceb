/**
 * All that watches at the receivers' side, in one place: the monitor, the record of outages, the account of alarms, and the
 * list of whom to ring. A played run, a log that is read afterwards and a live stream use the very same.
 */
import { Monitor, type Notice } from "../monitor/monitor.ts";
import { type MonitorSettings, usualSettings } from "../monitor/monitor-settings.ts";
import type { MonitorState } from "../monitor/monitor-state.ts";
import type { RegistryUnit } from "../monitor/registry.ts";
import type { Said } from "../monitor/said.ts";
import type { ReceiverEvent, ReceiverSign } from "../peers/receiver-events.ts";
import { AlarmFile, type FiledAlarm } from "./alarm-file.ts";
import { OutageBook } from "./outage-book.ts";
import type { OutageRecord } from "./outage-record.ts";
import { reconcileFile, reconcilePresses, type UnitPress } from "./reconcile.ts";
import { type KeptVisit, VisitList } from "./visit-list.ts";

export interface RoomOptions {
  /** Wall clock at instant 0, in ms since 1970. */
  readonly startWallMs: number;
  readonly nowMs: number;
  readonly onNotice: (notice: Notice) => void;
  readonly settings?: MonitorSettings;
}

export interface RoomState {
  readonly version: 1;
  readonly startWallMs: number;
  readonly monitor: MonitorState;
  readonly outages: readonly OutageRecord[];
  readonly proofs: readonly (readonly [string, number])[];
  readonly alarms: readonly FiledAlarm[];
  readonly visits: readonly KeptVisit[];
}

export class ControlRoom {
  readonly monitor: Monitor;
  readonly visits: VisitList;
  private readonly options: RoomOptions;
  private readonly book: OutageBook;
  private readonly file: AlarmFile;
  /** Names by account number. */
  private readonly names: Map<string, string>;

  constructor(options: RoomOptions) {
    this.options = options;
    this.monitor = new Monitor(options.settings ?? usualSettings, options.nowMs);
    this.book = new OutageBook(options.startWallMs);
    this.file = new AlarmFile();
    this.visits = new VisitList(this.file);
    this.names = new Map();
  }

  expect(record: RegistryUnit, nowMs: number): void {
    this.names.set(record.cid, record.unit);
    this.visits.add(record, nowMs);
    this.take(this.monitor.expectUnit(record, nowMs));
  }

  /** The unit is out of service: nobody waits for it. */
  forget(cid: string): void {
    this.visits.remove(cid);
    this.monitor.forgetUnit(cid);
  }

  hear(receiver: string, sign: ReceiverSign, nowMs: number): void {
    this.file.hear(receiver, sign, nowMs);
    this.take(this.monitor.hear(receiver, sign, nowMs));
    if (sign.type !== "answered" || sign.snu !== 0) return;
    this.visits.proof(sign.cid, nowMs);
    this.book.proof(this.nameOf(sign.cid), nowMs);
  }

  read(receiver: string, event: ReceiverEvent, nowMs: number): void {
    this.file.read(receiver, event, nowMs);
    this.take(this.monitor.read(event, nowMs));
  }

  loseSight(receiver: string, why: Said, nowMs: number): void {
    this.take(this.monitor.loseSight(receiver, why, nowMs));
  }

  pass(nowMs: number): void {
    this.take(this.monitor.pass(nowMs));
  }

  /** With the units' own account of their presses where it is at hand. */
  outages(endMs: number, presses?: readonly UnitPress[]): readonly OutageRecord[] {
    return this.book.records().map((record) => this.reconciled(record, endMs, presses));
  }

  /** One of them, as the receivers' side has it; undefined: forgotten. */
  outage(number: number, endMs: number): OutageRecord | undefined {
    const record = this.book.record(number);
    return record === undefined ? undefined : this.reconciled(record, endMs, undefined);
  }

  /** How many are not closed. */
  get openCount(): number {
    return this.book.openCount;
  }

  /** Alarms as the receivers have them, oldest first. */
  alarms(): Iterable<FiledAlarm> {
    return this.file.all();
  }

  kept(): RoomState {
    return {
      version: 1,
      startWallMs: this.options.startWallMs,
      monitor: this.monitor.kept(),
      outages: this.book.records(),
      proofs: this.book.keptProofs(),
      alarms: [...this.file.all()],
      visits: this.visits.kept(),
    };
  }

  /** After `expect` of all units. */
  restore(state: RoomState): void {
    this.monitor.restore(state.monitor);
    this.book.restore(state.outages, state.proofs);
    this.file.restore(state.alarms);
    this.visits.restore(state.visits);
  }

  private reconciled(record: OutageRecord, endMs: number, presses: readonly UnitPress[] | undefined): OutageRecord {
    const alarms =
      presses === undefined
        ? reconcileFile(record, this.file, (cid) => this.nameOf(cid), this.options.startWallMs, endMs)
        : reconcilePresses(record, presses, this.file, endMs);
    return { ...record, alarms };
  }

  private take(notices: readonly Notice[]): void {
    for (const notice of notices) {
      this.book.take(notice);
      this.options.onNotice(notice);
    }
  }

  private nameOf(cid: string): string {
    return this.names.get(cid) ?? cid;
  }
}
