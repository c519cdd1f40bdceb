import { expect, test } from "vitest";
import { ascii, textOf } from "../../protocol/text/utf8.ts";
import { EventQueue } from "../core/event-queue.ts";
import type { BearerStreamOptions } from "./bearer.ts";
import { MobileSession } from "./mobile-session.ts";
import { Network, perfectAccess } from "./network.ts";
import { type Certificate, TcpStack } from "./sim-tcp.ts";

const far = { host: "203.0.113.1", port: 5061 };
const own = "10.128.0.1";

/** A modem's session on a line that can be cut, and a host that says back what it hears in capitals. */
class Bench {
  readonly queue = new EventQueue();
  readonly network = new Network(this.queue, 3);
  readonly told: string[] = [];
  readonly datagrams: string[] = [];
  heard = "";
  carries = true;
  closes = 0;
  readonly session: MobileSession;

  constructor(certificate?: Certificate) {
    const far0: TcpStack = new TcpStack({
      nowMs: () => this.queue.nowMs,
      after: (delayMs, callback) => {
        const handle = this.queue.after(delayMs, callback);
        return { cancel: () => this.queue.cancel(handle) };
      },
      send: (bytes, fromPort, to) => place.send(bytes, fromPort, to),
    });
    const place = this.network.attach(far.host, perfectAccess, (bytes, from, toPort) => far0.hear(bytes, from, toPort));
    far0.listen({
      port: far.port,
      certificate,
      admits: () => true,
      onBytes: (stream, _from, bytes) => stream.write(ascii(textOf(bytes, 0, bytes.length).toUpperCase())),
    });
    this.network.name("larm.example", far.host);
    const link = { delay: { leastMs: 40, mostMs: 400 }, lossPpm: 100_000 };
    const access = { link: () => (this.carries ? link : undefined) };
    this.session = new MobileSession(
      this.queue,
      this.network,
      own,
      access,
      (bytes) => this.datagrams.push(textOf(bytes, 0, bytes.length)),
      () => this.closes++,
    );
  }

  connect(options: Partial<BearerStreamOptions> = {}) {
    const stream = this.session.connect({
      to: far,
      serverName: undefined,
      checks: "chain-and-name",
      authorities: [],
      onReady: (local, proof) => this.told.push(`${local.host} ${proof}`),
      onReadable: () => {
        for (let bytes = stream.read(); bytes !== undefined; bytes = stream.read())
          this.heard += textOf(bytes, 0, bytes.length);
      },
      onFault: (fault) => this.told.push(fault),
      ...options,
    });
    return stream;
  }

  runFor(ms: number): void {
    this.queue.runUntil(this.queue.nowMs + ms);
  }
}

test("a connection over the mobile network carries bytes both ways, to an address and to a name", () => {
  for (const host of [far.host, "larm.example"]) {
    const bench = new Bench();
    const stream = bench.connect({ to: { host, port: far.port } });
    bench.runFor(20_000);
    expect(bench.told).toEqual([`${own} unverified`]);
    stream.write(ascii("hello"));
    expect(stream.unsentCount).toBe(5);
    bench.runFor(20_000);
    expect(bench.heard).toBe("HELLO");
    expect(stream.unsentCount).toBe(0);
    expect(bench.datagrams).toEqual([]);
  }
});

test.each([
  ["chain-and-name", { name: "larm.example", state: "good" }, "larm.example", `${own} checked`],
  ["chain-and-name", { name: "other.example", state: "good" }, "larm.example", "certificate"],
  ["chain", { name: "other.example", state: "good" }, "larm.example", `${own} checked`],
  ["chain", { name: "larm.example", state: "foreign" }, "larm.example", "certificate"],
  ["chain", { name: "larm.example", state: "expired" }, "larm.example", `${own} expired`],
  ["nothing", { name: "other.example", state: "foreign" }, "larm.example", `${own} unverified`],
] as const)("a modem that checks %s of %j at %s is told %s", (checks, certificate, serverName, told) => {
  const bench = new Bench(certificate);
  bench.connect({ checks, serverName });
  bench.runFor(30_000);
  expect(bench.told).toEqual([told]);
});

test("a name that nobody has is no fault of the connection's far side", () => {
  const bench = new Bench();
  bench.connect({ to: { host: "nobody.example", port: 5061 } });
  bench.runFor(1_000);
  expect(bench.told).toEqual(["name-not-found"]);
});

test("a name is resolved after a while, and an unknown one or one asked without a way out is not", () => {
  const bench = new Bench();
  const answers: (string | undefined)[] = [];
  for (const name of ["larm.example", "nobody.example"]) bench.session.resolve(name, (found) => answers.push(found));
  expect(answers).toEqual([]);
  bench.runFor(10_000);
  expect(answers).toEqual([far.host, undefined]);
  bench.carries = false;
  bench.session.resolve("larm.example", (found) => answers.push(found));
  bench.runFor(10_000);
  expect(answers).toEqual([far.host, undefined, undefined]);
});

test("with its session all of a modem's connections and questions end, without a word", () => {
  const bench = new Bench();
  const stream = bench.connect();
  bench.runFor(20_000);
  bench.connect();
  bench.session.resolve("larm.example", () => bench.told.push("resolved"));
  bench.session.close();
  bench.session.close();
  // Nobody hears it, so that it may be more than would wait for anybody.
  for (let at = 0; at < 20; at++) stream.write(new Uint8Array(1_000));
  bench.runFor(200_000);
  expect(bench.told).toEqual([`${own} unverified`]);
  expect(bench.heard).toBe("");
  expect(bench.closes).toBe(1);
  expect(() => bench.network.attach(own, perfectAccess, () => {})).not.toThrow();
});
