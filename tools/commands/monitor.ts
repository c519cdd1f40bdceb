/** `livlina monitor`: hears what receivers print and says which units, receivers and networks are in trouble, live. */
import { existsSync, renameSync } from "node:fs";
import { createInterface } from "node:readline";
import type { Command } from "commander";
import { UnwritableError, writeWhole } from "../../simulator/report/files.ts";
import { BatchedLines } from "../batched-lines.ts";
import { registryIn, textOf, ticksIn } from "../fleet-input.ts";
import { MonitorSession, type SessionState } from "../monitor-session.ts";
import { UserError } from "../user-error.ts";
import { languageOf } from "./fleet.ts";

export interface MonitorFlags {
  readonly registry?: string;
  readonly receiver?: string;
  readonly state?: string;
  readonly list?: string;
  readonly ticks?: string;
  readonly office?: string;
  readonly onCall?: string;
  readonly language: "sv" | "en";
  readonly json?: boolean;
}

export interface MonitorOutput {
  readonly line: (text: string) => void;
  readonly note: (text: string) => void;
}

/** Time passes in steps; a state or a list is written at most so often, and a sign of life said, in ms. */
const stepMs = 1_000;
const writeMs = 10_000;
const aliveMs = 60_000;

export function register(program: Command): void {
  program
    .command("monitor")
    .description(
      "watches units, receivers and what they share, live, by what `livlina receiver --json` prints (on stdin)",
    )
    .option("--registry <file>", "CSV of the units; without it every unit that is heard is expected from then on")
    .option("--receiver <name>", "name of the receiver whose lines name none")
    .option("--state <file>", "kept over a restart: what is open stays open")
    .option("--list <file>", "the call-and-visit list, written anew as it changes")
    .option("--ticks <file>", "CSV of what people have done: cid, rung or visited, who, time; read as it changes")
    .option("--office <contact>", "who answers for technical events in office hours")
    .option("--on-call <contact>", "who does at other times")
    .option("--language <sv|en>", "of the lines for people", languageOf, "sv")
    .option("--json", "one JSON line per notice, and one a minute that shows that the monitor lives")
    .addHelpText(
      "after",
      [
        "",
        "It ends with exit code 3 when its stream does: then nobody watches, and it says so.",
        "",
        "Examples:",
        "  livlina receiver --listen udp:127.0.0.1:5060 --json --signs | livlina monitor --registry units.csv --json",
        "  tail -n +1 -F receiver.jsonl | livlina monitor --registry units.csv --state monitor.json --list ring.csv",
        "",
      ].join("\n"),
    )
    .action(run);
}

async function run(flags: MonitorFlags): Promise<void> {
  const lines = new BatchedLines((text) => process.stdout.write(text));
  const output = {
    line: (text: string) => lines.line(text),
    note: (text: string) => process.stderr.write(`${text}\n`),
  };
  const isOver = await watch(flags, process.stdin, output);
  lines.flush();
  if (isOver)
    throw new UserError(
      "the stream of events has ended: nobody watches any more",
      "start the receiver and the monitor again",
      3,
    );
}

/** Watches until the stream ends (true) or somebody stops the program (false). Throws UserError for bad files. */
export async function watch(
  flags: MonitorFlags,
  input: NodeJS.ReadableStream,
  output: MonitorOutput,
): Promise<boolean> {
  const session = new MonitorSession(
    {
      registry: flags.registry === undefined ? undefined : registryIn(flags.registry),
      receiver: flags.receiver,
      json: flags.json === true,
      language: flags.language,
      contacts: { office: flags.office ?? "", onCall: flags.onCall ?? "" },
    },
    output,
    flags.state === undefined ? undefined : stateIn(flags.state, output),
  );
  const files = new MonitorFiles(flags, session, output);
  let heardMs = Date.now();
  let toldMs = heardMs;
  const timer = setInterval(() => {
    const nowMs = Date.now();
    // While old lines still pour in, the present must wait for them.
    if (nowMs - heardMs >= stepMs) session.pass(nowMs);
    files.look(nowMs);
    if (flags.json !== true || nowMs - toldMs < aliveMs) return;
    toldMs = nowMs;
    output.line(session.alive());
  }, stepMs);
  const reader = createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY });
  const isOver = await new Promise<boolean>((resolve) => {
    reader.on("line", (text) => {
      heardMs = Date.now();
      session.take(text, heardMs);
    });
    reader.once("close", () => resolve(true));
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => resolve(false));
  });
  clearInterval(timer);
  if (isOver) session.end(Date.now());
  files.write();
  reader.close();
  return isOver;
}

/** The files beside the stream. One that cannot be written is told once and tried again: the watching goes on. */
class MonitorFiles {
  private readonly flags: MonitorFlags;
  private readonly session: MonitorSession;
  private readonly output: MonitorOutput;
  private writtenMs: number;
  private ticksText: string;
  private isTold: boolean;

  constructor(flags: MonitorFlags, session: MonitorSession, output: MonitorOutput) {
    this.flags = flags;
    this.session = session;
    this.output = output;
    this.writtenMs = 0;
    this.ticksText = "";
    this.isTold = false;
  }

  look(nowMs: number): void {
    if (nowMs - this.writtenMs < writeMs) return;
    this.writtenMs = nowMs;
    this.readTicks();
    this.write();
  }

  write(): void {
    const { state, list } = this.flags;
    const kept = this.session.kept();
    if (kept === undefined) return;
    try {
      if (state !== undefined) writeWhole(state, `${JSON.stringify(kept)}\n`);
      if (list !== undefined) writeWhole(list, this.session.list());
      this.isTold = false;
    } catch (thrown) {
      if (!(thrown instanceof UnwritableError)) throw thrown;
      if (!this.isTold) this.output.note(thrown.message);
      this.isTold = true;
    }
  }

  private readTicks(): void {
    const { ticks } = this.flags;
    if (ticks === undefined || !existsSync(ticks)) return;
    const text = textOf(ticks);
    if (text === this.ticksText) return;
    this.ticksText = text;
    try {
      this.session.tick(ticksIn(ticks, 0));
    } catch (thrown) {
      if (!(thrown instanceof UserError)) throw thrown;
      this.output.note(thrown.message);
    }
  }
}

/** A state that cannot be read is set aside: a monitor must start. */
function stateIn(path: string, output: MonitorOutput): SessionState | undefined {
  if (!existsSync(path)) return undefined;
  try {
    const state = JSON.parse(textOf(path)) as Partial<SessionState>;
    if (state.version === 1 && Array.isArray(state.units) && state.room?.version === 1) return state as SessionState;
  } catch {
    // Told below.
  }
  renameSync(path, `${path}.unreadable`);
  output.note(`${path} is no state of a monitor; it is now ${path}.unreadable, and everything begins anew`);
  return undefined;
}
