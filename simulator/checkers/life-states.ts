/**
 * The states of a unit's life: one that lies in store is silent, one that was handed back falls silent once somebody knows
 * of it, and a call from a suspended or returned unit goes out all the same and says where it comes from. A unit whose power
 * goes in an order may have followed it, and nobody knows before it is asked again: until then either state is right. Where it had followed it and not noted that it has told of it, it tells once more after its start.
 */
import type { LifeName } from "../../firmware/household/life-states.ts";
import type { ScaipRequest } from "../../protocol/scaip/request.ts";
import type { CheckerVerdict } from "../record/run-result.ts";
import type { Resident } from "../residents.ts";
import type { TimelineStep } from "../scenario/timeline.ts";
import { type AlarmSight, isCallForHelp } from "./alarm-sight.ts";
import { type Checker, Findings, instant } from "./checker.ts";
import { keepsPathsOpen, lifeAtStart } from "./life-rules.ts";

export const lifeStatesCheck = "life-states";

/** What had begun before an order may still be on its way. */
const settleMs = 60_000;
/** Whoever gives an order hears that it is followed after the unit has acted on it. */
const reportedMs = 1_000;
const stemLength = 12;
/** Status code (SS 91100 annex C): out of service. */
const outOfService = 78;

interface Row {
  life: LifeName;
  sinceMs: number;
  /** From here on not a heartbeat may leave. */
  silentMs: number;
  /** A heartbeat that left all the same, unless the unit had an order that is not known yet; -1: none. */
  suspectMs: number;
  /** References under which it told that it is handed back. */
  readonly farewells: Set<string>;
  readonly seen: Set<string>;
}

const beatMark = Buffer.from("<mty>PI");
const acceptanceMark = Buffer.from("<snu>0");

export class LifeStates implements Checker {
  private readonly residents: readonly Resident[];
  private readonly rows: readonly Row[];
  /** By unit: what service people want of it, and when they begin; instants at which it lost power. */
  private readonly wanted: readonly { readonly atMs: number; readonly life: LifeName }[][];
  private readonly cuts: readonly number[][];
  private readonly findings: Findings;

  constructor(sight: AlarmSight, residents: readonly Resident[], timeline: readonly TimelineStep[] = []) {
    this.residents = residents;
    this.wanted = residents.map(({ name }) => wantedOf(timeline, name));
    this.cuts = residents.map(() => []);
    this.rows = residents.map((resident) => {
      const life = lifeAtStart(resident);
      return { life, sinceMs: 0, silentMs: silentFrom(life, 0), suspectMs: -1, farewells: new Set(), seen: new Set() };
    });
    this.findings = new Findings();
    sight.listen((atMs, unit, request) => this.requested(atMs, unit, request));
  }

  lifeOrdered(atMs: number, unit: number, life: LifeName): void {
    const row = this.rows[unit];
    if (row === undefined) return;
    if (keepsPathsOpen(life) && atMs - row.suspectMs <= reportedMs) row.suspectMs = -1;
    this.judge(unit, row);
    row.life = life;
    row.sinceMs = atMs;
    row.farewells.clear();
    row.silentMs = silentFrom(life, atMs);
  }

  stopped(atMs: number, unit: number): void {
    this.cuts[unit]?.push(atMs);
  }

  datagram(atMs: number, unit: number, _route: string, direction: "sent" | "received", bytes: Uint8Array): void {
    const row = this.rows[unit];
    if (row === undefined || keepsPathsOpen(row.life)) return;
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (direction === "received") {
      const [farewell] = [...row.farewells].slice(this.mayTellTwice(unit, row) ? 1 : 0);
      const isKnown = farewell !== undefined && text.indexOf(farewell) >= 0 && text.indexOf(acceptanceMark) >= 0;
      if (isKnown) row.silentMs = Math.min(row.silentMs, atMs + settleMs);
    } else if (
      atMs > row.silentMs &&
      text.indexOf(beatMark) >= 0 &&
      !this.livesAt(atMs, unit, row).some(keepsPathsOpen)
    ) {
      row.suspectMs = atMs;
      row.silentMs = Number.POSITIVE_INFINITY;
    }
  }

  verdict(): CheckerVerdict {
    this.rows.forEach((row, unit) => {
      this.judge(unit, row);
    });
    return this.findings.verdict(
      lifeStatesCheck,
      "a unit in store or handed back is silent, and a call from one that is out of service says so",
    );
  }

  private requested(atMs: number, unit: number, { mty, ref, dty, stc, stt, ite }: ScaipRequest): void {
    const row = this.rows[unit];
    if (row === undefined || mty === "IN" || mty === "RE") return;
    if (row.life === "returned" && stc === outOfService && stt === "returned")
      row.farewells.add(ref.slice(0, stemLength));
    const stem = ref.slice(0, stemLength);
    if (!isCallForHelp(dty, stc) || row.seen.has(stem) || ite === undefined) return;
    row.seen.add(stem);
    if (atMs < row.sinceMs + settleMs) return;
    const lives = this.livesAt(atMs, unit, row);
    for (const life of ["suspended", "returned"] as const) {
      const says = ite.includes(`unit ${life}`);
      if (says && !lives.includes(life)) this.blame(atMs, unit, `${stem} says "unit ${life}", and it is ${row.life}`);
      if (!says && lives.every((one) => one === life))
        this.blame(atMs, unit, `${stem} does not say that its unit is ${life}`);
    }
  }

  /** The states that it may be in: the last that was reported, and those of orders since in which, or after which, its power went. */
  private livesAt(atMs: number, unit: number, { life, sinceMs }: Row): readonly LifeName[] {
    const cuts = this.cuts[unit] ?? [];
    const torn = (this.wanted[unit] ?? []).filter(
      (order) => order.atMs > sinceMs && cuts.some((cutMs) => cutMs >= order.atMs && cutMs <= atMs),
    );
    return [life, ...torn.map((order) => order.life)];
  }

  /** Its power went between the order and the word that it was followed. */
  private mayTellTwice(unit: number, { life, sinceMs }: Row): boolean {
    const order = (this.wanted[unit] ?? []).findLast((one) => one.life === life && one.atMs <= sinceMs);
    return (this.cuts[unit] ?? []).some((cutMs) => order !== undefined && cutMs >= order.atMs && cutMs <= sinceMs);
  }

  private judge(unit: number, row: Row): void {
    const { life, sinceMs, suspectMs } = row;
    if (suspectMs >= 0)
      this.blame(suspectMs, unit, `a heartbeat left, and the unit is ${life} since ${instant(sinceMs)}`);
    row.suspectMs = -1;
  }

  private blame(atMs: number, unit: number, what: string): void {
    this.findings.add(`${this.residents[unit]?.name ?? ""}, ${instant(atMs)}: ${what}`);
  }
}

function wantedOf(
  timeline: readonly TimelineStep[],
  unit: string,
): { readonly atMs: number; readonly life: LifeName }[] {
  return timeline.flatMap((step) => {
    if (!("visit" in step) || step.visit.unit !== unit) return [];
    return step.visit.acts.flatMap((act) => (act.type === "life" ? [{ atMs: step.atMs, life: act.life }] : []));
  });
}

/** A unit that is handed back goes on until a receiver knows of it. */
function silentFrom(life: LifeName, atMs: number): number {
  return life === "stored" || life === "wiped" ? atMs + settleMs : Number.POSITIVE_INFINITY;
}
