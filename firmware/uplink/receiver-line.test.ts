/** A route's connections: kept, checked, shared by messages, and opened at last even where the certificate is wrong. */
import { expect, test } from "vitest";
import { encodeSip, headerOf, type SipRequest } from "../../protocol/sip/message.ts";
import { utf8 } from "../../protocol/text/utf8.ts";
import type { ReceiverAddress } from "../sip/receiver-address.ts";
import { centre, incoming, primary } from "../sip/test-bench.ts";
import { answerTo, type HandStream, LinkBench, requestIn } from "./test-link.ts";

const calm = { urgent: false, lastResort: false };
const alarm = { urgent: true, lastResort: false };
const last = { urgent: true, lastResort: true };
const body = utf8("<mrq/>");
const secure: ReceiverAddress = {
  ...primary,
  host: "larm.example.net",
  transport: "tls",
  port: 5061,
  address: "203.0.113.9",
};

test("while somebody may call back the kept connection is opened where it is closed, and pinged", () => {
  const bench = new LinkBench([secure], { streams: true });
  bench.broadband.keep(true);
  bench.broadband.keepAlive(true);
  bench.clock.runTo(25_000);
  expect(bench.lines).toHaveLength(1);
  bench.lines[0]?.options.onReady(bench.lines[0].options.to, "checked");
  bench.clock.runTo(50_000);
  expect(bench.lines[0]?.written.map(String)).toEqual(["13,10,13,10"]);
});

test("what a connection shows is told of, and a receiver without a check is one that need not show who it is", () => {
  const bench = new LinkBench([secure, primary, { ...secure, host: "other.example.net" }], { streams: true });
  expect([0, 1, 2].map((receiver) => bench.broadband.isAuthenticated(receiver))).toEqual([true, false, true]);
  for (const [receiver, proof] of [
    [0, "expired"],
    [2, "unverified"],
  ] as const) {
    bench.broadband.send(2 * receiver + 1, receiver, body, calm);
    bench.lines.at(-1)?.options.onReady(centre, proof);
  }
  expect(bench.proofs).toEqual(["broadband 0 expired", "broadband 2 unverified"]);
  expect([0, 1, 2].map((receiver) => bench.broadband.isAuthenticated(receiver))).toEqual([true, false, false]);
  expect(new LinkBench([secure]).broadband.isAuthenticated(0)).toBe(false);
});

test("a wrong certificate: only a last resort goes out, over a connection of its own, and what it brings proves nothing", () => {
  const bench = new LinkBench([secure], { streams: true });
  bench.broadband.send(1, 0, body, last);
  expect(bench.lines[0]?.options.trust).toBe("checked");
  bench.lines[0]?.options.onFault("certificate");
  expect(bench.events).toMatchObject([{ type: "failed", attempt: 1, reason: "certificate" }]);
  bench.broadband.send(3, 0, body, alarm);
  expect(bench.lines[1]?.options.trust).toBe("checked");
  bench.lines[1]?.options.onFault("certificate");
  bench.broadband.send(5, 0, body, last);
  const foreign = bench.lines[2] as HandStream;
  expect(foreign.options.trust).toBe("any");
  foreign.options.onReady(centre, "unverified");
  foreign.say(answerTo(requestIn(foreign.written[0] as Uint8Array), 200));
  foreign.say(encodeSip(incoming()));
  expect(bench.events.slice(2)).toMatchObject([
    { type: "carried", attempt: 5 },
    { type: "message", foreign: true },
  ]);
  expect(foreign.written).toHaveLength(2);
  expect(bench.proofs).toEqual(["broadband 0 wrong", "broadband 0 wrong"]);
});

test("once the certificate is right again, also for a last resort, the checked connection is used", () => {
  const bench = new LinkBench([secure], { streams: true });
  bench.broadband.send(1, 0, body, last);
  bench.lines[0]?.options.onFault("certificate");
  bench.broadband.send(3, 0, body, last);
  bench.lines[1]?.options.onReady(centre, "checked");
  bench.broadband.send(5, 0, body, last);
  expect(bench.lines.map(({ options }) => options.trust)).toEqual(["checked", "any", "checked"]);
});

