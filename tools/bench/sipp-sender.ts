/** SIPp as a sender of alarms: what it counted, and the processor time that it took. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { freePort } from "../live-bench.ts";
import { sippScenario } from "./contenders.ts";

export interface SippSent {
  /** Answered to their end. */
  readonly done: number;
  readonly again: number;
  readonly tookMs: number;
  readonly cpuUs: number;
}

/** Sends `count` alarms at `rate`, in `folder`, where it may write files. All figures are 0 where it failed. */
export async function sippSends(
  folder: string,
  port: number,
  scenario: string,
  load: { readonly rate: number; readonly count: number; readonly more: readonly string[] },
): Promise<SippSent> {
  const own = await freePort();
  const sipp = [
    "sipp",
    ...["-sf", sippScenario(scenario), "-i", "127.0.0.1", "-p", `${own}`, `127.0.0.1:${port}`, "-nostdin"],
    ...["-r", `${load.rate}`, "-m", `${load.count}`, "-timeout", "30s", ...load.more],
  ];
  // `times` of a shell tells what its children took: the last of its lines.
  const child = spawn("sh", ["-c", '"$@"; times', "sh", ...sipp], {
    cwd: folder,
    env: { ...process.env, TERM: "dumb" },
    stdio: ["ignore", "pipe", "ignore"],
  });
  let text = "";
  child.stdout.setEncoding("utf8").on("data", (piece: string) => {
    text = (text + piece).slice(-16_384);
  });
  await once(child, "close");
  return readSent(text, load.count);
}

/** Its last screen, then the times. */
export function readSent(text: string, count: number): SippSent {
  const numbers = (pattern: RegExp): readonly number[] => (text.match(pattern) ?? []).slice(1).map(Number);
  const [done = 0] = numbers(/Successful call +\| +\d+ +\| +(\d+)/);
  const [sent = 0, again = 0] = numbers(/MESSAGE -+> +(\d+) +(\d+)/);
  const [rate = 0] = numbers(/Call Rate +\| +[\d.]+ cps +\| +([\d.]+) cps/);
  const [userMin = 0, userS = 0, systemMin = 0, systemS = 0] = numbers(/(\d+)m([\d.]+)s (\d+)m([\d.]+)s\s*$/);
  if (sent < count || rate === 0) return { done: 0, again, tookMs: 0, cpuUs: 0 };
  const cpuS = (userMin + systemMin) * 60 + userS + systemS;
  return { done, again, tookMs: (count / rate) * 1000, cpuUs: cpuS * 1e6 };
}
