import { createSocket, type RemoteInfo, type Socket } from "node:dgram";
import { once } from "node:events";
import { expect, onTestFinished, test } from "vitest";
import type { Endpoint } from "../../../firmware/ports/socket.ts";
import { HandClock } from "../../../firmware/sip/test-bench.ts";
import { readerOf } from "../../../protocol/bytes/reader.ts";
import { Writer } from "../../../protocol/bytes/writer.ts";
import { packetsOfPress } from "../../../protocol/rtp/arbitraries.ts";
import { type RtpPacket, rtpPacket } from "../../../protocol/rtp/packet.ts";
import { telephoneEvent } from "../../../protocol/sip/telephone-event.ts";
import { depthFrames } from "./jitter-buffer.ts";
import { LiveMedia, type MediaCounts, portTries } from "./live-media.ts";
import { catchUpLimit } from "./pace.ts";
import { RtpSender } from "./rtp-sender.ts";
import { frameLength, frameMs, silenceLimitMs } from "./sound.ts";
import { LateClock } from "./test-bench.ts";

/** One call's sound, its clock moved by hand, its packets over real sockets. */
class Bench {
  readonly clock: HandClock;
  readonly keys: string[];
  readonly counts: MediaCounts[];
  /** First sample of each frame that was played. */
  readonly played: number[];
  faults: number;
  local: Endpoint | undefined;
  readonly media: LiveMedia;

  constructor(random?: (below: number) => number, clock: HandClock = new HandClock()) {
    this.clock = clock;
    this.keys = [];
    this.counts = [];
    this.played = [];
    this.faults = 0;
    const live = {
      clock: this.clock,
      microphone: { next: (into: Int16Array) => into.fill(1000) },
      loudspeaker: { play: (samples: Int16Array) => this.played.push(samples[0] as number) },
      onCounted: (counts: MediaCounts) => this.counts.push(counts),
      ...(random === undefined ? {} : { random }),
    };
    this.media = new LiveMedia(live, {
      onReady: (local) => {
        this.local = local;
      },
      onKey: (key) => this.keys.push(key),
      onFault: () => this.faults++,
    });
    onTestFinished(() => this.media.close());
  }

  async ready(): Promise<Endpoint> {
    await expect.poll(() => this.local).toBeDefined();
    return this.local as Endpoint;
  }

  steps(count: number): void {
    this.clock.runTo(this.clock.nowMs() + count * frameMs);
  }
}

/** The far side: a plain socket. */
class Far {
  readonly heard: { readonly packet: RtpPacket; readonly from: RemoteInfo }[];
  readonly sender: RtpSender;
  private readonly socket: Socket;

  constructor(socket: Socket) {
    this.heard = [];
    this.sender = new RtpSender((below) => below - 5);
    this.socket = socket;
    socket.on("message", (bytes, from) => {
      const read = rtpPacket.decode(readerOf(bytes));
      if (read.ok) this.heard.push({ packet: read.value, from });
    });
  }

  get port(): number {
    return this.socket.address().port;
  }

  async send(bytes: Uint8Array, to: Endpoint): Promise<void> {
    await new Promise((sent) => this.socket.send(bytes, to.port, to.host, sent));
  }

  async say(sample: number, to: Endpoint): Promise<void> {
    await this.send(this.sender.packet("PCMA", new Int16Array(frameLength).fill(sample)), to);
  }
}

async function farAt(host: string = "127.0.0.1"): Promise<Far> {
  const socket = createSocket("udp4");
  socket.bind(0, host);
  await once(socket, "listening");
  onTestFinished(() => {
    socket.close();
  });
  return new Far(socket);
}

function endpoint(far: Far): Endpoint {
  return { host: "127.0.0.1", port: far.port };
}

const aLawOf1000 = 0xfa;
const aLawOf0 = 0xd5;

test("its own port is even and of its own choice, and another where that is taken", async () => {
  const taken = new Bench((below) => (below === 10_000 ? 77 : 0));
  expect(await taken.ready()).toEqual({ host: "127.0.0.1", port: 40_154 });
  const drawn = [77, 77, 78];
  const other = new Bench((below) => (below === 10_000 ? (drawn.shift() ?? 0) : 0));
  expect(await other.ready()).toEqual({ host: "127.0.0.1", port: 40_156 });
});

test("where every port is taken there is no sound, after a bounded number of tries", async () => {
  const taken = new Bench((below) => (below === 10_000 ? 99 : 0));
  await taken.ready();
  let tries = 0;
  const none = new Bench((below) => {
    if (below === 10_000) tries++;
    return below === 10_000 ? 99 : 0;
  });
  await expect.poll(() => none.faults).toBe(1);
  expect(tries).toBe(portTries);
  expect(none.local).toBeUndefined();
});

