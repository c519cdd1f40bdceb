import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import { expect, onTestFinished, test, vi } from "vitest";
import { decodeSip } from "../../protocol/sip/message.ts";
import type { ReceiverEvent } from "../../simulator/peers/receiver-events.ts";
import { type LiveReceiverOptions, openLiveReceiver } from "../../simulator/peers/receiver-live.ts";
import { type LightOptions, openLightUnits } from "./light-units.ts";
import { playLoad } from "./play-load.ts";
import { Tally } from "./tally.ts";

async function receiver(more: Partial<LiveReceiverOptions> = {}) {
  const events: ReceiverEvent[] = [];
  const live = await openLiveReceiver({
    name: "receiver",
    listen: [{ transport: "udp", host: "127.0.0.1", port: 0 }],
    mode: "normal",
    latencyMs: { least: 1, most: 5 },
    onEvent: (event) => events.push(event),
    ...more,
  });
  onTestFinished(() => live.close());
  return { live, events, port: live.addresses[0]?.port ?? 0 };
}

async function load(port: number, more: Partial<LightOptions> = {}, count = 40) {
  const tally = new Tally();
  const units = await openLightUnits({
    to: { host: "127.0.0.1", port },
    host: "127.0.0.1",
    receiver: "sip:larm@larm.example",
    domain: "larm.example",
    units: 4,
    firstAccount: "4600000101",
    profile: "mixed",
    user: "",
    password: "",
    until: "accepted",
    patienceMs: 20_000,
    tally,
    ...more,
  });
  onTestFinished(() => {
    if (units.openCount > 0) units.close();
  });
  const order = { rate: 200, forMs: count * 5, isStopped: () => false, onSecond: () => {} };
  return { tally, units, play: () => playLoad(units, tally, order) };
}

/** Hears everything and says nothing. */
async function silent(): Promise<{ socket: Socket; port: number; heard: Buffer[] }> {
  const socket = createSocket("udp4");
  const heard: Buffer[] = [];
  socket.on("message", (bytes) => heard.push(bytes));
  socket.bind(0, "127.0.0.1");
  await once(socket, "listening");
  onTestFinished(() => void socket.close());
  return { socket, port: socket.address().port, heard };
}

test("our receiver accepts every message, each unit under its own account and each report as a case of its own", async () => {
  const { events, port } = await receiver();
  const { play } = await load(port);
  expect(await play()).toMatchObject({ sent: 40, carried: 40, accepted: 40, refused: 0, lost: 0 });
  const accounts = new Set(events.map(({ cid }) => cid));
  expect([...accounts].sort()).toEqual(["4600000101", "4600000102", "4600000103", "4600000104"]);
  expect(events.filter(({ type }) => type === "alarm")).toHaveLength(4);
  expect(events.filter(({ type }) => type === "heartbeat")).toHaveLength(36);
  expect(new Set(events.map(({ ref }) => ref)).size).toBe(40);
});

test("a receiver that asks who calls is told, and one that does not believe it refuses", async () => {
  const digest = { user: "unit", password: "hemligt", realm: "livlina" };
  const { port } = await receiver({ digest });
  const told = await load(port, { user: "unit", password: "hemligt" });
  expect(await told.play()).toMatchObject({ accepted: 40, refused: 0 });
  const wrong = await load(port, { user: "unit", password: "other" });
  expect(await wrong.play()).toMatchObject({ accepted: 0, refused: 40 });
});

test("an answer to another reference accepts nothing: the message is lost when its time is over", async () => {
  const { live, port } = await receiver({ mode: "wrong-ref" });
  let nowMs = 1_000;
  const { tally, units } = await load(port, { nowMs: () => nowMs });
  for (let i = 0; i < 10; i++) units.send();
  await vi.waitFor(() => expect(tally.totals().carried).toBe(10), 10_000);
  // Our 200 to each of its answers has come.
  await vi.waitFor(() => expect(live.receiver.counts.responsesUnderWay).toBe(0), 10_000);
  expect(tally.totals()).toMatchObject({ accepted: 0, lost: 0 });
  nowMs += 20_000;
  units.tick();
  expect(tally.totals()).toMatchObject({ sent: 10, accepted: 0, lost: 10 });
});

test("an answer that comes when the message's time is over accepts nothing, also before anybody has looked", async () => {
  const { port } = await receiver();
  let nowMs = 1_000;
  const { tally, units } = await load(port, { nowMs: () => nowMs });
  units.send();
  nowMs += 20_001;
  await vi.waitFor(() => expect(units.openCount).toBe(0), 10_000);
  expect(tally.totals()).toMatchObject({ sent: 1, accepted: 0, lost: 1 });
});

test("until carried nobody waits for the mrs", async () => {
  const { port } = await receiver({ mode: "silent-after-200" });
  const { play } = await load(port, { until: "carried" }, 10);
  expect(await play()).toMatchObject({ sent: 10, carried: 10, accepted: 0, lost: 0 });
});

test("a message without an answer goes again by timer E, the same bytes each time, and is lost when its time is over", async () => {
  const { port, heard } = await silent();
  let nowMs = 1_000;
  const { tally, units } = await load(port, { patienceMs: 32_000, nowMs: () => nowMs });
  units.send();
  const again: number[] = [];
  for (let afterMs = 0; afterMs < 32_000; afterMs += 100) {
    nowMs = 1_000 + afterMs;
    const before = tally.totals().again;
    units.tick();
    if (tally.totals().again > before) again.push(afterMs);
  }
  expect(again).toEqual([500, 1_500, 3_500, 7_500, 11_500, 15_500, 19_500, 23_500, 27_500, 31_500]);
  expect(tally.totals()).toMatchObject({ sent: 1, lost: 0 });
  nowMs = 33_000;
  units.tick();
  expect(tally.totals()).toMatchObject({ lost: 1, again: 10 });
  expect(units.openCount).toBe(0);
  await vi.waitFor(() => expect(heard).toHaveLength(11));
  expect(new Set(heard.map((bytes) => bytes.toString("latin1"))).size).toBe(1);
  expect(decodeSip(heard[0] as Buffer).ok).toBe(true);
});

test("while as many are open as may be, none more is sent, and that is counted", async () => {
  const { port } = await silent();
  const { tally, units } = await load(port, { openLimit: 3 });
  for (let i = 0; i < 5; i++) units.send();
  expect(tally.totals()).toMatchObject({ sent: 3, unsent: 2 });
  units.close();
  expect(tally.totals()).toMatchObject({ lost: 3 });
});
