/** For tests only: the alarm machine in time moved by hand, a journal that outlives power cuts, and the laws that hold at every step. */
import { readerOf } from "../../protocol/bytes/reader.ts";
import { Writer } from "../../protocol/bytes/writer.ts";
import type { RaiseOrder } from "../unit-context.ts";
import { startAlarms, stepAlarms } from "./alarm-machine.ts";
import type { AlarmEffect, AlarmEvent, AlarmState, Attempt, FailReason } from "./alarm-state.ts";
import { type Marks, noMarks, noOrigin, type Origin } from "./facts.ts";
import type { Path, Report, ReportKind, Route } from "./report.ts";
import { reportRecord, reportRecordLimit } from "./report-record.ts";
import { AlarmLaws } from "./test-laws.ts";

export interface BenchOptions {
  readonly receiverCount: number;
  readonly routes: readonly Route[];
  readonly staggerMs: number;
  readonly preAlarmMs: number;
  readonly fallDelayMs: number;
  readonly testReceiver: number;
  readonly dice: number;
  /** Makes a value unchangeable, all the way down. */
  readonly freeze: <T>(value: T) => T;
}

export interface Done {
  readonly atMs: number;
  readonly effect: AlarmEffect;
}

type Sent = Extract<AlarmEffect, { type: "send" }>;
/** Answers a message that is sent, or leaves it. */
export type Far = (bench: AlarmBench, sent: Sent) => void;

const noUse = 0x7fffffff;
/** More wake-ups than this at one instant are a machine that runs in circles. */
const dueLimit = 60;

export class AlarmBench {
  state: AlarmState;
  nowMs: number;
  /** Everything since the start or the last `clear`, in order. */
  done: Done[];
  /** What the far end does with each message, at once; undefined: silence. */
  far: Far | undefined;
  /** Only so many effects of the next step are carried out, then the power goes. */
  cutAfter: number;
  /** Seconds since 1970 at the instant 0 of this bench. */
  wallStartS: number;
  readonly journal: { number: number; bytes: Uint8Array }[];
  readonly laws: AlarmLaws;
  private wakeMs: number;
  private nextNumber: number;
  private newestName: number;
  private lives: number;
  private queue: (() => void)[];
  private readonly options: BenchOptions;

  constructor(options: BenchOptions) {
    this.options = options;
    this.lives = 0;
    this.nowMs = 1_000;
    this.done = [];
    this.far = undefined;
    this.cutAfter = noUse;
    this.wallStartS = 1_800_000_000;
    this.journal = [];
    this.laws = new AlarmLaws();
    this.wakeMs = -1;
    this.nextNumber = 1;
    this.newestName = 0;
    this.queue = [];
    this.state = this.begin();
  }

  /** A press of button `bond`; answers its report number, were it a new alarm. */
  press(
    bond: number,
    name: number,
    more?: {
      reason?: "call" | "cancel" | "fall" | "fall-withdrawn";
      presses?: number;
      ageS?: number;
      origin?: Partial<Origin>;
    },
  ): number {
    const asked = more ?? {};
    const number = this.nextNumber++;
    this.step({
      type: "pressed",
      nowMs: this.nowMs,
      number,
      bond,
      did: "B" + bond,
      name,
      counter: name,
      ageS: asked.ageS ?? 0,
      presses: asked.presses ?? 1,
      reason: asked.reason ?? "call",
      origin: Object.assign({}, noOrigin, asked.origin),
    });
    return number;
  }

  /** What a button would name its next press: higher than all before. */
  newName(): number {
    return ++this.newestName;
  }

  /** A help key of the unit. */
  key(key: number): number {
    const number = this.nextNumber++;
    this.step({ type: "key-pressed", nowMs: this.nowMs, number, key });
    return number;
  }

  cancelKey(): void {
    this.step({ type: "key-cancelled", nowMs: this.nowMs });
  }

  raise(kind: ReportKind, spreadMs: number): number {
    return this.raiseOrder({ kind, stt: "n" + this.nextNumber }, { spreadMs });
  }

