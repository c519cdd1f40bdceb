/** Live parts as real processes on loopback, for tests: started as a user starts them, and ended by their own ids. */
import { type ChildProcess, spawn } from "node:child_process";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
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

export interface UnitEnded extends Ended {
  readonly events: readonly UnitEvent[];
}

/** A process with what it has printed so far. */
export interface Running {
  readonly child: ChildProcess;
  readonly stdout: () => string;
  readonly stderr: () => string;
  readonly ended: Promise<Ended>;
}

export interface LiveReceiverProcess {
  /** UDP. */
  readonly port: number;
  /** The first of each transport; 0 where it has none. */
  readonly ports: Readonly<Record<"udp" | "tcp" | "tls", number>>;
  readonly running: Running;
  /** The events printed so far. */
  readonly events: () => readonly Record<string, unknown>[];
}

/** What the bench needs of a test: whatever is still running when it is over is ended. */
type AtEnd = (end: () => void) => void;

const bin = fileURLToPath(new URL("./livlina.js", import.meta.url));
const patienceMs = 20_000;
/** A unit that is not at its end by then hangs. */
const unitMs = 50_000;

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

/** `livlina receiver --json` on a free UDP port, and on what more `--listen` flags name, ready to hear. */
export async function startReceiver(atEnd: AtEnd, ...flags: readonly string[]): Promise<LiveReceiverProcess> {
  const running = startLivlina(atEnd, ["receiver", "--listen", "udp:127.0.0.1:0", "--json", ...flags]);
  await until(() => running.stderr().includes(", mode ") || running.child.exitCode !== null);
  const portOf = (transport: string): number =>
    Number(new RegExp(`${transport}:127\\.0\\.0\\.1:(\\d+)`).exec(running.stderr())?.[1] ?? 0);
  const ports = { udp: portOf("udp"), tcp: portOf("tcp"), tls: portOf("tls") };
  if (ports.udp === 0) throw new Error(`the receiver did not start: ${running.stderr()}`);
  return { port: ports.udp, ports, running, events: () => parseLines(running.stdout()) };
}

/** `livlina unit --json` with the usual receiver address over UDP, until it ends by itself. */
export function runUnit(
  atEnd: AtEnd,
  port: number,
  flags: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Promise<UnitEnded> {
  return runUnitVia(atEnd, `udp:127.0.0.1:${port}`, flags, env);
}

/** The same over any way, such as `tls:127.0.0.1:5061`. */
export async function runUnitVia(
  atEnd: AtEnd,
  via: string,
  flags: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Promise<UnitEnded> {
  const usual = ["unit", "--receiver", "sip:larm@larm.example", "--via", via, "--json"];
  const running = startLivlina(atEnd, [...usual, ...flags], env);
  const ended = await inTime(running);
  return { ...ended, events: parseLines(ended.stdout) as unknown as readonly UnitEvent[] };
}

/** Throws with what it had printed where a process does not end. */
async function inTime({ ended, child, stdout, stderr }: Running): Promise<Ended> {
  let late: NodeJS.Timeout | undefined;
  const hangs = new Promise<never>((_, reject) => {
    late = setTimeout(() => {
      const how = child.exitCode ?? child.signalCode ?? "still runs";
      reject(new Error(`no end after ${unitMs / 1000} s (${how}): ${stdout()}${stderr()}`));
    }, unitMs);
  });
  try {
    return await Promise.race([ended, hangs]);
  } finally {
    clearTimeout(late);
  }
}

/** Events of presses only, by type. */
export function typesOfPresses(events: readonly UnitEvent[]): readonly string[] {
  return events.map(({ type }) => type).filter((type) => !type.startsWith("report-"));
}

/** A port of loopback that was free a moment ago. */
export async function freePort(kind: "udp" | "tcp" = "udp"): Promise<number> {
  if (kind === "tcp") {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    server.close();
    await once(server, "close");
    return port;
  }
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
