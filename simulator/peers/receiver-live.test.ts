import { createSocket } from "node:dgram";
import { once } from "node:events";
import { connect } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { decodeResponse } from "../../protocol/scaip/response.ts";
import { decodeSip, encodeSip, type SipMessage } from "../../protocol/sip/message.ts";
import { MessageStream } from "../../protocol/sip/stream.ts";
import { ListenError } from "../live/live-sockets.ts";
import { alarm, okTo, ReceiverBench } from "./receiver-bench.ts";
import type { CallNews, ReceiverEvent } from "./receiver-events.ts";
import { type LiveReceiver, type LiveReceiverOptions, openLiveReceiver } from "./receiver-live.ts";

const usual = { name: "lab", mode: "normal", latencyMs: { least: 0, most: 5 } } as const;
const anyPort = { transport: "udp", host: "127.0.0.1", port: 0 } as const;
const anyTcp = { ...anyPort, transport: "tcp" } as const;

function portOf(live: LiveReceiver, index = 0): number {
  return live.addresses[index]?.port ?? 0;
}

/** Lets the sockets work; the test's own time limit ends a wait in vain. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise(setImmediate);
}

async function open(options: Partial<LiveReceiverOptions> = {}) {
  const events: ReceiverEvent[] = [];
  const onEvent = (event: ReceiverEvent) => events.push(event);
  const live = await openLiveReceiver({ ...usual, listen: [anyPort, anyTcp], onEvent, ...options });
  onTestFinished(() => live.close());
  return { live, events };
}

/** A unit at a connection, and the SIP messages that it hears. */
async function caller(port: number) {
  const socket = connect(port, "127.0.0.1");
  const heard: SipMessage[] = [];
  const messages = new MessageStream(false, {
    onMessage: (bytes) => {
      const message = decodeSip(bytes.slice());
      if (message.ok) heard.push(message.value);
    },
    onKeepAlive: () => {},
    onFault: () => expect.unreachable(),
  });
  socket.on("data", (bytes) => messages.push(bytes)).on("error", () => {});
  onTestFinished(() => {
    socket.destroy();
  });
  const ended = new Promise((resolve) => socket.once("close", resolve));
  await once(socket, "connect");
  return { socket, heard, ended };
}

const overTcp = { Via: "SIP/2.0/TCP 127.0.0.1:5070;rport;branch=z9hG4bKtcp" };

function refAt(message: SipMessage | undefined): string {
  const decoded = decodeResponse(message?.body ?? new Uint8Array(0));
  return decoded.ok ? `${decoded.value.ref} ${decoded.value.snu}` : "";
}

test("over a connection the mrs comes back on it, for each of several messages, and the event says tcp", async () => {
  const { live, events } = await open();
  const { socket, heard } = await caller(portOf(live, 1));
  const bench = new ReceiverBench();
  socket.write(bench.message(alarm("A1"), { Via: `${overTcp.Via}1` }));
  socket.write(bench.message(alarm("A2"), { Via: `${overTcp.Via}2` }));
  await until(() => heard.length === 4);
  const own = heard.filter(({ kind }) => kind === "request");
  expect(own.map(refAt).sort()).toEqual(["A1 0", "A2 0"]);
  expect(own[0]?.via[0]).toMatchObject({ transport: "TCP", host: "127.0.0.1", port: portOf(live, 1) });
  expect(events).toMatchObject([{ transport: "tcp", from: `127.0.0.1:${socket.localPort}` }, { transport: "tcp" }]);
});

test("one book serves all ports: an alarm that came over UDP is known when it comes over TCP", async () => {
  const { live, events } = await open({ ours: () => true });
  const bench = new ReceiverBench();
  const unit = createSocket("udp4");
  onTestFinished(() => {
    unit.close();
  });
  unit.send(bench.message(alarm("Q4T8A0000127")), portOf(live), "127.0.0.1");
  await until(() => events.length === 1);
  const { socket } = await caller(portOf(live, 1));
  socket.write(bench.message(alarm("Q4T8A0000127"), overTcp));
  await until(() => events.length === 2);
  expect(events.map(({ transport, again }) => [transport, again])).toEqual([
    ["udp", false],
    ["tcp", true],
  ]);
  expect(events[1]?.case).toBe(events[0]?.case);
});

test("of two ports of one kind each answers from where it was asked", async () => {
  const { live } = await open({ listen: [anyPort, anyPort] });
  const unit = createSocket("udp4");
  onTestFinished(() => {
    unit.close();
  });
  const ports: number[] = [];
  unit.on("message", (_bytes, from) => ports.push(from.port));
  unit.send(new ReceiverBench().message(alarm("A1")), portOf(live, 1), "127.0.0.1");
  await until(() => ports.length === 2);
  expect(ports).toEqual([portOf(live, 1), portOf(live, 1)]);
});

test("one that refuses has its ports closed, and opens them when it is to behave again", async () => {
  const { live } = await open({ mode: "refuse-connect" });
  const refused = async () => {
    const [error] = (await once(connect(portOf(live, 1), "127.0.0.1"), "error")) as [NodeJS.ErrnoException];
    return error.code;
  };
  expect(await refused()).toBe("ECONNREFUSED");
  await live.setMode("normal");
  const { socket, heard, ended } = await caller(portOf(live, 1));
  socket.write(new ReceiverBench().message(alarm("A1"), overTcp));
  await until(() => heard.length === 2);
  await live.setMode("refuse-connect");
  await ended;
  expect(await refused()).toBe("ECONNREFUSED");
});

