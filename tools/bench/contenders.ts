/** Receivers of the benches as processes of their own: ours, and SIPp with one of our scenarios, each on a port that was free. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { freePort } from "../live-bench.ts";
import { type LightOptions, openLightUnits } from "../load/light-units.ts";
import { type Played, playLoad } from "../load/play-load.ts";
import { Tally } from "../load/tally.ts";

export interface Contender {
  readonly name: string;
  /** What it says at all. */
  readonly until: LightOptions["until"];
  readonly start: (port: number) => ChildProcess;
}

/** T1 of RFC 3261 17.1.2.2: a sender without an answer by then sends again, so an answer that is later counts as lost. */
const lateMs = 500;
/** SIPp keeps 64 kB of datagrams unless told otherwise, and remembers each call for 33 s. */
export const roomy: readonly string[] = ["-deadcall_wait", "0", "-buff_size", "8000000"];

export function ourReceiver(until: Contender["until"]): Contender {
  const bin = fileURLToPath(new URL("../livlina.js", import.meta.url));
  const mode = until === "carried" ? ["--mode", "silent-after-200"] : [];
  return {
    name: "livlina receiver",
    until,
    start: (port) => {
      const args = [bin, "receiver", "--listen", `udp:127.0.0.1:${port}`, "--json", ...mode];
      return spawn(process.execPath, args, { stdio: "ignore" });
    },
  };
}

/** As it comes; `more` are the flags that give it more room. It writes files into `folder`. */
export function sippReceiver(folder: string, until: Contender["until"], more: readonly string[]): Contender {
  const scenario = sippScenario(until === "carried" ? "answers-200" : "answers-and-accepts");
  return {
    name: ["SIPp", ...more].join(" "),
    until,
    start: (port) => {
      const args = ["-sf", scenario, "-d", "0", "-i", "127.0.0.1", "-p", `${port}`, "-nostdin", ...more];
      return spawn("sipp", args, { stdio: "ignore", cwd: folder, env: { ...process.env, TERM: "dumb" } });
    },
  };
}

export function sippScenario(name: string): string {
  return fileURLToPath(new URL(`../foreign/sipp/${name}.xml`, import.meta.url));
}

/** Starts it, waits until it answers a first alarm, and ends it whatever happens. */
export async function withReceiver<T>(contender: Contender, use: (port: number) => Promise<T>): Promise<T> {
  const port = await freePort();
  const child = contender.start(port);
  const closed = once(child, "close");
  try {
    await answers(contender, port, child);
    return await use(port);
  } finally {
    child.kill("SIGKILL");
    await closed;
  }
}

/** Alarms of light units at a rate, none of them sent again: after T1 they are lost. */
export async function sendAlarms(
  port: number,
  until: Contender["until"],
  rate: number,
  forMs: number,
): Promise<Played & { readonly cpuUs: number }> {
  const tally = new Tally();
  const units = await openLightUnits({
    to: { host: "127.0.0.1", port },
    host: "127.0.0.1",
    receiver: "sip:larm@larm.example",
    domain: "larm.example",
    units: 5_000,
    firstAccount: "4600000001",
    profile: "alarms",
    user: "",
    password: "",
    until,
    patienceMs: lateMs,
    tally,
  });
  const before = process.cpuUsage();
  const played = await playLoad(units, tally, { rate, forMs, isStopped: () => false, onSecond: () => {} });
  const { user, system } = process.cpuUsage(before);
  return { ...played, cpuUs: user + system };
}

async function answers({ name, until }: Contender, port: number, child: ChildProcess): Promise<void> {
  for (let trial = 0; trial < 60; trial++) {
    const { carried, accepted } = await sendAlarms(port, until, 10, 100);
    if ((until === "carried" ? carried : accepted) === 1) return;
    if (child.exitCode !== null) break;
  }
  throw new Error(`bench: ${name} does not answer`);
}
