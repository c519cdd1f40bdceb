/**
 * One case per alarm: two open cases for one account and stem in one receiver's book are always a fault; in two books
 * they are once the later receiver could be reached for a minute after the first acceptance, unless it too accepted and
 * was told so by an update.
 */
import type { ReceiverEvent, ReceiverSign } from "../peers/receiver-events.ts";
import type { Resident } from "../residents.ts";
import { type CheckerVerdict, duplicateCasesCheck } from "../run-result.ts";
import { type Checker, Findings, instant, type RunEnd } from "./checker.ts";

interface OpenCase {
  readonly receiver: number;
  readonly cid: string;
  readonly snu: number;
  readonly updateCount: number;
}

const stemLength = 12;
const reachableMs = 60_000;

export class DuplicateCases implements Checker {
  private readonly names: readonly string[];
  private readonly cids: ReadonlySet<string>;
  /** When an alarm was first accepted by anybody, by account and stem. */
  private readonly acceptedMs: Map<string, number>;
  /** When a receiver's application last answered a unit, by receiver and account. */
  private readonly answeredMs: Map<string, number>;

  /** `names` of the receivers, in the order of the world. */
  constructor(names: readonly string[], residents: readonly Resident[]) {
    this.names = names;
    this.cids = new Set(residents.map(({ cid }) => cid));
    this.acceptedMs = new Map();
    this.answeredMs = new Map();
  }

  receiverTold(atMs: number, _receiver: number, event: ReceiverEvent): void {
    if (event.type !== "alarm" || event.answer !== "snu 0") return;
    const key = `${event.cid} ${event.ref.slice(0, stemLength)}`;
    if (!this.acceptedMs.has(key)) this.acceptedMs.set(key, atMs);
  }

  receiverSigned(atMs: number, receiver: number, sign: ReceiverSign): void {
    if (sign.type === "answered") this.answeredMs.set(`${receiver} ${sign.cid}`, atMs);
  }

  verdict({ receivers }: RunEnd): CheckerVerdict {
    const findings = new Findings();
    for (const [key, cases] of this.openCases(receivers)) {
      const [cid, stem] = key.split(" ");
      const books = cases.map(({ receiver }) => this.names[receiver]).join(" and ");
      const since = instant(this.acceptedMs.get(key) ?? 0);
      for (let i = this.surplus(key, cases); i > 0; i--) {
        findings.add(`account ${cid}, alarm ${stem}: ${cases.length} open cases, at ${books}, accepted at ${since}`);
      }
    }
    return findings.verdict(duplicateCasesCheck, "no alarm stands as two open cases");
  }

  /** How many cases stand for an alarm, those left out that are known to be of one alarm: 1 is right, 0 is "not yet". */
  casesOf(receivers: RunEnd["receivers"]): (cid: string, stem: string) => number {
    const open = this.openCases(receivers);
    return (cid, stem) => {
      const key = `${cid} ${stem}`;
      const cases = open.get(key);
      return cases === undefined ? 0 : 1 + this.surplus(key, cases);
    };
  }

  private surplus(key: string, cases: readonly OpenCase[]): number {
    const firstMs = this.acceptedMs.get(key);
    let surplus = 0;
    for (let i = 1; i < cases.length; i++) {
      const later = cases[i] as OpenCase;
      const sameBook = cases.some((other, at) => at < i && other.receiver === later.receiver);
      if (sameBook || (firstMs !== undefined && this.standsTooLong(cases, later, firstMs))) surplus++;
    }
    return surplus;
  }

  /** Open cases of our accounts, by account and stem; those that accepted first. */
  private openCases(receivers: RunEnd["receivers"]): Map<string, OpenCase[]> {
    const byAlarm = new Map<string, OpenCase[]>();
    receivers.forEach((receiver, index) => {
      for (const one of receiver.book.cases()) {
        if (one.state !== "open" || !this.cids.has(one.cid)) continue;
        const key = `${one.cid} ${one.ref.slice(0, stemLength)}`;
        const known = byAlarm.get(key) ?? [];
        known.push({ receiver: index, cid: one.cid, snu: one.snu, updateCount: one.updateCount });
        byAlarm.set(
          key,
          known.sort((a, b) => Number(a.snu !== 0) - Number(b.snu !== 0)),
        );
      }
    });
    return byAlarm;
  }

  private standsTooLong(cases: readonly OpenCase[], later: OpenCase, firstMs: number): boolean {
    if (later.snu === 0 && cases.some(({ updateCount }) => updateCount > 0)) return false;
    const answeredMs = this.answeredMs.get(`${later.receiver} ${later.cid}`);
    return answeredMs !== undefined && answeredMs >= firstMs + reachableMs;
  }
}
