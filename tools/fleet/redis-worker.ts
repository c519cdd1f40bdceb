/** Plays towns of fleets that others have begun, on any machine that reaches their Redis, for as long as it is asked to. */
import { UnrecoverableError, Worker } from "bullmq";
import { Redis } from "ioredis";
import { codeVersion } from "../../simulator/fleet/code-version.ts";
import type { FleetPlan } from "../../simulator/fleet/fleet-plan.ts";
import type { Lane } from "../../simulator/fleet/live-lane.ts";
import {
  lockMs,
  lookMs,
  mostAttempts,
  openFleets,
  packed,
  planKey,
  prefix,
  type TownJob,
  townJob,
  townsQueue,
  unpackedPlan,
} from "./jobs.ts";
import type { RedisLink } from "./redis-link.ts";

export interface WorkerOptions {
  readonly link: RedisLink;
  /** Each plays one town at a time. Whoever made them closes them. */
  readonly lanes: readonly Lane[];
  /** Ends by itself after so long without a town; undefined: never. */
  readonly idleMs: number | undefined;
  /** What people may want to know, a line each. */
  readonly say: (line: string) => void;
}

/** Plans at hand: a worker plays few fleets at a time. */
const mostPlans = 8;

export class FleetWorker {
  private readonly options: WorkerOptions;
  private readonly redis: Redis;
  private readonly worker: Worker<TownJob, string>;
  private readonly free: Lane[];
  private readonly plans: Map<string, FleetPlan>;
  private readonly toldOf: Set<string>;
  private busySince: number;
  /** Ended: no town came for long enough, or somebody asked. */
  readonly ended: Promise<void>;
  private end: () => void;
  private readonly looking: NodeJS.Timeout;
  played: number;

  constructor(options: WorkerOptions) {
    const { link, lanes, say } = options;
    this.options = options;
    this.free = [...lanes];
    this.plans = new Map();
    this.toldOf = new Set();
    this.busySince = performance.now();
    this.played = 0;
    this.end = () => {};
    this.ended = new Promise((resolve) => {
      this.end = resolve;
    });
    this.redis = new Redis(link);
    this.redis.on("error", (error: Error) => this.tellOnce(`Redis: ${error.message}; tries again`));
    this.worker = new Worker<TownJob, string>(townsQueue(), (job) => this.play(job.data), {
      connection: link,
      prefix,
      concurrency: lanes.length,
      lockDuration: lockMs,
      stalledInterval: lookMs,
      maxStalledCount: mostAttempts - 1,
    });
    this.worker.on("error", (error) => this.tellOnce(`Redis: ${error.message}; tries again`));
    this.worker.on("stalled", (id) => say(`${id} was left by another worker`));
    this.worker.on("failed", (job, error) => say(`${nameOf(job?.data)} was not played: ${firstLine(error.message)}`));
    this.looking = setInterval(() => void this.look(), lookMs);
    void this.look();
  }

  /** Takes no more towns, and ends when those being played are done. */
  async close(): Promise<void> {
    clearInterval(this.looking);
    await this.worker.close();
    this.redis.disconnect();
    this.end();
  }

  private async play(data: TownJob): Promise<string> {
    const { fleet, code, town } = checked(data);
    if (code !== codeVersion())
      throw new UnrecoverableError(`town ${town} is for workers of code ${code}, and this one plays ${codeVersion()}`);
    const plan = await this.planOf(fleet);
    const lane = this.free.pop();
    if (lane === undefined) throw new Error("fleet worker: more towns than lanes");
    this.options.say(`plays town ${town} of ${plan.name}`);
    try {
      const end = await lane.play(plan, town, () => {});
      if (end.type === "gone") throw new Error(end.why);
      this.played++;
      return packed(end.played);
    } finally {
      this.free.push(lane);
      this.busySince = performance.now();
    }
  }

  private async planOf(id: string): Promise<FleetPlan> {
    const known = this.plans.get(id);
    if (known !== undefined) return known;
    const text = await this.redis.get(planKey(id));
    if (text === null) throw new UnrecoverableError(`the plan of fleet ${id} is not in this Redis`);
    const plan = unpackedPlan(text);
    const [oldest] = this.plans.keys();
    if (oldest !== undefined && this.plans.size >= mostPlans) this.plans.delete(oldest);
    this.plans.set(id, plan);
    return plan;
  }

  /** Whether there is nothing to do any more, and whether others wait for workers that we are not. */
  private async look(): Promise<void> {
    const { idleMs, lanes } = this.options;
    const isBusy = this.free.length < lanes.length;
    if (idleMs !== undefined && !isBusy && performance.now() - this.busySince >= idleMs) {
      await this.close();
      return;
    }
    try {
      for (const code of Object.values(await this.redis.hgetall(openFleets)))
        if (code !== codeVersion())
          this.tellOnce(
            `a fleet waits for workers of code ${code}, and this one plays ${codeVersion()}: bring both to one commit`,
          );
    } catch {
      // Told by the connection itself.
    }
  }

  private tellOnce(line: string): void {
    if (this.toldOf.has(line)) return;
    this.toldOf.add(line);
    this.options.say(line);
  }
}

/** A job that somebody else has put there may hold anything. */
function checked(data: unknown): TownJob {
  const job = townJob.safeParse(data);
  if (job.success) return job.data;
  throw new UnrecoverableError("this job is no town of a fleet");
}

function nameOf(data: unknown): string {
  const job = townJob.safeParse(data);
  return job.success ? `town ${job.data.town}` : "a job";
}

function firstLine(text: string): string {
  return text.split("\n")[0] ?? "";
}