test("from start() a packet leaves every 20 ms: silence until the microphone is open, then what it hears", async () => {
  const bench = new Bench();
  const far = await farAt();
  const local = await bench.ready();
  bench.steps(3);
  bench.media.start(endpoint(far), "PCMA", 101);
  bench.steps(2);
  bench.media.open(true, false);
  bench.steps(2);
  await expect.poll(() => far.heard.length).toBe(5);
  expect(far.heard.map(({ packet }) => packet.payload[0])).toEqual([aLawOf0, aLawOf0, aLawOf0, aLawOf1000, aLawOf1000]);
  expect(far.heard.map(({ from }) => from.port)).toEqual(Array.from({ length: 5 }, () => local.port));
  const first = far.heard[0]?.packet as RtpPacket;
  for (const [at, { packet }] of far.heard.entries())
    expect(packet).toMatchObject({
      payloadType: 8,
      isMarked: at === 0,
      sequence: (first.sequence + at) & 0xffff,
      timestamp: (first.timestamp + at * frameLength) >>> 0,
      source: first.source,
    });
});

test("a start() in a call goes on with the same stream by the other law, to the other place", async () => {
  const bench = new Bench();
  const [one, other] = [await farAt(), await farAt()];
  await bench.ready();
  bench.media.start(endpoint(one), "PCMA", -1);
  bench.steps(1);
  bench.media.start(endpoint(other), "PCMU", -1);
  bench.steps(1);
  await expect.poll(() => [one.heard.length, other.heard.length]).toEqual([2, 1]);
  const last = one.heard[1]?.packet as RtpPacket;
  expect(other.heard[0]?.packet).toMatchObject({ payloadType: 0, source: last.source, isMarked: false });
  expect(other.heard[0]?.packet.sequence).toBe((last.sequence + 1) & 0xffff);
});

test("after the machine was busy, a gap in time says what was not sent", async () => {
  const bench = new Bench(undefined, new LateClock([0, 200]));
  const far = await farAt();
  await bench.ready();
  bench.media.start(endpoint(far), "PCMA", -1);
  bench.clock.runTo(220);
  await expect.poll(() => far.heard.length).toBe(1 + catchUpLimit);
  const first = far.heard[0]?.packet.timestamp as number;
  const frames = far.heard.map(({ packet }) => ((packet.timestamp - first) >>> 0) / frameLength);
  expect(frames).toEqual([0, 7, 8, 9, 10, 11]);
  expect(far.heard.map(({ packet }) => packet.isMarked)).toEqual([true, true, false, false, false, false]);
});

test("what the far side says is played while the speaker is open, and silence while it is not", async () => {
  const bench = new Bench();
  const far = await farAt();
  const local = await bench.ready();
  bench.media.start(endpoint(far), "PCMA", -1);
  for (let i = 0; i < 4; i++) await far.say(8000, local);
  await expect.poll(() => bench.media.counts().heard).toBe(4);
  bench.media.open(false, true);
  bench.clock.runTo(0);
  bench.steps(depthFrames + 1);
  bench.media.open(false, false);
  bench.steps(1);
  const [silence, sound] = [0, 8064];
  expect(bench.played).toEqual([silence, silence, silence, sound, sound, silence]);
});

test("each step of the volume is heard, and there are eight", async () => {
  const bench = new Bench();
  const far = await farAt();
  const local = await bench.ready();
  bench.media.start(endpoint(far), "PCMA", -1);
  bench.media.open(false, true);
  await far.send(far.sender.packet("PCMA", new Int16Array(5 * frameLength).fill(1000)), local);
  await expect.poll(() => bench.media.counts().heard).toBe(1);
  bench.clock.runTo(0);
  bench.steps(depthFrames);
  bench.media.volume(1);
  bench.steps(1);
  for (let i = 0; i < 20; i++) bench.media.volume(1);
  bench.steps(1);
  for (let i = 0; i < 7; i++) bench.media.volume(-1);
  bench.steps(1);
  for (let i = 0; i < 20; i++) bench.media.volume(-1);
  bench.steps(1);
  expect(bench.played.slice(depthFrames)).toEqual([1008, 1425, 2850, 252, 252]);
});

test("a far side that sends from another port of its host is answered there", async () => {
  const bench = new Bench();
  const [named, real] = [await farAt(), await farAt()];
  const local = await bench.ready();
  bench.media.start(endpoint(named), "PCMA", -1);
  await real.send(Uint8Array.of(1, 2, 3), local);
  await real.say(0, local);
  await expect.poll(() => bench.media.counts().heard).toBe(1);
  bench.steps(1);
  await expect.poll(() => real.heard.length).toBe(2);
  expect(named.heard.length).toBe(0);
});

