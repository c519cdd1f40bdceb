/** Plays a fleet into its folder: begins or goes on, keeps each town as it comes, and writes the report when all are told of. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { codeVersion } from "../../simulator/fleet/code-version.ts";
import { FleetBook } from "../../simulator/fleet/fleet-book.ts";
import { CostBook, type FleetCost } from "../../simulator/fleet/fleet-cost.ts";
import { type FleetPlan, idOf } from "../../simulator/fleet/fleet-plan.ts";
import type { FleetResult } from "../../simulator/fleet/fleet-result.ts";
import { headIn, ShardLog } from "../../simulator/fleet/shard-log.ts";
import type { PlayedShard } from "../../simulator/fleet/shard-result.ts";
import { clearFleetReport, writeFleetReport } from "../../simulator/fleet/write-fleet-report.ts";
import { UnwritableError } from "../../simulator/report/files.ts";
import { UserError } from "../user-error.ts";

/** What plays towns, on this machine or on others: tells of each, played or given up, and ends when all are told of or `stop` fires. */
export type PlayTowns = (order: {
  readonly plan: FleetPlan;
  readonly towns: readonly number[];
  readonly onPlayed: (played: PlayedShard) => void;
  readonly onBroken: (town: number, why: string) => void;
  readonly onReached: (virtualMs: number) => void;
  readonly stop: AbortSignal;
}) => Promise<void>;

export interface FleetRunOptions {
  readonly plan: FleetPlan;
  readonly out: string;
  readonly resume: boolean;
  readonly play: PlayTowns;
  readonly stop: AbortSignal;
  /** Towns told of so far, those of an earlier run too, and the virtual time that those being played have reached. */
  readonly onProgress: (towns: number, virtualMs: number, news?: string) => void;
  /** Called once, before the first is played. */
  readonly onBegin: (townsThere: number) => void;
}

export interface FleetEnd {
  /** Undefined: stopped before all towns were told of; what is finished is in the folder. */
  readonly result: FleetResult | undefined;
  readonly cost: FleetCost;
  readonly played: number;
}

/** Throws UserError where the folder cannot be written, or holds another fleet. */
export async function runFleet(options: FleetRunOptions): Promise<FleetEnd> {
  try {
    return await fill(options);
  } catch (thrown) {
    if (!(thrown instanceof UnwritableError)) throw thrown;
    throw new UserError(thrown.message, "another folder with --out, or make room and --resume", 3);
  }
}

async function fill({ plan, out, resume, play, stop, onProgress, onBegin }: FleetRunOptions): Promise<FleetEnd> {
  const began = performance.now();
  const book = new FleetBook(plan);
  const costs = new CostBook();
  refuseOthers(out, plan, resume);
  const log = resume
    ? ShardLog.goOn(out, ({ result, cost }) => {
        if (book.add(result)) costs.add(cost);
      })
    : ShardLog.begin(out, plan);
  clearFleetReport(out);
  let told = book.played;
  onBegin(told);
  try {
    await play({
      plan,
      towns: sampledFirst(plan, book.missing),
      stop,
      onPlayed: (played) => {
        if (!book.add(played.result)) return;
        log.append(played);
        costs.add(played.cost);
        onProgress(++told, 0);
      },
      onBroken: (town, why) => {
        book.giveUp(town, why);
        onProgress(++told, 0, `town ${town} cannot be played: ${why}`);
      },
      onReached: (virtualMs) => onProgress(told, virtualMs),
    });
  } finally {
    log.close();
  }
  const cost = costs.value(Math.round(performance.now() - began));
  if (book.missing.length > 0) return { result: undefined, cost, played: book.played };
  const result = book.value();
  writeFleetReport(out, result, cost);
  return { result, cost, played: book.played };
}

/** They take longest: begun last, they would be waited for alone. */
function sampledFirst({ sample }: FleetPlan, towns: readonly number[]): readonly number[] {
  const isSampled = new Set(sample);
  return [...towns.filter((town) => isSampled.has(town)), ...towns.filter((town) => !isSampled.has(town))];
}

/** A folder of finished towns is worth hours: nothing but --resume takes it up, and only for the same fleet. */
function refuseOthers(out: string, plan: FleetPlan, resume: boolean): void {
  const head = headIn(out);
  if (!resume) {
    const isUnfinished = head !== undefined && !existsSync(join(out, "report.json"));
    if (!isUnfinished) return;
    throw new UserError(
      `${out} holds towns of a fleet that was interrupted: ${head.plan.name}`,
      "--resume to go on with it, or another folder with --out, or remove that one",
      4,
    );
  }
  if (head === undefined) throw new UserError(`${out} holds no fleet to resume`, "the same without --resume", 2);
  const why = differenceOf(head.plan, plan);
  if (head.code !== codeVersion() && why === undefined)
    throw new UserError(
      `${out} was played by other code (${head.code}, this is ${codeVersion()}): its towns and new ones would be no one fleet`,
      "the commit that began it, or begin anew with another --out",
      2,
    );
  if (why !== undefined)
    throw new UserError(`${out} holds another fleet: ${why}`, "the same file and flags, or another --out", 2);
}

function differenceOf(was: FleetPlan, is: FleetPlan): string | undefined {
  if (was.seed !== is.seed) return `its seed is ${was.seed}, not ${is.seed}`;
  if (was.towns !== is.towns) return `it has ${was.towns} towns, not ${is.towns}`;
  if (was.modem !== is.modem) return `its modems are played at the ${was.modem}, not the ${is.modem}`;
  if (was.sample.join() !== is.sample.join()) return "another sample of its towns is played at the bytes too";
  if (was.story !== is.story) return `the story of its towns is another (${was.town})`;
  return idOf(was) === idOf(is) ? undefined : "its promises are others";
}
