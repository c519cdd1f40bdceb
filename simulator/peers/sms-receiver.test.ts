/** An alarm by short message from the unit's decision to the receiver's answer: modem, network and both keys in between. */
import { expect, test } from "vitest";
import type { AlarmState } from "../../firmware/alarm/alarm-state.ts";
import { alarmBench } from "../../firmware/alarm/arbitraries.ts";
import { ModemMessages } from "../../firmware/modem/modem-messages.ts";
import { Bench } from "../../firmware/power/test-bench.ts";
import { SmsLastResort } from "../../firmware/sms/sms-last-resort.ts";
import { stemOf } from "../../protocol/scaip/stem.ts";
import { SimClock } from "../core/sim-clock.ts";
import { SmsCentre, type SmsCentreOptions } from "../network/sms-centre.ts";
import { aesBlock } from "../node-aes.ts";
import { ModemBench } from "./modem-bench.ts";
import { MessagesPart } from "./modem-messages.ts";
import { SmsReceiver, type SmsReceiverMode } from "./sms-receiver.ts";

const own = "+46701111111";
const centreNumber = "+46702222222";
const key = new Uint8Array(16).fill(0x5a);
const hourMs = 3_600_000;

class LastResortHome {
  readonly modem: ModemBench;
  readonly learned: string[] = [];
  informed = 0;
  receiver!: SmsReceiver;
  part!: MessagesPart;
  centre!: SmsCentre;
  sms: SmsLastResort;
  private readonly alarms: AlarmState;

  constructor(centre: SmsCentreOptions = {}, model = "EG95") {
    const open = (host: ConstructorParameters<typeof SmsCentre>[0]): SmsCentre => new SmsCentre(host, centre);
    const parts = [
      (modem: ModemBench["peer"]) => {
        this.centre = open(modem.host);
        this.part = new MessagesPart(modem, { number: own, centre: this.centre });
        return this.part;
      },
    ];
    this.modem = new ModemBench({ peer: { model, parts } });
    this.receiver = new SmsReceiver({
      number: centreNumber,
      centre: this.centre,
      cipherOf: (number) => (number === own ? aesBlock(key) : undefined),
      otherCipher: aesBlock(new Uint8Array(16)),
    });
    const clock = new SimClock(this.modem.queue);
    const messages: ModemMessages = new ModemMessages({
      clock,
      onWant: () => this.modem.modem.wake(),
      onReceived: (message) => this.sms.received(message),
      onSent: () => {},
      onNotSent: () => {},
      observe: undefined,
    });
    const secrets = { random: (into: Uint8Array) => into, aes: aesBlock };
    this.sms = new SmsLastResort({
      context: { ...new Bench().context, clock, secrets },
      settings: { number: centreNumber, key },
      cid: "4612345678",
      stemOf: (number) => stemOf("K7Q2M", number),
      send: (order) => messages.send(order),
      cancel: (id) => messages.cancel(id),
      onAlarm: (event) => this.learned.push(event.type),
      onInformed: () => this.informed++,
    });
    this.modem.modem.attach(messages);
    const bench = alarmBench();
    bench.press(0, 1);
    bench.run(60_000);
    this.alarms = bench.state;
  }

  /** Every path has failed for the alarm, and time goes on. */
  fail(ms: number): void {
    this.modem.runFor(60_000);
    this.sms.alarms(this.alarms);
    this.modem.runFor(ms);
  }
}

test.each(["EG95", "SIMCOM_SIM7600E", "SARA-R510S"])(
  "over %s the receiver knows of the alarm within six minutes, and the unit that it does",
  (model) => {
    const home = new LastResortHome({}, model);
    home.fail(300_000);
    expect(home.receiver.cases).toEqual([{ stem: "K7Q2M0000001", cid: "4612345678", dty: 3, stc: 10, count: 1 }]);
    expect([home.informed, home.learned]).toEqual([1, ["learned"]]);
    home.modem.runFor(hourMs);
    expect(home.centre.counts.taken).toBe(2);
  },
);

test("it goes although the data service is refused", () => {
  const home = new LastResortHome();
  home.modem.bearer.refusesData = true;
  home.fail(300_000);
  expect(home.informed).toBe(1);
});

test.each<SmsReceiverMode>(["silent", "wrong-key", "wrong-stem", "plain"])(
  "a receiver that is %s informs nobody, and is told again each ten minutes, as one case",
  (mode) => {
    const home = new LastResortHome();
    home.receiver.mode = mode;
    home.fail(3_000_000);
    expect(home.informed).toBe(0);
    expect(home.receiver.cases).toHaveLength(1);
    const fromUnit = home.modem.talk.filter((line) => line.startsWith("> AT+CMGS="));
    expect(fromUnit.length).toBe(5);
    expect(home.sms.oddCount).toBe(mode === "silent" ? 0 : 5);
    home.receiver.mode = "normal";
    home.modem.runFor(2 * hourMs);
    expect(home.informed).toBe(1);
  },
);

test("with half of the messages lost and many twice, the unit is told once in the end", () => {
  const home = new LastResortHome({ lostPerMille: 500, doubledPerMille: 500 });
  home.fail(12 * hourMs);
  expect(home.informed).toBe(1);
  expect(home.receiver.cases).toHaveLength(1);
});

test("a full memory, lost news and a number that refuses for a while delay it and no more", () => {
  const home = new LastResortHome();
  home.part.faults.sendErrors = [500, 38];
  home.part.faults.lostNews = 1;
  home.fail(hourMs);
  expect(home.informed).toBe(1);
  expect(home.part.count("SM")).toBe(0);
});
