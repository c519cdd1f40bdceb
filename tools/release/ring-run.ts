/**
 * One release on its way through the rings. It hears what units ask and what receivers hear of them, says who may have the release
 * now, opens a ring after the other, and stops for good, until somebody says otherwise, when too many fail or fall silent. The clock
 * is ms since 1970; nothing here waits or writes.
 */
import { z } from "zod";
import type { FleetUnit, RingPlan, Rings } from "./rings.ts";

/** What a unit says when it asks the release server (`firmware/update/updater.ts`). */
export type Question = Readonly<Record<string, string>>;

const unitSchema = z.strictObject({
  cid: z.string(),
  ring: z.int().min(0),
  /** `waiting`: not offered yet. `offered`: it may take it. `kept`: it runs it for good. `failed`: it was taken back, or refused. */
  at: z.enum(["waiting", "offered", "kept", "failed"]),
  version: z.string(),
  why: z.string(),
  offeredMs: z.number(),
  /** Last question, and last sign of life of any kind; 0: none yet. */
  askedMs: z.number(),
  aliveMs: z.number(),
});
export type RingUnit = z.infer<typeof unitSchema>;

export const runSchema = z.strictObject({
  format: z.literal(1),
  version: z.string(),
  sha256: z.string(),
  rings: z.array(z.strictObject({ name: z.string(), openedMs: z.number(), throughMs: z.number() })),
  stopped: z.string(),
  stoppedMs: z.number(),
  /** Units that failed or fell silent before somebody let it go on: they do not stop it again. */
  forgiven: z.array(z.string()),
  units: z.array(unitSchema),
});
export type RunState = z.infer<typeof runSchema>;

export type RunNews =
  | { readonly type: "ring-opened"; readonly ring: string; readonly units: number }
  | { readonly type: "ring-through"; readonly ring: string }
  | { readonly type: "kept" | "failed"; readonly cid: string; readonly why: string }
  | { readonly type: "stopped"; readonly why: string }
  | { readonly type: "done" };

const minuteMs = 60_000;

export function newRun(version: string, sha256: string, plan: readonly RingPlan[]): RunState {
  return {
    format: 1,
    version,
    sha256,
    rings: plan.map(({ name }) => ({ name, openedMs: 0, throughMs: 0 })),
    stopped: "",
    stoppedMs: 0,
    forgiven: [],
    units: plan.flatMap(({ units }, ring) =>
      units.map((cid) => ({
        cid,
        ring,
        at: "waiting" as const,
        version: "",
        why: "",
        offeredMs: 0,
        askedMs: 0,
        aliveMs: 0,
      })),
    ),
  };
}

export class RingRun {
  readonly state: RunState;
  private readonly rings: Rings;
  private readonly byCid: Map<string, RingUnit>;
  private readonly shares: Map<string, readonly string[]>;
  private readonly shareSizes: Map<string, number>;
  private readonly apart: Map<string, readonly string[]>;
  private readonly onNews: (news: RunNews) => void;

  /** Goes on from `state`, which it changes. */
  constructor(state: RunState, rings: Rings, fleet: readonly FleetUnit[], onNews: (news: RunNews) => void) {
    this.state = state;
    this.rings = rings;
    this.onNews = onNews;
    this.byCid = new Map(state.units.map((unit) => [unit.cid, unit]));
    this.shares = new Map(fleet.map(({ cid, shares }) => [cid, shares]));
    this.shareSizes = new Map();
    for (const share of fleet.flatMap(({ shares }) => shares))
      this.shareSizes.set(share, (this.shareSizes.get(share) ?? 0) + 1);
    this.apart = new Map(
      rings.apart.flatMap((group) => group.map((cid) => [cid, group.filter((each) => each !== cid)] as const)),
    );
  }

  get isDone(): boolean {
    return this.state.rings.every(({ throughMs }) => throughMs > 0);
  }

  /** A unit asks: whether it is offered the release. */
  asked(question: Question, nowMs: number): boolean {
    const unit = this.byCid.get(question["unit"] ?? "");
    if (unit === undefined) return false;
    unit.askedMs = nowMs;
    unit.aliveMs = nowMs;
    unit.version = question["version"] ?? "";
    this.judge(unit, question);
    this.look(nowMs);
    if (unit.at === "waiting" && this.mayBegin(unit)) {
      unit.at = "offered";
      unit.offeredMs = nowMs;
    }
    return this.state.stopped === "" && unit.at === "offered";
  }

  /** Some receiver heard of it. `trouble`: and what was heard is bad news of the unit itself. */
  sign(cid: string, nowMs: number, trouble: string | undefined): void {
    const unit = this.byCid.get(cid);
    if (unit === undefined) return;
    unit.aliveMs = Math.max(unit.aliveMs, nowMs);
    if (trouble !== undefined && (unit.at === "offered" || unit.at === "kept")) this.fail(unit, trouble);
  }

