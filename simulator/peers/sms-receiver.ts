/** A receiver of alarms by short message: reads them under each unit's key and answers, or does it wrongly. */
import type { SmsDeliver } from "../../protocol/at/sms-pdu.ts";
import type { BlockCipher } from "../../protocol/radio/block-cipher.ts";
import type { SmsAlarm } from "../../protocol/sms-alarm/sms-alarm.ts";
import { decodeSmsAlarm, encodeSmsAnswer } from "../../protocol/sms-alarm/sms-alarm.ts";
import type { Mailbox, SmsCentre } from "../network/sms-centre.ts";

/** `wrong-key` answers under another key, `wrong-stem` for another alarm, `plain` in words, `silent` not at all. */
export type SmsReceiverMode = "normal" | "silent" | "wrong-key" | "wrong-stem" | "plain";

export interface SmsReceiverOptions {
  readonly number: string;
  readonly centre: SmsCentre;
  /** Under the key that it shares with the unit of this number; undefined: no unit of ours. */
  readonly cipherOf: (number: string) => BlockCipher | undefined;
  readonly otherCipher: BlockCipher;
}

const answerMinutes = 60;

export class SmsReceiver implements Mailbox {
  mode: SmsReceiverMode;
  /** Each case once, by stem; a message that comes again belongs to it. */
  readonly cases: SmsAlarm[];
  /** Messages of nobody, or under no key. */
  oddCount: number;
  private readonly options: SmsReceiverOptions;

  constructor(options: SmsReceiverOptions) {
    this.options = options;
    this.mode = "normal";
    this.cases = [];
    this.oddCount = 0;
    options.centre.attach(options.number, this);
  }

  deliver(message: SmsDeliver): boolean {
    const cipher = this.options.cipherOf(message.from);
    const alarm = cipher === undefined ? undefined : decodeSmsAlarm(message.text, cipher);
    if (cipher === undefined || alarm === undefined || !alarm.ok) {
      this.oddCount++;
      return true;
    }
    const known = this.cases.some((one) => one.stem === alarm.value.stem);
    if (!known) this.cases.push(alarm.value);
    if (this.mode !== "silent") this.answer(message.from, alarm.value, cipher);
    return true;
  }

  private answer(to: string, alarm: SmsAlarm, cipher: BlockCipher): void {
    const { mode, options } = this;
    const stem = mode === "wrong-stem" ? "ZZZZZ0000000" : alarm.stem;
    const signed = encodeSmsAnswer({ stem, count: alarm.count }, mode === "wrong-key" ? options.otherCipher : cipher);
    options.centre.take(options.number, {
      kind: "submit",
      center: "",
      to,
      reference: 0,
      validMinutes: answerMinutes,
      reportWanted: false,
      text: mode === "plain" ? "OK, vi kommer" : signed,
      part: undefined,
    });
  }
}
