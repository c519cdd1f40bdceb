/** Connections to servers of Node's own on loopback. */
import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { createServer as createTlsServer, type TLSSocket, type TlsOptions } from "node:tls";
import { afterEach, expect, onTestFinished, type TestContext, test, vi } from "vitest";
import type { Endpoint } from "../../firmware/ports/socket.ts";
import type { PeerProof, Stream } from "../../firmware/ports/stream.ts";
import { CertificateBench } from "./live-certificates-bench.ts";
import { faultOf } from "./live-stream-faults.ts";
import { LiveStreams, type PeerNews, sessionLimit, unreadLimit, writeLimit } from "./live-streams.ts";
import type { LiveTrust } from "./live-trust.ts";

afterEach(() => {
  vi.useRealTimers();
});

const name = "larm.example";

async function listen(server: Server): Promise<number> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
  });
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

/** A plain server, and what it does with each connection. */
function serve(take: (socket: Socket) => void = () => {}): Promise<number> {
  return listen(createServer(take));
}

function serveTls(options: TlsOptions, take: (socket: TLSSocket) => void = () => {}): Promise<number> {
  return listen(
    createTlsServer(options, (socket) => {
      socket.on("error", () => {});
      take(socket);
    }),
  );
}

interface Watched {
  readonly stream: Stream;
  readonly ready: Promise<PeerProof>;
  readonly fault: Promise<string>;
  readonly news: string[];
  readonly local: () => Endpoint | undefined;
}

function watch(streams: LiveStreams, to: Endpoint, serverName?: string, trust?: "checked" | "any"): Watched {
  const news: string[] = [];
  let local: Endpoint | undefined;
  let tellReady = (_proof: PeerProof): void => {};
  let tellFault = (_fault: string): void => {};
  const ready = new Promise<PeerProof>((resolve) => (tellReady = resolve));
  const fault = new Promise<string>((resolve) => (tellFault = resolve));
  const stream = streams.open({
    to,
    serverName,
    trust,
    onReady: (own, proof) => {
      local = own;
      news.push("ready");
      tellReady(proof);
    },
    onReadable: (count) => news.push(`readable ${count}`),
    onFault: (what) => {
      news.push(what);
      tellFault(what);
    },
  });
  onTestFinished(() => stream.close());
  return { stream, ready, fault, news, local: () => local };
}

