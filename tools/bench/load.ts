/**
 * Bench `load`: how many alarms a second a sender brings to a receiver over UDP on loopback, none lost and none sent again: the light
 * units of `livlina load`, SIPp as it comes, and SIPp with room, each against our receiver and against SIPp.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { foreign } from "../config/requires.ts";
import { isClean, isSenderLimited } from "../load/play-load.ts";
import { type Contender, ourReceiver, roomy, sendAlarms, sippReceiver, withReceiver } from "./contenders.ts";
import { type Climbed, climb } from "./ladder.ts";
import { median } from "./measure.ts";
import { sippSends } from "./sipp-sender.ts";
import { figure, type Table } from "./table.ts";

export interface LoadBench {
  readonly bench: "load";
  readonly pairs: readonly PairRate[];
}

/** Clean alarms a second of one sender against one receiver. */
export interface PairRate {
  readonly receiver: string;
  readonly until: Contender["until"];
  readonly sender: string;
  readonly median: number;
  readonly least: number;
  readonly most: number;
  /** In how many rounds the sender could not offer more. */
  readonly senderLimited: number;
  /** Processor time of the sender for an alarm, at the clean rate of the last round. */
  readonly cpuUs: number;
}

interface Clean {
  readonly rate: number;
  readonly senderLimited: boolean;
  readonly cpuUs: number;
}

interface Sender {
  readonly name: string;
  /** Undefined: something was lost or sent again. */
  readonly send: (port: number, until: Contender["until"], rate: number) => Promise<Clean | undefined>;
}

const stepMs = 1_000;
const warmUpMs = 500;
/** SIPp's pause between two of its own looks at the time lets a sender fall behind a little. */
const keptShare = 0.97;

/** So that SIPp's window of open calls is no bound of its own. */
const roomySender = [...roomy, "-l", "100000"];

const ours: Sender = {
  name: "livlina load",
  send: async (port, until, rate) => {
    await sendAlarms(port, until, rate / 2, warmUpMs);
    const played = await sendAlarms(port, until, rate, stepMs);
    if (!isClean(played)) return undefined;
    const senderLimited = isSenderLimited(played);
    return { rate: senderLimited ? played.offeredRate : rate, senderLimited, cpuUs: played.cpuUs / played.sent };
  },
};

function sippSender(folder: string, more: readonly string[]): Sender {
  return {
    name: ["SIPp", ...more].join(" "),
    send: async (port, until, rate) => {
      const scenario = until === "carried" ? "sends-alarms" : "sends-alarms-and-waits";
      const count = Math.round((rate * stepMs) / 1000);
      const { done, again, tookMs, cpuUs } = await sippSends(folder, port, scenario, { rate, count, more });
      if (done < count || again > 0) return undefined;
      const reached = (count * 1000) / tookMs;
      const senderLimited = reached < rate * keptShare;
      return { rate: senderLimited ? reached : rate, senderLimited, cpuUs: cpuUs / count };
    },
  };
}

/** `onRound`: one pair has been measured once more; a bench of minutes is not silent. */
export async function benchLoad(rounds: number, onRound: (line: string) => void): Promise<LoadBench> {
  const folder = mkdtempSync(join(tmpdir(), "livlina-bench-"));
  try {
    const pairs = pairsOf(folder).map((pair) => ({ ...pair, found: [] as Climbed<Clean>[] }));
    for (let round = 1; round <= rounds; round++)
      for (const { receiver, sender, found } of pairs) {
        const tryOnce = (rate: number): Promise<Clean | undefined> =>
          withReceiver(receiver, (port) => sender.send(port, receiver.until, rate));
        const climbed = await climb(tryOnce, found.at(-1)?.rung);
        found.push(climbed);
        const { rate = 0, cpuUs = 0 } = climbed.clean ?? {};
        onRound(
          `round ${round}: ${pairText(sender.name, receiver)}: ${figure(Math.round(rate))} a second, ${figure(cpuUs)} µs an alarm`,
        );
      }
    return {
      bench: "load",
      pairs: pairs.map(({ receiver, sender, found }) =>
        figuresOf(
          receiver,
          sender,
          found.map(({ clean }) => clean),
        ),
      ),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function pairText(sender: string, { name, until }: Pick<Contender, "name" | "until">): string {
  return `${sender} → ${name}, ${until === "carried" ? "200 alone" : "200 and mrs"}`;
}

/** SIPp as a sender knows an `mrs` only under its alarm's own Call-ID, which our receiver, as SIP has it, does not use again. */
function pairsOf(folder: string): readonly { readonly receiver: Contender; readonly sender: Sender }[] {
  const carried = ourReceiver("carried");
  const accepted = ourReceiver("accepted");
  if (!foreign("sipp").here) return [carried, accepted].map((receiver) => ({ receiver, sender: ours }));
  const senders = [ours, sippSender(folder, []), sippSender(folder, roomySender)];
  const sippCarried = sippReceiver(folder, "carried", roomy);
  const sippAccepted = sippReceiver(folder, "accepted", roomy);
  const all = [sippCarried, carried, sippAccepted].flatMap((receiver) =>
    senders.map((sender) => ({ receiver, sender })),
  );
  return [...all, { receiver: accepted, sender: ours }];
}

function figuresOf(receiver: Contender, sender: Sender, found: readonly (Clean | undefined)[]): PairRate {
  const rates = found.map((clean) => clean?.rate ?? 0);
  return {
    receiver: receiver.name,
    until: receiver.until,
    sender: sender.name,
    median: median(rates),
    least: Math.min(...rates),
    most: Math.max(...rates),
    senderLimited: found.filter((clean) => clean?.senderLimited === true).length,
    cpuUs: found.at(-1)?.cpuUs ?? 0,
  };
}

export function loadTables({ pairs }: LoadBench): readonly Table[] {
  return (["carried", "accepted"] as const).map((until) => ({
    title: `load: alarms a second, none lost and none sent again, UDP on loopback, ${until === "carried" ? "200 alone" : "200 and then an mrs"}`,
    columns: ["sender → receiver", "median", "least", "most", "sender's limit", "sender's µs an alarm"],
    rows: [
      ...pairs
        .filter((pair) => pair.until === until)
        .map(({ sender, receiver, median: middle, least, most, senderLimited, cpuUs }) => [
          `${sender} → ${receiver}`,
          figure(Math.round(middle)),
          figure(Math.round(least)),
          figure(Math.round(most)),
          senderLimited === 0 ? "no" : `in ${senderLimited} rounds`,
          figure(cpuUs),
        ]),
      ...(foreign("sipp").here ? [] : [["SIPp", foreign("sipp").reason]]),
    ],
  }));
}
