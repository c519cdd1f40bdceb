/**
 * Bench `receiver`: how many alarms a second a receiver answers over UDP on loopback without losing one, nothing sent twice:
 * ours, and SIPp with the shortest scenario that does the same, as it comes and with room for bursts, driven by the same sender.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { foreign } from "../config/requires.ts";
import { isClean, isSenderLimited } from "../load/play-load.ts";
import { type Contender, ourReceiver, roomy, sendAlarms, sippReceiver, withReceiver } from "./contenders.ts";
import { type Climbed, climb } from "./ladder.ts";
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

interface Clean {
  readonly rate: number;
  readonly senderLimited: boolean;
  readonly medianMs: number;
  readonly p99Ms: number;
}

const stepMs = 1_500;
/** A receiver that has run for a while has its code compiled. */
const warmUpShares = [0.1, 0.25, 0.5];
const warmUpMs = 700;

export async function benchReceiver(rounds: number): Promise<ReceiverBench> {
  const folder = mkdtempSync(join(tmpdir(), "livlina-bench-"));
  try {
    const own = ourReceiver("accepted");
    const others = [sippReceiver(folder, "accepted", []), sippReceiver(folder, "accepted", roomy)];
    const contenders = foreign("sipp").here ? [own, ...others] : [own];
    const found = contenders.map(() => [] as Climbed<Clean>[]);
    for (let round = 0; round < rounds; round++)
      for (const [i, contender] of contenders.entries())
        found[i]?.push(await climb((rate) => tryOnce(contender, rate), found[i]?.at(-1)?.rung));
    const rates = contenders.map(({ name }, i) => figuresOf(name, found[i] ?? []));
    const [ours, ...theirs] = rates.map(({ median: rate }) => rate);
    const ratios = theirs.map((other) => (other === 0 ? 0 : (ours ?? 0) / other));
    return { bench: "receiver", contenders: rates, ratios };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** With a fresh receiver. Undefined where something was lost. */
function tryOnce(contender: Contender, rate: number): Promise<Clean | undefined> {
  return withReceiver(contender, async (port) => {
    for (const share of warmUpShares) await sendAlarms(port, "accepted", rate * share, warmUpMs);
    const played = await sendAlarms(port, "accepted", rate, stepMs);
    if (!isClean(played)) return undefined;
    const senderLimited = isSenderLimited(played);
    const { medianMs, p99Ms } = played.acceptedIn;
    return { rate: senderLimited ? Math.floor(played.offeredRate) : rate, senderLimited, medianMs, p99Ms };
  });
}

function figuresOf(name: string, found: readonly Climbed<Clean>[]): CleanRate {
  const rates = found.map(({ clean }) => clean?.rate ?? 0);
  const last = found.at(-1)?.clean;
  return {
    name,
    median: median(rates),
    least: Math.min(...rates),
    most: Math.max(...rates),
    senderLimited: found.filter(({ clean }) => clean?.senderLimited === true).length,
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