/** Lets the sockets work; the test's own time limit ends a wait in vain. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise(setImmediate);
}

function at(port: number): Endpoint {
  return { host: "127.0.0.1", port };
}

test("bytes go both ways, and the own address is told", async () => {
  let seen: Socket | undefined;
  const port = await serve((socket) => {
    seen = socket;
    socket.on("data", (bytes) => socket.write(Buffer.concat([bytes, bytes])));
  });
  const one = watch(new LiveStreams({ host: "127.0.0.1" }), at(port));
  expect(await one.ready).toBe("unverified");
  one.stream.write(Uint8Array.of(7, 8));
  await until(() => one.news.includes("readable 4"));
  expect([...(one.stream.read() ?? [])]).toEqual([7, 8, 7, 8]);
  expect(one.stream.read()).toBeUndefined();
  expect(one.local()).toEqual({ host: seen?.remoteAddress, port: seen?.remotePort });
});

test("nothing is tried towards an address that is not allowed, and that is told later, once", async () => {
  const dropped: string[] = [];
  const streams = new LiveStreams({ allow: ["192.0.2.9"], onDropped: (host) => dropped.push(host) });
  const one = watch(streams, { host: "192.0.2.1", port: 5061 }, name);
  expect(one.news).toEqual([]);
  expect(await one.fault).toBe("connection-refused");
  const other = watch(streams, { host: "larm.example.net", port: 5060 });
  other.stream.close();
  await new Promise(setImmediate);
  expect([dropped, one.news, other.news]).toEqual([["192.0.2.1"], ["connection-refused"], []]);
});

test("a port where nobody listens turns away; one that closes is lost", async () => {
  const gone = createServer().listen(0, "127.0.0.1");
  await once(gone, "listening");
  const { port } = gone.address() as AddressInfo;
  gone.close();
  await once(gone, "close");
  expect(await watch(new LiveStreams(), at(port)).fault).toBe("connection-refused");
  const closes = watch(new LiveStreams(), at(await serve((socket) => socket.end("bye"))));
  expect(await closes.fault).toBe("connection-lost");
  expect(closes.news).toEqual(["ready", "readable 3", "connection-lost"]);
});

test("a server that opens and never speaks TLS is left when patience ends", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
  let opened = false;
  const port = await serve(() => (opened = true));
  const one = watch(new LiveStreams(), at(port), name);
  await until(() => opened);
  vi.advanceTimersByTime(59_999);
  expect(one.news).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(await one.fault).toBe("connect-timeout");
  expect(vi.getTimerCount()).toBe(0);
});

test("patience is for the opening: a connection that is open may be silent for as long as it likes", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
  const one = watch(new LiveStreams(), at(await serve()));
  await one.ready;
  vi.advanceTimersByTime(3_600_000);
  await new Promise(setImmediate);
  expect(one.news).toEqual(["ready"]);
});

test("what a server that reads nothing has not taken is kept up to a limit, and more is our mistake", async () => {
  const port = await serve((socket) => socket.pause());
  const one = watch(new LiveStreams(), at(port));
  await one.ready;
  expect(() => one.stream.write(new Uint8Array(writeLimit + 1))).toThrow("too much unsent");
  for (let i = 0; i < 4; i++) one.stream.write(new Uint8Array(writeLimit / 4));
  const flood = (): void => {
    for (let i = 0; i < 1_000; i++) one.stream.write(new Uint8Array(writeLimit / 4));
  };
  expect(flood).toThrow("too much unsent");
});

test("what nobody reads is bounded: the server has to wait, and nothing is lost", async () => {
  const total = 4_000_000;
  let taken = false;
  const port = await serve((socket) => socket.write(new Uint8Array(total).fill(9), () => (taken = true)));
  const one = watch(new LiveStreams(), at(port));
  await one.ready;
  const counts = () => one.news.filter((text) => text.startsWith("readable")).map((text) => Number(text.split(" ")[1]));
  await until(() => Math.max(0, ...counts()) > unreadLimit - 65_536);
  for (let i = 0; i < 20; i++) await new Promise(setImmediate);
  expect(Math.max(...counts())).toBeLessThanOrEqual(unreadLimit);
  let read = 0;
  await until(() => {
    read += one.stream.read()?.length ?? 0;
    return read >= total;
  });
  expect(read).toBe(total);
  expect(taken).toBe(true);
});

test("after close nothing comes, what was written has gone out, and all are closed at once", async () => {
  const heard: Buffer[] = [];
  const port = await serve((socket) => socket.on("data", (bytes) => heard.push(bytes)).write("hello"));
  const streams = new LiveStreams();
  const one = watch(streams, at(port));
  await one.ready;
  one.stream.write(Uint8Array.of(1, 2, 3));
  one.stream.close();
  one.stream.close();
  one.stream.write(Uint8Array.of(4));
  const other = watch(streams, at(port));
  await other.ready;
  streams.close();
  const before = [...one.news, ...other.news];
  await until(() => Buffer.concat(heard).length === 3);
  expect([...one.news, ...other.news]).toEqual(before);
});

function bench(context: TestContext): CertificateBench {
  if (spawnSync("openssl", ["version"]).status !== 0) context.skip("openssl is not installed (Debian: openssl)");
  return new CertificateBench(context.onTestFinished);
}

/** Streams that trust this authority, and what they told of servers. */
function trusting(trust: LiveTrust) {
  const peers: PeerNews[] = [];
  return { streams: new LiveStreams({ trust, onPeer: (news) => peers.push(news) }), peers };
}

test("a server with the right name is checked; one for another name is left, unless nothing is to be checked", async (context) => {
  const lab = bench(context);
  const good = await serveTls(lab.leaf({ names: `DNS:${name}` }));
  const wrong = await serveTls(lab.leaf({ names: "DNS:other.example" }));
  const { streams, peers } = trusting({ ca: lab.authority.cert });
  expect(await watch(streams, at(good), name).ready).toBe("checked");
  expect(peers).toEqual([]);
  const left = watch(streams, at(wrong), name);
  expect(await left.fault).toBe("certificate");
  expect(left.news).toEqual(["certificate"]);
  const why = "its certificate is not for larm.example";
  expect(peers).toEqual([{ to: at(wrong), proof: undefined, isLastResort: false, why }]);
  const careless = trusting({ ca: lab.authority.cert, unverified: true });
  expect(await watch(careless.streams, at(wrong), name).ready).toBe("unverified");
  expect(careless.peers).toMatchObject([{ proof: "unverified" }]);
});

test("where the unit takes any, a wrong certificate is unverified and a right one is still checked", async (context) => {
  const lab = bench(context);
  const good = await serveTls(lab.leaf({ names: `DNS:${name}` }));
  const wrong = await serveTls(lab.selfSigned(`DNS:${name}`));
  const { streams, peers } = trusting({ ca: lab.authority.cert });
  expect(await watch(streams, at(good), name, "any").ready).toBe("checked");
  expect(await watch(streams, at(wrong), name, "any").ready).toBe("unverified");
  expect(await watch(streams, at(wrong), name, "checked").fault).toBe("certificate");
  expect(peers).toMatchObject([
    { proof: "unverified", isLastResort: true },
    { proof: undefined, isLastResort: false },
  ]);
});

