/** `livlina fleet worker`: plays towns of fleets that others have begun over a Redis, on as many machines as there are. */
import { availableParallelism } from "node:os";
import type { Command } from "commander";
import { Interrupt } from "../interrupt.ts";
import { secondsOf } from "../live-flags.ts";
import { silentMs, withRedisFlags, workersOf } from "./fleet-run.ts";

interface Flags {
  readonly redis: string;
  readonly redisPasswordFile?: string;
  readonly tlsCa?: string;
  readonly workers?: string;
  readonly idle?: string;
  readonly quiet?: boolean;
}

/** Adds `worker` to the commands of `livlina fleet`. */
export function registerFleetWorker(fleet: Command): void {
  const worker = fleet.command("worker").description("play towns of fleets that others have begun over a Redis");
  withRedisFlags(worker, true)
    .option("--workers <n>", "processes that play side by side (default: one for each processor)")
    .option("--idle <s>", "end after so many seconds without a town (default: wait for ever)")
    .option("--quiet", "say nothing")
    .addHelpText("after", workerHelp)
    .action((flags: Flags) => work(flags));
}

const workerHelp = `
A worker takes only fleets that were begun by the same code; of others it says so.
Ctrl-C ends when the towns being played are done; a second one, or the machine's end,
leaves them to other workers, which take them over within 15 seconds.

Example:
  livlina fleet worker --redis redis://10.0.0.5:6379 --redis-password-file redis.pass
`;

async function work(flags: Flags): Promise<void> {
  const { redisLink, tryRedis } = await import("../fleet/redis-link.ts");
  const { FleetWorker } = await import("../fleet/redis-worker.ts");
  const { Lane } = await import("../../simulator/fleet/live-lane.ts");
  const { readsTypeScript } = await import("../swarm-run.ts");
  const { codeVersion } = await import("../../simulator/fleet/code-version.ts");
  const link = redisLink(flags);
  const idleMs = secondsOf("--idle", flags.idle);
  const count = workersOf(flags.workers) ?? availableParallelism();
  const say = (line: string): void => {
    if (flags.quiet !== true) process.stderr.write(`${line}\n`);
  };
  await tryRedis(link);
  const lanes = Array.from({ length: count }, () => new Lane({ execArgv: readsTypeScript, silentMs }));
  const close = (): void => {
    for (const lane of lanes) lane.close();
  };
  const worker = new FleetWorker({ link, lanes, idleMs, say });
  say(`${count} at a time, code ${codeVersion()}, ${link.host}:${link.port}`);
  const interrupt = new Interrupt(() => {
    say("ends when the towns being played are done; Ctrl-C again leaves them to others");
    void worker.close();
  }, close);
  try {
    await worker.ended;
    say(`${worker.played} towns played`);
    if (interrupt.exitCode !== undefined) process.exitCode = interrupt.exitCode;
  } finally {
    interrupt.release();
    close();
  }
}
