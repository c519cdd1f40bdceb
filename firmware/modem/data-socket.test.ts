import { expect, test } from "vitest";
import type { DatagramOptions, DatagramSocket, Endpoint } from "../ports/socket.ts";
import { DataSocket } from "./data-socket.ts";
import type { SocketOwner } from "./numbered-user.ts";

const far: Endpoint = { host: "192.0.2.9", port: 5060 };
const local: Endpoint = { host: "10.128.0.1", port: 5060 };

/** A socket beside a line, on a host that is in the test's hands. */
class Bench {
  readonly log: string[] = [];
  readonly hosts: DatagramOptions[] = [];
  readonly socket: DataSocket;

  constructor() {
    const owner: SocketOwner = {
      sweepDue: false,
      wake: () => this.log.push("wake"),
      doubt: () => this.log.push("doubt"),
      isHeld: () => false,
      addressOf: (name) => name,
    };
    this.socket = new DataSocket(0, (options) => this.open(options), this.user(), owner);
  }

  /** What was opened last. */
  get host(): DatagramOptions {
    return this.hosts[this.hosts.length - 1] as DatagramOptions;
  }

  private user(): DatagramOptions {
    return {
      localPort: 5060,
      onReady: ({ host, port }) => this.log.push(`ready ${host}:${port}`),
      onReadable: (count) => this.log.push(`readable ${count}`),
      onFault: (fault) => this.log.push(fault),
    };
  }

  private open(options: DatagramOptions): DatagramSocket {
    this.hosts.push(options);
    this.log.push(`open ${options.localPort}`);
    return {
      send: (bytes) => this.log.push(`send ${bytes.length}`),
      recall: (bytes) => this.log.push(`recall ${bytes.length}`),
      read: () => ({ bytes: new Uint8Array(3), from: far }),
      close: () => this.log.push("close"),
    };
  }
}

test("a socket beside the line is open while there is a context, and says when it is not", () => {
  const bench = new Bench();
  bench.socket.send(new Uint8Array(1), far);
  bench.socket.begin();
  bench.host.onReady(local);
  bench.socket.send(new Uint8Array(2), far);
  bench.host.onReadable(1);
  expect(bench.socket.read()?.bytes).toHaveLength(3);
  bench.socket.recall(new Uint8Array(2));
  bench.socket.end();
  bench.socket.send(new Uint8Array(4), far);
  bench.socket.begin();
  expect(bench.log).toEqual([
    "open 5060",
    "ready 10.128.0.1:5060",
    "send 2",
    "readable 1",
    "recall 2",
    "close",
    "lost",
    "open 5060",
  ]);
  expect(bench.socket.next()).toBeUndefined();
});

test("a socket beside the line that is to be opened anew is closed first, and one without a context is left as it is", () => {
  const bench = new Bench();
  bench.socket.reopen();
  expect(bench.log).toEqual([]);
  bench.socket.begin();
  bench.host.onReady(local);
  bench.socket.reopen();
  bench.host.onReady(local);
  const twice = ["open 5060", "ready 10.128.0.1:5060", "close", "lost", "open 5060", "ready 10.128.0.1:5060"];
  expect(bench.log).toEqual(twice);
});

test("a fault beside the line is told once, and has the line ask whether there is still a context", () => {
  const bench = new Bench();
  bench.socket.begin();
  bench.host.onFault("no-address");
  expect(bench.log).toEqual(["open 5060", "doubt"]);
  bench.host.onReady(local);
  bench.host.onFault("lost");
  bench.socket.send(new Uint8Array(2), far);
  bench.socket.end();
  expect(bench.log.slice(2)).toEqual(["ready 10.128.0.1:5060", "lost", "doubt", "close"]);
});

test("a socket beside the line that was closed stays so, and carries no more than a line would", () => {
  const bench = new Bench();
  bench.socket.begin();
  bench.host.onReady(local);
  bench.socket.send(new Uint8Array(1_460), far);
  expect(() => bench.socket.send(new Uint8Array(1_461), far)).toThrow("too long");
  bench.socket.close();
  bench.socket.begin();
  bench.socket.reopen();
  bench.socket.end();
  expect(bench.log).toEqual(["open 5060", "ready 10.128.0.1:5060", "send 1460", "close"]);
  expect(bench.socket.at).toBe("ended");
});
