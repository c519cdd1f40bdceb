import { createSocket } from "node:dgram";
import { once } from "node:events";
import { type AddressInfo, createServer as createTcp, type Server, type Socket } from "node:net";
import { createServer as createTls } from "node:tls";
import { expect, onTestFinished, test } from "vitest";
import type { Endpoint } from "../../firmware/ports/socket.ts";
import { ascii, textOf } from "../../protocol/text/utf8.ts";
import type { BearerSession, BearerStreamOptions } from "../network/bearer.ts";
import { LiveBearer } from "./live-bearer.ts";
import { CertificateBench } from "./live-certificates-bench.ts";

const loopback = "127.0.0.1";

class Bench {
  readonly dropped: string[] = [];
  readonly refused: string[] = [];
  readonly heard: { text: string; from: Endpoint; toPort: number }[] = [];
  readonly bearer: LiveBearer;

  constructor(authorities: readonly string[] = [], address = loopback) {
    this.bearer = new LiveBearer({
      address,
      allow: [],
      authorities,
      enter: (run) => run(),
      onDropped: (host) => this.dropped.push(host),
      onRefusedPort: (port, code) => this.refused.push(`${port} ${code}`),
    });
    onTestFinished(() => this.bearer.close());
  }

  session(): BearerSession {
    const session = this.bearer.activate((bytes, from, toPort) =>
      this.heard.push({ text: textOf(bytes, 0, bytes.length), from, toPort }),
    );
    if (session === undefined) throw new Error("no session");
    return session;
  }
}

/** One connection, and all that it was told. */
class Line {
  readonly told: string[] = [];
  heard = "";
  readonly stream: ReturnType<BearerSession["connect"]>;

  constructor(session: BearerSession, to: Endpoint, more: Partial<BearerStreamOptions> = {}) {
    this.stream = session.connect({
      to,
      serverName: undefined,
      checks: "nothing",
      authorities: [],
      onReady: (_local, proof) => this.told.push(proof),
      onReadable: () => {
        for (let bytes = this.stream.read(); bytes !== undefined; bytes = this.stream.read())
          this.heard += textOf(bytes, 0, bytes.length);
      },
      onFault: (fault) => this.told.push(fault),
      ...more,
    });
  }
}

