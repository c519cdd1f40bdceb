/** Link, datagrams, TCP and TLS over doubles of the engine: each callback at its time, none after close. */
import { expect, test } from "vitest";
import type { PeerProof } from "../../ports/stream.ts";
import { XsClock } from "./clock.ts";
import { datagramsOver, mostWaiting } from "./datagrams.ts";
import type { ByteIo, TcpSocketIo, TlsIo, TlsIoOptions } from "./ecma419.ts";
import { NetworkLink } from "./link.ts";
import { streamsOver } from "./streams.ts";
import { BenchTime } from "./test-bench.ts";
import { benchNetwork, benchTcp, benchUdp } from "./test-sockets.ts";

const to = { host: "192.0.2.7", port: 5_060 };

/** The engine's TLS as its source has it: hands over to `options.TCP.io`, throws out of its callbacks, calls a session ready that ended. */
class BenchTls implements ByteIo {
  readonly options: TlsIoOptions;
  readonly below: TcpSocketIo;
  private readonly behave: string;
  private isReady = false;

  constructor(options: TlsIoOptions, behave: string) {
    this.options = options;
    this.behave = behave;
    this.below = new options.TCP.io({
      ...options,
      onReadable: () => this.readable(),
      onWritable: (count) => (this.isReady ? options.onWritable(count - 96) : this.greet()),
    });
  }

  read(): ArrayBuffer | undefined {
    const bytes = this.below.read();
    return bytes && new Uint8Array(bytes).map((byte) => byte ^ 0xff).buffer;
  }

  write(bytes: Uint8Array): void {
    this.below.write(Uint8Array.from([23, ...bytes.map((byte) => byte ^ 0xff)]));
  }

  close(): void {
    this.below.close();
  }

  private greet(): void {
    this.below.write(Uint8Array.from([22, 3, 3]));
  }

  private readable(): void {
    if (this.isReady) {
      if (this.behave === "breaks later") throw new Error("recordProtocol: auth failed");
      this.options.onReadable(3);
      return;
    }
    this.below.read();
    if (this.behave === "certificate") throw new Error("certificate: auth err");
    if (this.behave === "alert") throw new Error("alert: 2, 40");
    if (this.behave !== "closed before keys") this.below.write(Uint8Array.from([20, 3, 3]));
    this.isReady = true;
    this.options.onWritable(500);
  }
}

function world(behave = "well") {
  const time = new BenchTime(0, 0);
  const clock = new XsClock(time, time);
  const network = benchNetwork();
  const link = new NetworkLink(network.io);
  const udp = benchUdp();
  const tcp = benchTcp();
  const made: BenchTls[] = [];
  function Tls(options: TlsIoOptions): ByteIo {
    const tls = new BenchTls(options, behave);
    made.push(tls);
    return tls;
  }
  const random = (into: Uint8Array): void => void into.set([0x12, 0x34].slice(0, into.length));
  const datagrams = datagramsOver({ io: udp.io, link, clock, random });
  const streams = streamsOver({ tcp: tcp.io, tls: Tls as unknown as TlsIo, link, clock });
  const told: string[] = [];
  const openStream = (serverName: string | undefined, trust?: "checked" | "any", host = to.host) =>
    streams({
      to: { host, port: 5_061 },
      serverName,
      trust,
      onReady: (local, proof: PeerProof) => told.push(`ready ${local.host} ${local.port} ${proof}`),
      onReadable: (count) => told.push(`readable ${count}`),
      onFault: (fault) => told.push(fault),
    });
  const openDatagrams = (localPort: number) =>
    datagrams({
      localPort,
      onReady: (local) => told.push(`ready ${local.host}:${local.port}`),
      onReadable: (count) => told.push(`readable ${count}`),
      onFault: (fault) => told.push(fault),
    });
  return { time, network, link, udp, tcp, made, told, openStream, openDatagrams };
}

