/** A live home on real sockets, with its time held in hand. */
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { setImmediate } from "node:timers/promises";
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from "vitest";
import { Courier } from "../../firmware/uplink/courier.ts";
import { type HomeNews, openLiveHome } from "./live-home.ts";
import { ListenError } from "./live-sockets.ts";

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

async function liveHome(port: number, localPort = 0) {
  const news: HomeNews[] = [];
  const home = await openLiveHome({
    settings: {
      cid: "4607110231",
      domain: "larm.example",
      policy: "broadband-only",
      receivers: [{ uri: "sip:larm@larm.example", host: "127.0.0.1", port, user: "", password: "", answerFrom: [] }],
      modem: { apn: "", user: "", password: "", pin: "" },
      staggerMs: 5_000,
    },
    local: { host: "127.0.0.1", port: localPort },
    allow: [],
    onNews: (one) => news.push(one),
    onDropped: () => {},
  });
  onTestFinished(() => home.close());
  return { home, news };
}

/** Lets time pass, and the sockets do their work in between. */
async function pass(seconds: number): Promise<void> {
  for (let second = 0; second < seconds; second++) {
    vi.advanceTimersByTime(1_000);
    for (let turn = 0; turn < 4; turn++) await setImmediate();
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

test("a port that is taken is told as such, and nothing is left running", async () => {
  const receiver = await silentReceiver();
  await expect(liveHome(receiver.port, receiver.port)).rejects.toThrow(ListenError);
  expect(vi.getTimerCount()).toBe(0);
});
