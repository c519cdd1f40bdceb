/** The last resort with the real alarm machine, a journal and a real cipher. */
import { expect, test } from "vitest";
import { stemOf } from "../../protocol/scaip/stem.ts";
import { decodeSmsAlarm, encodeSmsAnswer } from "../../protocol/sms-alarm/sms-alarm.ts";
import { aesBlock } from "../../simulator/node-aes.ts";
import type { AlarmEvent } from "../alarm/alarm-state.ts";
import { alarmBench } from "../alarm/arbitraries.ts";
import type { MessageOrder } from "../modem/messages-state.ts";
import { Bench, minuteMs } from "../power/test-bench.ts";
import { SmsLastResort } from "./sms-last-resort.ts";
import { type SmsSettings, smsDefaults, smsFault } from "./sms-settings.ts";

const key = new Uint8Array(16).map((_, index) => index * 3);
const cipher = aesBlock(key);
const number = "+46701234567";
const settings: SmsSettings = { number, key };

class Life {
  readonly alarms = alarmBench();
  readonly unit = new Bench();
  orders: MessageOrder[] = [];
  cancelled: number[] = [];
  learned: AlarmEvent[] = [];
  informed: number[] = [];
  sms: SmsLastResort;
  private readonly settings: SmsSettings;

  constructor(own: SmsSettings = settings) {
    this.settings = own;
    this.sms = this.open();
  }

  restart(): void {
    this.unit.newLife();
    this.sms = this.open();
  }

  /** Both clocks go on; the department hears of each step of the alarms. */
  pass(ms: number): void {
    for (let passed = 0; passed < ms; passed += 1_000) {
      this.alarms.run(1_000);
      this.unit.pass(1_000);
      this.sms.alarms(this.alarms.state);
    }
  }

  hear(text: string, from = number): void {
    const part = undefined;
    this.sms.received({ kind: "deliver", center: "", from, sentMs: 0, text, part });
  }

  private open(): SmsLastResort {
    const secrets = { random: (into: Uint8Array) => into, aes: aesBlock };
    return new SmsLastResort({
      context: { ...this.unit.context, secrets },
      settings: this.settings,
      cid: "4612345678",
      stemOf: (report) => stemOf("K7Q2M", report),
      send: (order) => this.orders.push(order),
      cancel: (id) => this.cancelled.push(id),
      onAlarm: (event) => this.learned.push(event),
      onInformed: (report) => this.informed.push(report),
    });
  }
}

test("an alarm that every path has failed for is told under the unit's key, to the number of the settings", () => {
  const life = new Life();
  life.alarms.press(0, 1);
  life.pass(170_000);
  expect(life.orders).toEqual([]);
  life.pass(20_000);
  expect(life.orders).toMatchObject([{ id: 1, to: number }]);
  expect(decodeSmsAlarm(life.orders[0]?.text ?? "", cipher)).toMatchObject({
    value: { stem: "K7Q2M0000001", cid: "4612345678", dty: 3, stc: 10, count: 1 },
  });
  life.pass(10 * minuteMs);
  expect(life.orders).toHaveLength(2);
});

test("without a number or a key nothing is sent, kept or believed", () => {
  for (const off of [smsDefaults, { number: "", key }, { number, key: undefined }]) {
    const life = new Life(off);
    life.alarms.press(0, 1);
    life.pass(5 * minuteMs);
    life.hear(encodeSmsAnswer({ stem: "K7Q2M0000001", count: 1 }, cipher));
    expect([life.sms.isOn, life.orders, life.informed]).toEqual([false, [], []]);
  }
});

test("a technical report that nobody takes stays where it is", () => {
  const life = new Life();
  life.alarms.raise("technical", 0);
  life.pass(60 * minuteMs);
  expect(life.orders).toEqual([]);
  life.alarms.raise("fire-and-gas", 0);
  life.pass(60 * minuteMs);
  expect(new Set(life.orders.map(({ id }) => id)).size).toBe(1);
});

test("an alarm that is accepted in time sends nothing; one that is accepted later sends nothing more", () => {
  const life = new Life();
  life.alarms.press(0, 1);
  life.pass(60_000);
  life.alarms.answer(life.alarms.last(), 0);
  life.pass(30 * minuteMs);
  expect(life.orders).toEqual([]);
  life.alarms.press(1, 1);
  life.pass(4 * minuteMs);
  expect(life.orders).toHaveLength(1);
  life.alarms.answer(life.alarms.last(), 0);
  life.pass(30 * minuteMs);
  expect(life.orders).toHaveLength(1);
  expect(life.cancelled).toEqual([life.orders[0]?.id]);
});