  /** Time has passed. */
  look(nowMs: number): void {
    const state = this.state;
    if (state.stopped !== "" || this.isDone) return;
    const open = state.rings.findIndex(({ throughMs }) => throughMs === 0);
    const ring = state.rings[open] as RunState["rings"][number];
    const units = state.units.filter((unit) => unit.ring === open);
    const before = state.rings[open - 1];
    if (ring.openedMs === 0) {
      if (before !== undefined && nowMs - before.throughMs < this.rings.holdHours * 60 * minuteMs) {
        this.stopIfBad(nowMs);
        return;
      }
      ring.openedMs = nowMs;
      this.onNews({ type: "ring-opened", ring: ring.name, units: units.length });
    }
    this.stopIfBad(nowMs);
    const kept = units.filter(({ at }) => at === "kept").length;
    if (this.state.stopped !== "" || kept * 100 < this.rings.donePercent * units.length) return;
    ring.throughMs = nowMs;
    this.onNews({ type: "ring-through", ring: ring.name });
    if (this.isDone) this.onNews({ type: "done" });
    else this.look(nowMs);
  }

  /** Somebody stops it. */
  stop(why: string, nowMs: number): void {
    this.state.stopped = why;
    this.state.stoppedMs = nowMs;
    this.onNews({ type: "stopped", why });
  }

  /** Somebody has looked into it: what stood against the release until now counts no more. */
  goOn(nowMs: number): void {
    this.state.forgiven = this.state.units
      .filter((unit) => unit.at === "failed" || this.isSilent(unit, nowMs))
      .map(({ cid }) => cid);
    this.state.stopped = "";
    this.state.stoppedMs = 0;
  }

  /** Units that have the release, or have begun to, and were not heard of for too long. */
  silent(nowMs: number): RingUnit[] {
    return this.state.units.filter((unit) => this.isSilent(unit, nowMs));
  }

  private isSilent(unit: RingUnit, nowMs: number): boolean {
    return (
      (unit.at === "offered" || unit.at === "kept") && nowMs - unit.aliveMs > this.rings.stop.silentMinutes * minuteMs
    );
  }

  private judge(unit: RingUnit, question: Question): void {
    const { version } = this.state;
    if (question["failed"] === version && unit.at !== "failed") this.fail(unit, question["why"] ?? "");
    else if (unit.version === version && question["stage"] !== "trial" && unit.at !== "kept" && unit.at !== "failed") {
      unit.at = "kept";
      this.onNews({ type: "kept", cid: unit.cid, why: "" });
    } else if (unit.at === "offered" && question["refused"] !== undefined)
      this.fail(unit, `refused: ${question["refused"]}`);
  }

  private fail(unit: RingUnit, why: string): void {
    unit.at = "failed";
    unit.why = why;
    this.onNews({ type: "failed", cid: unit.cid, why });
  }

  /** A unit that fails after its ring was through stops the release too: what breaks later is the worst kind. */
  private stopIfBad(nowMs: number): void {
    const { stop } = this.rings;
    const counted = this.state.units.filter(({ at, cid }) => at !== "waiting" && !this.state.forgiven.includes(cid));
    const failed = counted.filter(({ at }) => at === "failed");
    const silent = counted.filter((unit) => this.isSilent(unit, nowMs));
    const whys = [...new Set(failed.map(({ why }) => why))].sort().join(", ");
    if (failed.length >= stop.failedLeast && failed.length * 100 > stop.failedPercent * counted.length)
      this.stop(`${failed.length} of ${counted.length} units failed (${whys})`, nowMs);
    else if (silent.length >= stop.silentLeast && silent.length * 100 > stop.silentPercent * counted.length)
      this.stop(`${silent.length} of ${counted.length} units silent for ${stop.silentMinutes} min`, nowMs);
  }

  private mayBegin(unit: RingUnit): boolean {
    const { state, rings } = this;
    const ring = state.rings[unit.ring];
    if (state.stopped !== "" || ring === undefined || ring.openedMs === 0) return false;
    const underWay = state.units.filter(({ at }) => at === "offered");
    if (underWay.length >= rings.atOnce) return false;
    const twins = this.apart.get(unit.cid) ?? [];
    // Its twin must be through: one that was taken back shows what would become of this one.
    if (underWay.some(({ cid }) => twins.includes(cid)) || twins.some((cid) => this.byCid.get(cid)?.at === "failed"))
      return false;
    for (const share of this.shares.get(unit.cid) ?? []) {
      const beside = underWay.filter(({ cid }) => this.shares.get(cid)?.includes(share) === true).length;
      if (beside > 0 && (beside + 1) * 100 > rings.atOnceOfOne * (this.shareSizes.get(share) ?? 0)) return false;
    }
    return true;
  }
}
