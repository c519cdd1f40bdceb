/** For tests only: the last-resort machine in time moved by hand, with the laws that hold at every step. A breach throws. */
import type { PendingAlarm } from "./pending-alarms.ts";
import {
  activeLimit,
  betweenMs,
  caseLimit,
  type LastResortEffect,
  type LastResortEvent,
  type LastResortState,
  noLastResort,
  pendingForMs,
  stepLastResort,
} from "./sms-last-resort-machine.ts";

/** More wake-ups than this at one instant are a machine that runs in circles. */
const dueLimit = 20;

export interface Done {
  readonly atMs: number;
  readonly effect: LastResortEffect;
}

export class LastResortBench {
  state: LastResortState = noLastResort;
  nowMs = 1_000;
  readonly done: Done[] = [];
  pending: readonly PendingAlarm[] = [];
  private wakeMs = -1;
  private readonly informed: number[] = [];
  private readonly sentMs: { [number: string]: number } = {};
  private readonly counts: { [number: string]: number } = {};

  /** An alarm whose first round has failed, or not yet. */
  alarm(number: number, hasFailed: boolean): void {
    const known = this.find(number);
    const sinceMs = known === undefined ? this.nowMs : known.sinceMs;
    this.alarmsAre(this.without(number).concat([{ number, dty: 3, stc: 10, sinceMs, hasFailed }]));
  }

  over(number: number): void {
    this.alarmsAre(this.without(number));
  }

  alarmsAre(pending: readonly PendingAlarm[]): void {
    this.pending = pending;
    this.step({ type: "alarms", nowMs: this.nowMs, pending });
  }

  answer(number: number, count: number): void {
    this.step({ type: "answered", nowMs: this.nowMs, number, count });
  }

  pass(ms: number): void {
    const endMs = this.nowMs + ms;
    let dues = 0;
    while (this.wakeMs >= 0 && this.wakeMs <= endMs) {
      dues = this.wakeMs === this.nowMs ? dues + 1 : 0;
      if (dues > dueLimit) throw new Error("the machine runs in circles");
      this.nowMs = Math.max(this.nowMs, this.wakeMs);
      this.wakeMs = -1;
      this.step({ type: "due", nowMs: this.nowMs });
    }
    this.nowMs = endMs;
  }

  /** Messages sent so far: number of the alarm and count. */
  get sent(): string[] {
    const sent: string[] = [];
    for (const one of this.done) if (one.effect.type === "send") sent.push(one.effect.number + "/" + one.effect.count);
    return sent;
  }

  step(event: LastResortEvent): void {
    const before = JSON.stringify(this.state);
    const next = stepLastResort(this.state, event);
    if (JSON.stringify(this.state) !== before) throw new Error("the state was written to");
    this.state = next.state;
    for (const effect of next.effects) this.judge(effect, event);
    const active = this.state.cases.filter((one) => !one.informed).length;
    if (active > activeLimit && event.type !== "restored") throw new Error("more alarms at a time than allowed");
    if (this.state.cases.length > caseLimit) throw new Error("more cases than allowed");
    this.sleepsOnlyWithNothingToDo();
  }

  private judge(effect: LastResortEffect, event: LastResortEvent): void {
    this.done.push({ atMs: this.nowMs, effect });
    if (effect.type === "wake") {
      if (effect.atMs <= this.nowMs && event.type === "due") throw new Error("due at once after a due");
      this.wakeMs = effect.atMs;
    } else if (effect.type === "tell-informed") {
      if (event.type !== "answered") throw new Error("informed without an answer");
      if (this.informed.indexOf(effect.number) >= 0) throw new Error("informed twice");
      this.informed.push(effect.number);
    } else if (effect.type === "send") this.judgeSend(effect.number, effect.count);
  }

  private judgeSend(number: number, count: number): void {
    const alarm = this.find(number);
    if (alarm === undefined || !alarm.hasFailed) throw new Error("a message about an alarm that is under way");
    if (this.nowMs < alarm.sinceMs + pendingForMs) throw new Error("a message too early");
    if (this.informed.indexOf(number) >= 0) throw new Error("a message about an alarm that is known");
    const lastMs = this.sentMs[number];
    if (lastMs !== undefined && this.nowMs < lastMs + betweenMs) throw new Error("messages too close");
    if (count <= (this.counts[number] ?? 0)) throw new Error("a count was used twice");
    this.sentMs[number] = this.nowMs;
    this.counts[number] = count;
  }

  private sleepsOnlyWithNothingToDo(): void {
    for (const one of this.state.cases) {
      const alarm = this.find(one.number);
      const failed = alarm !== undefined && alarm.hasFailed;
      if (!one.informed && failed && (this.wakeMs < 0 || this.wakeMs > one.nextMs))
        throw new Error("asleep with a message to send");
    }
  }

  private find(number: number): PendingAlarm | undefined {
    for (const alarm of this.pending) if (alarm.number === number) return alarm;
    return undefined;
  }

  private without(number: number): readonly PendingAlarm[] {
    const left: PendingAlarm[] = [];
    for (const alarm of this.pending) if (alarm.number !== number) left.push(alarm);
    return left;
  }
}