  /** What a department or, with a name, an accessory has to tell. */
  raiseOrder(
    order: Partial<RaiseOrder>,
    more: { spreadMs?: number; ageS?: number; name?: number; times?: number; origin?: Partial<Origin> },
  ): number {
    const number = this.nextNumber++;
    const usual: RaiseOrder = {
      kind: "technical",
      dty: 2,
      stc: 85,
      did: "",
      stt: "",
      bond: -1,
      spreadMs: more.spreadMs ?? 0,
      restores: -1,
    };
    const asked: RaiseOrder = Object.assign(usual, order);
    const call =
      more.name === undefined
        ? undefined
        : { bond: asked.bond, name: more.name, counter: more.name, times: more.times ?? 1 };
    const origin = Object.assign({}, noOrigin, more.origin);
    const ageS = more.ageS ?? 0;
    this.step({ type: "raised", nowMs: this.nowMs, number, order: asked, ageS, origin, call });
    return number;
  }

  /** The wall clock is known; it goes on over restarts, but a unit has to learn it again. */
  learnClock(): void {
    this.step({ type: "clock-known", nowMs: this.nowMs, wallS: this.wallStartS + Math.floor(this.nowMs / 1000) });
  }

  learn(number: number, text: string): void {
    this.step({ type: "learned", nowMs: this.nowMs, number, text });
  }

  mark(marks: Partial<Marks>): void {
    this.step({ type: "unit-state", nowMs: this.nowMs, marks: Object.assign({}, noMarks, marks) });
  }

  carry(attempt: Attempt): void {
    this.step({ type: "carried", nowMs: this.nowMs, attempt: attempt.id });
  }

  fail(attempt: Attempt, reason: FailReason, retryAfterS?: number): void {
    this.step({ type: "failed", nowMs: this.nowMs, attempt: attempt.id, reason, retryAfterS });
  }

  /** The `mrs` to an attempt's reference, from the receiver it went to. */
  answer(attempt: Attempt, snu: number): void {
    const path = attempt.path;
    this.answerRef(path.receiver, path.route, attempt.number, attempt.part, snu);
  }

  answerRef(receiver: number, route: Route, number: number, part: number, snu: number): void {
    this.step({ type: "answered", nowMs: this.nowMs, receiver, route, number, part, snu });
  }

  pathBack(): void {
    this.step({ type: "path-back", nowMs: this.nowMs });
  }

  loseReceiver(receiver: number, lost: boolean): void {
    this.step({ type: "receiver-proof", nowMs: this.nowMs, receiver, lost });
  }

  useRoute(route: Route): void {
    this.step({ type: "active-route", nowMs: this.nowMs, route });
  }

  /** Time goes on until `ms` from now; what falls due is done on the way. */
  run(ms: number): void {
    const endMs = this.nowMs + ms;
    let dues = 0;
    this.drain();
    while (this.wakeMs >= 0 && this.wakeMs <= endMs) {
      if (this.wakeMs > this.nowMs) dues = 0;
      if (++dues > dueLimit) throw new Error("bench: the machine runs in circles at " + this.nowMs);
      this.nowMs = Math.max(this.nowMs, this.wakeMs);
      this.wakeMs = -1;
      this.step({ type: "due", nowMs: this.nowMs, number: this.nextNumber++ });
    }
    this.nowMs = endMs;
  }

  /** The power goes and comes back: only the journal is left. */
  restart(): void {
    this.state = this.begin();
    const reports: Report[] = [];
    for (const kept of this.journal) {
      const decoded = reportRecord.decode(readerOf(kept.bytes));
      if (!decoded.ok) throw new Error("bench: a record that cannot be read");
      reports.push(decoded.value);
    }
    reports.sort((a, b) => a.number - b.number);
    if (reports.length > 0) this.step({ type: "restored", nowMs: this.nowMs, reports });
  }

  clear(): void {
    this.done = [];
  }

