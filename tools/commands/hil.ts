/** `livlina hil`: hardware in the loop. What is asked for is read here and done by a process of its own, since nothing here may import hil-tests. */
import { spawn } from "node:child_process";
import { constants } from "node:os";
import { fileURLToPath } from "node:url";
import { type Command, InvalidArgumentError } from "commander";
import { collect } from "../live-flags.ts";

export interface HilRunFlags {
  readonly bench?: string;
  readonly suite?: readonly string[];
  readonly case?: readonly string[];
  readonly nightly?: boolean;
  readonly out: string;
  readonly seed: number;
  readonly speed?: number;
  readonly quarantine?: string;
  readonly retry: boolean;
  /** In seconds. */
  readonly wait: number;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
  readonly json?: boolean;
}

export interface HilBenchesFlags {
  readonly json?: boolean;
}

export interface HilScanFlags {
  readonly into?: string;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
}

export interface HilHistoryFlags {
  readonly out: string;
  readonly json?: boolean;
}

export type HilOrder =
  | { readonly what: "run"; readonly flags: HilRunFlags }
  | { readonly what: "benches"; readonly files: readonly string[]; readonly flags: HilBenchesFlags }
  | { readonly what: "scan"; readonly flags: HilScanFlags }
  | { readonly what: "history"; readonly flags: HilHistoryFlags };

const usualOut = "out/hil";
const usualSeed = 1;

export function register(program: Command): void {
  const hil = program.command("hil").description("tests on a bench: run, benches, history");
  hil.addHelpText("after", "\nExample:\n  livlina hil run\n");
  hil
    .command("run")
    .description("play the suites on a bench, and leave JUnit, log and history")
    .option("--bench <file>", "the bench; the virtual one unless named")
    .option("--suite <name>", "only this suite; may be given again", collect)
    .option("--case <id>", "only this case, such as press/accepted; may be given again", collect)
    .option("--nightly", "also what takes too long by day, and loops of full length")
    .option("--out <dir>", "folder for results and history", usualOut)
    .option("--seed <number>", "what is drawn is drawn from it", seedOf, usualSeed)
    .option("--speed <factor>", "of the virtual bench's time, 1 to 100; 10 unless said", speedOf)
    .option("--quarantine <file>", "known failures; quarantine.yaml beside the bench file unless named")
    .option("--no-retry", "run each case once, and call what fails failed")
    .option("--wait <seconds>", "for a bench that somebody else uses", waitOf, 0)
    .option("--dry-run", "look, compare and list; write and press nothing")
    .option("--yes", "do not ask before boards are flashed")
    .option("--json", "a JSON object for each event, one a line, on stdout")
    .addHelpText(
      "after",
      [
        "",
        "Exit codes: 1 a case failed; 3 the bench is locked, sick or could not tell; 4 a foreign receiver or a wrong board,",
        "before anything is pressed or written.",
        "",
        "Examples:",
        "  livlina hil run",
        "  livlina hil run --bench cellar.yaml --nightly --wait 3600 --yes",
        "",
      ].join("\n"),
    )
    .action((flags: HilRunFlags) => obey({ what: "run", flags }));
  const benches = hil
    .command("benches [files...]")
    .description("what a bench is made of, and whether it is well; the virtual one unless named")
    .option("--json", "one JSON object a bench on stdout")
    .addHelpText("after", "\nExit code 3 where one is not well.\n\nExample:\n  livlina hil benches cellar.yaml\n")
    .action((files: readonly string[], flags: HilBenchesFlags) => obey({ what: "benches", files, flags }));
  benches
    .command("scan")
    .description("write a bench file from what is plugged in; asks where two boards are equal")
    .option("--into <file>", "the bench file; on stdout unless named")
    .option("--dry-run", "show it, write nothing")
    .option("--yes", "write over a file that is there")
    .addHelpText("after", "\nExample:\n  livlina hil benches scan --into cellar.yaml\n")
    .action((flags: HilScanFlags) => obey({ what: "scan", flags }));
  hil
    .command("history")
    .description("the nights on one page: pass rate and duration per case and board, first bad commit")
    .option("--out <dir>", "folder of the runs", usualOut)
    .option("--json", "one JSON object on stdout")
    .addHelpText("after", "\nExit code 1 where a case is bad now.\n\nExample:\n  livlina hil history --out out/hil\n")
    .action((flags: HilHistoryFlags) => obey({ what: "history", flags }));
}

/** Ctrl-C reaches both; this one waits for the other, which leaves its bench in the known state first. */
function obey(order: HilOrder): Promise<void> {
  const main = fileURLToPath(new URL("../../hil-tests/run/main.ts", import.meta.url));
  const child = spawn(process.execPath, ["--import", import.meta.resolve("tsx"), main, JSON.stringify(order)], {
    stdio: "inherit",
  });
  const stay = (): void => {};
  const pass = (): void => {
    child.kill("SIGTERM");
  };
  process.on("SIGINT", stay);
  process.on("SIGTERM", pass);
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => {
      process.off("SIGINT", stay);
      process.off("SIGTERM", pass);
      process.exitCode = code ?? (signal === null ? 1 : 128 + constants.signals[signal]);
      resolve();
    });
  });
}

function seedOf(text: string): number {
  const seed = Number(text);
  if (!/^\d+$/.test(text) || seed >= 2 ** 32) throw new InvalidArgumentError("Not a whole number below 4294967296.");
  return seed;
}

function speedOf(text: string): number {
  const speed = Number(text);
  if (!/^\d+(\.\d+)?$/.test(text) || speed < 1 || speed > 100) throw new InvalidArgumentError("Not 1 to 100.");
  return speed;
}

function waitOf(text: string): number {
  const seconds = Number(text);
  if (!/^\d+$/.test(text) || seconds > 86_400) throw new InvalidArgumentError("Not 0 to 86400 seconds.");
  return seconds;
}
