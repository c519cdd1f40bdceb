import { expect, test } from "vitest";
import { CallBench } from "../../firmware/sip/call-test-bench.ts";
import { TestMedia } from "../../firmware/sip/call-test-media.ts";
import { deskAt, deskUri, unitAt, unitUri } from "../../firmware/sip/call-test-messages.ts";
import { viewSip } from "../../protocol/sip/message.ts";
import { type OperatorEvent, type OperatorManner, OperatorPhone, usualKeys } from "./operator-phone.ts";

class OperatorBench extends CallBench {
  readonly operator: OperatorPhone;
  readonly told: string[];
  readonly sound: TestMedia[];

  constructor(manner: OperatorManner) {
    super("udp", false);
    this.told = [];
    this.sound = [];
    this.operator = new OperatorPhone(
      {
        nowMs: () => this.clock.nowMs(),
        after: (delayMs, callback) => this.clock.after(delayMs, callback),
        below: (n) => this.below(n),
        send: (bytes, to) => this.carry(bytes, deskAt, to),
        openMedia: (options) => {
          const media = new TestMedia(options);
          this.sound.push(media);
          this.clock.after(0, () => media.ready({ host: deskAt.host, port: 42_000 }));
          return media;
        },
      },
      { uri: deskUri, users: ["larm"], address: deskAt, manner, onEvent: (event) => this.told.push(textOf(event)) },
    );
    this.far = (bytes) => {
      const message = viewSip(bytes);
      if (message.ok) this.operator.receive(message.value, unitAt, "udp");
    };
  }

  private below(n: number): number {
    const bytes = new Uint8Array(1);
    this.random(bytes);
    return (bytes[0] as number) % n;
  }
}

function textOf(event: OperatorEvent): string {
  return Object.values(event).join(" ");
}

test("an operator takes a call after a while, presses the keys one after the other and hangs up", () => {
  const bench = new OperatorBench({ answerAfterMs: 3000, keys: usualKeys, hangUpAfterMs: 10_000 });
  bench.unit.act((phone) => phone.dial(deskUri, "duplex"));
  bench.run(2900);
  expect(bench.unit.events).toEqual([]);
  bench.run(20_000);
  expect(bench.unit.events).toEqual(["answered", ...usualKeys.map((key) => `key ${key}`), "ended over"]);
  expect(bench.told).toEqual(["rang " + unitUri, "talking", ...usualKeys.map((key) => `pressed ${key}`), "hung-up"]);
  bench.run(100_000);
  expect(bench.clock.running).toBe(0);
});

test("an engaged operator is busy, and one who never answers lets it ring until the caller gives up", () => {
  const engaged = new OperatorBench({ answerAfterMs: 0, engaged: true });
  engaged.unit.act((phone) => phone.dial(deskUri, "duplex"));
  engaged.run(1000);
  expect(engaged.unit.events).toEqual(["ended busy"]);
  const absent = new OperatorBench({ answerAfterMs: undefined });
  absent.unit.act((phone) => phone.dial(deskUri, "duplex"));
  absent.run(40_000);
  expect(absent.unit.events).toEqual([]);
  absent.unit.act((phone) => phone.hangUp());
  absent.run(1000);
  expect(absent.told).toEqual(["rang " + unitUri, "ended no-answer"]);
});

test("sound that goes one way opens one end only", () => {
  for (const [sound, log] of [
    ["listen", "open - speaker"],
    ["talk", "open mic -"],
  ] as const) {
    const bench = new OperatorBench({ answerAfterMs: 0, sound });
    bench.unit.act((phone) => phone.dial(deskUri.replace("plats4", "larm"), "duplex"));
    bench.run(1000);
    expect(bench.sound[0]?.log[0]).toBe(log);
  }
});

test("an operator calls back, and hears when the unit hangs up", () => {
  const bench = new OperatorBench({ answerAfterMs: 0 });
  bench.operator.dial(unitUri);
  bench.run(100);
  expect(bench.unit.events).toEqual(["incoming " + deskUri]);
  bench.unit.act((phone) => phone.answer("duplex"));
  bench.run(1000);
  bench.unit.act((phone) => phone.hangUp());
  bench.run(1000);
  expect(bench.told).toEqual(["talking", "ended over"]);
});

test("a telephone that is in a call is busy for others, and a stranger's user is not known", () => {
  const bench = new OperatorBench({ answerAfterMs: 0 });
  bench.operator.dial("sip:x@192.0.2.99");
  bench.unit.act((phone) => phone.dial(deskUri, "duplex"));
  bench.run(100);
  expect(bench.unit.events).toEqual(["ended busy"]);
  bench.unit.act((phone) => phone.dial(deskUri.replace("plats4", "okand"), "duplex"));
  bench.run(100);
  expect(bench.unit.events).toEqual(["ended busy", "ended failed"]);
});
