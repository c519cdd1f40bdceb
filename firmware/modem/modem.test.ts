import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { Talk, TalkStep } from "../../protocol/at/recorded-talk.ts";
import { talksOf } from "../../protocol/at/recorded-talk.ts";
import { ascii, textOf } from "../../protocol/text/utf8.ts";
import type { Clock, Timer } from "../ports/clock.ts";
import type { Datagram, DatagramSocket } from "../ports/socket.ts";
import { Modem } from "./modem.ts";
import type { ModemReport } from "./modem-state.ts";

/** Virtual time of one device. */
class TestClock implements Clock {
  private at = 0;
  private readonly planned: { dueMs: number; run: () => void }[] = [];

  nowMs(): number {
    return this.at;
  }
  after(delayMs: number, callback: () => void): Timer {
    const entry = { dueMs: this.at + delayMs, run: callback };
    this.planned.push(entry);
    return { cancel: () => this.drop(entry) };
  }
  runFor(ms: number): void {
    const end = this.at + ms;
    for (;;) {
      let next: { dueMs: number; run: () => void } | undefined;
      for (const one of this.planned)
        if (one.dueMs <= end && (next === undefined || one.dueMs < next.dueMs)) next = one;
      if (next === undefined) break;
      this.drop(next);
      this.at = next.dueMs;
      next.run();
    }
    this.at = end;
  }
  private drop(entry: { dueMs: number; run: () => void }): void {
    const index = this.planned.indexOf(entry);
    if (index >= 0) this.planned.splice(index, 1);
  }
}

/** A modem whose line is in the test's hands. */
class Desk {
  readonly clock = new TestClock();
  readonly reports: ModemReport[] = [];
  readonly times: number[] = [];
  readonly heard: Datagram[] = [];
  readonly log: string[] = [];
  written = "";
  ready = 0;
  readonly modem: Modem;
  readonly socket: DatagramSocket;
  private readonly waiting: Uint8Array[] = [];
  private readable: (count: number) => void = () => {};

  constructor(pin = "") {
    this.modem = new Modem({
      openLine: (options) => {
        this.readable = options.onReadable;
        return {
          read: () => this.waiting.shift(),
          write: (bytes) => {
            this.written += textOf(bytes, 0, bytes.length);
          },
          close: () => {},
        };
      },
      clock: this.clock,
      settings: { apn: "online.example", user: "", password: "", pin },
      onChange: (report) => this.reports.push(report),
      onTime: (wallMs) => this.times.push(wallMs),
      observe: (_machine, event, effects) => this.log.push(JSON.stringify([event, effects])),
    });
    this.socket = this.modem.openDatagram({
      localPort: 5060,
      onReady: () => this.ready++,
      onReadable: () => {
        for (let next = this.socket.read(); next !== undefined; next = this.socket.read()) this.heard.push(next);
      },
      onFault: () => {
        this.ready = 0;
      },
    });
    this.clock.runFor(1);
  }

  hear(text: string): void {
    this.waiting.push(ascii(text));
    this.readable(text.length);
    this.clock.runFor(60);
  }

  /** What was written since the last call. */
  said(): string {
    const text = this.written;
    this.written = "";
    return text;
  }

  play(step: TalkStep): void {
    if (step.kind === "say") expect(this.said()).toBe(step.text);
    else if (step.kind === "hear") this.hear(step.text);
    else if (step.kind === "send") this.socket.send(ascii(step.text), { host: step.host, port: step.port });
  }
}

function talksWith(vendor: string): Talk[] {
  return talksOf(readFileSync(new URL(`../../protocol/vectors/at/${vendor}.txt`, import.meta.url), "utf8"));
}

const talks = talksWith("quectel");

for (const talk of talks.concat(talksWith("simcom"), talksWith("ublox"))) {
  test(`the driver follows the recorded talk: ${talk.title}`, () => {
    const desk = new Desk();
    desk.said();
    // The driver called before the modem had started: its first call comes again after the boot's own news.
    const from = talk.steps.findIndex((step) => step.kind === "say");
    for (const step of talk.steps.slice(0, from)) desk.hear(step.text);
    while (desk.written === "") desk.clock.runFor(100);
    for (const step of talk.steps.slice(from)) desk.play(step);
    expect(desk.said()).toBe("");
    const arrived = talk.steps.filter((step) => step.kind === "arrive");
    expect(desk.heard.map((one) => textOf(one.bytes, 0, one.bytes.length))).toEqual(arrived.map((step) => step.text));
    expect(desk.modem.report).toMatchObject({ at: "ready", signal: 17, operator: "Nord", generation: "4g" });
    expect(desk.times).toEqual([1_772_431_805_000]);
  });
}

