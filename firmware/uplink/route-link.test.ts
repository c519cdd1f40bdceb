import { expect, test } from "vitest";
import { contactsOf } from "../../protocol/sip/contact.ts";
import { encodeSip } from "../../protocol/sip/message.ts";
import { utf8 } from "../../protocol/text/utf8.ts";
import type { ReceiverAddress } from "../sip/receiver-address.ts";
import { centre, incoming, primary } from "../sip/test-bench.ts";
import { answerTo, LinkBench } from "./test-link.ts";
import { waitingLimit } from "./waiting.ts";

const calm = { urgent: false, lastResort: false };
const alarm = { urgent: true, lastResort: false };
const body = utf8("<mrq/>");
const registering: ReceiverAddress = { ...primary, register: true };
const named: ReceiverAddress = { ...primary, host: "larm.example.net" };

test("a receiver that does not ask for it is never registered with", () => {
  const bench = new LinkBench([primary]);
  bench.mobile.keep(true);
  bench.clock.runTo(3_600_000);
  bench.mobile.send(1, 0, body, calm);
  expect(bench.out()).toEqual(["mobile MESSAGE 203.0.113.9:5060"]);
});

test("over mobile an unanswered message goes out again after 1 s, over broadband after 0.5 s", () => {
  const bench = new LinkBench([primary]);
  bench.mobile.send(1, 0, body, calm);
  bench.broadband.send(3, 0, body, calm);
  const [mobile, broadband] = bench.out();
  bench.clock.runTo(999);
  expect(bench.out()).toEqual([broadband]);
  bench.clock.runTo(1_000);
  expect(bench.out()).toEqual([mobile]);
});

test("each route binds its own address under the device's one name, and a message waits until its own binding is the newest", () => {
  const bench = new LinkBench([registering]);
  bench.mobile.send(1, 0, body, calm);
  const [mobile] = [contactsOf(bench.request)];
  expect(mobile.ok && mobile.value).toMatchObject([
    { uri: "sip:4607110231@10.64.0.2:5070", regId: 1, expiresS: 600, instance: expect.stringMatching(/^urn:uuid:/) },
  ]);
  bench.done("mobile");
  expect(bench.out()).toEqual(["mobile REGISTER 203.0.113.9:5060", "mobile MESSAGE 203.0.113.9:5060"]);
  bench.broadband.send(3, 0, body, calm);
  const broadband = contactsOf(bench.request);
  expect(broadband.ok && broadband.value).toMatchObject([
    { uri: "sip:4607110231@198.51.100.23:5070", regId: 2, instance: mobile.ok ? mobile.value[0]?.instance : "" },
  ]);
  bench.done("broadband");
  expect(bench.out()).toEqual(["broadband REGISTER 203.0.113.9:5060", "broadband MESSAGE 203.0.113.9:5060"]);
  bench.mobile.send(5, 0, body, calm);
  expect(bench.out()).toEqual(["mobile REGISTER 203.0.113.9:5060"]);
  bench.clock.runTo(2_000);
  expect(bench.out()).toContain("mobile MESSAGE 203.0.113.9:5060");
});

test("an alarm goes out at once behind the REGISTER, and a probe without any", () => {
  const bench = new LinkBench([registering]);
  bench.mobile.send(1, 0, body, alarm);
  expect(bench.out()).toEqual(["mobile REGISTER 203.0.113.9:5060", "mobile MESSAGE 203.0.113.9:5060"]);
  const other = new LinkBench([registering]);
  other.mobile.probe(2, 0);
  expect(other.out()).toEqual(["mobile OPTIONS 203.0.113.9:5060"]);
});

test("the answer to a registered unit comes to its Contact, from the registrar's address", () => {
  const bench = new LinkBench([registering]);
  bench.mobile.send(1, 0, body, calm);
  bench.done("mobile");
  const via = { transport: "UDP", host: centre.host, port: 5060, branch: "z9hG4bKm", received: undefined, rport: 0 };
  bench.arrive(
    "mobile",
    encodeSip(incoming({ uri: "sip:4607110231@10.64.0.2:5070", via: [{ ...via, params: [] }] })),
    centre,
  );
  expect(bench.events.filter(({ type }) => type === "message")).toMatchObject([{ receiver: 0, host: centre.host }]);
});

