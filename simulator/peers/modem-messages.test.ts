/** The unit's short messages and a modem's own, against each other in virtual time. */
import { expect, test } from "vitest";
import type { SendFault } from "../../firmware/modem/messages-state.ts";
import { ModemMessages } from "../../firmware/modem/modem-messages.ts";
import type { SmsDeliver } from "../../protocol/at/sms-pdu.ts";
import { SimClock } from "../core/sim-clock.ts";
import { SmsCentre, type SmsCentreOptions } from "../network/sms-centre.ts";
import { type BenchOptions, ModemBench } from "./modem-bench.ts";
import { MessagesPart, type MessagesPartOptions } from "./modem-messages.ts";

const own = "+46701111111";
const far = "+46702222222";
const hourMs = 3_600_000;

class MessagesBench {
  readonly bench: ModemBench;
  readonly messages: ModemMessages;
  readonly received: SmsDeliver[] = [];
  readonly done: (number | SendFault)[] = [];
  /** What has come to the far number. */
  readonly arrived: SmsDeliver[] = [];
  part!: MessagesPart;
  centre!: SmsCentre;

  constructor(part: Partial<MessagesPartOptions> = {}, bench: BenchOptions = {}, centre: SmsCentreOptions = {}) {
    this.bench = new ModemBench({
      ...bench,
      peer: {
        ...bench.peer,
        parts: [
          (modem) => {
            this.centre = new SmsCentre(modem.host, { delayMs: { least: 1_000, most: 4_000 }, ...centre });
            this.part = new MessagesPart(modem, { number: own, centre: this.centre, ...part });
            return this.part;
          },
        ],
      },
    });
    this.centre.attach(far, { deliver: (message) => this.arrived.push(message) > 0 });
    const bench0 = this.bench;
    this.messages = new ModemMessages({
      clock: new SimClock(bench0.queue),
      onWant: () => bench0.modem.wake(),
      onReceived: (message) => this.received.push(message),
      onSent: (id) => this.done.push(id),
      onNotSent: (_id, fault) => this.done.push(fault),
      observe: undefined,
    });
    bench0.modem.attach(this.messages);
  }

  send(id: number, text: string, to = far): void {
    expect(this.messages.send({ id, to, text, untilMs: this.bench.queue.nowMs + 540_000 })).toBe(true);
  }

  /** Somebody sends the unit a text. */
  hear(text: string): void {
    this.centre.take(far, {
      kind: "submit",
      center: "",
      to: own,
      reference: 0,
      validMinutes: 60,
      reportWanted: false,
      text,
      part: undefined,
    });
  }

  commands(start: string): string[] {
    const said = this.bench.talk.filter((line) => line.startsWith("> ")).join("");
    return said.split("\r").filter((line) => line.replaceAll("> ", "").startsWith(start));
  }
}

const models = ["EG95", "BG96", "SIMCOM_SIM7600E", "SARA-R410M-02B", "SARA-R510S"];

test.each(models)("%s sends a text and hears one, whichever way the line cuts it", (model) => {
  const bench = new MessagesBench({}, { peer: { model }, pieceLimit: 7 });
  bench.bench.runFor(30_000);
  bench.send(7, "LIVLINA LARM 1 Åsa {}");
  bench.bench.runFor(30_000);
  expect(bench.done).toEqual([7]);
  expect(bench.arrived).toMatchObject([{ from: own, text: "LIVLINA LARM 1 Åsa {}" }]);
  bench.hear("Tack, vi kommer");
  bench.bench.runFor(30_000);
  expect(bench.received).toMatchObject([{ from: far, text: "Tack, vi kommer", center: "+46700000000" }]);
  expect(bench.part.count("SM")).toBe(0);
});

test("what came while the modem was off is read when it is there", () => {
  const bench = new MessagesBench();
  bench.bench.runFor(30_000);
  bench.bench.peer.power(false);
  bench.hear("ett");
  bench.hear("två");
  bench.bench.runFor(60_000);
  expect(bench.received).toEqual([]);
  bench.bench.peer.power(true);
  bench.bench.runFor(600_000);
  expect(bench.received.map(({ text }) => text).sort()).toEqual(["ett", "två"]);
  expect(bench.part.count("SM")).toBe(0);
});

test("a full memory is emptied, and nothing that waited in the network is lost", () => {
  const bench = new MessagesBench({ places: 5 });
  bench.bench.runFor(30_000);
  bench.bench.runFor(20_000);
  bench.part.faults.lostNews = 5;
  for (let i = 0; i < 12; i++) bench.hear("text " + i);
  bench.bench.runFor(10_000);
  expect(bench.part.count("SM")).toBe(5);
  bench.send(1, "hit");
  bench.bench.runFor(hourMs);
  expect(new Set(bench.received.map(({ text }) => text)).size).toBe(12);
  expect(bench.part.count("SM")).toBe(0);
});

