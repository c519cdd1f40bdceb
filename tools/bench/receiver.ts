/**
 * Bench `receiver`: how many alarms a second a receiver answers over UDP on loopback without losing one, nothing sent twice:
 * ours, and SIPp with the shortest scenario that does the same, as it comes and with room for bursts, driven by the same sender.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { foreign } from "../config/requires.ts";
import { LoadSender } from "./load-sender.ts";
import { median } from "./measure.ts";
import { figure, type Table } from "./table.ts";

export interface ReceiverBench {
  readonly bench: "receiver";
  readonly contenders: readonly CleanRate[];
  /** Ours by that of each further contender; none where SIPp is not installed. */
  readonly ratios: readonly number[];
}

/** Messages a second, each answered 200 and by an `mrs`. */
export interface CleanRate {
  readonly name: string;
  readonly median: number;
  readonly least: number;
  readonly most: number;
  /** In how many rounds the sender could not offer more, so that the receiver may well take more. */
  readonly senderLimited: number;
  /** At the clean rate of the last round, in ms from the alarm to its `mrs`. */
  readonly medianMs: number;
  readonly p99Ms: number;
}

interface Contender {
  readonly name: string;
  readonly start: (port: number) => ChildProcess;
}

const stepMs = 1_500;
/** Rates stand on a ladder of thirds of an octave. */
const leastRate = 250;
const rungsPerOctave = 3;
const mostRung = 8 * rungsPerOctave;
/** A receiver that has run for a while has its code compiled. */
const warmUpShares = [0.1, 0.25, 0.5];
const warmUpMs = 700;
/** A sender that falls behind further than this is itself what is measured. */
const keptShare = 0.97;

const ours: Contender = {
  name: "livlina receiver",
  start: (port) => {
    const bin = fileURLToPath(new URL("../livlina.js", import.meta.url));
    const args = [bin, "receiver", "--listen", `udp:127.0.0.1:${port}`, "--json"];
    return spawn(process.execPath, args, { stdio: "ignore" });
  },
};

/** As it comes; `more` are the flags that give it more room. */
function sipp(folder: string, name: string, ...more: readonly string[]): Contender {
  const scenario = fileURLToPath(new URL("../foreign/sipp/answers-and-accepts.xml", import.meta.url));
  return {
    name,
    start: (port) => {
      const args = ["-sf", scenario, "-d", "0", "-i", "127.0.0.1", "-p", `${port}`, "-nostdin", ...more];
      return spawn("sipp", args, { stdio: "ignore", cwd: folder, env: { ...process.env, TERM: "dumb" } });
    },
  };
}

/** SIPp keeps 64 kB of datagrams unless told otherwise, and remembers each call for 33 s. */
function foreigners(folder: string): readonly Contender[] {
  const roomy = ["-deadcall_wait", "0", "-buff_size", "8000000"];
  return [sipp(folder, "SIPp"), sipp(folder, `SIPp ${roomy.join(" ")}`, ...roomy)];
}

