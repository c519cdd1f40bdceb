/** When each unit was last known to have a working path, seen from the receivers: only an `mrs` that accepts proves one. */
import type { ReceiverSign } from "./peers/receiver-events.ts";
import type { Resident } from "./residents.ts";
import type { PathlessInterval } from "./run-result.ts";
import type { Scenario } from "./scenario.ts";
import { localTime } from "./scenario-clock.ts";
import type { Witness } from "./witness.ts";

/** Three missed beats of 180 s and their jitter: from then on nobody knows whether the unit could reach anyone. */
export const provenForMs = 600_000;
/** A message and its answer belong together for so long. */
const answerMs = 30_000;

export class ProofOfLife implements Witness {
  private readonly startWallMs: number;
  private readonly names: readonly string[];
  private readonly residents: readonly Resident[];
  private readonly byCid: Map<string, number>;
  private readonly lastMs: (number | null)[];
  /** By unit: the receiver whose front last took a message of it, and when. */
  private readonly carried: ({ readonly receiver: number; readonly atMs: number } | undefined)[];
  private readonly intervals: PathlessInterval[];

  constructor(scenario: Scenario, residents: readonly Resident[]) {
    this.startWallMs = scenario.startWallMs;
    this.names = scenario.world.receivers.map(({ name }) => name);
    this.residents = residents;
    this.byCid = new Map(residents.map(({ cid, index }) => [cid, index]));
    this.lastMs = residents.map(() => null);
    this.carried = residents.map(() => undefined);
    this.intervals = [];
  }

  receiverSigned(atMs: number, receiver: number, sign: ReceiverSign): void {
    const isAcceptance = sign.type === "answered" && sign.snu === 0;
    if (!isAcceptance && sign.type !== "carried") return;
    const unit = this.byCid.get(sign.cid);
    if (unit === undefined) return;
    if (!isAcceptance) {
      this.carried[unit] = { receiver, atMs };
      return;
    }
    this.end(unit, atMs, atMs);
    this.lastMs[unit] = atMs;
  }

  /** All intervals, by their beginning; those that last to the end have no end. */
  pathless(endMs: number): readonly PathlessInterval[] {
    for (const { index } of this.residents) this.end(index, endMs, null);
    return this.intervals.sort((a, b) => a.fromMs - b.fromMs);
  }

  private end(unit: number, atMs: number, toMs: number | null): void {
    const lastProofMs = this.lastMs[unit] ?? null;
    const fromMs = (lastProofMs ?? 0) + provenForMs;
    const resident = this.residents[unit];
    if (resident === undefined || atMs <= fromMs) return;
    this.intervals.push({ unit: resident.name, fromMs, toMs, lastProofMs, why: this.why(unit, lastProofMs, atMs) });
  }

  /** What the receivers' side can know: when it last accepted anything, and whether the unit was heard since. */
  private why(unit: number, lastProofMs: number | null, untilMs: number): string {
    const since =
      lastProofMs === null ? "no acceptance yet" : `no acceptance since ${localTime(this.startWallMs + lastProofMs)}`;
    const carried = this.carried[unit];
    const isHeard =
      carried !== undefined && carried.atMs > (lastProofMs ?? -1) + answerMs && carried.atMs < untilMs - answerMs;
    return `${since}, ${isHeard ? `${this.names[carried.receiver]} takes its messages` : "nothing is heard"}`;
  }
}
