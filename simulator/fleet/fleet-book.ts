/**
 * Puts the towns of a fleet together as they come, in any order. What it holds has a bound that the number of towns hardly
 * moves: a digest for each, and sums.
 */
import { createHash } from "node:crypto";
import { replayCommand } from "../report/replay.ts";
import type { Scenario } from "../scenario/scenario.ts";
import { codeVersion } from "./code-version.ts";
import { type FleetPlan, seedOfTown, storyOf } from "./fleet-plan.ts";
import { judgePromise } from "./fleet-promise.ts";
import { type FleetResult, fleetResultVersion, mostNamed } from "./fleet-result.ts";
import { slowestOf } from "./play-shard.ts";
import { mostFound, type ShardResult, type SlowPress } from "./shard-result.ts";
import { StepSums, stepMsOf } from "./step-sums.ts";
import { Waits, within } from "./waits.ts";

const digestBytes = 32;
/** Faults that a drawing has room for. */
const mostFaults = 200;
const counted = [
  "units",
  "virtualMs",
  "events",
  "presses",
  "accepted",
  "pending",
  "lost",
  "falseAccepted",
  "duplicates",
  "unheard",
] as const;
type Counts = Record<(typeof counted)[number], number>;

interface Finding {
  readonly town: number;
  readonly text: string;
}

/** One rule or promise, over all towns. */
interface Judged {
  readonly text: string;
  violations: number;
  towns: number;
  found: Finding[];
}

export class FleetBook {
  private readonly plan: FleetPlan;
  private readonly story: Scenario;
  private readonly digests: Uint8Array;
  private readonly has: Uint8Array;
  private readonly counts: Counts;
  private readonly byRoute: { mobile: number; broadband: number };
  private readonly beats: { sent: number; answered: number; missed: number };
  private readonly waits: Waits;
  private slowest: SlowPress[];
  private readonly withoutPath: StepSums;
  private readonly waiting: StepSums;
  private readonly checks: Map<string, Judged>;
  private readonly expectations: Map<string, Judged>;
  private failed: number[];
  private failedTowns: number;
  private readonly outages: Map<string, FleetResult["outages"][number]>;
  private readonly broken: Map<number, string>;
  private sampled: number;
  private readonly twins: Judged;

  constructor(plan: FleetPlan) {
    this.plan = plan;
    this.story = storyOf(plan);
    this.digests = new Uint8Array(plan.towns * digestBytes);
    this.has = new Uint8Array(plan.towns);
    this.counts = Object.fromEntries(counted.map((key) => [key, 0])) as Counts;
    this.byRoute = { mobile: 0, broadband: 0 };
    this.beats = { sent: 0, answered: 0, missed: 0 };
    this.waits = new Waits();
    this.slowest = [];
    this.withoutPath = new StepSums(this.story.durationMs);
    this.waiting = new StepSums(this.story.durationMs);
    this.checks = new Map();
    this.expectations = new Map();
    this.failed = [];
    this.failedTowns = 0;
    this.outages = new Map();
    this.broken = new Map();
    this.sampled = 0;
    this.twins = { text: "", violations: 0, towns: 0, found: [] };
  }

  /** Towns that are neither played nor given up, by number. */
  get missing(): readonly number[] {
    const towns: number[] = [];
    for (let town = 1; town <= this.plan.towns; town++)
      if (this.has[town - 1] === 0 && !this.broken.has(town)) towns.push(town);
    return towns;
  }

  get played(): number {
    return this.has.reduce((sum, each) => sum + each, 0);
  }

  /** False where that town is there already. Throws where it is none of this fleet, or came out otherwise before. */
  add(shard: ShardResult): boolean {
    const { town } = shard;
    if (town > this.plan.towns || shard.seed !== seedOfTown(this.plan, town))
      throw new Error(`fleet: town ${town} with seed ${shard.seed} is none of this fleet`);
    const at = (town - 1) * digestBytes;
    const digest = Buffer.from(shard.digest, "hex");
    if (this.has[town - 1] === 1) {
      if (digest.equals(this.digests.subarray(at, at + digestBytes))) return false;
      throw new Error(
        `fleet: town ${town} was played twice and came out differently: the code has lost its determinism`,
      );
    }
    this.has[town - 1] = 1;
    this.broken.delete(town);
    this.digests.set(digest, at);
    this.sum(shard);
    this.judge(shard);
    for (const outage of shard.outages) this.tellOf(outage);
    this.compare(shard);
    return true;
  }

  /** That town cannot be played. */
  giveUp(town: number, why: string): void {
    if (this.has[town - 1] === 0) this.broken.set(town, why);
  }