test("over a connection the registration names that connection, and is made anew on the next one", () => {
  const bench = new LinkBench([{ ...secure, register: true }], { streams: true });
  bench.broadband.keep(true);
  bench.clock.runTo(5_000);
  const first = bench.lines[0] as HandStream;
  first.options.onReady({ host: "198.51.100.23", port: 49_152 }, "checked");
  first.say(answerTo(requestIn(first.written[0] as Uint8Array), 200));
  first.options.onFault("connection-lost");
  bench.broadband.send(1, 0, body, alarm);
  const second = bench.lines[1] as HandStream;
  second.options.onReady({ host: "198.51.100.23", port: 49_153 }, "checked");
  bench.clock.runTo(5_001);
  expect(second.written.map((bytes) => requestIn(bytes).method)).toEqual(["MESSAGE", "REGISTER"]);
  const contact = headerOf(requestIn(second.written[1] as Uint8Array), "Contact");
  expect(contact).toContain("<sip:4607110231@198.51.100.23:49153;transport=tls>");
});

const own = (port: number) => ({ host: "198.51.100.23", port });
const methodsOf = (line: HandStream): readonly string[] => line.written.map((bytes) => requestIn(bytes).method);
const portsOf = (line: HandStream): readonly string[] =>
  line.written.flatMap((bytes) => {
    const contact = headerOf(requestIn(bytes), "Contact");
    return contact === undefined ? [] : [contact.slice(contact.indexOf("23:") + 3, contact.indexOf(";"))];
  });

test("a REGISTER over a connection waits for it and names its own address, and a message waits for both", () => {
  const bench = new LinkBench([{ ...secure, register: true }], { streams: true });
  bench.broadband.send(1, 0, body, calm);
  const line = bench.lines[0] as HandStream;
  expect(line.written).toEqual([]);
  line.options.onReady(own(49_152), "checked");
  expect([methodsOf(line), portsOf(line)]).toEqual([["REGISTER"], ["49152"]]);
  line.say(answerTo(requestIn(line.written[0] as Uint8Array), 200));
  expect(methodsOf(line)).toEqual(["REGISTER", "MESSAGE"]);
});

test("where the connection takes longer than two seconds the message goes without, an alarm at once, and the REGISTER still names the connection", () => {
  for (const how of [calm, alarm]) {
    const bench = new LinkBench([{ ...secure, register: true }], { streams: true });
    bench.broadband.send(1, 0, body, how);
    bench.clock.runTo(how.urgent ? 0 : 2_000);
    const line = bench.lines[0] as HandStream;
    line.options.onReady(own(49_152), "checked");
    expect([methodsOf(line), portsOf(line)]).toEqual([["MESSAGE", "REGISTER"], ["49152"]]);
  }
});

test("a REGISTER whose connection cannot be had has failed, and what waited for it is tried over the next one", () => {
  const bench = new LinkBench([{ ...secure, register: true }], { streams: true });
  bench.broadband.send(1, 0, body, calm);
  bench.lines[0]?.options.onFault("connection-refused");
  expect([bench.lines.length, bench.events]).toEqual([2, []]);
  bench.lines[1]?.options.onFault("connection-refused");
  expect(bench.events).toMatchObject([{ type: "failed", attempt: 1, reason: "connection-refused" }]);
  bench.broadband.send(3, 0, body, calm);
  bench.lines[2]?.options.onReady(own(49_154), "checked");
  expect(methodsOf(bench.lines[2] as HandStream)).toEqual(["MESSAGE"]);
});

test("no message relies on a binding to a connection that is gone: it is made anew first", () => {
  const bench = new LinkBench([{ ...secure, register: true }], { streams: true });
  bench.broadband.send(1, 0, body, calm);
  const first = bench.lines[0] as HandStream;
  first.options.onReady(own(49_152), "checked");
  first.say(answerTo(requestIn(first.written[0] as Uint8Array), 200));
  first.say(answerTo(requestIn(first.written[1] as Uint8Array), 200));
  first.options.onFault("connection-lost");
  bench.broadband.send(3, 0, body, calm);
  const next = bench.lines[1] as HandStream;
  next.options.onReady(own(49_153), "checked");
  expect([methodsOf(next), portsOf(next)]).toEqual([["REGISTER"], ["49153"]]);
});

test("another connection with the same address, as modems tell it, is another one all the same", () => {
  const bench = new LinkBench([{ ...secure, register: true }], { streams: true });
  for (const attempt of [1, 3]) {
    bench.broadband.send(attempt, 0, body, calm);
    const line = bench.lines.at(-1) as HandStream;
    line.options.onReady(own(5_061), "checked");
    expect(methodsOf(line)).toEqual(["REGISTER"]);
    for (const n of [0, 1]) line.say(answerTo(requestIn(line.written[n] as Uint8Array), 200));
    line.options.onFault("connection-lost");
  }
});

