import { expect, test } from "vitest";
import { ascii } from "../../protocol/text/utf8.ts";
import type { Stream, StreamOptions } from "../ports/stream.ts";
import { ReceiverConnection } from "./receiver-connection.ts";
import { HandClock } from "./test-bench.ts";

const local = { host: "10.0.0.1", port: 49_152 };
const answer = "SIP/2.0 200 OK\r\nContent-Length: 2\r\n\r\nok";

/** A far end by hand: what it was told, and whatever a test lets it say. */
class Line implements Stream {
  readonly options: StreamOptions;
  readonly written: string[] = [];
  readonly recalled: Uint8Array[] = [];
  private inbox: Uint8Array[] = [];
  closed = false;

  constructor(options: StreamOptions) {
    this.options = options;
  }

  write(bytes: Uint8Array): void {
    this.written.push(Buffer.from(bytes).toString());
  }

  recall(bytes: Uint8Array): void {
    this.recalled.push(bytes);
  }

  read(): Uint8Array | undefined {
    return this.inbox.shift();
  }

  close(): void {
    this.closed = true;
  }

  say(text: string): void {
    this.inbox.push(ascii(text));
    this.options.onReadable(text.length);
  }
}

class Bench {
  readonly clock = new HandClock();
  readonly lines: Line[] = [];
  readonly heard: string[] = [];
  readonly failed: string[] = [];
  readonly opened: string[] = [];
  to = { host: "192.0.2.10", port: 5061 };
  readonly connection: ReceiverConnection;

  constructor(serverName?: string) {
    this.connection = new ReceiverConnection({
      clock: this.clock,
      open: (options) => {
        const line = new Line(options);
        this.lines.push(line);
        return line;
      },
      to: () => this.to,
      serverName,
      trust: "checked",
      onOpened: (own, proof) => this.opened.push(`${own.host}:${own.port} ${proof}`),
      onMessage: (bytes) => this.heard.push(Buffer.from(bytes).toString()),
      onFailed: (fault) => this.failed.push(fault),
    });
  }

  get line(): Line {
    return this.lines[this.lines.length - 1] as Line;
  }
}

test("nothing is opened before something is to be said; then it is written, and answers come whole however they are cut", () => {
  const bench = new Bench("larm.example");
  expect(bench.lines).toEqual([]);
  bench.connection.send(ascii("one"));
  expect(bench.line.options).toMatchObject({ to: { host: "192.0.2.10", port: 5061 }, serverName: "larm.example" });
  expect(bench.line.written).toEqual([]);
  bench.line.options.onReady(local, "checked");
  expect(bench.line.written).toEqual(["one"]);
  expect(bench.connection.proof).toBe("checked");
  bench.line.say(answer.slice(0, 20));
  bench.line.say(answer.slice(20) + answer);
  expect(bench.heard).toEqual([answer, answer]);
});

test("beside a connection that is silent for 3 s a fresh one is opened; the first of both to speak is used, the other one closed", () => {
  for (const speaker of [0, 1]) {
    const bench = new Bench();
    bench.connection.send(ascii("one"));
    bench.line.options.onReady(local, "unverified");
    bench.clock.runTo(3_000);
    bench.line.options.onReady(local, "unverified");
    expect(bench.lines.map(({ written, closed }) => [written, closed])).toEqual([
      [["one"], false],
      [["one"], false],
    ]);
    bench.lines[speaker]?.say(answer);
    expect(bench.lines.map(({ closed }) => closed)).toEqual([speaker !== 0, speaker !== 1]);
    bench.lines[1 - speaker]?.say(answer);
    expect([bench.heard, bench.failed]).toEqual([[answer], []]);
    bench.connection.send(ascii("two"));
    expect(bench.lines[speaker]?.written).toEqual(["one", "two"]);
  }
});

test.each([
  ["SIP/2.0 200 OK", false],
  ["ACK sip:a@b SIP/2.0", false],
  ["BYE sip:a@b SIP/2.0", true],
  ["ACKNOWLEDGE sip:a@b SIP/2.0", true],
  ["SIP", true],
])("%s is written to an open connection alone, and expects an answer: %s", (text, isAnswered) => {
  const closed = new Bench();
  closed.connection.send(ascii(text));
  expect(closed.lines).toHaveLength(isAnswered ? 1 : 0);
  const bench = new Bench();
  bench.connection.keep(true);
  bench.connection.send(ascii("one"));
  bench.line.options.onReady(local, "unverified");
  bench.line.say(answer);
  bench.connection.send(ascii(text));
  expect(bench.line.written).toEqual(["one", text]);
  bench.clock.runTo(100_000);
  expect(bench.lines).toHaveLength(isAnswered ? 2 : 1);
});

test("what is said to a request that came before both connections fell silent goes to the older one", () => {
  const bench = new Bench();
  bench.connection.send(ascii("one"));
  bench.line.options.onReady(local, "unverified");
  bench.clock.runTo(3_000);
  bench.connection.send(ascii("SIP/2.0 180 Ringing"));
  expect(bench.lines.map(({ written }) => written)).toEqual([["one", "SIP/2.0 180 Ringing"], []]);
});

