/** How much each receiver had to do: its messages by the minute, and the busiest second of its front. */
import type { ReceiverSign } from "../peers/receiver-events.ts";
import type { ScenarioReceiver } from "../scenario/scenario.ts";
import type { ReceiverIntake } from "./run-result.ts";
import type { Witness } from "./witness.ts";

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

interface Counted {
  readonly row: Mutable<ReceiverIntake>;
  readonly carried: number[];
  readonly accepted: number[];
  readonly peak: number[];
  /** The second that is being counted. */
  second: number;
  inSecond: number;
}

const secondMs = 1_000;
const minuteMs = 60_000;

export class IntakeCount implements Witness {
  private readonly counted: readonly Counted[];

  constructor(receivers: readonly Pick<ScenarioReceiver, "name" | "capacity">[], durationMs: number) {
    const minutes = Math.ceil(durationMs / minuteMs);
    this.counted = receivers.map(({ name, capacity }) => {
      const carried = new Array<number>(minutes).fill(0);
      const accepted = new Array<number>(minutes).fill(0);
      const peak = new Array<number>(minutes).fill(0);
      const row = {
        name,
        messages: 0,
        busiest: null,
        peakPerMinute: peak,
        limitPerThousandSeconds: capacity?.messagesPerThousandSeconds ?? null,
        carriedPerMinute: carried,
        acceptedPerMinute: accepted,
      };
      return { row, carried, accepted, peak, second: -1, inSecond: 0 };
    });
  }

  /** Up to the end of a run, which may come before the end of its story. */
  rows(endMs: number): readonly ReceiverIntake[] {
    const minutes = Math.ceil(endMs / minuteMs);
    return this.counted.map(({ row, carried, accepted, peak }) => ({
      ...row,
      peakPerMinute: peak.slice(0, minutes),
      carriedPerMinute: carried.slice(0, minutes),
      acceptedPerMinute: accepted.slice(0, minutes),
    }));
  }

  receiverSigned(atMs: number, receiver: number, sign: ReceiverSign): void {
    const counted = this.counted[receiver];
    if (counted === undefined) return;
    const minute = Math.floor(atMs / minuteMs);
    if (sign.type === "heard") this.heard(atMs, counted);
    if (sign.type === "carried") bump(counted.carried, minute);
    if (sign.type === "answered" && sign.snu === 0) bump(counted.accepted, minute);
  }

  private heard(atMs: number, counted: Counted): void {
    const { row } = counted;
    const second = Math.floor(atMs / secondMs);
    counted.inSecond = second === counted.second ? counted.inSecond + 1 : 1;
    counted.second = second;
    row.messages++;
    const minute = Math.floor(atMs / minuteMs);
    if (minute < counted.peak.length) counted.peak[minute] = Math.max(counted.peak[minute] ?? 0, counted.inSecond);
    if (counted.inSecond > (row.busiest?.messages ?? 0))
      row.busiest = { atMs: second * secondMs, messages: counted.inSecond };
  }
}

function bump(counts: number[], index: number): void {
  if (index < counts.length) counts[index] = (counts[index] ?? 0) + 1;
}