test("the active route registers anew at once where a probe or a ping has opened another connection than its binding names", () => {
  const bench = new LinkBench([{ ...secure, register: true }], { streams: true });
  bench.broadband.keep(true);
  bench.clock.runTo(5_000);
  const first = bench.lines[0] as HandStream;
  first.options.onReady(own(49_152), "checked");
  first.say(answerTo(requestIn(first.written[0] as Uint8Array), 200));
  first.options.onFault("connection-lost");
  bench.broadband.probe(2, 0);
  const next = bench.lines[1] as HandStream;
  next.options.onReady(own(49_153), "checked");
  bench.clock.runTo(5_001);
  expect([methodsOf(next), portsOf(next)]).toEqual([["OPTIONS", "REGISTER"], ["49153"]]);
});

test("a REGISTER that waits for a connection is forgotten with the link", () => {
  const bench = new LinkBench([{ ...secure, register: true }], { streams: true });
  bench.broadband.send(1, 0, body, alarm);
  bench.up("broadband", false);
  const line = bench.lines[0] as HandStream;
  line.options.onReady(own(49_152), "checked");
  expect(methodsOf(line)).toEqual(["MESSAGE"]);
});

test("a REGISTER that is said again beside a silent connection is made anew for the one that answers", () => {
  for (const speaker of [0, 1]) {
    const bench = new LinkBench([{ ...secure, register: true }], { streams: true });
    bench.broadband.send(1, 0, body, calm);
    bench.lines[0]?.options.onReady(own(49_152), "checked");
    bench.clock.runTo(3_000);
    bench.lines[1]?.options.onReady(own(49_153), "checked");
    const line = bench.lines[speaker] as HandStream;
    line.say(answerTo(requestIn(line.written[0] as Uint8Array), 200));
    expect(methodsOf(line).filter((method) => method === "REGISTER")).toHaveLength(1 + speaker);
    expect(portsOf(line).at(-1)).toBe(speaker === 0 ? "49152" : "49153");
  }
});

test("the steps of connection, name and registration go to the device's log", () => {
  const seen: string[] = [];
  const named = { ...secure, address: undefined, register: true } as unknown as ReceiverAddress;
  const bench = new LinkBench([named], {
    streams: true,
    names: true,
    observe: (machine) => seen.push(machine),
  });
  bench.broadband.send(1, 0, body, calm);
  bench.asked[0]?.answer({ services: [], addresses: ["203.0.113.9"], ttlS: 300 });
  expect([...new Set(seen)].sort()).toEqual(["connection", "registration", "target"]);
});

test("several messages share a connection, and each has its own answer", () => {
  const bench = new LinkBench([secure], { streams: true });
  for (const attempt of [1, 3, 5]) bench.broadband.send(attempt, 0, body, calm);
  const line = bench.lines[0] as HandStream;
  line.options.onReady(centre, "checked");
  const [first, second, third] = line.written.map(requestIn) as [SipRequest, SipRequest, SipRequest];
  const together = [answerTo(third, 200), answerTo(first, 500), answerTo(second, 202)];
  line.say(new Uint8Array(Buffer.concat(together)));
  expect(bench.events.filter(({ type }) => type !== "heard")).toMatchObject([
    { type: "carried", attempt: 5 },
    { type: "failed", attempt: 1, status: 500 },
    { type: "carried", attempt: 3, status: 202 },
  ]);
  expect(bench.lines).toHaveLength(1);
});

test("two receivers at one address have a connection each, and the loss of one leaves the other's messages alone", () => {
  const bench = new LinkBench([secure, { ...secure, uri: "sip:reserv@larm.example.net" }], { streams: true });
  bench.broadband.send(1, 0, body, calm);
  bench.broadband.send(3, 1, body, calm);
  expect(bench.lines).toHaveLength(2);
  bench.lines[1]?.options.onFault("connection-refused");
  expect(bench.events).toMatchObject([{ type: "failed", attempt: 3, receiver: 1, reason: "connection-refused" }]);
});

test("where TLS checks the name that it connects to it is given the name, and the configured address once that name is not found", () => {
  const bench = new LinkBench([secure], { streams: true, names: true });
  const opened: string[] = [];
  for (const fault of ["name-not-found", "connection-refused", "connect-timeout"] as const) {
    bench.mobile.send(2 * opened.length + 1, 0, body, alarm);
    const { options } = bench.lines.at(-1) as HandStream;
    opened.push(options.to.host);
    options.onFault(fault);
  }
  expect(opened).toEqual(["larm.example.net", "203.0.113.9", "larm.example.net"]);
  expect(bench.asked).toEqual([]);
  bench.broadband.send(11, 0, body, alarm);
  expect(bench.lines.at(-1)?.options).toMatchObject({ to: { host: "203.0.113.9" }, serverName: "larm.example.net" });
});
