/**
 * Alarms by short message as a last resort: what the machine decides, written and signed, and the receiver's answers, believed
 * only under the key that it shares with this unit (protocol/sms-alarm/README.md).
 */
import type { SmsDeliver } from "../../protocol/at/sms-pdu.ts";
import type { BlockCipher } from "../../protocol/radio/block-cipher.ts";
import { decodeSmsAnswer, encodeSmsAlarm } from "../../protocol/sms-alarm/sms-alarm.ts";
import type { AlarmEvent, AlarmState } from "../alarm/alarm-state.ts";
import { observerOf, wallSeconds } from "../department.ts";
import type { MessageOrder } from "../modem/messages-state.ts";
import { Runner } from "../runner.ts";
import { smsCaseKind } from "../storage/record-kinds.ts";
import { localMinuteOf } from "../time/stockholm.ts";
import type { UnitContext } from "../unit-context.ts";
import { Wake } from "../wake.ts";
import { isSamePending, pendingAlarms } from "./pending-alarms.ts";
import {
  betweenMs,
  type LastResortEffect,
  type LastResortEvent,
  type LastResortState,
  noLastResort,
  type SmsCase,
  stepLastResort,
} from "./sms-last-resort-machine.ts";
import type { SmsSettings } from "./sms-settings.ts";

export interface LastResortOptions {
  readonly context: UnitContext;
  /** Checked; off where its number is empty. */
  readonly settings: SmsSettings;
  /** Who calls, as in every message of this unit: 1 to 16 digits. */
  readonly cid: string;
  /** The 12 characters that name a report in every message about it. */
  readonly stemOf: (number: number) => string;
  /** To the modem's messages. */
  readonly send: (order: MessageOrder) => void;
  readonly cancel: (id: number) => void;
  /** To the alarms: what the receiver that accepts is told later. */
  readonly onAlarm: (event: AlarmEvent) => void;
  /** Somebody knows of a pending alarm: the wearer may be told so, and never that it is accepted. */
  readonly onInformed: (number: number) => void;
}

const recordSize = 3;

export class SmsLastResort {
  /** Messages that counted for nothing: of somebody else, no answer, or under another key. */
  oddCount: number;
  private readonly options: LastResortOptions;
  private readonly cipher: BlockCipher | undefined;
  private readonly runner: Runner<LastResortState, LastResortEvent, LastResortEffect>;
  private readonly wake: Wake;
  private hasHeard: boolean;

  constructor(options: LastResortOptions) {
    const context = options.context;
    const key = options.settings.key;
    this.options = options;
    this.oddCount = 0;
    this.hasHeard = false;
    this.cipher = options.settings.number === "" || key === undefined ? undefined : context.secrets.aes(key);
    this.wake = new Wake(context.clock, () => this.feed({ type: "due", nowMs: this.nowMs() }));
    this.runner = new Runner<LastResortState, LastResortEvent, LastResortEffect>(
      stepLastResort,
      noLastResort,
      (effect) => this.perform(effect),
      observerOf(context, "sms"),
    );
    if (this.cipher !== undefined) this.feed({ type: "restored", nowMs: this.nowMs(), cases: this.kept() });
  }

  get isOn(): boolean {
    return this.cipher !== undefined;
  }

  /** After each step of the alarms. */
  alarms(state: AlarmState): void {
    if (this.cipher === undefined) return;
    const pending = pendingAlarms(state);
    // The first time also tells which of those that a former run left are over.
    if (this.hasHeard && isSamePending(pending, this.runner.state.pending)) return;
    this.hasHeard = true;
    this.feed({ type: "alarms", nowMs: this.nowMs(), pending });
  }

  /** A message has come over the modem. */
  received(message: SmsDeliver): void {
    const number = this.cipher === undefined ? -1 : this.answeredNumber(message, this.cipher);
    if (number < 0) this.oddCount++;
  }

  /** The report that the message answers, or -1. */
  private answeredNumber(message: SmsDeliver, cipher: BlockCipher): number {
    if (message.from !== this.options.settings.number || message.part !== undefined) return -1;
    const answer = decodeSmsAnswer(message.text, cipher);
    if (!answer.ok) return -1;
    for (const one of this.runner.state.cases) {
      if (this.options.stemOf(one.number) !== answer.value.stem) continue;
      this.feed({ type: "answered", nowMs: this.nowMs(), number: one.number, count: answer.value.count });
      return one.number;
    }
    return -1;
  }

  private feed(event: LastResortEvent): void {
    this.runner.dispatch(event);
  }

  private nowMs(): number {
    return this.options.context.clock.nowMs();
  }

  private perform(effect: LastResortEffect): void {
    const records = this.options.context.records;
    switch (effect.type) {
      case "keep":
        records.write(smsCaseKind, effect.number, recordOf(effect.count, effect.informed));
        return;
      case "forget":
        records.remove(smsCaseKind, effect.number);
        return;
      case "send":
        this.send(effect);
        return;
      case "stop":
        this.options.cancel(effect.number);
        return;
      case "tell-informed":
        this.options.onAlarm({
          type: "learned",
          nowMs: this.nowMs(),
          number: effect.number,
          text: this.informedText(),
        });
        this.options.onInformed(effect.number);
        return;
      case "wake":
        this.wake.set(effect.atMs);
        return;
    }
  }

  private send(order: Extract<LastResortEffect, { readonly type: "send" }>): void {
    const options = this.options;
    if (this.cipher === undefined) return;
    const stem = options.stemOf(order.number);
    const alarm = { stem, cid: options.cid, dty: order.dty, stc: order.stc, count: order.count };
    const text = encodeSmsAlarm(alarm, this.cipher);
    options.send({ id: order.number, to: options.settings.number, text, untilMs: order.untilMs });
  }

  /** For people who read the case later; in the case's own language. */
  private informedText(): string {
    const minute = localMinuteOf(wallSeconds(this.options.context));
    if (minute < 0) return "sms mottaget";
    return "sms mottaget " + two(Math.floor(minute / 60)) + ":" + two(minute % 60);
  }

  /** What a former run has sent; it is not sent again before the usual pause. */
  private kept(): SmsCase[] {
    const cases: SmsCase[] = [];
    const nextMs = this.nowMs() + betweenMs;
    this.options.context.records.each(smsCaseKind, (number, bytes) => {
      if (bytes.length !== recordSize) return;
      const count = ((bytes[0] as number) << 8) | (bytes[1] as number);
      cases.push({ number, count, informed: bytes[2] === 1, nextMs });
    });
    return cases;
  }
}

function recordOf(count: number, informed: boolean): Uint8Array {
  const bytes = new Uint8Array(recordSize);
  bytes[0] = count >> 8;
  bytes[1] = count & 255;
  bytes[2] = informed ? 1 : 0;
  return bytes;
}

function two(value: number): string {
  return value < 10 ? "0" + value : "" + value;
}
