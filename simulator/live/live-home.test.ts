/** A live home on real sockets, with its time held in hand. */
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { setImmediate } from "node:timers/promises";
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from "vitest";
import { Courier } from "../../firmware/uplink/courier.ts";
import type { ReceiverEvent } from "../peers/receiver-events.ts";
import { openLiveReceiver } from "../peers/receiver-live.ts";
import type { ReceiverMode } from "../peers/receiver-modes.ts";
import { type HomeNews, openLiveHome } from "./live-home.ts";
import { ListenError } from "./live-sockets.ts";
import type { LiveSound } from "./live-telephone.ts";
import { noLoudspeaker, toneMicrophone } from "./rtp/sound.ts";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

/** Hears everything on a port of its own and says nothing. */
async function silentReceiver() {
  const ports = new Set<number>();
  const socket = createSocket("udp4").on("message", (_bytes, from) => ports.add(from.port));
  socket.bind(0, "127.0.0.1");
  await once(socket, "listening");
  onTestFinished(() => {
    socket.close();
  });
  return { port: socket.address().port, ports };
}

async function liveHome(port: number, localPort = 0, transport: "udp" | "tcp" = "udp", sound?: LiveSound) {
  const news: HomeNews[] = [];
  const home = await openLiveHome({
    settings: {
      cid: "4607110231",
      domain: "larm.example",
      policy: "broadband-only",
      receivers: [
        { uri: "sip:larm@larm.example", host: "127.0.0.1", port, transport, user: "", password: "", answerFrom: [] },
      ],
      modem: { apn: "", user: "", password: "", pin: "" },
      staggerMs: 5_000,
    },
    local: { host: "127.0.0.1", port: localPort },
    allow: [],
    onNews: (one) => news.push(one),
    onDropped: () => {},
    sound,
  });
  onTestFinished(() => home.close());
  return { home, news };
}

/** Lets time pass, and the sockets do their work in between. */
async function pass(seconds: number): Promise<void> {
  for (let second = 0; second < seconds; second++) {
    vi.advanceTimersByTime(1_000);
    for (let turn = 0; turn < 20; turn++) await setImmediate();
  }
}

test("a press goes from the contact over the air and the flash to the socket", async () => {
  const receiver = await silentReceiver();
  const { home, news } = await liveHome(receiver.port);
  home.pressAt(700);
  await pass(2);
  const seen = news.map((one) => (one.type === "report" ? `${one.news.type} ${one.news.ofPress}` : one.type));
  expect(seen).toEqual(["pressed", "button-showed", "stored true", "sent true", "unit-showed", "button-showed"]);
  expect(news.find(({ type }) => type === "pressed")).toEqual({ type: "pressed", t: 700 });
  expect([...receiver.ports]).toEqual([home.address.port]);
});

test("a socket that the unit opens anew keeps the port of the first", async () => {
  const reopen = vi.spyOn(Courier.prototype, "reopen");
  const receiver = await silentReceiver();
  const { home } = await liveHome(receiver.port);
  await pass(60);
  expect(reopen).toHaveBeenCalled();
  receiver.ports.clear();
  home.pressAt(0);
  await pass(5);
  expect([...receiver.ports]).toEqual([home.address.port]);
});

test("once closed it sends nothing, leaves no timer and frees its port", async () => {
  const receiver = await silentReceiver();
  const { home, news } = await liveHome(receiver.port);
  home.pressAt(100);
  home.close();
  const before = news.length;
  await pass(5);
  expect(news.length).toBe(before);
  expect([...receiver.ports]).toEqual([]);
  expect(vi.getTimerCount()).toBe(0);
  const next = await liveHome(receiver.port, home.address.port);
  expect(next.home.address.port).toBe(home.address.port);
});

/** What a press has come to, without the other reports of the unit. */
function stepsOf(news: readonly HomeNews[]): readonly string[] {
  return news.flatMap((one) => (one.type === "report" && one.news.ofPress ? [one.news.type] : []));
}