test("a message that is stopped while it waits is never sent", () => {
  const bench = new LinkBench([registering]);
  bench.mobile.send(1, 0, body, calm);
  bench.mobile.stop(1);
  bench.done("mobile");
  expect(bench.out()).toEqual(["mobile REGISTER 203.0.113.9:5060"]);
});

test("a message that is stopped is asked back of its route's socket, or never reaches a connection that is still being opened", () => {
  const bench = new LinkBench([primary]);
  bench.mobile.send(1, 0, body, calm);
  bench.mobile.stop(1);
  expect(bench.recalled).toEqual([{ route: "mobile", bytes: bench.sent[0]?.bytes }]);
  const streams = new LinkBench([{ ...primary, transport: "tcp" }], { streams: true });
  for (const attempt of [1, 3]) streams.mobile.send(attempt, 0, body, calm);
  streams.mobile.stop(1);
  streams.lines[0]?.options.onReady({ host: "10.64.0.2", port: 5060 }, "unverified");
  expect(streams.lines.map(({ written }) => written.length)).toEqual([1]);
});

test("of more messages than may wait for a registrar the oldest goes out without it", () => {
  const bench = new LinkBench([registering]);
  for (let i = 0; i <= waitingLimit; i++) bench.mobile.send(2 * i + 1, 0, body, calm);
  expect(bench.out()).toEqual(["mobile REGISTER 203.0.113.9:5060", "mobile MESSAGE 203.0.113.9:5060"]);
});

test.each([
  [["Require: outbound", "Flow-Timer: 60"], 48_000],
  [["Require: outbound"], 96_000],
  [["Require: outbound", "Flow-Timer: 1"], 12_000],
  [[], 0],
])("a registrar that says %j gets an empty line in time, whether or not somebody may call", (said, pauseMs) => {
  const bench = new LinkBench([registering]);
  bench.mobile.send(1, 0, body, calm);
  const headers = said.map((line) => ({ name: line.split(": ")[0] ?? "", value: line.split(": ")[1] ?? "" }));
  bench.arrive("mobile", answerTo(bench.request, 200, headers), centre);
  bench.mobile.stop(1);
  bench.out();
  if (pauseMs > 0) bench.clock.runTo(pauseMs - 1);
  expect(bench.out()).toEqual([]);
  bench.clock.runTo(pauseMs === 0 ? 500_000 : pauseMs);
  expect(bench.out()).toEqual(pauseMs === 0 ? [] : ["mobile ping 203.0.113.9:5060"]);
});

test("of more messages than may wait for a name the oldest fails", () => {
  const bench = new LinkBench([named], { names: true });
  for (let i = 0; i <= waitingLimit; i++) bench.broadband.send(2 * i + 1, 0, body, calm);
  expect(bench.events).toMatchObject([{ type: "failed", attempt: 1, reason: "name-not-found" }]);
});

test("a name is looked up once for all that waits, and each goes where it leads", () => {
  const bench = new LinkBench([{ ...named, port: 0 }], { names: true });
  bench.broadband.send(1, 0, body, calm);
  bench.broadband.probe(2, 0);
  expect([bench.out(), bench.asked.map(({ name }) => name)]).toEqual([[], ["_sip._udp.larm.example.net"]]);
  const service = { host: "sip.example.net", port: 5062, priority: 1, weight: 0 };
  bench.asked[0]?.answer({ services: [service], addresses: [], ttlS: 300 });
  bench.asked[1]?.answer({ services: [], addresses: ["203.0.113.9"], ttlS: 300 });
  expect(bench.out()).toEqual(["broadband MESSAGE 203.0.113.9:5062", "broadband OPTIONS 203.0.113.9:5062"]);
  const speaker = { host: "203.0.113.9", port: 40_000 };
  bench.arrive("broadband", encodeSip(incoming()), speaker);
  expect(bench.events).toMatchObject([{ type: "message", host: "203.0.113.9" }]);
});

test("a name that nobody knows fails what waits for it as name-not-found, and a REGISTER with it", () => {
  const bench = new LinkBench([{ ...named, register: true }], { names: true });
  bench.broadband.keep(true);
  bench.clock.runTo(5_000);
  expect(bench.asked).toHaveLength(1);
  bench.broadband.send(1, 0, body, calm);
  bench.clock.runTo(7_000);
  expect(bench.events).toMatchObject([
    { type: "failed", attempt: 1, receiver: 0, reason: "name-not-found", status: 0 },
  ]);
  expect(bench.out()).toEqual([]);
  bench.broadband.send(3, 0, body, calm);
  bench.asked.at(-1)?.answer({ services: [], addresses: ["203.0.113.9"], ttlS: 300 });
  expect(bench.out()).toEqual(["broadband MESSAGE 203.0.113.9:5060"]);
});

