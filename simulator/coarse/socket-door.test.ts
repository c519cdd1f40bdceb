import { expect, test } from "vitest";
import type { DatagramSocket } from "../../firmware/ports/socket.ts";
import { EventQueue } from "../core/event-queue.ts";
import { SimClock } from "../core/sim-clock.ts";
import type { BearerSession } from "../network/bearer.ts";
import { BenchBearer } from "../peers/bench-bearer.ts";
import { SocketDoor } from "./socket-door.ts";

const far = { host: "192.0.2.10", port: 5060 };
const mark = (value: number): Uint8Array => new Uint8Array([value]);

/** A door on a network in the test's hands; each exchange takes `talkMs`. */
class Bench {
  readonly queue = new EventQueue();
  readonly bearer = new BenchBearer();
  readonly said: string[] = [];
  readonly socket: DatagramSocket;
  readonly session: BearerSession | undefined;
  isSilent = false;

  constructor(draw = 79) {
    const clock = new SimClock(this.queue);
    const door = new SocketDoor({
      nowMs: () => clock.nowMs(),
      after: (delayMs, callback) => clock.after(delayMs, callback),
      below: () => draw,
      isSilent: () => this.isSilent,
    });
    this.session = door.through(this.bearer).activate((bytes, _from, toPort) => {
      this.say(`the modem hears ${bytes[0]} for ${toPort}`);
    });
    this.socket = door.openDatagram({
      localPort: 5060,
      onReady: ({ host, port }) => this.say(`ready ${host}:${port}`),
      onReadable: (count) => this.say(`readable ${count}`),
      onFault: (fault) => this.say(fault),
    });
  }

  arrive(value: number, toPort = 5060): void {
    this.bearer.receive?.(mark(value), far, toPort);
  }

  /** What was sent, with the instant until which it had been. */
  sent(): string {
    return this.bearer.sent.map(({ bytes }) => bytes[0]).join(" ");
  }

  private say(what: string): void {
    this.said.push(`${this.queue.nowMs} ${what}`);
  }
}

test("a socket beside the line is open when it would be on it: closed, opened, and told", () => {
  const bench = new Bench();
  bench.socket.send(mark(1), far);
  bench.queue.runUntil(1_000);
  expect(bench.said).toEqual(["299 ready 10.1.2.3:5060"]);
  expect(bench.sent()).toBe("");
});

test("one datagram leaves after the other, each when the talk about the one before has ended", () => {
  const bench = new Bench();
  bench.queue.runUntil(1_000);
  for (const value of [1, 2, 2]) bench.socket.send(mark(value), far);
  bench.queue.runUntil(1_099);
  expect(bench.sent()).toBe("");
  bench.queue.runUntil(1_299);
  expect(bench.sent()).toBe("1");
  bench.queue.runUntil(1_300);
  expect(bench.sent()).toBe("1 2");
  bench.queue.runUntil(9_000);
  expect(bench.sent()).toBe("1 2");
});

test("eight wait beside the one that leaves, the next is dropped, and what was taken back does not leave", () => {
  const bench = new Bench();
  bench.queue.runUntil(1_000);
  const all = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map(mark);
  for (const bytes of all) bench.socket.send(bytes, far);
  bench.socket.recall?.(all[4] as Uint8Array);
  bench.queue.runUntil(9_000);
  expect(bench.sent()).toBe("1 2 3 4 6 7 8 9");
});

test("what comes is fetched one by one, and a read that is under way finds what comes before its end", () => {
  const bench = new Bench();
  bench.queue.runUntil(1_000);
  bench.arrive(1);
  bench.queue.runUntil(1_150);
  bench.arrive(2);
  bench.queue.runUntil(2_000);
  expect(bench.said.slice(1)).toEqual(["1100 readable 1", "1200 readable 2"]);
  expect(bench.socket.read()).toEqual({ bytes: mark(1), from: far });
});

test("four are fetched before the next one leaves", () => {
  const bench = new Bench();
  bench.queue.runUntil(1_000);
  bench.socket.send(mark(1), far);
  bench.queue.runUntil(1_100);
  bench.socket.send(mark(2), far);
  for (let value = 3; value < 9; value++) bench.arrive(value);
  bench.queue.runUntil(1_699);
  expect(bench.said.slice(1)).toEqual([1_300, 1_400, 1_500, 1_600].map((atMs, i) => `${atMs} readable ${i + 1}`));
  expect(bench.sent()).toBe("1");
  bench.queue.runUntil(1_700);
  expect(bench.sent()).toBe("1 2");
  bench.queue.runUntil(9_000);
  expect(bench.said).toHaveLength(7);
});

test("the unit's inbox holds eight, and the modem 32 more", () => {
  const bench = new Bench();
  bench.queue.runUntil(1_000);
  for (let value = 0; value < 50; value++) bench.arrive(value);
  bench.queue.runUntil(60_000);
  expect(bench.said).toHaveLength(9);
  let heard = 0;
  while (bench.socket.read() !== undefined) {
    heard++;
    bench.queue.runUntil(bench.queue.nowMs + 1_000);
  }
  expect(heard).toBe(32);
});

test("what is for another port is the modem's", () => {
  const bench = new Bench();
  bench.queue.runUntil(1_000);
  bench.arrive(7, 50_601);
  expect(bench.said.slice(1)).toEqual(["1000 the modem hears 7 for 50601"]);
});

test("a modem that hangs for less than a patience costs one datagram, one that goes on hanging the socket", () => {
  const bench = new Bench();
  bench.queue.runUntil(1_000);
  bench.isSilent = true;
  bench.socket.send(mark(1), far);
  bench.queue.runUntil(10_000);
  bench.isSilent = false;
  bench.socket.send(mark(2), far);
  bench.queue.runUntil(20_000);
  expect(bench.sent()).toBe("2");
  bench.isSilent = true;
  bench.socket.send(mark(3), far);
  bench.queue.runUntil(49_999);
  expect(bench.said).toHaveLength(1);
  bench.queue.runUntil(50_100);
  expect(bench.said.slice(1)).toEqual(["50100 lost"]);
});

test("without a session there is no address, and the door tries again until there is one", () => {
  const bench = new Bench();
  bench.session?.close();
  bench.queue.runUntil(1_100);
  expect(bench.said).toEqual(["299 no-address", "1098 no-address"]);
});

test("after close nothing is called any more", () => {
  const bench = new Bench();
  bench.queue.runUntil(1_000);
  bench.arrive(1);
  bench.socket.send(mark(1), far);
  bench.socket.close();
  bench.arrive(2);
  bench.queue.runUntil(9_000);
  expect(bench.said).toHaveLength(1);
  expect(bench.sent()).toBe("");
});