async function tcpReceiver(mode: ReceiverMode) {
  const events: ReceiverEvent[] = [];
  const live = await openLiveReceiver({
    name: "lab",
    listen: [{ transport: "tcp", host: "127.0.0.1", port: 0 }],
    mode,
    latencyMs: { least: 0, most: 5 },
    onEvent: (event) => events.push(event),
  });
  onTestFinished(() => live.close());
  return { live, events, port: live.addresses[0]?.port ?? 0 };
}

test("a unit whose receivers are all reached over TCP says several things over one connection", async () => {
  const receiver = await tcpReceiver("normal");
  const { home, news } = await liveHome(receiver.port, 0, "tcp");
  home.pressAt(0);
  await pass(3);
  home.pressAt(0);
  await pass(200);
  expect(stepsOf(news)).toContain("accepted");
  expect(receiver.events.length).toBeGreaterThan(1);
  expect(new Set(receiver.events.map(({ from }) => from)).size).toBe(1);
});

test("a receiver that dies between its 200 and its mrs gets the alarm again over a fresh connection, and accepts it", async () => {
  const receiver = await tcpReceiver("normal");
  const { home, news } = await liveHome(receiver.port, 0, "tcp");
  await pass(5);
  await receiver.live.setMode("dies");
  home.pressAt(0);
  await pass(5);
  expect(stepsOf(news).slice(0, 3)).toEqual(["stored", "sent", "carried"]);
  await pass(20);
  expect(stepsOf(news)).not.toContain("accepted");
  await receiver.live.setMode("normal");
  await pass(60);
  expect(stepsOf(news)).toContain("accepted");
  const alarms = receiver.events.filter(({ type, stc }) => type === "alarm" && stc === 10);
  expect(new Set(alarms.map(({ ref }) => ref)).size).toBe(1);
  expect(new Set(alarms.map(({ from }) => from)).size).toBe(2);
});

test("once closed it leaves its connections", async () => {
  const callers: Socket[] = [];
  const server = createServer((socket) => callers.push(socket.on("error", () => {}).resume())).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.close();
  });
  const { home } = await liveHome((server.address() as AddressInfo).port, 0, "tcp");
  home.pressAt(0);
  await pass(2);
  expect(callers.length).toBe(1);
  home.close();
  while (callers[0]?.closed === false) await setImmediate();
});

test("a port that is taken is told as such, and nothing is left running", async () => {
  const receiver = await silentReceiver();
  await expect(liveHome(receiver.port, receiver.port)).rejects.toThrow(ListenError);
  expect(vi.getTimerCount()).toBe(0);
});

/** Orders a call for each alarm that offers one, and has somebody who takes it. */
async function speakingReceiver() {
  const calls: string[] = [];
  const live = await openLiveReceiver({
    name: "lab",
    listen: [{ transport: "udp", host: "127.0.0.1", port: 0 }],
    mode: "normal",
    latencyMs: { least: 0, most: 5 },
    voice: { mre: 1, cre: 61, tnu: undefined },
    operators: { mode: "answers", count: 1, talkMs: 60_000, onCall: ({ what }) => calls.push(what) },
    onEvent: () => {},
  });
  onTestFinished(() => live.close());
  return { calls, port: live.addresses[0]?.port ?? 0 };
}

test("a unit with sound calls as its receiver orders, and hangs up before it is switched off; one without offers no call", async () => {
  const receiver = await speakingReceiver();
  const mute = await liveHome(receiver.port);
  mute.home.pressAt(0);
  await pass(5);
  expect(stepsOf(mute.news)).toContain("accepted");
  expect(receiver.calls).toEqual([]);
  await mute.home.hangUp();
  const sound = { microphone: toneMicrophone(440), loudspeaker: noLoudspeaker };
  const { home, news } = await liveHome(receiver.port, 0, "udp", sound);
  home.pressAt(0);
  await pass(5);
  const over = home.hangUp();
  await pass(1);
  await over;
  const steps = news.flatMap((one) => (one.type === "call" ? [`${one.news.what} ${one.news.reason}`] : []));
  expect(steps).toEqual(["dialling null", "answered null", "ended hung-up"]);
  expect(receiver.calls).toEqual(["rung", "answered", "ended"]);
});