test("a memory that is told to be full is emptied at once", () => {
  const bench = new MessagesBench({ places: 3, fullNews: (memory) => '+QIND: "smsfull","' + memory + '"' });
  bench.bench.runFor(30_000);
  bench.bench.runFor(20_000);
  bench.part.faults.lostNews = 3;
  for (let i = 0; i < 3; i++) bench.hear("text " + i);
  bench.bench.runFor(30_000);
  expect(bench.received).toHaveLength(3);
  expect(bench.part.count("SM")).toBe(0);
});

test("a refusal that passes is tried again, three times in all; one for good is not", () => {
  const bench = new MessagesBench();
  bench.bench.runFor(30_000);
  bench.part.faults.sendErrors = [500, 42];
  bench.send(1, "ett");
  bench.bench.runFor(120_000);
  expect(bench.done).toEqual([1]);
  bench.part.faults.sendErrors = [500, 500, 500];
  bench.send(2, "två");
  bench.bench.runFor(120_000);
  expect(bench.done).toEqual([1, "in-vain"]);
  bench.part.faults.sendErrors = [30];
  bench.send(3, "tre");
  bench.bench.runFor(120_000);
  expect(bench.done).toEqual([1, "in-vain", "refused"]);
  expect(bench.commands("AT+CMGS=")).toHaveLength(3 + 3 + 1);
  expect(bench.arrived.map(({ text }) => text)).toEqual(["ett"]);
});

test("a number that nobody has is not tried twice", () => {
  const bench = new MessagesBench();
  bench.bench.runFor(30_000);
  bench.send(1, "ett", "+46700000009");
  bench.bench.runFor(60_000);
  expect(bench.done).toEqual(["refused"]);
});

test("texts go although the data service is refused", () => {
  const bench = new MessagesBench();
  bench.bench.bearer.refusesData = true;
  bench.bench.runFor(60_000);
  expect(bench.bench.modem.report.at).toBe("attaching");
  bench.send(1, "ett");
  bench.bench.runFor(120_000);
  expect(bench.done).toEqual([1]);
});

test("an order that waits for a modem in vain ends in vain when its time is over", () => {
  const bench = new MessagesBench({}, { peer: { sim: "absent" } });
  bench.send(1, "ett");
  bench.bench.runFor(539_000);
  expect(bench.done).toEqual([]);
  bench.bench.runFor(2_000);
  expect(bench.done).toEqual(["in-vain"]);
});

test("a modem without the first memory uses the other, and a wrong memory is refused", () => {
  const bench = new MessagesBench({ memories: ["ME"] });
  bench.bench.runFor(30_000);
  bench.bench.runFor(10_000);
  bench.hear("hej");
  bench.bench.runFor(30_000);
  expect(bench.received).toMatchObject([{ text: "hej" }]);
  expect(bench.commands("AT+CPMS=")).toHaveLength(2);
});

test("a modem that knows only the short form of news is told in that", () => {
  const bench = new MessagesBench();
  bench.bench.peer.faults.refusals.push({ name: "+CNMI", code: -1, count: 1 });
  bench.bench.runFor(30_000);
  bench.bench.runFor(10_000);
  expect(bench.commands("AT+CNMI=")).toEqual(["> AT+CNMI=2,1,0,0,0", "> AT+CNMI=1,1"]);
  bench.hear("hej");
  bench.bench.runFor(30_000);
  expect(bench.received).toMatchObject([{ text: "hej" }]);
});

test("a message whose result was lost may be sent twice, and is told of once", () => {
  const bench = new MessagesBench();
  bench.bench.runFor(30_000);
  bench.part.faults.lostAnswers = 1;
  bench.send(1, "ett");
  bench.bench.runFor(400_000);
  expect(bench.done).toEqual([1]);
  expect(bench.arrived.map(({ text }) => text)).toEqual(["ett", "ett"]);
  bench.bench.runUntilCarrying(60_000);
});

test("a modem whose prompt was lost is brought back, and the message goes once", () => {
  const bench = new MessagesBench();
  bench.bench.runFor(30_000);
  bench.bench.peer.faults.lostPrompts = 1;
  bench.send(1, "ett");
  bench.bench.runFor(400_000);
  expect(bench.done).toEqual([1]);
  expect(bench.arrived.map(({ text }) => text)).toEqual(["ett"]);
  bench.bench.runUntilCarrying(60_000);
});

test("texts that come twice are told twice, and each order is told of once", () => {
  const bench = new MessagesBench({}, {}, { doubledPerMille: 1_000 });
  bench.bench.runFor(30_000);
  bench.hear("hej");
  bench.send(1, "ett");
  bench.bench.runFor(60_000);
  expect(bench.received.map(({ text }) => text)).toEqual(["hej", "hej"]);
  expect(bench.done).toEqual([1]);
  expect(bench.arrived).toHaveLength(2);
});
