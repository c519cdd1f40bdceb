/**
 * One case per alarm: two open cases for one alarm in one receiver's book are always a fault; in two books they are once
 * the later receiver could be reached for a minute after the first acceptance, unless it too accepted and was told of the
 * other by an update. Which of two the unit goes by is seen on its wire where somebody called for help; of a test or a
 * technical report, and where nobody can tell which acceptance it read first, it goes by the one that was told of no other. Stems that bear one press of one button or key are one
 * alarm, whatever the unit calls them; but a button that has not heard of the acceptance of a press joins the next one to it
 * and tells the time of the first, so that a stem is another alarm where the one before was accepted and pressed again: since its
 * message left, or before, but heard by nobody until the acceptance. A receiver whose certificate is wrong is asked as a last resort and
 * not believed: nobody knows whose book that is, and what stands there is no second case.
 */
import type { ReceiverEvent, ReceiverSign } from "../peers/receiver-events.ts";
import { type CheckerVerdict, duplicateCasesCheck } from "../record/run-result.ts";
import type { Resident } from "../residents.ts";
import { type AlarmSight, firstKnownRefs, isOfButton, type SeenAlarm } from "./alarm-sight.ts";
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

/** What was pressed, felt or pulled, by its place or address, and when its unit was seen to have it. */
interface Act {
  readonly by: number | string;
  readonly atMs: number;
  heardMs: number | undefined;
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
  /** By unit. */
  private readonly acts: Act[][];
  /** By receiver and unit. */
  private readonly rows: readonly (Row | undefined)[][];

  constructor(options: DuplicateCasesOptions) {
    this.options = options;
    this.byCid = new Map(options.residents.map((resident) => [resident.cid, resident]));
    this.takenMs = new Map();
    this.rows = options.names.map(() => []);
    this.acts = options.residents.map(() => []);
  }

  pressed(atMs: number, unit: number, button: number): void {
    this.acts[unit]?.push({ by: button, atMs, heardMs: undefined });
  }

  fell(atMs: number, unit: number, button: number, taken: "felt" | "taken-back"): void {
    if (taken === "felt") this.acts[unit]?.push({ by: button, atMs, heardMs: undefined });
  }

  accessoryActed(atMs: number, unit: number, did: string): void {
    this.acts[unit]?.push({ by: did, atMs, heardMs: undefined });
  }

  buttonShowed(atMs: number, unit: number, button: number, signal: string): void {
    if (signal !== "received" && signal !== "accepted") return;
    for (const act of this.acts[unit] ?? []) if (act.by === button) act.heardMs ??= atMs;
  }

  receiverTold(atMs: number, _receiver: number, event: ReceiverEvent): void {
    if (event.type !== "alarm" || event.answer !== "snu 0") return;
    const key = `${event.cid} ${event.ref.slice(0, stemLength)}`;
    if (!this.takenMs.has(key)) this.takenMs.set(key, atMs);
  }

  receiverSigned(atMs: number, receiver: number, sign: ReceiverSign): void {
    const resident = sign.type === "answered" ? this.byCid.get(sign.cid) : undefined;
    if (resident === undefined) return;
    const rows = this.rows[receiver];
    const row = rows?.[resident.index];
    if (row === undefined) {
      if (rows !== undefined) rows[resident.index] = { fromMs: atMs, lastMs: atMs };
    } else {
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
        const known = seen === undefined ? [] : firstKnownRefs(seen);
        const firstRef = known.length > 1 ? undefined : (known[0] ?? [...(seen?.acceptedRefs ?? [])][0]);
        const alarm = byAlarm.get(key) ?? { resident, cases: [], firstMs, firstRef };
        alarm.cases.push({ receiver: index, stem, snu, updateCount, refs });
        byAlarm.set(key, alarm);
      }
    });
    for (const { cases, firstRef } of byAlarm.values())
      cases.sort((a, b) => rank(a, firstRef) - rank(b, firstRef) || a.receiver - b.receiver);
    return byAlarm;
  }

  /** What makes messages one alarm: where it came from and when, where the unit said so, else the stem alone. */
  private keyOf(resident: Resident, stem: string): { readonly key: string; readonly seen: SeenAlarm | undefined } {
    const alarms = this.options.sight.alarms[resident.index] ?? [];
    const seen = alarms.find((alarm) => alarm.stem === stem);
    if (seen?.pressedMs === undefined) return { key: `${resident.cid} ${stem}`, seen };
    let first = seen;
    let again = 0;
    for (const alarm of alarms) {
      if (alarm.source !== seen.source || alarm.pressedMs !== seen.pressedMs) continue;
      if (first === seen) first = alarm;
      else if (this.isAnother(resident.index, first, alarm)) {
        first = alarm;
        again++;
      }
      if (alarm === seen) break;
    }
    return { key: `${resident.cid} ${seen.source} ${seen.pressedMs} ${again}`, seen };
  }

  /** Accepted by then, and pressed once more since `before` first told of it, or since its press and not heard until the acceptance. */
  private isAnother(unit: number, before: SeenAlarm, later: SeenAlarm): boolean {
    const firstMs = before.acceptedMs[0] ?? later.firstSentMs;
    if (firstMs >= later.firstSentMs) return false;
    const own = (this.acts[unit] ?? []).filter(
      ({ by, atMs }) =>
        (typeof by === "number" ? isOfButton(later, by) : later.source.startsWith(`${by} `)) &&
        atMs >= (before.pressedMs ?? 0) &&
        atMs < later.firstSentMs,
    );
    const isUnheard = ({ heardMs }: Act): boolean => heardMs === undefined || heardMs > firstMs;
    return own.some((act, at) => act.atMs > before.firstSentMs || (at > 0 && isUnheard(act)));
  }

  private standsTooLong(alarm: OpenAlarm, later: OpenCase, endMs: number): boolean {
    const { resident, firstMs, firstRef } = alarm;
    if (firstMs === undefined || this.options.hindrances.isStrange(later.receiver)) return false;
    const isTold =
      later.snu === 0 && later.updateCount > 0 && (firstRef === undefined || !later.refs.includes(firstRef));
    if (isTold) return false;
    const row = this.rows[later.receiver]?.[resident.index];
    if (row === undefined) return false;
    const apart = this.options.hindrances.isApart(resident, later.receiver, row.lastMs, endMs);
    return (apart ? row.lastMs : endMs) - Math.max(row.fromMs, firstMs) >= reachableMs;
  }
}

function rank({ snu, updateCount, refs }: OpenCase, firstRef: string | undefined): number {
  if (firstRef !== undefined && refs.includes(firstRef)) return 0;
  if (snu !== 0) return 3;
  return firstRef === undefined && updateCount > 0 ? 2 : 1;
}
