/** `livlina fleet run`: many towns of one story side by side, on the processors of this machine or on any number of machines, and one report. */
import { availableParallelism } from "node:os";
import { join } from "node:path";
import type { Command } from "commander";
import type { ModemLevel } from "../../simulator/coarse/modem-level.ts";
import type { FleetCost } from "../../simulator/fleet/fleet-cost.ts";
import type { FleetPlan } from "../../simulator/fleet/fleet-plan.ts";
import type { FleetResult } from "../../simulator/fleet/fleet-result.ts";
import { durationText } from "../../simulator/scenario/scenario-units.ts";
import type { PlayTowns } from "../fleet/fleet-run.ts";
import { Interrupt } from "../interrupt.ts";
import { Progress, painter } from "../progress.ts";
import { UserError } from "../user-error.ts";

interface Flags {
  readonly seed: string;
  readonly towns?: string;
  readonly set?: readonly string[];
  readonly modem: string;
  readonly sample?: string;
  readonly workers?: string;
  readonly out?: string;
  readonly redis?: string;
  readonly redisPasswordFile?: string;
  readonly tlsCa?: string;
  readonly resume?: boolean;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** A process that plays says how far it is four times a second; this long a silence is no waiting for a processor. */
export const silentMs = 300_000;
const mostWorkers = 1_024;

/** Adds `run` and `schema` to the commands of `livlina fleet`. */
export function registerFleetRun(fleet: Command): void {
  const command = fleet.command("run <fleet>");
  withRedisFlags(command, false)
    .description("play many towns of one story side by side, and write one report of all")
    .option("--seed <n>", "seed that each town's own is drawn from, 0 to 4294967295", "1")
    .option("--towns <n>", "how many towns, in place of what the file says")
    .option(
      "--set <name=value>",
      "another value for one of the story's parameters, as often as needed",
      (text: string, before: readonly string[] = []): readonly string[] => [...before, text],
    )
    .option("--modem <level>", "bytes, or sockets: a coarse run, faster and with equal outcomes", "bytes")
    .option("--sample <percent>", "of a coarse run: play this share of the towns at the bytes too, and compare")
    .option("--workers <n>", "processes that play side by side (default: one for each processor)")
    .option("--out <dir>", "folder of the report (default: out/<fleet name>)")
    .option("--resume", "go on with a fleet that was interrupted: towns that are finished are not played again")
    .option("--json", "one JSON object on stdout and nothing else")
    .option("--quiet", "no progress, only the answer")
    .addHelpText("after", runHelp)
    .action((file: string, flags: Flags) => run(file, flags));
  fleet
    .command("schema")
    .description("JSON Schema of fleet files, for editors")
    .addHelpText("after", "\nExample:\n  livlina fleet schema > fleet.schema.json\n")
    .action(async () => {
      const { fleetJsonSchema } = await import("../../simulator/fleet/fleet-schema.ts");
      process.stdout.write(`${JSON.stringify(fleetJsonSchema(), undefined, 2)}\n`);
    });
}

const runHelp = `
A fleet file or a scenario file; each town is a world of its own. The result is the
same for any number of processes. Ctrl-C keeps the towns that are finished, and
--resume goes on from there. With --redis the towns are played by whoever has started
\`livlina fleet worker\` at that Redis, on any number of machines. Exit code 1 when
anything did not hold in any town, or a town could not be played.

Example:
  livlina fleet run town-day --towns 20 --workers 2 --out out/twenty
`;

async function run(file: string, flags: Flags): Promise<void> {
  // The world is loaded when it is needed, and help is not kept waiting for it.
  const { openFleet } = await import("../fleet/fleet-open.ts");
  const { runFleet } = await import("../fleet/fleet-run.ts");
  const { storyOf } = await import("../../simulator/fleet/fleet-plan.ts");
  const { folderName, seedOf, unitCount } = await import("../scenario-open.ts");
  const towns = flags.towns === undefined ? undefined : wholeOf("--towns", flags.towns, 1, 100_000);
  const modem = (await import("./sim.ts")).modemLevelOf(flags.modem);
  const sample = sampleIn(flags, modem);
  const plan = openFleet(file, { seed: seedOf(flags.seed), towns, set: flags.set ?? [], modem, sample });
  const play = await playerOf(flags);
  const out = flags.out ?? join("out", folderName(plan.name));
  const story = storyOf(plan);
  const screen = new Screen(plan, story.durationMs, unitCount(story), flags.quiet === true);
  const stopping = new AbortController();
  const interrupt = new Interrupt(
    () => stopping.abort(),
    () => {},
  );
  try {
    const end = await runFleet({
      plan,
      out,
      resume: flags.resume === true,
      play,
      stop: stopping.signal,
      onBegin: (there) => screen.begin(there),
      onProgress: (told, virtualMs, news) => screen.progress(told, virtualMs, news),
    }).finally(() => screen.end());
    if (end.result === undefined) {
      process.stderr.write(
        `stopped: ${end.played} of ${plan.towns} towns are finished and kept in ${out}; --resume goes on from there\n`,
      );
      process.exitCode = interrupt.exitCode ?? 1;
      return;
    }
    await tell(end.result, end.cost, out, flags.json === true);
  } finally {
    interrupt.release();
  }
}

/** Sets exit code 1 where anything did not hold. */
async function tell(result: FleetResult, cost: FleetCost, out: string, json: boolean): Promise<void> {
  const { fleetSummaryOf, fleetText } = await import("../fleet/fleet-summary.ts");
  process.stdout.write(
    json
      ? `${JSON.stringify(fleetSummaryOf(result, cost, out))}\n`
      : fleetText(result, cost, out, painter(process.stdout)),
  );
  if (result.verdict === "failed") process.exitCode = 1;
}

/** What people see on stderr while a fleet is played. */
class Screen {
  private readonly plan: FleetPlan;
  private readonly durationMs: number;
  private readonly silent: boolean;
  private there: number;
  private bar: Progress | undefined;