test("another host is neither heard nor answered, and is counted", async () => {
  const bench = new Bench();
  const [far, stranger] = [await farAt(), await farAt("127.0.0.2")];
  const local = await bench.ready();
  bench.media.start(endpoint(far), "PCMA", 101);
  await stranger.say(8000, local);
  await far.say(8000, local);
  await far.send(Uint8Array.of(9), local);
  await far.say(8000, local);
  await expect.poll(() => bench.media.counts().heard).toBe(2);
  bench.steps(1);
  await expect.poll(() => far.heard.length).toBe(2);
  expect(stranger.heard.length).toBe(0);
  bench.media.close();
  expect(bench.counts).toEqual([{ heard: 2, lost: 0, late: 0, madeUp: 0, sent: 2, strange: 2 }]);
});

test("nothing that comes before start() is heard", async () => {
  const bench = new Bench();
  const far = await farAt();
  const local = await bench.ready();
  await far.say(8000, local);
  await expect.poll(() => bench.media.counts().strange).toBe(1);
  bench.media.start(endpoint(far), "PCMA", -1);
  await far.say(8000, local);
  await expect.poll(() => bench.media.counts().heard).toBe(1);
});

test("a key of the far side is told once", async () => {
  const bench = new Bench();
  const far = await farAt();
  const local = await bench.ready();
  bench.media.start(endpoint(far), "PCMA", 96);
  for (const [at, { event, timestamp, isMarked }] of packetsOfPress(7, 5000, 3).entries()) {
    const payload = new Writer(new Uint8Array(4));
    telephoneEvent.encode(event, payload);
    const packet = { payloadType: 96, isMarked, sequence: at, timestamp, source: 1, payload: payload.written() };
    const to = new Writer(new Uint8Array(16));
    rtpPacket.encode(packet, to);
    await far.send(to.written(), local);
  }
  await expect.poll(() => bench.media.counts().heard).toBe(6);
  expect(bench.keys).toEqual(["7"]);
});

test("nothing heard for 30 s is a fault, and nothing happens after it", async () => {
  const bench = new Bench();
  const far = await farAt();
  const local = await bench.ready();
  bench.steps(100);
  bench.media.start(endpoint(far), "PCMA", -1);
  bench.media.open(true, false);
  bench.clock.runTo(2000 + silenceLimitMs - frameMs);
  await far.say(0, local);
  await expect.poll(() => bench.media.counts().heard).toBe(1);
  bench.clock.runTo(2000 + 2 * silenceLimitMs - 2 * frameMs);
  bench.media.start(endpoint(far), "PCMU", -1);
  expect(bench.faults).toBe(0);
  bench.clock.runTo(2000 + 2 * silenceLimitMs - frameMs);
  expect(bench.faults).toBe(1);
  expect(bench.counts.length).toBe(1);
  expect(bench.counts[0]?.sent).toBe((2 * silenceLimitMs) / frameMs - 1);
  bench.clock.runTo(200_000);
  expect([bench.faults, bench.counts.length, bench.clock.running]).toEqual([1, 1, 0]);
  bench.media.start(endpoint(far), "PCMA", -1);
  bench.media.close();
  bench.steps(10);
  expect([bench.faults, bench.counts.length, bench.clock.running]).toEqual([1, 1, 0]);
});

test("while both ways are closed, as on hold, nothing need be heard; from then on the 30 s count anew", async () => {
  const bench = new Bench();
  const far = await farAt();
  await bench.ready();
  bench.media.start(endpoint(far), "PCMA", -1);
  bench.clock.runTo(10 * silenceLimitMs);
  bench.media.open(false, true);
  bench.clock.runTo(11 * silenceLimitMs - frameMs);
  expect(bench.faults).toBe(0);
  bench.clock.runTo(11 * silenceLimitMs);
  expect(bench.faults).toBe(1);
});

test("after close() nothing comes", async () => {
  const bench = new Bench();
  const far = await farAt();
  await bench.ready();
  bench.media.start(endpoint(far), "PCMA", -1);
  bench.media.close();
  bench.steps(5);
  expect([bench.counts.length, bench.faults, bench.played.length, bench.clock.running]).toEqual([1, 0, 0, 0]);
});

test("who is closed before a port was had hears of none", async () => {
  const bench = new Bench();
  bench.media.close();
  const other = new Bench();
  await other.ready();
  expect([bench.local, bench.faults]).toEqual([undefined, 0]);
});