test("once the older of two connections is in use again, its address and its proof are those of the connection", () => {
  const bench = new Bench("larm.example");
  bench.connection.send(ascii("one"));
  bench.line.options.onReady(local, "expired");
  bench.clock.runTo(3_000);
  bench.line.options.onReady({ host: "10.0.0.1", port: 49_153 }, "checked");
  bench.lines[0]?.say(answer);
  expect(bench.opened).toEqual(["10.0.0.1:49152 expired", "10.0.0.1:49153 checked", "10.0.0.1:49152 expired"]);
  expect([bench.connection.local, bench.connection.proof]).toEqual([local, "expired"]);
});

test("a connection that is needed is opened with nothing to say, and is told of where it cannot be had", () => {
  const bench = new Bench();
  bench.connection.need();
  bench.line.options.onFault("connection-refused");
  expect(bench.failed).toEqual(["connection-refused"]);
  bench.connection.need();
  bench.line.options.onReady(local, "unverified");
  expect([bench.opened, bench.line.written]).toEqual([["10.0.0.1:49152 unverified"], []]);
});

test("reopening closes both of two connections", () => {
  const bench = new Bench();
  bench.connection.send(ascii("one"));
  bench.line.options.onReady(local, "unverified");
  bench.clock.runTo(3_000);
  bench.connection.reopen();
  expect(bench.lines.map(({ closed }) => closed)).toEqual([true, true]);
  expect(bench.failed).toEqual(["connection-lost"]);
});

test("bytes that are no SIP end the connection, and what was under way goes over the next one", () => {
  const bench = new Bench();
  bench.connection.send(ascii("one"));
  bench.line.options.onReady(local, "unverified");
  bench.connection.send(ascii("two"));
  bench.line.say("Content-Length: x\r\n\r\n");
  bench.connection.send(ascii("three"));
  expect(bench.lines).toHaveLength(2);
  expect(bench.lines[0]?.closed).toBe(true);
});

test("an empty line is a pong, not a message", () => {
  const bench = new Bench();
  bench.connection.send(ascii("one"));
  bench.line.options.onReady(local, "unverified");
  bench.line.say("\r\n\r\n");
  expect(bench.heard).toEqual([]);
  expect(bench.failed).toEqual([]);
});

test("each connection goes where the receiver is by then, and tells its own address and what TLS has shown", () => {
  const bench = new Bench("larm.example");
  bench.connection.send(ascii("one"));
  expect([bench.connection.isOpen, bench.connection.local]).toEqual([false, undefined]);
  bench.line.options.onReady(local, "expired");
  expect([bench.connection.isOpen, bench.connection.local]).toEqual([true, local]);
  bench.to = { host: "192.0.2.11", port: 5061 };
  bench.clock.runTo(3_000);
  expect(bench.line.options).toMatchObject({ to: { host: "192.0.2.11" }, trust: "checked" });
  bench.line.options.onReady({ host: "10.0.0.1", port: 49_153 }, "checked");
  expect(bench.opened).toEqual(["10.0.0.1:49152 expired", "10.0.0.1:49153 checked"]);
});

test("a ping is two empty lines; a receiver that has answered one and owes the next gets a fresh connection after 10 s", () => {
  const bench = new Bench();
  bench.connection.keep(true);
  bench.connection.send(ascii("one"));
  bench.line.options.onReady(local, "unverified");
  bench.line.say(answer);
  bench.connection.ping();
  expect(bench.line.written).toEqual(["one", "\r\n\r\n"]);
  bench.line.say("\r\n");
  bench.clock.runTo(60_000);
  bench.connection.ping();
  bench.clock.runTo(69_999);
  expect(bench.lines).toHaveLength(1);
  bench.clock.runTo(70_000);
  expect(bench.lines.map(({ closed }) => closed)).toEqual([false, false]);
});

test("reopening gives up what is under way; the next message opens anew", () => {
  const bench = new Bench();
  bench.connection.send(ascii("one"));
  bench.connection.reopen();
  expect(bench.line.closed).toBe(true);
  expect(bench.failed).toEqual(["connection-lost"]);
  bench.connection.send(ascii("two"));
  expect(bench.lines).toHaveLength(2);
});

test("what is recalled is asked back of both connections, and not written once one is open", () => {
  const bench = new Bench();
  const bytes = ascii("MESSAGE one");
  bench.connection.send(bytes);
  bench.line.options.onReady(local, "unverified");
  bench.clock.runTo(3_000);
  bench.connection.recall(bytes);
  expect(bench.lines.map(({ recalled }) => recalled)).toEqual([[bytes], [bytes]]);
  bench.line.options.onReady(local, "unverified");
  expect(bench.lines.map(({ written }) => written)).toEqual([["MESSAGE one"], []]);
});