/** Answers everything as the recorded modem does, until nothing more is said. */
function bringUp(desk: Desk): void {
  const answers = new Map<string, string>();
  for (const talk of talks) {
    let said = "";
    for (const step of talk.steps) {
      if (step.kind === "say") said = step.text;
      else if (step.kind === "hear" && said !== "") answers.set(said, (answers.get(said) ?? "") + step.text);
    }
  }
  answers.set("AT+QIACT?\r", '\r\n+QIACT: 1,1,1,"10.1.2.3"\r\n\r\nOK\r\n');
  answers.set("AT+QIRD=0\r", "\r\n+QIRD: 0\r\n\r\nOK\r\n");
  for (let turn = 0; turn < 100; turn++) {
    const said = desk.said();
    if (said === "" && desk.ready > 0) return;
    if (said === "") desk.clock.runFor(500);
    else desk.hear(answers.get(said) ?? "\r\nOK\r\n");
  }
  throw new Error("never ready");
}

test("eight datagrams wait for the line, the ninth is dropped, and they go out in order", () => {
  const desk = new Desk();
  bringUp(desk);
  for (let i = 0; i < 10; i++) desk.socket.send(ascii(`message ${i}`), { host: "192.0.2.9", port: 5060 });
  const sent: string[] = [];
  for (let turn = 0; turn < 40; turn++) {
    const said = desk.said();
    if (said.startsWith("AT+QISEND")) desk.hear("\r\n> ");
    else if (said.startsWith("AT+QIRD")) desk.hear("\r\n+QIRD: 0\r\n\r\nOK\r\n");
    else if (said !== "") {
      sent.push(said);
      desk.hear("\r\nSEND OK\r\n");
    }
  }
  // The first is on the line already when the ninth comes.
  expect(sent).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8].map((i) => `message ${i}`));
});

test("an address that is none never reaches the command line", () => {
  const desk = new Desk();
  bringUp(desk);
  for (const host of ['1.2.3.4",5060\r\nATD112;', "sip.example", ""])
    desk.socket.send(ascii("x"), { host, port: 5060 });
  desk.clock.runFor(1_000);
  expect(desk.said()).toBe("");
});

test("a full inbox stops the reading, and reading goes on when there is room", () => {
  const desk = new Desk();
  const late = desk.modem.openDatagram({ localPort: 5061, onReady: () => {}, onReadable: () => {}, onFault: () => {} });
  bringUp(desk);
  desk.clock.runFor(1_000);
  bringUp(desk);
  desk.hear("\r\n+QIOPEN: 1,0\r\n");
  let reads = 0;
  for (let turn = 0; turn < 20; turn++) {
    if (desk.said() !== "AT+QIRD=1\r") break;
    reads++;
    desk.hear('\r\n+QIRD: 1,"192.0.2.9",5060\r\nx\r\n\r\nOK\r\n');
  }
  expect(reads).toBe(8);
  expect(late.read()?.bytes).toEqual(ascii("x"));
  expect(desk.said()).toBe("AT+QIRD=1\r");
});

test("the log never shows the PIN", () => {
  const desk = new Desk("4711");
  for (let turn = 0; turn < 60; turn++) {
    const said = desk.said();
    if (said === "") desk.clock.runFor(500);
    else if (said === "AT+CPIN?\r") desk.hear("\r\n+CPIN: SIM PIN\r\n\r\nOK\r\n");
    else desk.hear(said.startsWith("AT+CPIN=") ? "\r\n+CME ERROR: 16\r\n" : "\r\nOK\r\n");
  }
  expect(desk.modem.report.simFault).toBe("pin-refused");
  expect(desk.log.join("")).not.toContain("4711");
});

test("four sockets can be open, a fifth is a mistake of the caller, and a closed one gives its place back", () => {
  const desk = new Desk();
  const options = { localPort: 0, onReady: () => {}, onReadable: () => {}, onFault: () => {} };
  const second = desk.modem.openDatagram(options);
  desk.modem.openDatagram(options);
  desk.modem.openDatagram(options);
  expect(() => desk.modem.openDatagram(options)).toThrow("too many sockets");
  second.close();
  desk.modem.openDatagram(options);
});
