import { expect, test } from "vitest";
import type { DatagramSocket } from "../../firmware/ports/socket.ts";
import { EventQueue } from "../core/event-queue.ts";
import { SimClock } from "../core/sim-clock.ts";
import { Broadband, Network, perfectAccess } from "./network.ts";
import { Calendar, type LinkWindow } from "./outage.ts";
import { broadbandPorts } from "./sim-socket.ts";

const own = "10.0.0.1";
const far = { host: "192.0.2.10", port: 5060 };
const mark = (value: number): Uint8Array => new Uint8Array([value]);

/** One home on a line, and a host that it can talk to. */
class Bench {
  readonly queue = new EventQueue();
  readonly calendar = new Calendar<LinkWindow>();
  readonly network = new Network(this.queue, 1);
  readonly said: string[] = [];
  readonly observed: string[] = [];
  readonly open: (localPort?: number) => DatagramSocket;
  private readonly place = this.network.attach(far.host, perfectAccess, (bytes, from) =>
    this.said.push(`far heard ${bytes[0]} from ${from.host}:${from.port}`),
  );

  constructor() {
    const delay = { leastMs: 10, mostMs: 10 };
    const line = new Broadband(this.queue, { name: "fibre", delay, lossPpm: 0, calendars: [this.calendar] });
    const opener = broadbandPorts(this.network, line, own, new SimClock(this.queue), (direction, bytes) =>
      this.observed.push(`${direction} ${bytes[0]}`),
    );
    this.open = (localPort = 5060) =>
      opener.openDatagram({
        localPort,
        onReady: (local) => this.said.push(`ready ${local.host}:${local.port}`),
        onReadable: (count) => this.said.push(`readable ${count}`),
        onFault: (fault) => this.said.push(fault),
      });
  }

  farSends(value: number): void {
    this.place.send(mark(value), far.port, { host: own, port: 5060 });
  }
}

test("an address comes a moment after opening; what is sent before that is nobody's", () => {
  const bench = new Bench();
  const socket = bench.open();
  socket.send(mark(1), far);
  bench.queue.runUntil(799);
  expect(bench.said).toEqual([]);
  bench.queue.runUntil(800);
  socket.send(mark(2), far);
  bench.queue.runUntil(1_000);
  expect(bench.said).toEqual([`ready ${own}:5060`, `far heard 2 from ${own}:5060`]);
  expect(bench.observed).toEqual(["sent 2"]);
});

test("without a port of its own it takes a free one", () => {
  const bench = new Bench();
  bench.open(0);
  bench.queue.runUntil(1_000);
  expect(bench.said).toEqual([`ready ${own}:49152`]);
});

test("a link that goes is told, and told again when it is back", () => {
  const bench = new Bench();
  bench.calendar.add({ fromMs: 2_000, toMs: 3_000, fault: "down", extraDelayMs: 0, lossPpm: 0 });
  const socket = bench.open();
  bench.queue.runUntil(2_500);
  socket.send(mark(1), far);
  bench.queue.runUntil(10_000);
  expect(bench.said).toEqual([`ready ${own}:5060`, "no-link", `ready ${own}:5060`]);
});

test("eight datagrams wait, a ninth is lost", () => {
  const bench = new Bench();
  const socket = bench.open();
  bench.queue.runUntil(1_000);
  for (let value = 1; value <= 9; value++) bench.farSends(value);
  bench.queue.runUntil(2_000);
  expect(bench.said.filter((line) => line.startsWith("readable"))).toHaveLength(8);
  for (let value = 1; value <= 8; value++) expect(socket.read()).toEqual({ bytes: mark(value), from: far });
  expect(socket.read()).toBeUndefined();
});

test("after close nothing is heard any more, and the address is free for the next", () => {
  const bench = new Bench();
  const first = bench.open();
  bench.queue.runUntil(1_000);
  first.close();
  first.close();
  bench.farSends(1);
  bench.queue.runUntil(2_000);
  expect(first.read()).toBeUndefined();
  bench.open();
  bench.open();
  bench.queue.runUntil(4_000);
  expect(bench.said).toEqual([`ready ${own}:5060`, `ready ${own}:5060`]);
});
