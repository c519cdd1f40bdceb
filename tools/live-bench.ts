/** Live parts as real processes on loopback, for tests: started as a user starts them, and ended by their own ids. */
import { type ChildProcess, spawn } from "node:child_process";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

/** One line of `unit --json`. */
export interface UnitEvent {
  readonly type: string;
  readonly t: number;
  readonly stem: string | null;
  readonly ref: string | null;
  readonly route: string | null;
  readonly receiver: number | null;
  readonly attempt: number | null;
}

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A process with what it has printed so far. */
export interface Running {
  readonly child: ChildProcess;
  readonly stdout: () => string;
  readonly stderr: () => string;
  readonly ended: Promise<Ended>;
}

export interface LiveReceiverProcess {
  readonly port: number;
  /** The events printed so far. */
  readonly events: () => readonly Record<string, unknown>[];
}

/** What the bench needs of a test: whatever is still running when it is over is ended. */
type AtEnd = (end: () => void) => void;

const bin = fileURLToPath(new URL("./livlina.js", import.meta.url));
const patienceMs = 20_000;

/** `env` is added to our own; `folder` is where it runs. */
export function start(
  atEnd: AtEnd,
  program: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
  folder: string = process.cwd(),
): Running {
  const stdio: ["ignore", "pipe", "pipe"] = ["ignore", "pipe", "pipe"];
  const child = spawn(program, args, { stdio, env: { ...process.env, ...env }, cwd: folder });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  const ended = once(child, "close").then(([code]) => ({ code: code as number | null, stdout, stderr }));
  atEnd(() => {
    if (child.exitCode === null && child.signalCode === null) child.kill("SIGKILL");
  });
  return { child, stdout: () => stdout, stderr: () => stderr, ended };
}

export function startLivlina(atEnd: AtEnd, args: readonly string[], env: NodeJS.ProcessEnv = {}): Running {
  return start(atEnd, process.execPath, [bin, ...args], env);
}

/** `livlina receiver --json` on a free port, ready to hear. */
export async function startReceiver(atEnd: AtEnd, ...flags: readonly string[]): Promise<LiveReceiverProcess> {
  const running = startLivlina(atEnd, ["receiver", "--listen", "udp:127.0.0.1:0", "--json", ...flags]);
  const listening = /listening on udp:127\.0\.0\.1:(\d+)/;
  await until(() => listening.test(running.stderr()) || running.child.exitCode !== null);
  const port = Number(listening.exec(running.stderr())?.[1]);
  if (!(port > 0)) throw new Error(`the receiver did not start: ${running.stderr()}`);
  return { port, events: () => parseLines(running.stdout()) };
}

/** `livlina unit --json` with the usual receiver address, until it ends by itself. */
export async function runUnit(
  atEnd: AtEnd,
  port: number,
  flags: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Promise<Ended & { readonly events: readonly UnitEvent[] }> {
  const usual = ["unit", "--receiver", "sip:larm@larm.example", "--via", `udp:127.0.0.1:${port}`, "--json"];
  const ended = await startLivlina(atEnd, [...usual, ...flags], env).ended;
  return { ...ended, events: parseLines(ended.stdout) as unknown as readonly UnitEvent[] };
}

/** Events of presses only, by type. */
export function typesOfPresses(events: readonly UnitEvent[]): readonly string[] {
  return events.map(({ type }) => type).filter((type) => !type.startsWith("report-"));
}

/** A UDP port of loopback that was free a moment ago. */
export async function freePort(): Promise<number> {
  const socket = createSocket("udp4");
  socket.bind(0, "127.0.0.1");
  await once(socket, "listening");
  const { port } = socket.address();
  socket.close();
  await once(socket, "close");
  return port;
}

/** Waits for another process; throws after 20 s. */
export async function until(holds: () => boolean): Promise<void> {
  const endMs = performance.now() + patienceMs;
  while (!holds()) {
    if (performance.now() > endMs) throw new Error("waited 20 s in vain");
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Throws where a line is no JSON object: nothing else may stand on stdout. */
function parseLines(text: string): readonly Record<string, unknown>[] {
  const lines = text.split("\n");
  if (lines.pop() !== "") throw new Error(`the last line is not ended: ${text}`);
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
}