  constructor(plan: FleetPlan, durationMs: number, units: number, silent: boolean) {
    this.plan = plan;
    this.durationMs = durationMs;
    this.silent = silent;
    this.there = 0;
    this.bar = undefined;
    const { seed, name, towns } = plan;
    this.say(`seed ${seed}\n${name}: ${towns} towns of ${units} units, ${durationText(durationMs)}\n`);
  }

  /** `there`: towns that are finished already; time left is reckoned by the others. */
  begin(there: number): void {
    const { towns } = this.plan;
    this.there = there;
    if (there > 0) this.say(`${there} towns are finished already\n`);
    const howFar = (done: number): string => `${Math.floor(done) + there} of ${towns} towns`;
    this.bar = new Progress(process.stderr, Math.max(1, towns - there), howFar);
  }

  progress(told: number, virtualMs: number, news: string | undefined): void {
    if (!this.silent) this.bar?.update(told - this.there + virtualMs / this.durationMs, news);
  }

  end(): void {
    if (!this.silent) this.bar?.end();
  }

  private say(text: string): void {
    if (!this.silent) process.stderr.write(text);
  }
}

/** Flags that say which Redis, and how it is reached. */
export function withRedisFlags(command: Command, isNeeded: boolean): Command {
  const [name, what] = [
    "--redis <url>",
    "redis://HOST:PORT or rediss://HOST:PORT (TLS); a password in LIVLINA_REDIS_PASSWORD",
  ];
  if (isNeeded) command.requiredOption(name, what);
  else command.option(name, `give the towns to workers at this Redis: ${what}`);
  return command
    .option("--redis-password-file <path>", "file whose first line is the password of Redis")
    .option("--tls-ca <file>", "authorities that its certificate may be from, in PEM (default: the machine's)");
}

/** Processes of this machine, or whoever works at that Redis. Throws UserError. */
async function playerOf({ redis, workers, ...flags }: Flags): Promise<PlayTowns> {
  const count = workersOf(workers);
  if (redis === undefined) return await playHere(count ?? availableParallelism());
  if (count !== undefined)
    throw new UserError(
      "--workers is for this machine, and over Redis others play",
      "livlina fleet worker --workers N",
      2,
    );
  const { redisLink, tryRedis } = await import("../fleet/redis-link.ts");
  const { playOverRedis } = await import("../fleet/redis-run.ts");
  const link = redisLink({ ...flags, redis });
  await tryRedis(link);
  return playOverRedis(link, (line) => process.stderr.write(`${line}\n`));
}

async function playHere(workers: number): Promise<PlayTowns> {
  const { Lane } = await import("../../simulator/fleet/live-lane.ts");
  const { playTowns } = await import("../../simulator/fleet/live-towns.ts");
  const { readsTypeScript } = await import("../swarm-run.ts");
  return async (order) => {
    const count = Math.min(workers, order.towns.length);
    const lanes = Array.from({ length: count }, () => new Lane({ execArgv: readsTypeScript, silentMs }));
    try {
      await playTowns({ ...order, lanes });
    } finally {
      for (const lane of lanes) lane.close();
    }
  };
}

/** Undefined: as many as there are processors. */
export function workersOf(text: string | undefined): number | undefined {
  return text === undefined ? undefined : wholeOf("--workers", text, 1, mostWorkers);
}

/** Undefined: none is asked for. */
function sampleIn({ sample: text }: Flags, modem: ModemLevel): number | undefined {
  if (text === undefined) return undefined;
  const percent = Number(text.replace(/ ?%$/, ""));
  if (!/^\d{1,3}(?:\.\d{1,3})?(?: ?%)?$/.test(text) || percent === 0 || percent > 100)
    throw new UserError(`--sample ${text}: expected a share above 0 and up to 100 percent`, "such as --sample 1", 2);
  if (modem !== "bytes") return percent;
  throw new UserError(
    "--sample compares a coarse run with the bytes, and this one is played at the bytes",
    "with --modem sockets",
    2,
  );
}

function wholeOf(flag: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (/^\d{1,10}$/.test(text) && value >= least && value <= most) return value;
  throw new UserError(
    `${flag} ${text}: expected a whole number from ${least} to ${most}`,
    `such as ${flag} ${least}`,
    2,
  );
}
