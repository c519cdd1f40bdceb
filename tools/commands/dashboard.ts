/** `livlina dashboard`: a town in the browser, played at any speed and broken by hand, or watched while it lives elsewhere. */
import { existsSync, mkdirSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Command } from "commander";
import type { DashboardServer } from "../../simulator/dashboard/live-server.ts";
import { RefusedError, type View } from "../../simulator/dashboard/view.ts";
import { readEntries } from "../../simulator/scenario/scenario-file.ts";
import { Interrupt } from "../interrupt.ts";
import { folderName, openScenario, seedOf } from "../scenario-open.ts";
import { UserError } from "../user-error.ts";

interface DashboardFlags {
  readonly seed: string;
  readonly set?: readonly string[];
  readonly port: string;
  readonly speed: string;
  readonly save?: string;
  readonly live?: boolean;
  readonly json?: boolean;
}

const fastest = 10_000;

export function register(program: Command): void {
  program
    .command("dashboard <files...>")
    .description("a town in the browser: play a scenario, break things by a click, save what was done as a scenario")
    .option("--seed <n>", "seed of all chance, 0 to 4294967295", "1")
    .option(
      "--set <name=value>",
      "another value for one of the file's parameters, as often as needed",
      (text: string, before: readonly string[] = []): readonly string[] => [...before, text],
    )
    .option("--speed <times>", "story time per real time at the start; 0: as fast as it goes", "60")
    .option("--port <n>", "port of the page on 127.0.0.1; 0: any that is free", "0")
    .option("--save <file>", "where the story is saved (default: out/dashboard/<scenario name>.yaml)")
    .option(
      "--live",
      "the files are what `livlina unit --json` and `livlina receiver --json` print, followed as they grow",
    )
    .option("--json", "the address as one JSON object on stdout")
    .addHelpText("after", help)
    .action(run);
}

const help = `
The page is served on this machine only, under an address with a token that is
good for this run. Everything else happens there: play, pause, step, speed, any
moment, a press, a broken mast. Ctrl-C ends it.

With --live nothing is played. Each file is followed from its start on; "-" is
standard input. A unit is called as its file, since its lines do not name it.

Examples:
  livlina dashboard mast-out --speed 10
  livlina receiver --listen udp:127.0.0.1:5060 --json > receiver.jsonl &
  livlina unit --receiver sip:arc@example.net --via udp:127.0.0.1:5060 --json > kitchen.jsonl &
  livlina dashboard --live kitchen.jsonl receiver.jsonl
`;

async function run(files: readonly string[], flags: DashboardFlags): Promise<void> {
  const port = wholeOf("--port", flags.port, 65_535);
  let server: DashboardServer | undefined;
  const changed = (): void => server?.changed();
  const view = flags.live === true ? await liveView(files, changed) : await playedView(files, flags, changed);
  const { DashboardServer } = await import("../../simulator/dashboard/live-server.ts");
  const { pageFiles } = await import("../../simulator/dashboard/page-files.ts");
  server = new DashboardServer(view, await pageFiles());
  const address = await listening(server, port);
  if (flags.json === true) process.stdout.write(`${JSON.stringify({ type: "dashboard", address })}\n`);
  else process.stderr.write(`open ${address} in a browser on this machine; Ctrl-C ends\n`);
  await new Promise<void>((resolve) => {
    const interrupt = new Interrupt(
      () => {
        interrupt.release();
        resolve();
      },
      () => {},
    );
  });
  await server.close();
}

async function playedView(files: readonly string[], flags: DashboardFlags, onChange: () => void): Promise<View> {
  const [file = ""] = files;
  if (files.length > 1) throw new UserError("only one story can be played", "one FILE, or --live with several", 2);
  const seed = seedOf(flags.seed);
  const speed = wholeOf("--speed", flags.speed, fastest);
  const scenario = openScenario(file, flags.set);
  const { Session } = await import("../../simulator/dashboard/session.ts");
  const { LivePlayed } = await import("../../simulator/dashboard/live-played.ts");
  const session = new Session({ file: readEntries(scenario.path, flags.set), path: scenario.path, seed });
  const path = flags.save ?? join("out", "dashboard", `${folderName(scenario.name)}.yaml`);
  return new LivePlayed(session, { speed, save: (text) => saved(path, text), onChange });
}

async function liveView(files: readonly string[], onChange: () => void): Promise<View> {
  const { LiveLines } = await import("../../simulator/dashboard/live-lines.ts");
  const missing = files.find((file) => file !== "-" && !existsSync(file));
  if (missing === undefined) return new LiveLines(files, onChange);
  throw new UserError(`there is no file ${missing}`, "livlina unit ... --json > kitchen.jsonl, in another terminal", 2);
}

/** Whole or not at all. */
function saved(path: string, text: string): string {
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(`${path}.part`, text);
    renameSync(`${path}.part`, path);
    return path;
  } catch (thrown) {
    throw new RefusedError(`${path} cannot be written (${(thrown as NodeJS.ErrnoException).code ?? thrown})`);
  }
}

async function listening(server: DashboardServer, port: number): Promise<string> {
  try {
    return await server.listen(port);
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== "EADDRINUSE") throw thrown;
    throw new UserError(`port ${port} is in use`, "another --port, or none for any that is free", 3);
  }
}

function wholeOf(flag: string, text: string, most: number): number {
  const value = Number(text);
  if (/^\d{1,5}$/.test(text) && value <= most) return value;
  throw new UserError(`${flag} ${text}: not a whole number from 0 to ${most}`, `such as ${flag} 60`, 2);
}
