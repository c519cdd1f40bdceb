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
  private inbox: Uint8Array[] = [];
  closed = false;

  constructor(options: StreamOptions) {
    this.options = options;
  }

  write(bytes: Uint8Array): void {
    this.written.push(Buffer.from(bytes).toString());
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
  readonly connection: ReceiverConnection;

  constructor(serverName?: string) {
    this.connection = new ReceiverConnection({
      clock: this.clock,
      open: (options) => {
        const line = new Line(options);
        this.lines.push(line);
        return line;
      },
      to: { host: "192.0.2.10", port: 5061 },
      serverName,
      onLocal: () => {},
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

test("a silent connection is replaced after 3 s by a fresh one; the old one is closed and what it says is lost", () => {
  const bench = new Bench();
  bench.connection.send(ascii("one"));
  bench.line.options.onReady(local, "unverified");
  bench.clock.runTo(3_000);
  expect(bench.lines).toHaveLength(2);
  expect(bench.lines[0]?.closed).toBe(true);
  bench.lines[0]?.say(answer);
  expect(bench.heard).toEqual([]);
  bench.line.options.onReady(local, "unverified");
  expect(bench.line.written).toEqual(["one"]);
  bench.line.say(answer);
  expect(bench.heard).toEqual([answer]);
  expect(bench.failed).toEqual([]);
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

test("reopening gives up what is under way; the next message opens anew", () => {
  const bench = new Bench();
  bench.connection.send(ascii("one"));
  bench.connection.reopen();
  expect(bench.line.closed).toBe(true);
  expect(bench.failed).toEqual(["connection-lost"]);
  bench.connection.send(ascii("two"));
  expect(bench.lines).toHaveLength(2);
});