test("an address is asked for at the start and each time that a link comes", () => {
  const { network, link } = world();
  expect([network.asked, link.fault, link.address]).toEqual([1, "no-link", ""]);
  network.become(400, undefined);
  expect([network.asked, link.fault]).toEqual([2, "no-address"]);
  network.become(500, "192.0.2.20");
  expect([network.asked, link.fault, link.address]).toEqual([2, undefined, "192.0.2.20"]);
  network.become(200, undefined);
  network.become(400, undefined);
  expect([network.asked, link.address]).toEqual([3, ""]);
});

test("a datagram socket is ready with the link's address, and tells each loss and return", () => {
  const { time, network, udp, told, openDatagrams } = world();
  openDatagrams(5_060);
  expect(told).toEqual([]);
  time.run(0);
  expect(told).toEqual(["no-link"]);
  network.become(400, undefined);
  network.become(500, "192.0.2.20");
  time.run(0);
  expect(told).toEqual(["no-link", "no-address", "ready 192.0.2.20:5060"]);
  expect(udp.opened[0]?.options.port).toBe(5_060);
  network.become(200, undefined);
  expect(told.at(-1)).toBe("no-link");
  expect(udp.opened[0]?.closed).toBe(true);
  network.become(500, "192.0.2.21");
  time.run(0);
  expect(told.at(-1)).toBe("ready 192.0.2.21:5060");
});

test("datagrams go and come with their addresses, at most eight wait, and a port is drawn where none is asked for", () => {
  const { time, network, udp, told, openDatagrams } = world();
  network.become(500, "192.0.2.20");
  const socket = openDatagrams(0);
  socket.send(new Uint8Array(3), to);
  time.run(0);
  const [io] = udp.opened;
  expect(told).toEqual([`ready 192.0.2.20:${49_152 + 0x1234}`]);
  socket.send(new Uint8Array([1, 2]), to);
  socket.send(new Uint8Array(1_461), to);
  socket.send(new Uint8Array(3), { host: "receiver.example", port: 1 });
  expect(io?.sent).toEqual([{ bytes: new Uint8Array([1, 2]), address: "192.0.2.7", port: 5_060 }]);
  for (let i = 0; i < mostWaiting + 2; i++) io?.hear(new Uint8Array([i]), "192.0.2.7", 5_060);
  expect(told.filter((line) => line === "readable 1")).toHaveLength(mostWaiting);
  expect(socket.read()).toEqual({ bytes: new Uint8Array([0]), from: to });
  socket.close();
  expect(io?.closed).toBe(true);
  network.become(200, undefined);
  time.run(60_000);
  expect(told).toHaveLength(1 + mostWaiting);
});

test("a socket that the engine cannot give is tried again", () => {
  const { time, network, udp, told, openDatagrams } = world();
  network.become(500, "192.0.2.20");
  udp.isFull = true;
  openDatagrams(5_060);
  time.run(0);
  expect(told).toEqual(["lost"]);
  udp.isFull = false;
  time.run(5_000);
  expect(told.at(-1)).toBe("ready 192.0.2.20:5060");
  udp.opened[0]?.options.onError();
  expect(told.at(-1)).toBe("lost");
  time.run(5_000);
  expect(told.at(-1)).toBe("ready 192.0.2.20:5060");
});

test("a plain connection is ready when it can be written to, and carries bytes both ways", () => {
  const { time, network, tcp, told, openStream } = world();
  network.become(500, "192.0.2.20");
  const stream = openStream(undefined);
  expect(tcp.opened).toHaveLength(0);
  time.run(0);
  const [io] = tcp.opened;
  expect(io?.options).toMatchObject({ address: "192.0.2.7", port: 5_061, nodelay: true, format: "buffer" });
  stream.write(new Uint8Array([7]));
  expect(io?.sent).toEqual([]);
  io?.grant(100);
  expect(told).toEqual(["ready 192.0.2.20 5060 unverified"]);
  expect(io?.sent).toEqual([7]);
  expect(() => stream.write(new Uint8Array(16_385))).toThrow("stream");
  io?.hear([1, 2, 3]);
  expect(told.at(-1)).toBe("readable 3");
  expect([...(stream.read() ?? [])]).toEqual([1, 2, 3]);
  io?.options.onError();
  expect(told.at(-1)).toBe("connection-lost");
  expect(io?.closed).toBe(true);
  time.run(60_000);
  io?.options.onReadable(1);
  expect(told).toHaveLength(3);
});