async function until(holds: () => boolean): Promise<void> {
  const endMs = performance.now() + 10_000;
  while (!holds()) {
    if (performance.now() > endMs) throw new Error("waited in vain");
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** Says back what it hears. */
async function echo(server: Server, event: "connection" | "secureConnection" = "connection"): Promise<Endpoint> {
  const sockets = new Set<Socket>();
  server.on(event, (socket: Socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    socket.pipe(socket);
  });
  server.on("tlsClientError", () => {});
  server.listen(0, loopback);
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  await once(server, "listening");
  return { host: loopback, port: (server.address() as AddressInfo).port };
}

async function udpEcho(): Promise<{ to: Endpoint; froms: string[] }> {
  const socket = createSocket("udp4");
  const froms: string[] = [];
  socket.on("message", (bytes, from) => {
    froms.push(`${from.address}:${from.port}`);
    socket.send(bytes, from.port, from.address);
  });
  socket.bind(0, loopback);
  await once(socket, "listening");
  onTestFinished(() => {
    socket.close();
  });
  return { to: { host: loopback, port: socket.address().port }, froms };
}

/** A port that was free a moment ago. */
async function freePort(): Promise<number> {
  const socket = createSocket("udp4");
  socket.bind(0, loopback);
  await once(socket, "listening");
  const { port } = socket.address();
  socket.close();
  await once(socket, "close");
  return port;
}

test("datagrams leave by the session's own address and port, and answers come back to it", async () => {
  const { to, froms } = await udpEcho();
  const bench = new Bench();
  const port = await freePort();
  const session = bench.session();
  session.send(ascii("first"), port, to);
  session.send(ascii("second"), port, to);
  await until(() => bench.heard.length === 2);
  expect(bench.heard.map(({ text, toPort }) => [text, toPort])).toEqual([
    ["first", port],
    ["second", port],
  ]);
  expect(froms).toEqual([`${loopback}:${port}`, `${loopback}:${port}`]);
});

test("a port of the own address that somebody has is told, and what is sent from it goes nowhere", async () => {
  const { to, froms } = await udpEcho();
  const bench = new Bench();
  bench.session().send(ascii("x"), to.port, to);
  await until(() => bench.refused.length > 0);
  expect(bench.refused).toEqual([`${to.port} EADDRINUSE`]);
  expect(froms).toEqual([]);
});

test("a connection carries bytes both ways, and one that nobody takes is refused", async () => {
  const to = await echo(createTcp());
  const session = new Bench().session();
  const line = new Line(session, to);
  await until(() => line.told.length > 0);
  expect(line.told).toEqual(["unverified"]);
  line.stream.write(ascii("OPTIONS\r\n"));
  await until(() => line.heard === "OPTIONS\r\n");
  const nobody = new Line(session, { host: loopback, port: await freePort() });
  await until(() => nobody.told.length > 0);
  expect(nobody.told).toEqual(["connection-refused"]);
});

test("TLS is checked against the authorities that the modem has, or not at all where it is told so", async () => {
  const certificates = new CertificateBench(onTestFinished);
  const { cert, key } = certificates.leaf({ names: "DNS:larm.example,IP:127.0.0.1" });
  const to = await echo(createTls({ cert, key }), "secureConnection");
  const other = new CertificateBench(onTestFinished, "another authority");
  const session = new Bench().session();
  const secure = { serverName: "larm.example", checks: "chain-and-name" as const };
  const lines = [
    new Line(session, to, { ...secure, authorities: [certificates.authority.cert] }),
    new Line(session, to, { ...secure, authorities: [other.authority.cert] }),
    new Line(session, to, { ...secure, authorities: [certificates.authority.cert], serverName: "other.example" }),
    new Line(session, to, { ...secure, checks: "nothing", serverName: "other.example" }),
    new Line(new Bench([certificates.authority.cert]).session(), to, secure),
  ];
  await until(() => lines.every(({ told }) => told.length > 0));
  expect(lines.map(({ told }) => told)).toEqual([
    ["checked"],
    ["certificate"],
    ["certificate"],
    ["unverified"],
    ["checked"],
  ]);
  lines[0]?.stream.write(ascii("secret"));
  await until(() => lines[0]?.heard === "secret");
});

test("nothing goes beyond loopback, be it a datagram, a connection or a name", async () => {
  const bench = new Bench();
  const session = bench.session();
  session.send(ascii("x"), await freePort(), { host: "192.0.2.7", port: 5060 });
  const line = new Line(session, { host: "192.0.2.8", port: 5060 });
  const names: (string | undefined)[] = [];
  session.resolve("larm.example", (address) => names.push(address));
  await until(() => line.told.length > 0 && names.length > 0 && bench.dropped.length === 3);
  expect(line.told).toEqual(["connection-refused"]);
  expect(names).toEqual([undefined]);
  expect([...bench.dropped].sort()).toEqual(["192.0.2.7", "192.0.2.8", "larm.example"]);
  session.resolve("localhost", (address) => names.push(address));
  await until(() => names.length === 2);
  expect(names[1]).toBe(loopback);
});

test("while nothing is carried all is silent; what a connection was given then goes out later", async () => {
  const to = await echo(createTcp());
  const { to: udp, froms } = await udpEcho();
  const bench = new Bench();
  const session = bench.session();
  const before = new Line(session, to);
  await until(() => before.told.length > 0);
  bench.bearer.carry(false);
  session.send(ascii("lost"), await freePort(), udp);
  before.stream.write(ascii("held back"));
  expect(before.stream.unsentCount).toBe(9);
  const during = new Line(session, to);
  const names: (string | undefined)[] = [];
  session.resolve("localhost", (address) => names.push(address));
  // Whatever would have passed has passed when a connection of its own has gone there and back.
  const witness = new Line(new Bench().session(), to);
  await until(() => witness.told.length > 0);
  witness.stream.write(ascii("x"));
  await until(() => witness.heard === "x");
  expect([before.heard, during.told, names, froms]).toEqual(["", [], [], []]);
  bench.bearer.carry(true);
  await until(() => before.heard === "held back" && during.told.length > 0);
  expect(during.told).toEqual(["unverified"]);
  expect(before.stream.unsentCount).toBe(0);
  expect(froms).toEqual([]);
});

test("a network that does not register the modem gives no session, and a new session ends the one before", async () => {
  const to = await echo(createTcp());
  const bench = new Bench();
  const changes: string[] = [];
  bench.bearer.listen(() => changes.push(bench.bearer.state().registered));
  const line = new Line(bench.session(), to);
  await until(() => line.told.length > 0);
  bench.session();
  line.stream.write(ascii("into the void"));
  const witness = new Line(bench.session(), to);
  await until(() => witness.told.length > 0);
  expect(line.heard).toBe("");
  bench.bearer.register(false);
  expect(bench.bearer.activate(() => {})).toBeUndefined();
  expect(bench.bearer.wallMs()).toBeUndefined();
  bench.bearer.register(true);
  expect(changes).toEqual(["searching", "home"]);
});