export async function benchReceiver(rounds: number): Promise<ReceiverBench> {
  const folder = mkdtempSync(join(tmpdir(), "livlina-bench-"));
  try {
    const contenders = foreign("sipp").here ? [ours, ...foreigners(folder)] : [ours];
    const found = contenders.map(() => [] as Clean[]);
    for (let round = 0; round < rounds; round++)
      for (const [i, contender] of contenders.entries())
        found[i]?.push(await cleanRate(contender, found[i]?.at(-1)?.rung));
    const rates = contenders.map(({ name }, i) => figuresOf(name, found[i] ?? []));
    const [own, ...others] = rates.map(({ median: rate }) => rate);
    const ratios = others.map((other) => (other === 0 ? 0 : (own ?? 0) / other));
    return { bench: "receiver", contenders: rates, ratios };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Clean {
  readonly rung: number;
  readonly rate: number;
  readonly senderLimited: boolean;
  readonly medianMs: number;
  readonly p99Ms: number;
}

/** The highest rung without a loss, each tried with a fresh receiver: by octaves at first, later from where the round before ended. */
async function cleanRate(contender: Contender, before: number | undefined): Promise<Clean> {
  const stride = before === undefined ? rungsPerOctave : 1;
  let clean: Clean = { rung: -1, rate: 0, senderLimited: false, medianMs: 0, p99Ms: 0 };
  let lost = mostRung + 1;
  let rung = before === undefined ? 2 * rungsPerOctave : Math.max(before, 0);
  while (lost - clean.rung > 1) {
    const next = await tryRate(contender, rung);
    if (next?.senderLimited) return next;
    if (next === undefined) lost = rung;
    else clean = next;
    const between = Math.floor((clean.rung + lost) / 2);
    const isFarBelow = clean.rung < 0 && lost > stride;
    const isFarAbove = lost > mostRung;
    if (isFarBelow) rung = lost - stride;
    else rung = isFarAbove ? Math.min(clean.rung + stride, mostRung) : between;
  }
  return clean;
}

/** Undefined where something was lost, twice: once may be this machine's own hiccup, and so may a sender that fell behind. */
async function tryRate(contender: Contender, rung: number): Promise<Clean | undefined> {
  let clean: Clean | undefined;
  for (let trial = 0; trial < 2 && (clean === undefined || clean.senderLimited); trial++)
    clean = (await tryOnce(contender, rung)) ?? clean;
  return clean;
}

async function tryOnce(contender: Contender, rung: number): Promise<Clean | undefined> {
  const rate = Math.round(leastRate * 2 ** (rung / rungsPerOctave));
  const port = await freePort();
  const child = contender.start(port);
  const closed = once(child, "close");
  const sender = new LoadSender(port);
  await sender.open();
  try {
    await answers(sender, child, contender.name);
    for (const share of warmUpShares) await sender.run(Math.round(rate * share), warmUpMs);
    const { sent, offeredRate, carried, accepted, medianMs, p99Ms } = await sender.run(rate, stepMs);
    if (carried < sent || accepted < sent) return undefined;
    const senderLimited = offeredRate < rate * keptShare;
    return { rung, rate: senderLimited ? Math.floor(offeredRate) : rate, senderLimited, medianMs, p99Ms };
  } finally {
    sender.close();
    child.kill("SIGKILL");
    await closed;
  }
}

/** Waits until it answers a first alarm. */
async function answers(sender: LoadSender, child: ChildProcess, name: string): Promise<void> {
  for (let trial = 0; trial < 20; trial++) {
    if ((await sender.run(1, 1_000)).accepted === 1) return;
    if (child.exitCode !== null) break;
  }
  throw new Error(`bench: ${name} does not answer`);
}

async function freePort(): Promise<number> {
  const socket = createSocket("udp4");
  socket.bind(0, "127.0.0.1");
  await once(socket, "listening");
  const { port } = socket.address();
  socket.close();
  await once(socket, "close");
  return port;
}

function figuresOf(name: string, found: readonly Clean[]): CleanRate {
  const rates = found.map(({ rate }) => rate);
  const last = found.at(-1);
  return {
    name,
    median: median(rates),
    least: Math.min(...rates),
    most: Math.max(...rates),
    senderLimited: found.filter(({ senderLimited }) => senderLimited).length,
    medianMs: last?.medianMs ?? 0,
    p99Ms: last?.p99Ms ?? 0,
  };
}

export function receiverTables({ contenders, ratios }: ReceiverBench): readonly Table[] {
  return [
    {
      title: "receiver: alarms a second without a loss, UDP on loopback, each with 200 and an mrs of its own",
      columns: ["receiver", "median", "least", "most", "sender's limit", "mrs after ms", "p99 ms"],
      rows: [
        ...contenders.map(({ name, median: middle, least, most, senderLimited, medianMs, p99Ms }) => [
          name,
          figure(middle),
          figure(least),
          figure(most),
          senderLimited === 0 ? "no" : `in ${senderLimited} rounds`,
          figure(medianMs),
          figure(p99Ms),
        ]),
        ...ratios.map((ratio, i) => [`ours by ${contenders[i + 1]?.name}`, figure(ratio)]),
        ...(ratios.length === 0 ? [["ours by SIPp", foreign("sipp").reason]] : []),
      ],
    },
  ];
}
