/** The telephone of a live unit: its sound enters the unit's own time, and is taken away before the power goes. */
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { setImmediate } from "node:timers/promises";
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from "vitest";
import type { Endpoint } from "../../firmware/ports/socket.ts";
import { farewellMs, LiveTelephone } from "./live-telephone.ts";
import { LiveTime } from "./live-time.ts";
import { toneMicrophone } from "./rtp/sound.ts";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
});
afterEach(() => {
  vi.useRealTimers();
});

function telephone() {
  const time = new LiveTime();
  let playedCount = 0;
  const phone = new LiveTelephone({
    time,
    host: "127.0.0.1",
    allow: [],
    onDropped: () => {},
    sound: { microphone: toneMicrophone(440), loudspeaker: { play: (samples) => (playedCount += samples.length) } },
  });
  onTestFinished(() => {
    phone.close();
    time.stop();
  });
  return { time, phone, played: () => playedCount };
}

/** A call whose sound flows to a socket of the test's own. */
async function talking({ time, phone }: ReturnType<typeof telephone>) {
  const far = createSocket("udp4");
  far.bind(0, "127.0.0.1");
  await once(far, "listening");
  onTestFinished(() => {
    far.close();
  });
  const heard = { packetCount: 0, faultAtMs: -1 };
  far.on("message", () => heard.packetCount++);
  const local = await new Promise<Endpoint>((resolve) => {
    const media = phone.openMedia({
      onReady: (at) => {
        media.start({ host: "127.0.0.1", port: far.address().port }, "PCMA", -1);
        media.open(true, true);
        resolve(at);
      },
      onKey: () => {},
      onFault: () => (heard.faultAtMs = time.queue.nowMs),
    });
  });
  return { heard, local };
}

async function pass(ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 20) {
    vi.advanceTimersByTime(20);
    for (let turn = 0; turn < 5; turn++) await setImmediate();
  }
}

test("without a call to end it is switched off at once", async () => {
  const bench = telephone();
  await bench.phone.hangUp();
  expect(vi.getTimerCount()).toBe(0);
});

test("hanging up takes the sound away at the present instant and waits for the far side's word", async () => {
  const bench = telephone();
  const { heard } = await talking(bench);
  await pass(200);
  expect(heard.packetCount).toBeGreaterThan(5);
  expect(bench.played()).toBeGreaterThan(0);
  let isOver = false;
  const over = bench.phone.hangUp().then(() => (isOver = true));
  expect(heard.faultAtMs).toBe(bench.time.nowMs());
  const { packetCount } = heard;
  await pass(100);
  expect([isOver, heard.packetCount]).toEqual([false, packetCount]);
  bench.phone.step({ type: "bye-over" });
  await over;
  expect(vi.getTimerCount()).toBe(0);
});

test("a far side that says nothing is not waited for longer than its time", async () => {
  const bench = telephone();
  await talking(bench);
  let isOver = false;
  void bench.phone.hangUp().then(() => (isOver = true));
  await pass(farewellMs - 40);
  expect(isOver).toBe(false);
  await pass(60);
  expect(isOver).toBe(true);
});

test("once closed it sends nothing and tells nothing", async () => {
  const bench = telephone();
  const { heard } = await talking(bench);
  bench.phone.close();
  await pass(200);
  expect(heard).toEqual({ packetCount: 0, faultAtMs: -1 });
  expect(vi.getTimerCount()).toBe(0);
});

test("who spoke is known only of sound that came by here since the announcement", async () => {
  const bench = telephone();
  const { callSound } = bench.phone;
  callSound.tone();
  expect(callSound.wasHeard()).toBe(true);
  await talking(bench);
  await pass(100);
  expect(callSound.wasHeard()).toBe(true);
  const quiet = new LiveTelephone({
    time: bench.time,
    host: "127.0.0.1",
    allow: [],
    onDropped: () => {},
    sound: { microphone: { next: (into) => into.fill(0) }, loudspeaker: { play: () => {} } },
  });
  onTestFinished(() => quiet.close());
  quiet.callSound.tone();
  await talking({ ...bench, phone: quiet });
  await pass(100);
  expect(quiet.callSound.wasHeard()).toBe(false);
  quiet.callSound.tone();
  quiet.close();
  expect(quiet.callSound.wasHeard()).toBe(true);
});