  /** The messages sent since `clear`, of one kind where it is named. */
  sent(what?: Attempt["what"]): { atMs: number; attempt: Attempt; report: Report }[] {
    const found: { atMs: number; attempt: Attempt; report: Report }[] = [];
    for (const each of this.done) {
      const effect = each.effect;
      if (effect.type === "send" && (what === undefined || effect.attempt.what === what))
        found.push({ atMs: each.atMs, attempt: effect.attempt, report: effect.report });
    }
    return found;
  }

  /** The newest message sent, of one kind where it is named. */
  last(what?: Attempt["what"]): Attempt {
    const sent = this.sent(what);
    const newest = sent[sent.length - 1];
    if (newest === undefined) throw new Error("bench: nothing was sent");
    return newest.attempt;
  }

  /** The signals shown, or the steps told to a button, as short words in order. */
  told(): string[] {
    const words: string[] = [];
    for (const each of this.done) {
      const effect = each.effect;
      if (effect.type === "tell-button") words.push(effect.step + " " + effect.name);
    }
    return words;
  }

  shown(): string[] {
    const words: string[] = [];
    for (const each of this.done) if (each.effect.type === "show") words.push(each.effect.signal);
    return words;
  }

  report(number: number): Report | undefined {
    for (const report of this.state.reports) if (report.number === number) return report;
    return undefined;
  }

  private begin(): AlarmState {
    const plan = {
      receiverCount: this.options.receiverCount,
      routes: this.options.routes,
      staggerMs: this.options.staggerMs,
      preAlarmMs: this.options.preAlarmMs,
      fallDelayMs: this.options.fallDelayMs,
      testReceiver: this.options.testReceiver,
    };
    this.wakeMs = -1;
    this.cutAfter = noUse;
    this.queue = [];
    this.lives++;
    return this.options.freeze(startAlarms(plan, this.options.routes[0] as Route, this.options.dice + this.lives));
  }

  private step(event: AlarmEvent): void {
    const before = this.state;
    const next = stepAlarms(before, this.options.freeze(event));
    this.state = this.options.freeze(next.state);
    const cut = this.cutAfter;
    const carriedOut: AlarmEffect[] = [];
    for (let i = 0; i < next.effects.length && i < cut; i++) {
      const effect = this.options.freeze(next.effects[i] as AlarmEffect);
      carriedOut.push(effect);
      this.perform(effect);
    }
    this.laws.check(before, event, carriedOut, this.state, this.wakeMs, cut !== noUse);
    if (cut !== noUse) this.restart();
    else this.drain();
  }

  private perform(effect: AlarmEffect): void {
    this.done.push({ atMs: this.nowMs, effect });
    switch (effect.type) {
      case "store":
        this.keep(effect.report);
        return;
      case "forget":
        this.drop(effect.report.number);
        return;
      case "wake":
        this.wakeMs = effect.atMs;
        return;
      case "send":
        if (this.far !== undefined) this.answerLater(this.far, effect);
        return;
      default:
        return;
    }
  }

  private answerLater(far: Far, sent: Sent): void {
    this.queue.push(() => far(this, sent));
  }

  private drain(): void {
    for (let next = this.queue.shift(); next !== undefined; next = this.queue.shift()) next();
  }

  private keep(report: Report): void {
    const to = new Writer(new Uint8Array(reportRecordLimit));
    reportRecord.encode(report, to);
    if (to.overrun) throw new Error("bench: a record that is too long");
    this.drop(report.number);
    this.journal.push({ number: report.number, bytes: to.written() });
  }

  private drop(number: number): void {
    for (let i = this.journal.length - 1; i >= 0; i--) {
      if ((this.journal[i] as { number: number }).number === number) this.journal.splice(i, 1);
    }
  }
}

/** A far end that carries everything and answers each message with `snu` of its path. */
export function answering(snu: (path: Path, what: Attempt["what"]) => number): Far {
  return (bench, sent) => {
    const attempt = sent.attempt;
    bench.carry(attempt);
    const number = snu(attempt.path, attempt.what);
    if (number >= 0) bench.answer(attempt, number);
  };
}
