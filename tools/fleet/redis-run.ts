/** Gives the towns of a fleet to whoever works at a Redis, and collects them: a BullMQ flow, whose parent is done when all are. */
import { FlowProducer, Job, Queue, QueueEvents, Worker } from "bullmq";
import { Redis } from "ioredis";
import { codeVersion } from "../../simulator/fleet/code-version.ts";
import { type FleetPlan, idOf } from "../../simulator/fleet/fleet-plan.ts";
import type { PlayTowns } from "./fleet-run.ts";
import {
  fleetQueue,
  jobIdOf,
  mostAttempts,
  openFleets,
  packed,
  planKeptS,
  planKey,
  prefix,
  townIn,
  townsQueue,
  unpackedShard,
} from "./jobs.ts";
import type { RedisLink } from "./redis-link.ts";

/** A page of what has come back. */
const pageSize = 100;

/** `say`: what people may want to know, a line each. */
export function playOverRedis(link: RedisLink, say: (line: string) => void): PlayTowns {
  return async (order) => {
    const fleet = new FleetOverRedis(link, order, say);
    try {
      await fleet.play();
    } finally {
      await fleet.close();
    }
  };
}

type Order = Parameters<PlayTowns>[0];
interface Closing {
  close(): Promise<void>;
}

class FleetOverRedis {
  private readonly order: Order;
  private readonly id: string;
  private readonly say: (line: string) => void;
  private readonly redis: Redis;
  private readonly told: Set<number>;
  private readonly toldErrors: Set<string>;
  private readonly open: Closing[];
  private readonly connection: { readonly connection: RedisLink; readonly prefix: string };

  constructor(link: RedisLink, order: Order, say: (line: string) => void) {
    this.order = order;
    this.id = idOf(order.plan);
    this.say = say;
    this.redis = new Redis(link);
    this.redis.on("error", (error: Error) => this.tellOnce(error));
    this.told = new Set();
    this.toldErrors = new Set();
    this.open = [];
    this.connection = { connection: link, prefix };
  }

  /** Ends when all towns are told of, or somebody stops it; then workers go on, and what they play waits in Redis. */
  async play(): Promise<void> {
    const { order, id, connection } = this;
    if (order.towns.length === 0) return;
    await this.redis.set(planKey(id), packed(order.plan), "EX", planKeptS);
    await this.redis.hset(openFleets, id, codeVersion());
    const events = this.kept(new QueueEvents(townsQueue(), connection));
    await events.waitUntilReady();
    const isDone = new Promise<void>((resolve, reject) => {
      order.stop.addEventListener("abort", () => resolve());
      const guarded = (work: () => void): void => {
        try {
          work();
        } catch (thrown) {
          reject(thrown instanceof Error ? thrown : new Error(String(thrown)));
        }
      };
      events.on("completed", ({ jobId, returnvalue }) => guarded(() => this.cameBack(jobId, returnvalue)));
      // The parent is handed out when every town is done or given up: what we have not heard of by then we read.
      const parent = new Worker(fleetQueue(id), async (job) => await this.collect(job), connection);
      this.kept(parent).on("completed", () => resolve());
      parent.on("failed", (_job, error) => reject(error));
    });
    await this.begin(order.plan);
    await isDone;
    if (!order.stop.aborted) await this.tidy();
  }

  async close(): Promise<void> {
    for (const each of this.open.reverse()) await each.close();
    this.redis.disconnect();
  }

  /** A fleet that is there already is one that was interrupted here, not in Redis: it is taken up. */
  private async begin(plan: FleetPlan): Promise<void> {
    const queue = this.kept(new Queue(fleetQueue(this.id), this.connection));
    const before = await Job.fromId(queue, this.id);
    if (before !== undefined) {
      this.say("this fleet is in Redis already: its towns are collected");
      await this.collect(before);
      return;
    }
    const producer = this.kept(new FlowProducer(this.connection));
    const attempts = { attempts: mostAttempts, backoff: { type: "fixed", delay: 1_000 } };
    await producer.add({
      name: plan.name,
      queueName: fleetQueue(this.id),
      opts: { jobId: this.id },
      children: this.order.towns.map((town) => ({
        name: "town",
        queueName: townsQueue(),
        data: { fleet: this.id, code: codeVersion(), town },
        opts: { jobId: jobIdOf(this.id, town), ...attempts, ignoreDependencyOnFailure: true, removeOnComplete: true },
      })),
    });
  }

  /** Tells of every town that is done or given up, and was not told of. */
  private async collect(parent: Job): Promise<void> {
    for (let cursor: number | undefined = 0; cursor !== undefined; ) {
      const page: Awaited<ReturnType<Job["getDependencies"]>> = await parent.getDependencies({
        processed: { cursor, count: pageSize },
      });
      for (const [key, value] of Object.entries(page.processed ?? {})) this.cameBack(key, value);
      cursor = page.nextProcessedCursor === 0 ? undefined : page.nextProcessedCursor;
    }
    for (const [key, why] of Object.entries(await parent.getIgnoredChildrenFailures())) {
      const town = townIn(this.id, key);
      if (town !== undefined && !this.told.has(town)) this.order.onBroken(town, why);
      if (town !== undefined) this.told.add(town);
    }
  }

  private cameBack(key: string, value: unknown): void {
    const town = townIn(this.id, key);
    if (town === undefined || this.told.has(town) || this.order.stop.aborted) return;
    this.order.onPlayed(unpackedShard(String(value)));
    this.told.add(town);
  }

  /** Nothing of a fleet that is told of stays in Redis. */
  private async tidy(): Promise<void> {
    const towns = this.kept(new Queue(townsQueue(), this.connection));
    for (const town of this.order.towns) await towns.remove(jobIdOf(this.id, town));
    await this.kept(new Queue(fleetQueue(this.id), this.connection)).obliterate({ force: true });
    await this.redis.del(planKey(this.id));
    await this.redis.hdel(openFleets, this.id);
  }

  private kept<T extends Closing & { on(event: "error", hear: (error: Error) => void): unknown }>(part: T): T {
    part.on("error", (error) => this.tellOnce(error));
    this.open.push(part);
    return part;
  }

  private tellOnce({ message }: Error): void {
    if (this.toldErrors.has(message)) return;
    this.toldErrors.add(message);
    this.say(`Redis: ${message}; tries again`);
  }
}
