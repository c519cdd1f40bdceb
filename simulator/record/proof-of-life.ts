/** When each unit was last known to have a working path, seen from the receivers: only an `mrs` that accepts proves one. */
import type { ReceiverSign } from "../peers/receiver-events.ts";
import type { Resident } from "../residents.ts";
import { seldomMs } from "../scenario/fleet.ts";
import type { Scenario } from "../scenario/scenario.ts";
import { localTime } from "../scenario/scenario-clock.ts";
import type { PathlessInterval } from "./run-result.ts";
import type { Witness } from "./witness.ts";

/** Three missed beats of 180 s and their jitter, longer where fewer were agreed: from then on nobody knows whether the unit could reach anyone. */
export const provenForMs = 600_000;
/** A message and its answer belong together for so long. */
const answerMs = 30_000;
const askedLimit = 32;

export class ProofOfLife implements Witness {
  private readonly startWallMs: number;
  private readonly names: readonly string[];
  private readonly residents: readonly Resident[];
  private readonly byCid: Map<string, number>;
  private readonly lastMs: (number | null)[];
  /** By unit: the receiver whose front first took a message of it that no acceptance followed, and when. */
  private readonly carried: ({ readonly receiver: number; readonly atMs: number } | undefined)[];
  /** By unit: the last refs that it asked under. An answer under another ref proves nothing. */
  private readonly asked: string[][];
  private readonly intervals: PathlessInterval[];

  constructor(scenario: Scenario, residents: readonly Resident[]) {
    this.startWallMs = scenario.startWallMs;
    this.names = scenario.world.receivers.map(({ name }) => name);
    this.residents = residents;
    this.byCid = new Map(residents.map(({ cid, index }) => [cid, index]));
    this.lastMs = residents.map(() => null);
    this.carried = residents.map(() => undefined);
    this.asked = residents.map(() => []);
    this.intervals = [];
  }

  receiverSigned(atMs: number, receiver: number, sign: ReceiverSign): void {
    if (sign.type !== "answered" && sign.type !== "carried") return;
    const unit = this.byCid.get(sign.cid);
    const asked = unit === undefined ? undefined : this.asked[unit];
    if (unit === undefined || asked === undefined) return;
    if (sign.type === "carried") {
      const proofMs = this.lastMs[unit] ?? null;
      if (proofMs === null || atMs > proofMs + answerMs) this.carried[unit] ??= { receiver, atMs };
      if (asked.push(sign.ref) > askedLimit) asked.shift();
      return;
    }
    if (sign.snu !== 0 || asked.lastIndexOf(sign.ref) < 0) return;
    this.end(unit, atMs, atMs);
    this.lastMs[unit] = atMs;
    this.carried[unit] = undefined;
  }

  /** All intervals, by their beginning; those that last to the end have no end. */
  pathless(endMs: number): readonly PathlessInterval[] {
    for (const { index } of this.residents) this.end(index, endMs, null);
    return this.intervals.sort((a, b) => a.fromMs - b.fromMs);
  }

  private end(unit: number, atMs: number, toMs: number | null): void {
    const lastProofMs = this.lastMs[unit] ?? null;
    const resident = this.residents[unit];
    if (resident === undefined) return;
    const fromMs = (lastProofMs ?? 0) + provenForMs + 3 * seldomMs(resident.group);
    if (atMs <= fromMs) return;
    this.intervals.push({ unit: resident.name, fromMs, toMs, lastProofMs, why: this.why(unit, lastProofMs, atMs) });
  }

  /** What the receivers' side can know: when it last accepted anything, and whether the unit was heard since. */
  private why(unit: number, lastProofMs: number | null, untilMs: number): string {
    const since =
      lastProofMs === null ? "no acceptance yet" : `no acceptance since ${localTime(this.startWallMs + lastProofMs)}`;
    const carried = this.carried[unit];
    const isHeard = carried !== undefined && carried.atMs < untilMs - answerMs;
    return `${since}, ${isHeard ? `${this.names[carried.receiver]} takes its messages` : "nothing is heard"}`;
  }
}
