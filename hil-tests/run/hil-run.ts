/** `livlina hil run`: the bench's lock, the run, and everything that it leaves: JUnit, log, summaries, annotations, history. */
import { appendFileSync, mkdirSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import { openFolder, UnwritableError } from "../../simulator/report/files.ts";
import type { HilRunFlags } from "../../tools/commands/hil.ts";
import { Interrupt } from "../../tools/interrupt.ts";
import { Progress } from "../../tools/progress.ts";
import { confirm, openDesk } from "../../tools/provision/desk.ts";
import { commitName } from "../../tools/report-folder.ts";
import { UserError } from "../../tools/user-error.ts";
import { readBenchFile } from "../bench/bench-file.ts";
import { openBench } from "../bench/open-bench.ts";
import { addToHistory } from "../history/write-history.ts";
import type { Subject } from "../strategy/subject.ts";
import { allCases } from "../suites/all.ts";
import { BenchRig } from "./bench-rig.ts";
import { caseId, type HilCase } from "./case.ts";
import { hilJunit } from "./junit.ts";
import { checkNames, expired, readQuarantine } from "./quarantine.ts";
import { exitCodes, type Quarantine, type RunRecord } from "./results.ts";
import { type Lockable, lockRig } from "./rig-lock.ts";
import type { RunEvent } from "./run-events.ts";
import { RunFolder } from "./run-folder.ts";
import { rigPatience, runCases } from "./runner.ts";
import { annotations, marks, runText, summaryMarkdown } from "./summary.ts";

/** Waiting is most of what a bench does. At twice this a busy machine is too slow for the shortest deadlines of the strategy. */
const virtualSpeed = 10;

/** Answers the exit code. Rejects with UserError. */
export async function hilRun(flags: HilRunFlags): Promise<number> {
  const cases = chosen(allCases, flags.suite ?? [], flags.case ?? []);
  const startedAt = new Date();
  const today = startedAt.toISOString().slice(0, 10);
  const listPath = flags.quarantine ?? join(dirname(flags.bench ?? "hil-tests/."), "quarantine.yaml");
  const quarantine = readQuarantine(listPath, flags.quarantine !== undefined, today);
  checkNames(listPath, quarantine, allCases.map(caseId));
  const stop = new AbortController();
  const interrupt = new Interrupt(
    () => {
      process.stderr.write("ending, in the known state; once more ends at once and leaves the bench as it is\n");
      stop.abort();
    },
    () => {},
  );
  try {
    makeFolder(flags.out);
    const lock = await lockRig(lockable(flags), startedAt.toISOString(), flags.wait * 1_000, stop.signal);
    lock.lost.addEventListener("abort", () => stop.abort());
    try {
      const folder = new RunFolder(flags.out, startedAt.toISOString().slice(0, 19).replace(/:/g, "-") + "Z");
      const record = await runOn(flags, cases, quarantine, folder, stop.signal);
      return leave(flags, record, folder, expired(quarantine, today));
    } finally {
      await lock.release();
    }
  } finally {
    interrupt.release();
  }
}

/** All without names. Throws UserError (2) for a name that there is not. */
export function chosen<B>(
  all: readonly HilCase<B>[],
  suites: readonly string[],
  ids: readonly string[],
): readonly HilCase<B>[] {
  const known = [...new Set(all.map(({ suite }) => suite))];
  const strange = suites.find((each) => !known.includes(each));
  if (strange !== undefined) throw new UserError(`there is no suite ${strange}`, `--suite ${known.join("|")}`, 2);
  const stray = ids.find((id) => !all.some((each) => caseId(each) === id));
  if (stray !== undefined) throw new UserError(`there is no case ${stray}`, "livlina hil run --dry-run lists them", 2);
  if (suites.length === 0 && ids.length === 0) return all;
  return all.filter((each) => suites.includes(each.suite) || ids.includes(caseId(each)));
}

async function runOn(
  flags: HilRunFlags,
  cases: readonly HilCase<Subject>[],
  quarantine: readonly Quarantine[],
  folder: RunFolder,
  signal: AbortSignal,
): Promise<RunRecord> {
  const { speed = flags.bench === undefined ? virtualSpeed : undefined, seed, nightly = false } = flags;
  const desk = openDesk();
  const bench = await openBench(flags.bench, { seed, speed, desk });
  try {
    const rig = new BenchRig(bench, folder.path);
    const progress = new Progress(process.stderr, cases.length, (done) => `${done} of ${cases.length} cases`);
    const plan = {
      cases,
      isNightly: nightly,
      isDry: flags.dryRun === true,
      retries: flags.retry ? 1 : 0,
      seed,
      commit: commitName() ?? "",
      quarantine,
      patience: rigPatience,
      now: () => new Date(),
      repeatOf: (id: string) => repeatText(flags, id),
      approve: (what: string) => confirm(desk, what, flags.yes === true),
      onEvent: watcher(flags.json === true, progress),
    } as const;
    const record = await runCases(rig, plan, folder, signal).finally(() => progress.end());
    const unrest = await rig.close().then(
      () => "",
      (thrown: Error) => `the bench does not come to rest: ${thrown.message}`,
    );
    return spoilt(record, unrest);
  } catch (thrown) {
    await bench.close().catch(() => undefined);
    throw thrown;
  } finally {
    desk.close();
  }
}

function watcher(isJson: boolean, progress: Progress): (event: RunEvent) => void {
  let done = 0;
  return (event) => {
    if (isJson) process.stdout.write(`${JSON.stringify(event)}\n`);
    if (event.event === "troubled") progress.update(done, event.why);
    if (event.event === "image" && event.isWritten) progress.update(done, `${event.board}: ${event.to} written`);
    if (event.event === "attempted" && event.outcome !== "pass")
      progress.update(
        done,
        `${event.id}, attempt ${event.attempt}: ${event.outcome}: ${event.message.split("\n", 1)[0]}`,
      );
    if (event.event !== "case-ended") return;
    done++;
    if (event.verdict === "skipped") progress.update(done);
    else progress.update(done, `${marks[event.verdict]} ${event.id}`);
  };
}

/** Writes everything that a run leaves. A disk that took not all of it spoils the run. */
function leave(flags: HilRunFlags, ran: RunRecord, folder: RunFolder, outdated: readonly Quarantine[]): number {
  const isRecorded = !ran.isDry;
  if (isRecorded) {
    folder.write("junit.xml", hilJunit(ran));
    folder.write("summary.md", summaryMarkdown(ran, outdated));
    folder.write("run.json", `${JSON.stringify(ran, null, 2)}\n`);
    try {
      addToHistory(folder.path, ran);
    } catch (thrown) {
      if (!(thrown instanceof UnwritableError)) throw thrown;
      folder.trouble ||= thrown.message;
    }
  }
  const record = spoilt(ran, folder.trouble);
  if (flags.json === true && record !== ran) {
    const { verdict, ends, wallMs } = record;
    process.stdout.write(`${JSON.stringify({ event: "ended", verdict, ends, wallMs } satisfies RunEvent)}\n`);
  }
  const { GITHUB_ACTIONS: actions, GITHUB_STEP_SUMMARY: step } = process.env;
  const aside = flags.json === true ? process.stderr : process.stdout;
  if (flags.json !== true) process.stdout.write(runText(record, outdated));
  if (actions === "true") for (const line of annotations(record)) aside.write(`${line}\n`);
  if (step !== undefined && isRecorded) appendSummary(step, summaryMarkdown(record, outdated));
  return exitCodes[record.verdict];
}

function appendSummary(path: string, text: string): void {
  try {
    appendFileSync(path, text);
  } catch (thrown) {
    process.stderr.write(`GITHUB_STEP_SUMMARY: ${(thrown as Error).message}\n`);
  }
}

/** A run that was good, had not something come after it. */
function spoilt(record: RunRecord, trouble: string): RunRecord {
  return trouble === "" || record.verdict !== "passed" ? record : { ...record, verdict: "blocked", trouble };
}

function repeatText({ bench, seed, nightly, speed }: HilRunFlags, id: string): string {
  const words = ["npx livlina hil run"];
  if (bench !== undefined) words.push(`--bench '${bench.replace(/'/g, "'\\''")}'`);
  words.push(`--case ${id} --seed ${seed}`);
  if (nightly === true) words.push("--nightly");
  if (speed !== undefined) words.push(`--speed ${speed}`);
  return words.join(" ");
}

/** Known before anything is opened: the hardware, however its files are called. A virtual bench belongs to its run; only the folder can be shared. */
function lockable({ bench, out }: HilRunFlags): Lockable {
  if (bench === undefined) return { name: "virtual", key: `virtual in ${realpathSync(out)}` };
  const { name, devices } = readBenchFile(bench);
  const places = devices.map(({ usb }) => JSON.stringify([usb["serial-number"] ?? "", usb.socket ?? ""]));
  return { name, key: places.sort().join(" ") };
}

function makeFolder(out: string): void {
  try {
    mkdirSync(out, { recursive: true });
    openFolder(out);
  } catch (thrown) {
    throw new UserError((thrown as Error).message, "another folder with --out, or make room", 3);
  }
}
