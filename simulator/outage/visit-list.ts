/**
 * Whom to ring or to visit now: units without a proven path and alarms that nobody has accepted. Pending alarms first, then
 * the longest silence. People tick off what they did; an entry is closed by proof alone, an accepted message of that unit.
 */
import { type RegistryUnit, usualBeatMs } from "../monitor/registry.ts";
import type { AlarmFile } from "./alarm-file.ts";

export interface Tick {
  readonly atMs: number;
  readonly what: "rung" | "visited";
  /** Who did it. */
  readonly by: string;
}

export interface Visit {
  readonly unit: string;
  readonly cid: string;
  readonly provider: string;
  /** Somebody is to be sent at night too. */
  readonly night: boolean;
  /** Oldest alarm that waits; null: none. */
  readonly pendingSinceMs: number | null;
  /** Last accepted message; null: its path is proven. `everProven` false: since it is known. */
  readonly silentSinceMs: number | null;
  readonly everProven: boolean;
  readonly ticks: readonly Tick[];
}

/** An entry that is over, with what people did meanwhile. */
export interface ClosedVisit {
  readonly unit: string;
  readonly cid: string;
  readonly silentSinceMs: number;
  /** The accepted message that closed it. */
  readonly proofMs: number;
  readonly ticks: readonly Tick[];
}

/** Three missed beats of 180 s and their jitter; longer where fewer were agreed. */
export const provenForMs = 600_000;
/** An alarm that has waited so long is a reason to ring. */
export const pendingAfterMs = 60_000;
const tickLimit = 50;
const closedLimit = 10_000;

interface Known {
  readonly record: RegistryUnit;
  readonly sinceMs: number;
  proofMs: number | undefined;
  ticks: Tick[];
}

export class VisitList {
  private readonly units: Map<string, Known>;
  private readonly file: AlarmFile;
  private readonly over: ClosedVisit[];

  constructor(file: AlarmFile) {
    this.units = new Map();
    this.file = file;
    this.over = [];
  }

  add(record: RegistryUnit, sinceMs: number): void {
    const known = this.units.get(record.cid);
    if (known === undefined) this.units.set(record.cid, { record, sinceMs, proofMs: undefined, ticks: [] });
    else this.units.set(record.cid, { ...known, record });
  }

  remove(cid: string): void {
    this.units.delete(cid);
  }

  /** A receiver has accepted a message of this unit. */
  proof(cid: string, atMs: number): void {
    const known = this.units.get(cid);
    if (known === undefined) return;
    const silentSinceMs = known.proofMs ?? known.sinceMs;
    if (atMs - silentSinceMs >= provenForOf(known.record) || known.ticks.length > 0) {
      this.over.push({ unit: known.record.unit, cid, silentSinceMs, proofMs: atMs, ticks: known.ticks });
      if (this.over.length > closedLimit) this.over.shift();
      known.ticks = [];
    }
    known.proofMs = atMs;
  }

  /** Somebody rang or went there; what they did stands in the entry, which stays open. False: no such unit. */
  tick(cid: string, tick: Tick): boolean {
    const known = this.units.get(cid);
    if (known === undefined) return false;
    const isKnown = known.ticks.some(({ atMs, what }) => atMs === tick.atMs && what === tick.what);
    const isOld = known.proofMs !== undefined && tick.atMs <= known.proofMs;
    if (!isKnown && !isOld && known.ticks.length < tickLimit) known.ticks.push(tick);
    return true;
  }

  /** By urgency. */
  at(nowMs: number): readonly Visit[] {
    const pending = this.pendingAt(nowMs);
    const visits: Visit[] = [];
    for (const { record, sinceMs, proofMs, ticks } of this.units.values()) {
      const { unit, cid, provider, night } = record;
      const lastMs = proofMs ?? sinceMs;
      const pendingSinceMs = pending.get(cid) ?? null;
      const silentSinceMs = nowMs - lastMs >= provenForOf(record) ? lastMs : null;
      if (pendingSinceMs === null && silentSinceMs === null) continue;
      const everProven = proofMs !== undefined;
      visits.push({ unit, cid, provider, night, pendingSinceMs, silentSinceMs, everProven, ticks: [...ticks] });
    }
    return visits.sort(byUrgency);
  }

  /** Oldest first. */
  closed(): readonly ClosedVisit[] {
    return this.over;
  }

  /** Restores what `kept` answered; units that have gone since are left out. */
  restore(kept: readonly KeptVisit[]): void {
    for (const { cid, proofMs, ticks } of kept) {
      const known = this.units.get(cid);
      if (known === undefined) continue;
      known.proofMs = proofMs ?? undefined;
      known.ticks = [...ticks];
    }
  }

  kept(): readonly KeptVisit[] {
    return [...this.units.values()].map(({ record, proofMs, ticks }) => ({
      cid: record.cid,
      proofMs: proofMs ?? null,
      ticks,
    }));
  }

  private pendingAt(nowMs: number): ReadonlyMap<string, number> {
    const pending = new Map<string, number>();
    for (const { cid, heardMs, acceptedMs } of this.file.all())
      if (acceptedMs === undefined && nowMs - heardMs >= pendingAfterMs && !pending.has(cid)) pending.set(cid, heardMs);
    return pending;
  }
}

export interface KeptVisit {
  readonly cid: string;
  readonly proofMs: number | null;
  readonly ticks: readonly Tick[];
}

/** Pending alarms first, the oldest first, then the longest silence. */
export function byUrgency(a: Visit, b: Visit): number {
  const never = Number.POSITIVE_INFINITY;
  return (
    compare(a.pendingSinceMs ?? never, b.pendingSinceMs ?? never) ||
    compare(a.silentSinceMs ?? never, b.silentSinceMs ?? never) ||
    (a.unit < b.unit ? -1 : 1)
  );
}

function compare(a: number, b: number): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

function provenForOf({ beatMs }: RegistryUnit): number {
  return provenForMs + 3 * Math.max(0, beatMs - usualBeatMs);
}