test("with a configured address no alarm waits for a name server, and the first to fail is followed by what the name says", () => {
  const bench = new LinkBench([{ ...named, address: "203.0.113.9" }], { names: true });
  bench.broadband.send(1, 0, body, alarm);
  expect([bench.out(), bench.asked]).toEqual([["broadband MESSAGE 203.0.113.9:5060"], []]);
  bench.clock.runTo(15_000);
  bench.out();
  bench.broadband.send(3, 0, body, alarm);
  bench.asked[0]?.answer({ services: [], addresses: ["203.0.113.77"], ttlS: 300 });
  expect(bench.out()).toEqual(["broadband MESSAGE 203.0.113.77:5060"]);
});

test("a name that is known lets the REGISTER go first, and the alarm right behind it", () => {
  const bench = new LinkBench([{ ...named, register: true }], { names: true });
  bench.broadband.send(1, 0, body, alarm);
  bench.asked[0]?.answer({ services: [], addresses: ["203.0.113.9"], ttlS: 300 });
  expect(bench.out()).toEqual(["broadband REGISTER 203.0.113.9:5060", "broadband MESSAGE 203.0.113.9:5060"]);
});

test("a receiver that is busy is asked at its next address", () => {
  const bench = new LinkBench([named], { names: true });
  bench.broadband.send(1, 0, body, calm);
  bench.asked[0]?.answer({ services: [], addresses: ["203.0.113.9", "203.0.113.10"], ttlS: 300 });
  bench.done("broadband", 503);
  bench.broadband.send(3, 0, body, calm);
  expect(bench.out().at(-1)).toBe("broadband MESSAGE 203.0.113.10:5060");
});

test("without a name service a route whose sockets take names gets the name, any other one the configured address", () => {
  const bench = new LinkBench([{ ...named, address: "203.0.113.9", port: 0 }]);
  bench.broadband.send(1, 0, body, calm);
  bench.mobile.send(3, 0, body, calm);
  expect(bench.out()).toEqual(["broadband MESSAGE larm.example.net:5060", "mobile MESSAGE 203.0.113.9:5060"]);
});

test("while somebody may call back each way is shown to be used every 25 s, over UDP by empty lines", () => {
  const bench = new LinkBench([primary]);
  bench.mobile.keepAlive(true);
  bench.clock.runTo(20_000);
  bench.mobile.keepAlive(true);
  bench.clock.runTo(24_999);
  expect(bench.out()).toEqual([]);
  bench.clock.runTo(75_000);
  expect(bench.out()).toEqual([
    "mobile ping 203.0.113.9:5060",
    "mobile ping 203.0.113.9:5060",
    "mobile ping 203.0.113.9:5060",
  ]);
  bench.up("mobile", false);
  bench.clock.runTo(110_000);
  bench.up("mobile", true);
  bench.mobile.keepAlive(false);
  bench.clock.runTo(1_000_000);
  expect(bench.out()).toEqual([]);
});

test("a telephone over the route sends where its receivers are, and hears the calls that come in", () => {
  const bench = new LinkBench([primary]);
  const heard: string[] = [];
  bench.mobile.calls.attach({ hear: (message) => heard.push(message.cseqMethod) > 0 });
  bench.arrive("mobile", encodeSip(incoming({ method: "INVITE", cseqMethod: "INVITE" })), centre);
  expect(heard).toEqual(["INVITE"]);
  bench.arrive("mobile", encodeSip(incoming({ method: "OPTIONS", cseqMethod: "OPTIONS" })), centre);
  const said = bench.sent.splice(0).map(({ bytes }) => Buffer.from(bytes).toString());
  expect(said.join()).toContain("Allow: INVITE, ACK, CANCEL, BYE, OPTIONS, INFO, UPDATE, MESSAGE\r\n");
  const hop = bench.mobile.calls.hop(primary.uri, undefined);
  expect(hop).toEqual({ to: centre, transport: "udp", receiver: 0 });
  bench.mobile.calls.send(encodeSip(incoming()), centre, "udp");
  expect(bench.out()).toEqual(["mobile MESSAGE 203.0.113.9:5060"]);
});
