/**
 * One case per alarm: two open cases for one alarm in one receiver's book are always a fault; in two books they are once
 * the later receiver could be reached for a minute after the first acceptance, unless it too accepted and was told of the
 * other by an update. Stems that bear one press of one button or key are one alarm, whatever the unit calls them.
 */
import type { ReceiverEvent, ReceiverSign } from "../peers/receiver-events.ts";
import { type CheckerVerdict, duplicateCasesCheck } from "../record/run-result.ts";
import type { Resident } from "../residents.ts";
import type { AlarmSight, SeenAlarm } from "./alarm-sight.ts";
import { type Checker, Findings, instant, type RunEnd } from "./checker.ts";
import type { Hindrances } from "./hindrances.ts";

interface OpenCase {
  readonly receiver: number;
  readonly stem: string;
  readonly snu: number;
  readonly updateCount: number;
  readonly refs: readonly string[];
}

interface OpenAlarm {
  readonly resident: Resident;
  readonly cases: readonly OpenCase[];
  /** When it was first accepted: the answer reached the unit or, where none did, was given; undefined: never. */
  readonly firstMs: number | undefined;
  readonly firstRef: string | undefined;
}

/** An unbroken row of answers of one receiver's application to one unit. */
interface Row {
  fromMs: number;
  lastMs: number;
}

const stemLength = 12;
const reachableMs = 60_000;

export interface DuplicateCasesOptions {
  /** Names of the receivers, in the order of the world. */
  readonly names: readonly string[];
  readonly residents: readonly Resident[];
  readonly sight: AlarmSight;
  readonly hindrances: Hindrances;
}

export class DuplicateCases implements Checker {
  private readonly options: DuplicateCasesOptions;
  private readonly byCid: ReadonlyMap<string, Resident>;
  /** When a receiver first meant to accept an alarm, by account and stem. */
  private readonly takenMs: Map<string, number>;
  /** By receiver and account. */
  private readonly rows: Map<string, Row>;

  constructor(options: DuplicateCasesOptions) {
    this.options = options;
    this.byCid = new Map(options.residents.map((resident) => [resident.cid, resident]));
    this.takenMs = new Map();
    this.rows = new Map();
  }

  receiverTold(atMs: number, _receiver: number, event: ReceiverEvent): void {
    if (event.type !== "alarm" || event.answer !== "snu 0") return;
    const key = `${event.cid} ${event.ref.slice(0, stemLength)}`;
    if (!this.takenMs.has(key)) this.takenMs.set(key, atMs);
  }

  receiverSigned(atMs: number, receiver: number, sign: ReceiverSign): void {
    const resident = sign.type === "answered" ? this.byCid.get(sign.cid) : undefined;
    if (resident === undefined) return;
    const key = `${receiver} ${resident.cid}`;
    const row = this.rows.get(key);
    if (row === undefined) this.rows.set(key, { fromMs: atMs, lastMs: atMs });
    else {
      if (this.options.hindrances.isApart(resident, receiver, row.lastMs, atMs)) row.fromMs = atMs;
      row.lastMs = atMs;
    }
  }

  verdict({ receivers, endMs }: RunEnd): CheckerVerdict {
    const findings = new Findings();
    for (const alarm of this.openAlarms(receivers).values()) {
      const { resident, cases, firstMs } = alarm;
      const books = cases.map(({ receiver }) => this.options.names[receiver]).join(" and ");
      const stems = [...new Set(cases.map(({ stem }) => stem))].join(" and ");
      const since = firstMs === undefined ? "" : `, accepted at ${instant(firstMs)}`;
      for (let i = this.surplus(alarm, endMs); i > 0; i--)
        findings.add(`${resident.name}, alarm ${stems}: ${cases.length} open cases, at ${books}${since}`);
    }
    return findings.verdict(duplicateCasesCheck, "no alarm stands as two open cases");
  }

  /** How many cases stand for an alarm, those left out that are known to be of one alarm: 1 is right, 0 is "not yet". */
  casesOf({ receivers, endMs }: RunEnd): (cid: string, stem: string) => number {
    const open = this.openAlarms(receivers);
    return (cid, stem) => {
      const resident = this.byCid.get(cid);
      const alarm = resident === undefined ? undefined : open.get(this.keyOf(resident, stem).key);
      return alarm === undefined ? 0 : 1 + this.surplus(alarm, endMs);
    };
  }

  private surplus(alarm: OpenAlarm, endMs: number): number {
    const { cases } = alarm;
    let surplus = 0;
    for (let i = 1; i < cases.length; i++) {
      const later = cases[i] as OpenCase;
      const sameBook = cases.some((other, at) => at < i && other.receiver === later.receiver);
      if (sameBook || this.standsTooLong(alarm, later, endMs)) surplus++;
    }
    return surplus;
  }

  /** Open cases of our accounts by alarm, the one that the unit goes by first. */
  private openAlarms(receivers: RunEnd["receivers"]): Map<string, OpenAlarm> {
    const byAlarm = new Map<string, OpenAlarm & { readonly cases: OpenCase[] }>();
    receivers.forEach((receiver, index) => {
      for (const { cid, ref, snu, updateCount, refs, state } of receiver.book.cases()) {
        const resident = this.byCid.get(cid);
        if (state !== "open" || resident === undefined) continue;
        const stem = ref.slice(0, stemLength);
        const { key, seen } = this.keyOf(resident, stem);
        const firstMs = seen?.acceptedMs[0] ?? this.takenMs.get(`${cid} ${stem}`);
        const known = byAlarm.get(key) ?? { resident, cases: [], firstMs, firstRef: seen?.acceptedRef };
        known.cases.push({ receiver: index, stem, snu, updateCount, refs });
        byAlarm.set(key, known);
      }
    });
    for (const { cases, firstRef } of byAlarm.values())
      cases.sort((a, b) => rank(a, firstRef) - rank(b, firstRef) || a.receiver - b.receiver);
    return byAlarm;
  }

  /** What makes messages one alarm: where it came from and when, where the unit said so, else the stem alone. */
  private keyOf(resident: Resident, stem: string): { readonly key: string; readonly seen: SeenAlarm | undefined } {
    const seen = this.options.sight.alarms[resident.index]?.find((alarm) => alarm.stem === stem);
    if (seen?.pressedMs === undefined) return { key: `${resident.cid} ${stem}`, seen };
    return { key: `${resident.cid} ${seen.source} ${seen.pressedMs}`, seen };
  }

  private standsTooLong(alarm: OpenAlarm, later: OpenCase, endMs: number): boolean {
    const { resident, firstMs, firstRef } = alarm;
    if (firstMs === undefined) return false;
    const isTold =
      later.snu === 0 && later.updateCount > 0 && (firstRef === undefined || !later.refs.includes(firstRef));
    if (isTold) return false;
    const row = this.rows.get(`${later.receiver} ${resident.cid}`);
    if (row === undefined) return false;
    const apart = this.options.hindrances.isApart(resident, later.receiver, row.lastMs, endMs);
    return (apart ? row.lastMs : endMs) - Math.max(row.fromMs, firstMs) >= reachableMs;
  }
}

function rank({ snu, refs }: OpenCase, firstRef: string | undefined): number {
  if (firstRef !== undefined && refs.includes(firstRef)) return 0;
  return snu === 0 ? 1 : 2;
}
