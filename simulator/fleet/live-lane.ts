/** One process that plays towns, begun anew where it died or got stuck. */
import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { FleetPlan } from "./fleet-plan.ts";
import type { ShardOrder, ShardWord } from "./orders.ts";
import { type PlayedShard, playedShard } from "./shard-result.ts";

export interface LaneOptions {
  /** What Node needs to read TypeScript. */
  readonly execArgv: readonly string[];
  /** Another program that keeps to `orders.ts`, and its arguments, for tests. */
  readonly program?: readonly [path: string, ...args: string[]];
  /** A process that says nothing for so long is stuck. */
  readonly silentMs: number;
}

/** Why a town was not played to its end. */
export interface Gone {
  readonly type: "gone";
  readonly why: string;
}
export type LaneEnd = { readonly type: "played"; readonly played: PlayedShard } | Gone;

/** Each core has a lane, so threads that collect garbage beside it would only take from its neighbours; young objects have room to die. */
const oneCore = ["--single-threaded-gc", "--max-semi-space-size=32"];
const workerFile = fileURLToPath(new URL("live-worker.ts", import.meta.url));

export class Lane {
  private readonly options: LaneOptions;
  private child: ChildProcess | undefined;
  /** What the process has been told to play from. */
  private plan: FleetPlan | undefined;
  private isClosed: boolean;

  constructor(options: LaneOptions) {
    this.options = options;
    this.child = undefined;
    this.plan = undefined;
    this.isClosed = false;
  }

  /** One at a time. `onReached` is called now and then with the virtual time. */
  play(plan: FleetPlan, town: number, onReached: (virtualMs: number) => void): Promise<LaneEnd> {
    const { silentMs } = this.options;
    const child = this.running();
    return new Promise((resolve) => {
      const end = (word: LaneEnd): void => {
        clearTimeout(late);
        child.off("message", onMessage);
        child.off("exit", onExit);
        child.off("error", onError);
        if (word.type === "gone") this.drop();
        resolve(word);
      };
      const gone = (why: string): void => end({ type: "gone", why });
      const late = setTimeout(() => gone(`its process said nothing for ${Math.round(silentMs / 1_000)} s`), silentMs);
      const onExit = (code: number | null, signal: string | null): void =>
        gone(`its process ended with ${signal ?? `exit code ${code}`}`);
      const onError = (thrown: Error): void => gone(`its process could not be told: ${thrown.message}`);
      const onMessage = (word: ShardWord): void => {
        late.refresh();
        if (word.type === "reached") onReached(word.virtualMs);
        else if (word.type === "failed") gone(word.text);
        else end({ type: "played", played: playedShard.parse(word.played) });
      };
      child.on("message", onMessage);
      child.on("exit", onExit);
      child.on("error", onError);
      const order: ShardOrder = { type: "play", plan: this.plan === plan ? undefined : plan, town };
      this.plan = plan;
      child.send(order);
    });
  }

  /** Nothing is played here any more. */
  close(): void {
    this.isClosed = true;
    this.drop();
  }

  /** Ends what is being played; the next town gets a process of its own. */
  drop(): void {
    this.child?.kill("SIGKILL");
    this.child = undefined;
    this.plan = undefined;
  }

  private running(): ChildProcess {
    if (this.isClosed) throw new Error("fleet: a town for a lane that is closed");
    const { execArgv, program } = this.options;
    const [path, ...args] = program ?? [workerFile];
    this.child ??= fork(path, args, {
      execArgv: [...execArgv, ...oneCore],
      stdio: ["ignore", "ignore", "inherit", "ipc"],
      // A plan may hold a large story.
      serialization: "advanced",
    });
    return this.child;
  }
}