test("what keeps a connection from being made has its own name", () => {
  const told = (connection: number, host: string, forMs: number, isRefused = false): readonly string[] => {
    const all = world();
    all.network.become(connection, connection === 500 ? "192.0.2.20" : undefined);
    all.openStream(undefined, undefined, host);
    all.time.run(forMs);
    if (isRefused) all.tcp.opened[0]?.options.onError();
    return all.told;
  };
  expect(told(200, to.host, 0)).toEqual(["no-link"]);
  expect(told(400, to.host, 0)).toEqual(["no-address"]);
  expect(told(500, "receiver.example", 0)).toEqual(["name-not-found"]);
  expect(told(500, to.host, 30_000)).toEqual(["connect-timeout"]);
  expect(told(500, to.host, 0, true)).toEqual(["connection-refused"]);
});

test("a connection that is closed by the unit says nothing more, before it is made and after", () => {
  const { time, network, tcp, told, openStream } = world();
  network.become(500, "192.0.2.20");
  openStream(undefined).close();
  time.run(0);
  expect(tcp.opened).toHaveLength(0);
  const second = openStream(undefined);
  time.run(0);
  second.close();
  second.write(new Uint8Array(1));
  expect(second.read()).toBeUndefined();
  tcp.opened[0]?.options.onWritable(10);
  network.become(200, undefined);
  time.run(60_000);
  expect(told).toEqual([]);
});

test("a link that goes, or comes back with another address, ends what was connected", () => {
  const { time, network, tcp, told, openStream } = world();
  network.become(500, "192.0.2.20");
  openStream(undefined);
  time.run(0);
  tcp.opened[0]?.grant(10);
  network.become(500, "192.0.2.99");
  expect(told.at(-1)).toBe("connection-lost");
  openStream(undefined);
  time.run(0);
  tcp.opened[1]?.grant(10);
  network.become(200, undefined);
  expect(told.at(-1)).toBe("connection-lost");
});

function secured(behave: string, trust?: "checked" | "any") {
  const all = world(behave);
  all.network.become(500, "192.0.2.20");
  const stream = all.openStream("receiver.example", trust);
  all.time.run(0);
  const [io] = all.tcp.opened;
  if (io === undefined) throw new Error("nothing was opened");
  io.grant(1_000);
  io.room = 1_000;
  io.hear([22, 3, 3]);
  return { ...all, stream, io };
}

test("TLS is asked to check the name, and is ready once keys are in use", () => {
  const { told, made, stream, io } = secured("well");
  expect(made[0]?.options).toMatchObject({ host: "receiver.example", secure: { verify: true } });
  expect(told).toEqual(["ready 192.0.2.20 5061 checked"]);
  stream.write(new Uint8Array([1]));
  expect(io.sent.slice(-2)).toEqual([23, 0xfe]);
  io.hear([0xff, 0xfe]);
  expect(told.at(-1)).toBe("readable 3");
  expect([...(stream.read() ?? [])]).toEqual([0, 1]);
});

test("with trust in anybody nothing is checked, and the proof says so", () => {
  const { told, made } = secured("well", "any");
  expect(made[0]?.options.secure).toEqual({ verify: false });
  expect(told).toEqual(["ready 192.0.2.20 5061 unverified"]);
});

test("a handshake that the engine throws out of ends in a fault, not in the program", () => {
  expect(secured("certificate").told).toEqual(["certificate"]);
  expect(secured("alert").told).toEqual(["connection-refused"]);
  const later = secured("breaks later");
  later.io.hear([1]);
  expect(later.told.at(-1)).toBe("connection-lost");
  expect(later.io.closed).toBe(true);
});

test("a session that the engine calls ready before any key was agreed carries nothing", () => {
  const { told, stream, io } = secured("closed before keys");
  expect(told).toEqual(["connection-refused"]);
  stream.write(new Uint8Array([1]));
  expect(io.sent).toEqual([22, 3, 3]);
});