  value(): FleetResult {
    const { plan, story, counts, failed } = this;
    const { name, question, source, path, town, set, towns, seed, modem } = plan;
    const { startWallMs, durationMs } = story;
    const waits = this.waits.value();
    const checks = [...this.checks].map(([checker, { text, ...rest }]) => ({
      checker,
      rule: text,
      held: rest.violations === 0,
      ...rest,
    }));
    const expectations = [...this.expectations.values()].map(({ text, towns: inTowns, found }) => ({
      text,
      held: inTowns === 0,
      towns: inTowns,
      found,
    }));
    const sums = { ...counts, waits, withoutPath: this.withoutPath.value(), durationMs };
    const promises = plan.promises.map((promise) => judgePromise(promise, sums));
    const broken = [...this.broken].map(([number, why]) => ({ town: number, why })).sort((a, b) => a.town - b.town);
    const { sampled, twins } = this;
    const sample = plan.sample.length === 0 ? null : { towns: sampled, differing: twins.towns, found: twins.found };
    const held = [checks, expectations, promises].every((all) => all.every((each) => each.held));
    return {
      formatVersion: fleetResultVersion,
      fleet: { name, question, source, path, town, set, towns, seed, modem, startWallMs, durationMs },
      code: codeVersion(),
      verdict: held && broken.length === 0 && twins.towns === 0 ? "passed" : "failed",
      digest: this.digest(),
      towns: this.played,
      broken,
      ...counts,
      byRoute: { ...this.byRoute },
      beats: { ...this.beats },
      waits,
      percentiles: percentilesOf(waits),
      slowest: this.slowest,
      stepMs: stepMsOf(durationMs),
      withoutPath: sums.withoutPath,
      waiting: this.waiting.value(),
      checks: checks.sort((a, b) => order(a.checker, b.checker)),
      expectations,
      promises,
      sample,
      failed: failed.map((each) => ({ town: each, seed: seedOfTown(plan, each), command: commandOf(plan, each) })),
      failedTowns: this.failedTowns,
      outages: [...this.outages.values()].sort((a, b) => order(a.cause, b.cause) || order(a.subject, b.subject)),
      faults: this.story.faults
        .slice(0, mostFaults)
        .map(({ object, name: of, fault, fromMs, toMs }) => ({ object, name: of, fault, fromMs, toMs })),
    };
  }

  private digest(): string {
    const hash = createHash("sha256");
    for (let town = 1; town <= this.plan.towns; town++) {
      if (this.has[town - 1] === 0) continue;
      const at = (town - 1) * digestBytes;
      hash.update(`${town} ${Buffer.from(this.digests.subarray(at, at + digestBytes)).toString("hex")}\n`);
    }
    return hash.digest("hex");
  }

  private sum(shard: ShardResult): void {
    for (const key of counted) this.counts[key] += shard[key];
    this.byRoute.mobile += shard.byRoute.mobile;
    this.byRoute.broadband += shard.byRoute.broadband;
    this.beats.sent += shard.beats.sent;
    this.beats.answered += shard.beats.answered;
    this.beats.missed += shard.beats.missed;
    this.waits.addAll(shard.waits);
    this.slowest = slowestOf([...this.slowest, ...shard.slowest], this.story.durationMs);
    this.withoutPath.addAll(shard.withoutPath);
    this.waiting.addAll(shard.waiting);
  }

  private judge({ town, checks, expectations }: ShardResult): void {
    for (const { checker, rule, violations, found } of checks)
      note(this.checks, checker, rule, town, violations, found);
    for (const { text, held, found } of expectations) note(this.expectations, text, text, town, held ? 0 : 1, [found]);
    if (checks.every(({ violations }) => violations === 0) && expectations.every(({ held }) => held)) return;
    this.failedTowns++;
    this.failed = [...this.failed, town].sort((a, b) => a - b).slice(0, mostNamed);
  }

  private compare({ town, sample }: ShardResult): void {
    if (sample === null) return;
    this.sampled++;
    judge(this.twins, town, sample.differing, sample.found);
  }

  private tellOf({ cause, subject, outages, firstMs, lastMs }: ShardResult["outages"][number]): void {
    const key = `${cause} ${subject}`;
    const before = this.outages.get(key);
    this.outages.set(key, {
      cause,
      subject,
      towns: (before?.towns ?? 0) + 1,
      outages: (before?.outages ?? 0) + outages,
      firstMs: Math.min(before?.firstMs ?? firstMs, firstMs),
      lastMs: Math.max(before?.lastMs ?? lastMs, lastMs),
    });
  }
}

/** The first finds are those of the first towns, whichever came first. */
function note(
  all: Map<string, Judged>,
  key: string,
  text: string,
  town: number,
  violations: number,
  found: readonly string[],
): void {
  const judged = all.get(key) ?? { text, violations: 0, towns: 0, found: [] };
  all.set(key, judged);
  judge(judged, town, violations, found);
}

function judge(judged: Judged, town: number, violations: number, found: readonly string[]): void {
  if (violations === 0) return;
  judged.violations += violations;
  judged.towns++;
  // Sorting is stable: several finds of one town stay in their order.
  const finds = [...judged.found, ...found.map((each) => ({ town, text: each }))];
  judged.found = finds.sort((a, b) => a.town - b.town).slice(0, mostFound);
}

function percentilesOf(waits: FleetResult["waits"]): FleetResult["percentiles"] {
  const at = (ppm: number): number => within(waits, ppm) ?? 0;
  if (waits.length === 0) return null;
  return { p50Ms: at(500_000), p95Ms: at(950_000), p99Ms: at(990_000), p999Ms: at(999_000), maxMs: at(1_000_000) };
}

function commandOf({ seed, town: path, set, modem }: FleetPlan, town: number): string {
  return replayCommand({ seed: seedOfTown({ seed }, town), scenario: { path, set }, modem });
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
