/** For tests only: a modem driver on a line that is in the test's hands, in time moved by hand. */
import { ascii, textOf } from "../../protocol/text/utf8.ts";
import type { Clock, Timer } from "../ports/clock.ts";
import type { Datagram, DatagramSocket } from "../ports/socket.ts";
import type { Stream } from "../ports/stream.ts";
import { Modem } from "./modem.ts";
import type { ModemReport } from "./modem-state.ts";

/** Virtual time of one device. */
export class TestClock implements Clock {
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

export interface DeskOptions {
  pin?: string;
  caFile?: string;
  /** With a UDP socket where absent. */
  hasSocket?: boolean;
}

/** A modem whose line is in the test's hands. */
export class Desk {
  readonly clock = new TestClock();
  readonly reports: ModemReport[] = [];
  readonly times: number[] = [];
  readonly heard: Datagram[] = [];
  readonly log: string[] = [];
  written = "";
  ready = 0;
  readonly modem: Modem;
  private readonly opened: DatagramSocket | undefined;
  private readonly waiting: Uint8Array[] = [];
  private readable: (count: number) => void = () => {};

  constructor(options: DeskOptions) {
    const pin = options.pin ?? "";
    const caFile = options.caFile ?? "";
    this.modem = new Modem({
      openLine: (line) => {
        this.readable = line.onReadable;
        return {
          read: () => this.waiting.shift(),
          write: (bytes) => {
            this.written += textOf(bytes, 0, bytes.length);
          },
          close: () => {},
        };
      },
      clock: this.clock,
      settings: { apn: "online.example", user: "", password: "", pin, caFile },
      onChange: (report) => this.reports.push(report),
      onTime: (wallMs) => this.times.push(wallMs),
      observe: (_machine, event, effects) => this.log.push(JSON.stringify([event, effects])),
    });
    if (options.hasSocket !== false)
      this.opened = this.modem.openDatagram({
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

  get socket(): DatagramSocket {
    if (this.opened === undefined) throw new Error("the desk has no socket");
    return this.opened;
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
}

/** What a good modem answers, beside OK alone. */
const answers: Readonly<Record<string, string>> = {
  "AT+CGMM": "\r\nEG95\r\n",
  "AT+CPIN?": "\r\n+CPIN: READY\r\n",
  "AT+CEREG?": "\r\n+CEREG: 2,1\r\n",
  "AT+CREG?": "\r\n+CREG: 2,1\r\n",
  "AT+COPS?": '\r\n+COPS: 0,0,"Nord",7\r\n',
  "AT+CSQ": "\r\n+CSQ: 17,99\r\n",
  "AT+CFUN?": "\r\n+CFUN: 1\r\n",
  "AT+QLTS=1": '\r\n+QLTS: "2026/03/02,06:10:05+04,0"\r\n',
  "AT+CCLK?": '\r\n+CCLK: "26/03/02,06:10:05+00"\r\n',
  "AT+QIACT?": '\r\n+QIACT: 1,1,1,"10.1.2.3"\r\n',
  "AT+IPADDR": "\r\n+IPADDR: 10.1.2.3\r\n",
  "AT+CGPADDR=1": '\r\n+CGPADDR: 1,"10.1.2.3"\r\n',
  "AT+UPSND=0,0": '\r\n+UPSND: 0,0,"10.1.2.3"\r\n',
  "AT+QIRD=0": "\r\n+QIRD: 0\r\n",
};

/** What a good modem answers to one command line, whole. */
export function answerTo(said: string, model: string): string {
  if (said === "AT+CGMM\r") return "\r\n" + model + "\r\n\r\nOK\r\n";
  const open = said.startsWith("AT+QIOPEN=") ? "\r\n+QIOPEN: 0,0\r\n" : "";
  return (answers[said.trim()] ?? "") + "\r\nOK\r\n" + open;
}

/** Answers everything as a good modem does, until the socket is ready and nothing more is said. */
export function bringUp(desk: Desk): void {
  for (let turn = 0; turn < 100; turn++) {
    const said = desk.said();
    if (said === "" && desk.ready > 0) return;
    if (said === "") desk.clock.runFor(500);
    else desk.hear(answerTo(said, "EG95"));
  }
  throw new Error("never ready");
}

/** A desk whose modem of that model is up, and one connection through it. */
export class StreamBench {
  readonly desk: Desk;
  readonly faults: string[] = [];
  readonly addresses: (readonly string[] | undefined)[] = [];
  heard = new Uint8Array(0);
  proof = "";
  stream: Stream | undefined;
  /** Whether what is readable is read at once. */
  reads = true;

  constructor(model: string, caFile: string) {
    this.desk = new Desk({ caFile, hasSocket: false });
    for (let turn = 0; turn < 60; turn++) {
      const said = this.desk.said();
      if (said !== "") this.desk.hear(answerTo(said, model));
      else if (this.desk.modem.report.at === "ready") return;
      else this.desk.clock.runFor(100);
    }
    throw new Error("never ready");
  }

  open(host: string, port: number, serverName: string | undefined): void {
    this.stream = this.desk.modem.openStream({
      to: { host, port },
      serverName,
      onReady: (_local, proof) => {
        this.proof = proof;
      },
      onReadable: () => {
        if (this.reads) this.take();
      },
      onFault: (fault) => this.faults.push(fault),
    });
  }

  /** Answers what is said, by how it begins, with OK where nothing else is told, until nothing more is said; all that was said. */
  serve(replies: Readonly<Record<string, string>>): string[] {
    const all: string[] = [];
    for (let turn = 0; turn < 60; turn++) {
      const said = this.desk.said();
      if (said === "") return all;
      all.push(said.trim());
      let reply = "\r\nOK\r\n";
      for (const start of Object.keys(replies)) {
        if (!said.startsWith(start)) continue;
        reply = replies[start] as string;
        break;
      }
      this.desk.hear(reply);
    }
    throw new Error("never quiet: " + all[all.length - 1]);
  }

  take(): void {
    const bytes = this.stream === undefined ? undefined : this.stream.read();
    if (bytes === undefined) return;
    const all = new Uint8Array(this.heard.length + bytes.length);
    all.set(this.heard, 0);
    all.set(bytes, this.heard.length);
    this.heard = all;
  }

  lookUp(name: string): void {
    this.desk.modem.lookUp({ kind: "addresses", name }, (answer) =>
      this.addresses.push(answer === undefined ? undefined : answer.addresses),
    );
  }
}
