import fc from "fast-check";
import { expect, test } from "vitest";
import type { Stream } from "../../firmware/ports/stream.ts";
import { EventQueue } from "../core/event-queue.ts";
import { Network, perfectAccess } from "./network.ts";
import { type Certificate, TcpStack } from "./sim-tcp.ts";
import { tcpPorts } from "./tcp-connection.ts";

const near = "10.0.0.1";
const far = { host: "192.0.2.10", port: 5060 };

interface BenchOptions {
  readonly lossPpm?: number;
  readonly certificate?: Certificate;
  readonly admits?: boolean;
  readonly seed?: number;
}

/** A caller on a line of 20 to 40 ms, and a host that says back what it hears, in capitals. */
class Bench {
  readonly queue = new EventQueue();
  readonly said: string[] = [];
  /** The caller loses its power and begins anew; nobody on the other side hears of that. */
  readonly restart: () => void;
  caller: TcpStack;
  heard = "";
  isUp = true;

  constructor({ lossPpm = 0, certificate, admits = true, seed = 1 }: BenchOptions = {}) {
    const network = new Network(this.queue, seed);
    const link = { delay: { leastMs: 20, mostMs: 40 }, lossPpm };
    const access = { link: () => (this.isUp ? link : undefined) };
    const stack = (address: string, own: typeof access) => {
      const tcp: TcpStack = new TcpStack({
        nowMs: () => this.queue.nowMs,
        after: (delayMs, callback) => {
          const handle = this.queue.after(delayMs, callback);
          return { cancel: () => this.queue.cancel(handle) };
        },
        send: (bytes, fromPort, to) => place.send(bytes, fromPort, to),
      });
      const place = network.attach(address, own, (bytes, from, toPort) => tcp.hear(bytes, from, toPort));
      return [tcp, place] as const;
    };
    let [caller, place] = stack(near, access);
    this.caller = caller;
    this.restart = () => {
      place.detach();
      [caller, place] = stack(near, access);
      this.caller = caller;
    };
    const [server] = stack(far.host, perfectAccess as typeof access);
    server.listen({
      port: far.port,
      certificate,
      admits: () => admits,
      onBytes: (connection, _from, bytes) => connection.write(Buffer.from(Buffer.from(bytes).toString().toUpperCase())),
    });
  }

  connect(serverName?: string, trust?: "any"): Stream {
    const stream = this.caller.connect(
      {
        to: far,
        serverName,
        trust,
        onReady: (_local, proof) => this.said.push(`ready ${proof}`),
        onReadable: () => {
          this.heard += Buffer.from(stream.read() ?? []).toString();
        },
        onFault: (fault) => this.said.push(fault),
      },
      near,
      undefined,
    );
    return stream;
  }
}

test("a connection opens after one round trip, and bytes go both ways", () => {
  const bench = new Bench();
  const stream = bench.connect();
  bench.queue.runUntil(100);
  expect(bench.said).toEqual(["ready unverified"]);
  stream.write(Buffer.from("abc"));
  bench.queue.runUntil(200);
  expect(bench.heard).toBe("ABC");
});

test("over a lossy line everything arrives once and in order, in whatever pieces it was written", () => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ unit: fc.constantFrom("a", "b", "c"), minLength: 1, maxLength: 3_000 }), { maxLength: 5 }),
      fc.integer({ min: 0, max: 400_000 }),
      fc.nat(1_000),
      (texts, lossPpm, seed) => {
        const bench = new Bench({ lossPpm, seed });
        const stream = bench.connect();
        bench.queue.runUntil(120_000);
        fc.pre(bench.said.length === 1 && bench.said[0] === "ready unverified");
        for (const text of texts) stream.write(Buffer.from(text));
        bench.queue.runUntil(400_000);
        if (bench.said.length === 1) expect(bench.heard).toBe(texts.join("").toUpperCase());
        else expect(texts.join("").toUpperCase().startsWith(bench.heard)).toBe(true);
      },
    ),
    { numRuns: 40 },
  );
});

test("nobody answers: connect-timeout after a minute; a line that dies under a message: lost after a minute", () => {
  const bench = new Bench();
  bench.isUp = false;
  bench.connect();
  bench.queue.runUntil(59_000);
  expect(bench.said).toEqual([]);
  bench.queue.runUntil(70_000);
  expect(bench.said).toEqual(["connect-timeout"]);
  bench.isUp = true;
  const stream = bench.connect();
  bench.queue.runUntil(71_000);
  bench.isUp = false;
  stream.write(Buffer.from("x"));
  bench.queue.runUntil(150_000);
  expect(bench.said).toEqual(["connect-timeout", "ready unverified", "connection-lost"]);
});

test("a caller that starts again on its old port is a new one: the server lets go of the connection that it still held", () => {
  const bench = new Bench();
  bench.connect();
  bench.queue.runUntil(100);
  bench.restart();
  const stream = bench.connect();
  bench.queue.runUntil(200);
  expect(bench.said).toEqual(["ready unverified", "ready unverified"]);
  stream.write(Buffer.from("abc"));
  bench.queue.runUntil(300);
  expect(bench.heard).toBe("ABC");
});

test("a host that takes no connection turns it away at once", () => {
  const bench = new Bench({ admits: false });
  bench.connect();
  bench.queue.runUntil(100);
  expect(bench.said).toEqual(["connection-refused"]);
});

test("TLS costs two more round trips and shows what it has proven of the other side", () => {
  const name = "larm.example";
  for (const [certificate, outcome] of [
    [{ name, state: "good" }, "ready checked"],
    [{ name, state: "expired" }, "ready expired"],
    [{ name, state: "foreign" }, "certificate"],
    [{ name: "other.example", state: "good" }, "certificate"],
  ] as const) {
    const bench = new Bench({ certificate });
    bench.connect(name);
    bench.queue.runUntil(110);
    expect(bench.said).toEqual([]);
    bench.queue.runUntil(300);
    expect(bench.said).toEqual([outcome]);
  }
});

test("whoever trusts any certificate gets the connection, and is told that nothing was proven", () => {
  const name = "larm.example";
  for (const [certificate, outcome] of [
    [{ name, state: "foreign" }, "ready unverified"],
    [{ name: "other.example", state: "good" }, "ready unverified"],
    [{ name, state: "good" }, "ready checked"],
  ] as const) {
    const bench = new Bench({ certificate });
    bench.connect(name, "any");
    bench.queue.runUntil(300);
    expect(bench.said).toEqual([outcome]);
  }
});

test("after close() nothing is told any more, and the other side may be called again", () => {
  const bench = new Bench();
  const stream = bench.connect();
  bench.queue.runUntil(100);
  stream.close();
  stream.write(Buffer.from("abc"));
  bench.queue.runUntil(200_000);
  expect(bench.said).toEqual(["ready unverified"]);
  expect(bench.heard).toBe("");
  bench.connect();
  bench.queue.runUntil(201_000);
  expect(bench.said).toEqual(["ready unverified", "ready unverified"]);
});

test("the ports of TCP lie beside those of UDP", () => {
  expect(tcpPorts).toBeGreaterThan(0xffff);
});
