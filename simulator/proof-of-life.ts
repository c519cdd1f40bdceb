/** When each unit was last known to have a working path, seen from the receivers: only an `mrs` that accepts proves one. */
import type { ReceiverSign } from "./peers/receiver-events.ts";
import type { Resident } from "./residents.ts";
import type { PathlessInterval } from "./run-result.ts";
import type { Scenario } from "./scenario.ts";
import type { Witness } from "./witness.ts";

/** Three missed beats of 180 s and their jitter: from then on nobody knows whether the unit could reach anyone. */
export const provenForMs = 600_000;

export class ProofOfLife implements Witness {
  private readonly scenario: Scenario;
  private readonly residents: readonly Resident[];
  private readonly byCid: Map<string, number>;
  private readonly lastMs: (number | null)[];
  private readonly intervals: PathlessInterval[];

  constructor(scenario: Scenario, residents: readonly Resident[]) {
    this.scenario = scenario;
    this.residents = residents;
    this.byCid = new Map(residents.map(({ cid, index }) => [cid, index]));
    this.lastMs = residents.map(() => null);
    this.intervals = [];
  }

  receiverSigned(atMs: number, _receiver: number, sign: ReceiverSign): void {
    if (sign.type !== "answered" || sign.snu !== 0) return;
    const unit = this.byCid.get(sign.cid);
    if (unit === undefined) return;
    this.end(unit, atMs, atMs);
    this.lastMs[unit] = atMs;
  }

  /** All intervals, by their beginning; those that last to the end have no end. */
  pathless(endMs: number): readonly PathlessInterval[] {
    for (const { index } of this.residents) this.end(index, endMs, null);
    return this.intervals.sort((a, b) => a.fromMs - b.fromMs);
  }

  private end(unit: number, atMs: number, toMs: number | null): void {
    const lastProofMs = this.lastMs[unit] ?? null;
    const fromMs = (lastProofMs ?? 0) + provenForMs;
    const resident = this.residents[unit];
    if (resident === undefined || atMs <= fromMs) return;
    this.intervals.push({ unit: resident.name, fromMs, toMs, lastProofMs, why: this.why(resident, fromMs) });
  }

  /** The faults of that moment that concern this unit, in words. */
  private why(resident: Resident, atMs: number): string {
    const { group } = resident;
    const own = [...group.receivers, group.mobile?.operator, group.mobile?.cell, group.broadband];
    const active = this.scenario.faults.filter(
      ({ fromMs, toMs, name }) => fromMs <= atMs && atMs < toMs && own.includes(name),
    );
    return active.length === 0
      ? "not heard"
      : active.map(({ object, name, fault }) => `${object} ${name}: ${fault}`).join(", ");
  }
}
