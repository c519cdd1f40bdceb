/**
 * Heartbeats (SS 91100 4.5): a unit in service with power and a free path is never silent at its receivers for longer than
 * it promises. Each 180 s with a tenth of jitter, or as seldom as was agreed; a beat that is lost is made up for over the other route within 30 s.
 */
import type { LifeName } from "../../firmware/household/life-states.ts";
import type { ReceiverSign } from "../peers/receiver-events.ts";
import type { CheckerVerdict } from "../record/run-result.ts";
import type { Resident } from "../residents.ts";
import { seldomMs } from "../scenario/fleet.ts";
import type { Scenario } from "../scenario/scenario.ts";
import { type Checker, Findings, instant, type RunEnd } from "./checker.ts";
import type { Hindrances } from "./hindrances.ts";
import { keepsPathsOpen, lifeAtStart } from "./life-rules.ts";

export const heartbeatCheck = "heartbeat";

const minuteMs = 60_000;
/** One interval with its jitter, two checks of the lost beat, and the way. */
const silentMs = 5 * minuteMs;
/** A modem starts, registers and attaches; what was busy before it is sent again. */
const settleMs = 5 * minuteMs;
/** What stood between a unit and the world may leave it waiting for its next step of recovery. */
const recoverMs = 35 * minuteMs;

interface Row {
  running: boolean;
  life: LifeName;
  /** The last sign, or since when one could be asked for. */
  sinceMs: number;
}

export class Heartbeat implements Checker {
  private readonly residents: readonly Resident[];
  private readonly hindrances: Hindrances;
  private readonly byCid: ReadonlyMap<string, number>;
  /** By unit: the place of its first receiver; -1 where that one is no good even on a good day. */
  private readonly firsts: readonly number[];
  private readonly rows: Row[];
  private readonly findings: Findings;

  constructor(scenario: Scenario, residents: readonly Resident[], hindrances: Hindrances) {
    this.residents = residents;
    this.hindrances = hindrances;
    this.byCid = new Map(residents.map(({ cid, index }) => [cid, index]));
    const { receivers } = scenario.world;
    this.firsts = residents.map(({ group }) =>
      receivers.findIndex(({ name, mode }) => name === group.receivers[0] && soundModes.includes(mode)),
    );
    this.rows = residents.map((resident) => ({ running: false, life: lifeAtStart(resident), sinceMs: 0 }));
    this.findings = new Findings();
  }

  started(atMs: number, unit: number): void {
    const row = this.rows[unit];
    if (row === undefined) return;
    row.running = true;
    row.sinceMs = atMs + settleMs;
  }

  stopped(atMs: number, unit: number): void {
    const row = this.rows[unit];
    if (row === undefined) return;
    this.judge(atMs, unit, row);
    row.running = false;
  }

  lifeOrdered(atMs: number, unit: number, life: LifeName): void {
    const row = this.rows[unit];
    if (row === undefined) return;
    this.judge(atMs, unit, row);
    row.life = life;
    row.sinceMs = atMs + settleMs;
  }

  /** During a call the line may be taken: what was not heard then is not asked for. */
  unitShowed(atMs: number, unit: number, signal: string): void {
    const row = this.rows[unit];
    if (row !== undefined && signal === "talking") row.sinceMs = Math.max(row.sinceMs, atMs + recoverMs);
  }

  receiverSigned(atMs: number, _receiver: number, sign: ReceiverSign): void {
    if (sign.type !== "heard" && sign.type !== "probed") return;
    const unit = this.byCid.get(sign.cid);
    const row = unit === undefined ? undefined : this.rows[unit];
    if (unit === undefined || row === undefined) return;
    this.judge(atMs, unit, row);
    row.sinceMs = Math.max(row.sinceMs, atMs);
  }

  verdict({ endMs }: RunEnd): CheckerVerdict {
    this.rows.forEach((row, unit) => {
      this.judge(endMs, unit, row);
    });
    return this.findings.verdict(
      heartbeatCheck,
      "no unit in service with power and a free path is silent for more than five minutes, or than was agreed",
    );
  }

  private judge(atMs: number, unit: number, row: Row): void {
    const resident = this.residents[unit];
    const first = this.firsts[unit] ?? -1;
    if (!row.running || atMs - row.sinceMs <= silentMs || resident === undefined || first < 0) return;
    if (atMs - row.sinceMs <= silentMs + seldomMs(resident.group)) return;
    if (!keepsPathsOpen(row.life) || this.hindrances.isApart(resident, first, row.sinceMs - recoverMs, atMs)) return;
    const minutes = Math.floor((atMs - row.sinceMs) / minuteMs);
    this.findings.add(
      `${resident.name}, ${instant(atMs)}: not heard by any receiver for ${minutes} min, since ${instant(row.sinceMs)}`,
    );
    row.sinceMs = atMs;
  }
}

/** Fronts that hear and answer whoever comes. */
const soundModes: readonly string[] = ["normal", "slow", "late", "duplicate", "hold", "reject", "busy", "wrong-ref"];
