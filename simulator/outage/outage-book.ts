/** Keeps the record of every outage from the monitor's notices and the units' accepted messages. Bounded: the oldest closed ones go. */
import type { Notice } from "../monitor/monitor.ts";
import { dutyAt } from "./duty-calendar.ts";
import { nothingReconciled, type OutageRecord, type OutageUnit, type OutageUpdate } from "./outage-record.ts";

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

interface Open {
  readonly head: Mutable<
    Pick<OutageRecord, "number" | "cause" | "subject" | "suspectedMs" | "confirmedMs" | "closedMs">
  >;
  readonly units: Map<string, Mutable<OutageUnit>>;
  /** Of them, those that were not heard again. */
  awaited: number;
  unitsLeftOut: number;
  readonly updates: OutageUpdate[];
  updatesLeftOut: number;
}

export interface BookLimits {
  /** Outages that are kept. */
  readonly outages: number;
  /** Units and updates of one outage. */
  readonly units: number;
  readonly updates: number;
}

export const bookLimits: BookLimits = { outages: 2_000, units: 20_000, updates: 200 };

export class OutageBook {
  private readonly startWallMs: number;
  private readonly limits: BookLimits;
  private readonly outages: Map<number, Open>;
  /** Those that are not closed. */
  private readonly open: Set<number>;
  /** Those with units that were not heard again, closed or not. */
  private readonly awaiting: Set<number>;
  /** When each unit was last accepted anywhere. */
  private readonly proofs: Map<string, number>;

  /** `startWallMs`: wall clock at instant 0 of the notices. */
  constructor(startWallMs: number, limits: BookLimits = bookLimits) {
    this.startWallMs = startWallMs;
    this.limits = limits;
    this.outages = new Map();
    this.open = new Set();
    this.awaiting = new Set();
    this.proofs = new Map();
  }

  take(notice: Notice): void {
    const outage = this.outages.get(notice.outage) ?? this.begin(notice);
    const { t: atMs, phase, evidence } = notice;
    if (phase === "confirmed") outage.head.confirmedMs = atMs;
    this.hit(outage, notice);
    if (phase === "closed") {
      outage.head.closedMs = atMs;
      this.open.delete(notice.outage);
    }
    const to = dutyAt(this.startWallMs + atMs);
    const update = { atMs, phase, units: notice.units.length, evidence: evidence.en, evidenceSv: evidence.sv, to };
    if (outage.updates.length < this.limits.updates || phase === "closed") outage.updates.push(update);
    else outage.updatesLeftOut++;
    this.makeRoom();
  }

  /** A receiver has accepted a message of this unit: its path is proven. */
  proof(unit: string, atMs: number): void {
    for (const number of this.awaiting) {
      const outage = this.outages.get(number);
      const known = outage?.units.get(unit);
      if (outage === undefined || known === undefined || known.backMs !== null) continue;
      known.backMs = atMs;
      outage.awaited--;
      if (outage.awaited === 0) this.awaiting.delete(number);
    }
    this.proofs.set(unit, atMs);
  }

  get openCount(): number {
    return this.open.size;
  }

  /** By number. */
  records(): readonly OutageRecord[] {
    return [...this.outages.values()].map(recordOf);
  }

  record(number: number): OutageRecord | undefined {
    const outage = this.outages.get(number);
    return outage === undefined ? undefined : recordOf(outage);
  }

  /** Takes up records that were kept; proofs of before come with them. */
  restore(records: readonly OutageRecord[], proofs: readonly (readonly [string, number])[]): void {
    for (const { units, updates, unitsLeftOut, updatesLeftOut, alarms: _, ...head } of records) {
      const known = new Map(units.map((unit) => [unit.unit, { ...unit }]));
      const awaited = units.filter(({ backMs }) => backMs === null).length;
      this.outages.set(head.number, {
        head,
        units: known,
        awaited,
        unitsLeftOut,
        updates: [...updates],
        updatesLeftOut,
      });
      if (awaited > 0) this.awaiting.add(head.number);
      if (head.closedMs === null) this.open.add(head.number);
    }
    for (const [unit, atMs] of proofs) this.proofs.set(unit, atMs);
  }

  keptProofs(): readonly (readonly [string, number])[] {
    return [...this.proofs];
  }

  private begin({ outage: number, cause, subject, t }: Notice): Open {
    const head = { number, cause, subject, suspectedMs: t, confirmedMs: null, closedMs: null };
    const begun: Open = { head, units: new Map(), awaited: 0, unitsLeftOut: 0, updates: [], updatesLeftOut: 0 };
    this.outages.set(number, begun);
    this.open.add(number);
    return begun;
  }

  private hit(outage: Open, { units, phase }: Notice): void {
    const { number, suspectedMs } = outage.head;
    for (const unit of units) {
      if (outage.units.has(unit)) continue;
      if (outage.units.size >= this.limits.units) {
        outage.unitsLeftOut++;
        continue;
      }
      const proofMs = this.proofs.get(unit);
      // At the end the last proof is its return.
      const isBack = phase === "closed" && proofMs !== undefined && proofMs >= suspectedMs;
      const fromMs = isBack ? suspectedMs : (proofMs ?? suspectedMs);
      outage.units.set(unit, { unit, fromMs, backMs: isBack ? proofMs : null });
      if (isBack) continue;
      outage.awaited++;
      this.awaiting.add(number);
    }
  }

  private makeRoom(): void {
    if (this.outages.size <= this.limits.outages) return;
    for (const number of this.outages.keys()) {
      if (this.open.has(number)) continue;
      this.outages.delete(number);
      this.awaiting.delete(number);
      return;
    }
  }
}

function recordOf({ head, units, unitsLeftOut, updates, updatesLeftOut }: Open): OutageRecord {
  const plain = { units: [...units.values()], unitsLeftOut, updates: [...updates], updatesLeftOut };
  return { ...head, ...plain, alarms: nothingReconciled };
}
