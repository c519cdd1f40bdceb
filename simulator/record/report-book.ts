/**
 * Puts down what units had to tell beside presses: mains, batteries, doors, falls, tests. That a report exists is taken from
 * the firmware's own steps, that it was accepted from the receivers: the first `mrs` with `snu` 0 for a reference of it.
 */
import type { AlarmEffect } from "../../firmware/alarm/alarm-state.ts";
import { alarmByHand, type Facts } from "../../firmware/alarm/facts.ts";
import type { Report } from "../../firmware/alarm/report.ts";
import { personalTrigger } from "../../firmware/department.ts";
import { numberFromRef } from "../../protocol/scaip/stem.ts";
import { routeOfAddress } from "../network/network.ts";
import type { ReceiverEvent, ReceiverSign } from "../peers/receiver-events.ts";
import type { Resident } from "../residents.ts";
import { reportName, unstableName } from "./report-names.ts";
import { mostRows, type RunReport } from "./run-result.ts";
import type { Witness } from "./witness.ts";

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** What has not been accepted yet. */
interface OpenReport {
  readonly row: Mutable<RunReport>;
  /** Whether a message of it was made: its facts stand from then on. */
  told: boolean;
  /** References that a receiver means to answer with `snu` 0, each with where and over what it was asked. */
  readonly promised: Map<string, { readonly receiver: number; readonly route: RunReport["route"] }>;
}

const prefixLength = 5;
const stemLength = 12;
/** A report has at most so many references that are answered at one time. */
const promisedLimit = 32;

export class ReportBook implements Witness {
  readonly rows: RunReport[];
  /** By name: those for which there was no room. */
  readonly leftOut: Record<string, number>;
  /** Accepted ones by kind, those left out too. */
  readonly acceptedByKind: Record<string, number>;
  private readonly residents: readonly Resident[];
  private readonly receivers: readonly string[];
  private readonly limit: number;
  private readonly byCid: Map<string, number>;
  /** By unit, by report number. */
  private readonly open: Map<number, OpenReport>[];
  /** By unit: the newest number; numbers only grow within one life of the unit. */
  private readonly newest: number[];

  constructor(receivers: readonly string[], residents: readonly Resident[], limit: number = mostRows) {
    this.rows = [];
    this.leftOut = {};
    this.acceptedByKind = {};
    this.residents = residents;
    this.receivers = receivers;
    this.limit = limit;
    this.byCid = new Map(residents.map(({ cid, index }) => [cid, index]));
    this.open = residents.map(() => new Map());
    this.newest = residents.map(() => -1);
  }

  /** A wiped unit counts from the beginning again. What it had kept is known by its mark. */
  started(_atMs: number, unit: number): void {
    this.newest[unit] = -1;
  }

  stepped(atMs: number, unit: number, machine: string, _event: object, effects: readonly object[]): void {
    if (machine !== "alarm") return;
    for (const effect of effects as readonly AlarmEffect[])
      if (effect.type === "store") this.stored(atMs, unit, effect.report);
      else if (effect.type === "send") this.sent(unit, effect.attempt.number);
  }

  receiverTold(_atMs: number, receiver: number, event: ReceiverEvent): void {
    if (event.mty !== "ME" || event.answer !== "snu 0") return;
    const promised = this.find(event.cid, event.ref)?.promised;
    if (promised === undefined || promised.size >= promisedLimit) return;
    promised.set(event.ref, { receiver, route: routeOfAddress(event.from) });
  }

  receiverSigned(atMs: number, receiver: number, sign: ReceiverSign): void {
    if (sign.type !== "answered" || sign.snu !== 0) return;
    const open = this.find(sign.cid, sign.ref);
    const promise = open?.promised.get(sign.ref);
    if (open === undefined || promise === undefined) return;
    const { row } = open;
    row.acceptedMs = atMs;
    row.acceptedBy = this.receivers[receiver] ?? null;
    row.route = promise.route;
    row.stem = sign.ref.slice(0, stemLength);
    this.acceptedByKind[row.kind] = (this.acceptedByKind[row.kind] ?? 0) + 1;
    this.open[this.byCid.get(sign.cid) ?? 0]?.delete(numberOf(sign.ref));
  }

  private stored(atMs: number, unit: number, report: Report): void {
    const { number, facts } = report;
    const open = this.open[unit]?.get(number);
    if (open !== undefined) {
      if (!open.told) Object.assign(open.row, namedFacts(facts));
      open.row.withdrawn = report.cancelled;
      return;
    }
    if (report.former || number <= (this.newest[unit] ?? -1)) return;
    this.newest[unit] = number;
    if (!isPress(facts)) this.add(atMs, unit, report);
  }

  private add(atMs: number, unit: number, report: Report): void {
    const row: Mutable<RunReport> = {
      unit: this.residents[unit]?.name ?? "",
      ...namedFacts(report.facts),
      raisedMs: atMs,
      acceptedMs: null,
      acceptedBy: null,
      route: null,
      stem: null,
      withdrawn: false,
    };
    this.open[unit]?.set(report.number, { row, told: false, promised: new Map() });
    if (this.rows.length < this.limit) this.rows.push(row);
    else this.leftOut[row.name] = (this.leftOut[row.name] ?? 0) + 1;
  }

  private sent(unit: number, number: number): void {
    const open = this.open[unit]?.get(number);
    if (open !== undefined) open.told = true;
  }

  private find(cid: string, ref: string): OpenReport | undefined {
    const unit = this.byCid.get(cid);
    return unit === undefined ? undefined : this.open[unit]?.get(numberOf(ref));
  }
}

function numberOf(ref: string): number {
  return numberFromRef(ref.slice(0, prefixLength), ref);
}

/** Presses of buttons are followed by the recorder. */
function isPress({ dty, stc, bond }: Facts): boolean {
  return dty === personalTrigger && stc === alarmByHand && bond >= 0;
}

function namedFacts(facts: Facts): Pick<RunReport, "name" | "kind" | "dty" | "stc" | "text" | "device"> {
  const { kind, dty, stc, stt, did } = facts;
  const name = facts.stability === "unstable" ? unstableName : reportName(facts);
  return { name, kind, dty, stc, text: stt, device: did };
}