test("one that dies says 200 once and is gone, with its connections and its ports", async () => {
  const { live } = await open({ mode: "dies" });
  const first = await caller(portOf(live, 1));
  const other = await caller(portOf(live, 1));
  first.socket.write(new ReceiverBench().message(alarm("A1"), overTcp));
  await Promise.all([first.ended, other.ended]);
  expect(first.heard).toMatchObject([{ kind: "response", status: 200 }]);
  const [error] = (await once(connect(portOf(live, 1), "127.0.0.1"), "error")) as [NodeJS.ErrnoException];
  expect(error.code).toBe("ECONNREFUSED");
});

test("a message that is too long ends its connection with an event", async () => {
  const { live, events } = await open();
  const { socket, ended } = await caller(portOf(live, 1));
  socket.write("MESSAGE sip:a@b SIP/2.0\r\nContent-Length: 70000\r\n\r\n");
  await ended;
  expect(events).toMatchObject([{ type: "rejected", answer: "closed", transport: "tcp", cid: "" }]);
  expect(events[0]?.why).toContain("longer than");
});

test("where one of the ports cannot be had none is left open", async () => {
  const first = await open();
  const taken = first.live.addresses[1] ?? anyTcp;
  const free = await open({ listen: [anyTcp] });
  const [own] = free.live.addresses;
  free.live.close();
  const listen = [own ?? anyTcp, taken];
  await expect(openLiveReceiver({ ...usual, listen, onEvent: () => {} })).rejects.toThrow(ListenError);
  const [error] = (await once(connect(own?.port ?? 0, "127.0.0.1"), "error")) as [NodeJS.ErrnoException];
  expect(error.code).toBe("ECONNREFUSED");
});

test("on a real port an alarm is carried, accepted, and acknowledged by the unit", async () => {
  const events: ReceiverEvent[] = [];
  const live = await openLiveReceiver({ ...usual, listen: [anyPort], onEvent: (event) => events.push(event) });
  onTestFinished(() => live.close());
  const unit = createSocket("udp4");
  onTestFinished(() => {
    unit.close();
  });
  const heard: Buffer[] = [];
  const done = new Promise<void>((resolve) => {
    unit.on("message", (bytes) => {
      heard.push(bytes);
      if (heard.length === 2) resolve();
    });
  });
  unit.send(new ReceiverBench().message(alarm("Q4T8A0000127")), portOf(live), "127.0.0.1");
  await done;
  const [carried, own] = heard.map((bytes) => decodeSip(bytes));
  expect(carried).toMatchObject({ ok: true, value: { kind: "response", status: 200 } });
  if (own?.ok !== true || own.value.kind !== "request") throw new Error("no MESSAGE of its own");
  expect(decodeResponse(own.value.body)).toMatchObject({ ok: true, value: { ref: "Q4T8A0000127", snu: 0 } });
  unit.send(encodeSip(okTo(own.value)), portOf(live), "127.0.0.1");
  expect(events).toMatchObject([{ type: "alarm", answer: "snu 0", from: `127.0.0.1:${unit.address().port}` }]);
});

test("a port in use is a ListenError", async () => {
  const other = createSocket("udp4");
  other.bind(0, "127.0.0.1");
  await once(other, "listening");
  onTestFinished(() => {
    other.close();
  });
  const listen = [{ ...anyPort, port: other.address().port }];
  await expect(openLiveReceiver({ ...usual, listen, onEvent: () => {} })).rejects.toThrow(ListenError);
});

test("over a connection a call goes back and forth on it: it rings, is taken, has its key and ends", async () => {
  const news: CallNews[] = [];
  const { live } = await open({
    operators: { count: 1, mode: "answers", talkMs: 300, onCall: (one) => news.push(one) },
  });
  const { socket, heard } = await caller(portOf(live, 1));
  const bench = new ReceiverBench();
  const call = { ...overTcp, "Call-ID": "call1@127.0.0.1", Contact: "<sip:unit@127.0.0.1:9;transport=tcp>" };
  const offer =
    "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 40002 RTP/AVP 8 101\r\n" +
    "a=rtpmap:101 telephone-event/8000\r\n";
  socket.write(bench.message(offer, { ...call, "Content-Type": "application/sdp" }, "INVITE"));
  await until(() => heard.some((message) => message.kind === "response" && message.status === 200));
  expect(heard.map((message) => (message.kind === "response" ? message.status : 0))).toEqual([180, 200]);
  const taken = heard.at(-1);
  const to = `<sip:mottagning@larm.example.net>;tag=${taken?.to.tag}`;
  socket.write(bench.message("", { ...call, To: to, "Content-Type": "" }, "ACK"));
  await until(() => heard.some((message) => message.kind === "request" && message.method === "INFO"));
  const bye = { ...call, To: to, CSeq: "2 BYE", Via: `${overTcp.Via}bye`, "Content-Type": "" };
  socket.write(bench.message("", bye, "BYE"));
  await until(() => news.at(-1)?.what === "ended");
  expect(news.map(({ what, transport }) => [what, transport])).toEqual(
    ["rung", "answered", "key-sent", "ended"].map((what) => [what, "tcp"]),
  );
});