test("a certificate that is out of date and else in order is connected to, and told", async (context) => {
  const lab = bench(context);
  const port = await serveTls(lab.leaf({ names: `DNS:${name}`, fromDays: -9, toDays: -2 }));
  const { streams, peers } = trusting({ ca: lab.authority.cert });
  expect(await watch(streams, at(port), name).ready).toBe("expired");
  expect(peers).toMatchObject([{ proof: "expired", why: expect.stringContaining("out of date") }]);
});

test.for(["TLSv1.2", "TLSv1.3"] as const)(
  "under %s a second connection resumes the session of the first, and a third that of the second",
  async (version, context) => {
    const lab = bench(context);
    const reused: boolean[] = [];
    const port = await serveTls({ ...lab.leaf({ names: `DNS:${name}` }), maxVersion: version }, (socket) => {
      reused.push(socket.isSessionReused());
      socket.write("hello");
    });
    const { streams } = trusting({ ca: lab.authority.cert });
    for (let i = 0; i < 3; i++) {
      const one = watch(streams, at(port), name);
      expect(await one.ready).toBe("checked");
      await until(() => one.news.includes("readable 5"));
      one.stream.close();
    }
    expect(reused).toEqual([false, true, true]);
  },
);

test("a session that was made without a check is never resumed", async (context) => {
  const lab = bench(context);
  const reused: boolean[] = [];
  const port = await serveTls(lab.leaf({ names: "DNS:other.example" }), (socket) => {
    reused.push(socket.isSessionReused());
    socket.write("hello");
  });
  const { streams } = trusting({ ca: lab.authority.cert, unverified: true });
  for (let i = 0; i < 2; i++) {
    const one = watch(streams, at(port), name);
    expect(await one.ready).toBe("unverified");
    await until(() => one.news.includes("readable 5"));
    one.stream.close();
  }
  expect(reused).toEqual([false, false]);
});

test("sessions are kept for a number of servers, each is handed out once, and none beyond its certificate's end", () => {
  const streams = new LiveStreams();
  const validToMs = Date.now() + 60_000;
  for (let i = 0; i <= sessionLimit; i++) streams.keepSession(`s${i}`, { session: Buffer.of(i), validToMs });
  expect(streams.takeSession("s0")).toBeUndefined();
  expect(streams.takeSession("s1")).toEqual({ session: Buffer.of(1), validToMs });
  expect(streams.takeSession("s1")).toBeUndefined();
  streams.keepSession("late", { session: Buffer.of(1), validToMs: Date.now() - 1 });
  expect(streams.takeSession("late")).toBeUndefined();
});

test("a server that demands a certificate gets the own one, and leaves who has none", async (context) => {
  const lab = bench(context);
  const server = lab.leaf({ names: `DNS:${name}` });
  const port = await serveTls({ ...server, ca: lab.authority.cert, requestCert: true, rejectUnauthorized: true });
  const nobody = trusting({ ca: lab.authority.cert });
  expect(await watch(nobody.streams, at(port), name).fault).toBe("certificate");
  const identity = lab.leaf({ names: "DNS:unit.example", purpose: "clientAuth" });
  const known = trusting({ ca: lab.authority.cert, identity });
  expect(await watch(known.streams, at(port), name).ready).toBe("checked");
});

test("TLS older than 1.2 is not spoken", async (context) => {
  const lab = bench(context);
  const old = { minVersion: "TLSv1.1", maxVersion: "TLSv1.1", ciphers: "DEFAULT@SECLEVEL=0" } as const;
  const port = await serveTls({ ...lab.leaf({ names: `DNS:${name}` }), ...old });
  expect(await watch(trusting({ ca: lab.authority.cert }).streams, at(port), name).fault).not.toBe("certificate");
});

test.each([
  ["ENETUNREACH", false, "no-link"],
  ["EADDRNOTAVAIL", false, "no-address"],
  ["ENOTFOUND", false, "name-not-found"],
  ["EAI_AGAIN", false, "name-not-found"],
  ["ECONNREFUSED", false, "connection-refused"],
  ["ETIMEDOUT", false, "connect-timeout"],
  ["ETIMEDOUT", true, "connection-lost"],
  ["ECONNRESET", false, "connection-lost"],
  ["ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE", false, "connection-refused"],
  ["ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED", true, "certificate"],
  ["ERR_SSL_TLSV1_ALERT_UNKNOWN_CA", true, "certificate"],
  ["ERR_SSL_WRONG_VERSION_NUMBER", false, "connection-lost"],
] as const)("%s (open before: %s) is %s", (code, wasReady, fault) => {
  expect(faultOf(code, wasReady)).toBe(fault);
});
