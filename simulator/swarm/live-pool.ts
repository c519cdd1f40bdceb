/**
 * Worker processes that play stories side by side. Who plays which, and in what pieces, changes nothing of what comes out: each
 * story is played by itself, and outcomes are told in the order of the seeds.
 */
import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Order, Word } from "./orders.ts";
import type { Outcome } from "./play-story.ts";
import type { Shrunk } from "./shrink.ts";

export interface PoolOptions {
  readonly workers: number;
  /** What Node needs to read TypeScript, and whatever else the caller wants to be loaded first. */
  readonly execArgv: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** A story that takes longer is stuck. */
  readonly longestMs: number;
}

export interface PlayOrder {
  readonly firstSeed: number;
  readonly count: number;
  /** These instead of so many from the first on. */
  readonly seeds?: readonly number[] | undefined;
  /** So many stories are handed to a worker at a time. */
  readonly batch: number;
  readonly reports?: string | undefined;
  /** Asked before each batch is handed out: no more of them once it is true. */
  readonly isEnough?: () => boolean;
  /** As they come, in no order that means anything. */
  readonly onOutcome?: (outcome: Outcome) => void;
}

/** The swarm itself could not go on; what a story does wrong is an outcome. */
export class PoolError extends Error {}

export const workerFile = fileURLToPath(new URL("worker.ts", import.meta.url));

export class Pool {
  private readonly options: PoolOptions;
  private readonly lanes: Lane[];

  constructor(options: PoolOptions) {
    this.options = options;
    this.lanes = Array.from({ length: options.workers }, () => new Lane(options));
  }

  /** In the order of the seeds, from the first, without a gap. Throws PoolError. */
  async play(order: PlayOrder): Promise<readonly Outcome[]> {
    const outcomes: Outcome[] = [];
    const all = order.seeds ?? Array.from({ length: order.count }, (_, index) => order.firstSeed + index);
    let next = 0;
    const work = async (lane: Lane): Promise<void> => {
      while (next < all.length && order.isEnough?.() !== true) {
        const from = next;
        next = Math.min(all.length, next + order.batch);
        const seeds = all.slice(from, next);
        await lane.play(seeds, order.reports, (outcome) => {
          outcomes[all.indexOf(outcome.seed, from)] = outcome;
          order.onOutcome?.(outcome);
        });
      }
    };
    await Promise.all(this.lanes.map(work));
    return outcomes;
  }

  /** Undefined where the story, or one cut from it, got stuck. */
  async shrink(seed: number, runs: number): Promise<Shrunk | undefined> {
    return await (this.lanes[0] ?? new Lane(this.options)).shrink(seed, runs);
  }

  close(): void {
    for (const lane of this.lanes) lane.close();
  }
}

/** One worker process, begun anew where it got stuck or died. */
class Lane {
  private readonly options: PoolOptions;
  private child: ChildProcess | undefined;

  constructor(options: PoolOptions) {
    this.options = options;
    this.child = undefined;
  }

  async play(
    seeds: readonly number[],
    reports: string | undefined,
    onOutcome: (outcome: Outcome) => void,
  ): Promise<void> {
    let left = seeds;
    while (left.length > 0) {
      const end = await this.order({ type: "play", seeds: left, reports }, this.options.longestMs, (word) => {
        if (word.type !== "played") return;
        onOutcome(word.outcome);
        left = left.slice(1);
      });
      if (end.type === "ready") return;
      if (end.type === "failed") throw new PoolError(end.text);
      const [seed, ...rest] = left;
      if (seed !== undefined && end.type === "gone") onOutcome(broken(seed, end.why));
      left = rest;
    }
  }

  async shrink(seed: number, runs: number): Promise<Shrunk | undefined> {
    const end = await this.order({ type: "shrink", seed, runs }, runs * this.options.longestMs, () => {});
    if (end.type === "failed") throw new PoolError(end.text);
    return end.type === "shrunk" ? end.shrunk : undefined;
  }

  close(): void {
    this.child?.kill("SIGKILL");
    this.child = undefined;
  }

  /** The last word about an order. `patienceMs`: between two words. */
  private order(
    order: Order,
    patienceMs: number,
    onWord: (word: Word) => void,
  ): Promise<Word | { readonly type: "gone"; readonly why: "stuck" | "died" }> {
    const child = this.running();
    return new Promise((resolve) => {
      const late = setTimeout(() => end({ type: "gone", why: "stuck" }), patienceMs);
      const onExit = (): void => end({ type: "gone", why: "died" });
      const onMessage = (word: Word): void => {
        late.refresh();
        onWord(word);
        if (word.type !== "played") end(word);
      };
      const end = (word: Word | { readonly type: "gone"; readonly why: "stuck" | "died" }): void => {
        clearTimeout(late);
        child.off("message", onMessage);
        child.off("exit", onExit);
        if (word.type === "gone") this.close();
        resolve(word);
      };
      child.on("message", onMessage);
      child.on("exit", onExit);
      child.send(order);
    });
  }

  private running(): ChildProcess {
    this.child ??= fork(workerFile, {
      execArgv: [...this.options.execArgv],
      env: { ...process.env, ...this.options.environment },
      stdio: ["ignore", "ignore", "inherit", "ipc"],
    });
    return this.child;
  }
}

function broken(seed: number, why: "stuck" | "died"): Outcome {
  const text = why === "stuck" ? "the story does not come to its end" : "the process that played it died";
  return {
    seed,
    digest: "",
    failures: [{ kind: why, text }],
    events: 0,
    virtualMs: 0,
    presses: 0,
    accepted: 0,
    pairs: [],
  };
}