test("the receiver's own answer informs, and the alarm stays pending until a receiver has accepted it", () => {
  const life = new Life();
  life.unit.setWall();
  life.alarms.press(0, 1);
  life.pass(4 * minuteMs);
  life.hear(encodeSmsAnswer({ stem: "K7Q2M0000001", count: 1 }, cipher));
  expect(life.informed).toEqual([1]);
  expect(life.learned).toMatchObject([{ type: "learned", number: 1, text: "sms mottaget 07:04" }]);
  life.hear(encodeSmsAnswer({ stem: "K7Q2M0000001", count: 1 }, cipher));
  life.pass(30 * minuteMs);
  expect(life.informed).toEqual([1]);
  expect(life.orders).toHaveLength(1);
  expect(life.alarms.report(1)?.acceptedMs).toBe(-1);
  expect(life.alarms.state.reports).toHaveLength(1);
});

test("while the time is unknown the answer has none", () => {
  const life = new Life();
  life.alarms.press(0, 1);
  life.pass(4 * minuteMs);
  life.hear(encodeSmsAnswer({ stem: "K7Q2M0000001", count: 1 }, cipher));
  expect(life.learned).toMatchObject([{ text: "sms mottaget" }]);
});

test("anything else counts for nothing, and is counted", () => {
  const life = new Life();
  life.alarms.press(0, 1);
  life.pass(4 * minuteMs);
  const right = encodeSmsAnswer({ stem: "K7Q2M0000001", count: 1 }, cipher);
  life.hear(right, "+46701234568");
  life.hear(right, "0701234567");
  life.hear("ok vi kommer");
  life.hear(life.orders[0]?.text ?? "");
  life.hear(encodeSmsAnswer({ stem: "K7Q2M0000001", count: 1 }, aesBlock(new Uint8Array(16))));
  life.hear(encodeSmsAnswer({ stem: "K7Q2M0000002", count: 1 }, cipher));
  life.sms.received({
    kind: "deliver",
    center: "",
    from: number,
    sentMs: 0,
    text: right,
    part: { reference: 1, count: 2, index: 1 },
  });
  expect(life.sms.oddCount).toBe(7);
  life.hear(encodeSmsAnswer({ stem: "K7Q2M0000001", count: 2 }, cipher));
  expect([life.informed, life.learned]).toEqual([[], []]);
  life.hear(right);
  expect(life.informed).toEqual([1]);
});

test("a restart forgets neither what was sent nor who knows", () => {
  const life = new Life();
  life.alarms.press(0, 1);
  life.alarms.press(1, 1);
  life.pass(4 * minuteMs);
  expect(life.orders).toHaveLength(2);
  life.hear(encodeSmsAnswer({ stem: "K7Q2M0000002", count: 1 }, cipher));
  life.restart();
  life.pass(9 * minuteMs);
  expect(life.orders).toHaveLength(2);
  life.pass(2 * minuteMs);
  expect(life.orders.map(({ id }) => id)).toEqual([1, 2, 1]);
  expect(decodeSmsAlarm(life.orders[2]?.text ?? "", cipher)).toMatchObject({ value: { count: 2 } });
  expect(life.informed).toEqual([2]);
});

test("what a former run left of alarms that are over is forgotten", () => {
  const life = new Life();
  life.alarms.press(0, 1);
  life.pass(4 * minuteMs);
  life.restart();
  life.sms.alarms({ ...life.alarms.state, reports: [] });
  life.restart();
  life.pass(4 * minuteMs);
  expect(life.orders.map(({ text }) => decodeSmsAlarm(text, cipher).ok)).toEqual([true, true]);
  expect(decodeSmsAlarm(life.orders[1]?.text ?? "", cipher)).toMatchObject({ value: { count: 1 } });
});

const badNumber = "alarms by SMS go to a number such as +46701234567";

test.each([
  ["a number without a key", { number: "+46701234567", key: undefined }, "alarms by SMS need a key"],
  ["a number without its country", { number: "0701234567", key }, badNumber],
  ["a number too short", { number: "+467123", key }, badNumber],
  ["a number too long", { number: "+4670123456789012", key }, badNumber],
  ["a number with a letter", { number: "+46701x34567", key }, badNumber],
  ["a short key", { number: "+46701234567", key: new Uint8Array(15) }, "the key for alarms by SMS has 16 bytes"],
  ["a key alone", { number: "", key }, "a key for alarms by SMS without a number"],
  ["nothing", smsDefaults, undefined],
  ["both", settings, undefined],
])("settings with %s are refused in words, or fine", (_, own, fault) => {
  expect(smsFault(own)).toBe(fault);
});
