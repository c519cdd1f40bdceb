import { expect, test } from "vitest";
import { type Contact, contactText, parseContact } from "../../protocol/sip/contact.ts";
import { headerOf, type SipRequest } from "../../protocol/sip/message.ts";
import { MessageAgent, requestByteLimit } from "./message-agent.ts";
import type { Peer } from "./receiver-address.ts";
import { Bench, bench, body, centre, challenge, HandClock, incoming, mrs, primary, stranger } from "./test-bench.ts";
import { transactionLimit } from "./transaction-table.ts";
import { roundTripMs } from "./transaction-times.ts";

test("a MESSAGE goes to the receiver's address with all that RFC 3428 asks for, and no Contact", () => {
  const line = bench();
  line.agent.send(7, 0, body);
  expect(line.sent).toHaveLength(1);
  expect(line.sent[0]?.to).toEqual(centre);
  const request = line.request;
  expect(request).toMatchObject({
    method: "MESSAGE",
    uri: primary.uri,
    maxForwards: 70,
    cseq: 1,
    contentType: "application/scaip+xml",
    headers: [],
    body,
  });
  expect(request.via).toHaveLength(1);
  expect(request.via[0]).toMatchObject({ transport: "UDP", host: "198.51.100.23", port: 5070, rport: 0 });
  expect(request.via[0]?.branch).toMatch(/^z9hG4bK[0-9a-f]{16}$/);
  expect([request.from.uri, request.to]).toEqual([
    "sip:4607110231@larm.example.net",
    { display: undefined, uri: primary.uri, tag: undefined, params: [] },
  ]);
});

test.each([200, 202])("%i is carried, with the Date of the answer, and nothing is sent again", (status) => {
  const line = bench();
  line.agent.send(7, 0, body);
  line.clock.runTo(300);
  line.reply(line.request, status, [{ name: "Date", value: "Sat, 13 Nov 2010 23:29:00 GMT" }]);
  expect(line.events).toEqual([
    { type: "heard", receiver: 0 },
    {
      type: "carried",
      attempt: 7,
      receiver: 0,
      status,
      dateMs: Date.UTC(2010, 10, 13, 23, 29),
      body: new Uint8Array(0),
    },
  ]);
  expect(line.clock.running).toBe(1); // timer K alone
  line.clock.runTo(60_000);
  expect([line.sent.length, line.clock.running, line.outcomes.length]).toEqual([1, 0, 1]);
});

test("an answer that comes late may have been said before: its Date is no time", () => {
  for (const [afterMs, dateMs] of [
    [14_000, Date.UTC(2010, 10, 13, 23, 29)],
    [14_001, undefined],
  ] as const) {
    const line = bench();
    line.agent.send(7, 0, body);
    const { request } = line;
    line.clock.runTo(afterMs);
    line.reply(request, 200, [{ name: "Date", value: "Sat, 13 Nov 2010 23:29:00 GMT" }]);
    expect(line.events).toContainEqual(expect.objectContaining({ type: "carried", dateMs }));
  }
});

test("copies of the answer prove the route again and are not reported again", () => {
  const line = bench();
  line.agent.send(7, 0, body);
  const request = line.request;
  line.reply(request, 200, []);
  line.reply(request, 200, []);
  line.reply(request, 500, []);
  expect(line.events.map((event) => event.type)).toEqual(["heard", "carried", "heard", "heard"]);
  line.clock.runTo(6000);
  line.reply(request, 200, []);
  expect([line.events.length, line.agent.counts.strayAnswers]).toEqual([4, 1]);
});

test("silence: the very same bytes eleven times, and no-answer at 32 s, not before", () => {
  const line = bench();
  line.agent.send(7, 0, body);
  line.clock.runTo(31_999);
  expect(line.events).toEqual([]);
  line.clock.runTo(32_000);
  expect(line.events).toEqual([
    { type: "failed", attempt: 7, receiver: 0, reason: "no-answer", status: 0, retryAfterS: undefined },
  ]);
  expect(line.sent.map((one) => one.atMs)).toEqual([
    0, 500, 1500, 3500, 7500, 11500, 15500, 19500, 23500, 27500, 31500,
  ]);
  for (const one of line.sent) expect(one.bytes).toEqual(line.sent[0]?.bytes);
});

test("a provisional answer proves the route and ends nothing", () => {
  const line = bench();
  line.agent.send(7, 0, body);
  line.reply(line.request, 100, []);
  expect(line.events).toEqual([{ type: "heard", receiver: 0 }]);
  line.clock.runTo(32_000);
  expect(line.outcomes).toMatchObject([{ type: "failed", reason: "no-answer" }]);
});

test("503 is busy, with the seconds of Retry-After whatever stands behind them", () => {
  const line = bench();
  for (const value of ["120", "18000;duration=3600", "5 (maintenance)", "soon", undefined]) {
    line.agent.send(1, 0, body);
    line.reply(line.request, 503, value === undefined ? [] : [{ name: "Retry-After", value }]);
  }
  expect(line.outcomes).toMatchObject(
    [120, 18000, 5, undefined, undefined].map((retryAfterS) => ({ reason: "busy", status: 503, retryAfterS })),
  );
});

test.each([302, 400, 403, 404, 408, 415, 480, 500, 504, 600])("%i is refused", (status) => {
  const line = bench();
  line.agent.send(1, 0, body);
  line.reply(line.request, status, []);
  expect(line.outcomes).toEqual([
    { type: "failed", attempt: 1, receiver: 0, reason: "refused", status, retryAfterS: undefined },
  ]);
});

test("a stopped attempt is recalled, sent no more and reported no more, and a late answer still proves the route", () => {
  const line = bench();
  line.agent.send(1, 0, body);
  expect(line.recalled).toEqual([]);
  line.agent.stop(1);
  line.agent.stop(99);
  expect(line.recalled).toEqual([line.sent[0]?.bytes]);
  expect(line.recalled[0]).toBe(line.sent[0]?.bytes);
  line.clock.runTo(2000);
  line.reply(line.request, 200, []);
  line.clock.runTo(60_000);
  expect(line.events).toEqual([{ type: "heard", receiver: 0 }]);
  expect([line.sent.length, line.clock.running]).toEqual([1, 0]);
});

test("an attempt that is stopped on hearing the answer is not reported, and its challenge not answered", () => {
  const line = bench();
  line.onEvent = (event) => {
    if (event.type === "heard") line.agent.stop(1);
  };
  line.agent.send(1, 0, body);
  line.reply(line.request, 401, [challenge("n1")]);
  expect([line.outcomes, line.sent.length]).toEqual([[], 1]);
});

test("the number of an attempt can be used again once it has ended, and not before", () => {
  const line = bench();
  line.agent.send(1, 0, body);
  expect(() => line.agent.send(1, 1, body)).toThrow();
  expect(() => line.agent.send(2, 5, body)).toThrow();
  line.reply(line.request, 500, []);
  line.agent.send(1, 0, body);
  line.agent.stop(1);
  line.agent.send(1, 0, body);
  line.reply(line.request, 200, []);
  expect(line.outcomes).toMatchObject([{ reason: "refused" }, { type: "carried" }]);
});

test("an answer with another branch, another method or two Via is counted and changes nothing", () => {
  const line = bench();
  line.agent.send(1, 0, body);
  const request = line.request;
  const via = request.via[0] as SipRequest["via"][0];
  line.reply({ ...request, via: [{ ...via, branch: via.branch + "0" }] }, 200, []);
  line.reply({ ...request, cseqMethod: "OPTIONS" }, 200, []);
  line.reply({ ...request, via: [via, via] }, 200, []);
  expect([line.events, line.agent.counts.strayAnswers]).toEqual([[], 3]);
});

test("the body of a 200 counts from the receiver's own address only", () => {
  const deviant = { contentType: "application/xml", body: mrs };
  const line = bench();
  line.agent.send(1, 0, body);
  line.replyWith(line.request, 200, deviant, centre);
  line.agent.send(2, 0, body);
  line.replyWith(line.request, 200, deviant, stranger);
  expect(line.outcomes).toMatchObject([
    { attempt: 1, body: mrs },
    { attempt: 2, body: new Uint8Array(0) },
  ]);
});

test("at the bound the oldest answered transaction gives way, and where none is, the oldest attempt fails", () => {
  const line = bench();
  for (let i = 0; i < transactionLimit; i++) line.agent.send(i, 0, body);
  const requests = line.sent.map((one) => one.message as SipRequest);
  line.reply(requests[5] as SipRequest, 200, []);
  line.agent.send(100, 0, body);
  expect(line.outcomes).toMatchObject([{ type: "carried", attempt: 5 }]);
  line.reply(requests[5] as SipRequest, 200, []);
  expect(line.agent.counts.strayAnswers).toBe(1);
  line.agent.send(101, 0, body);
  expect(line.outcomes[1]).toMatchObject({ type: "failed", attempt: 0, reason: "no-answer", status: 0 });
  line.clock.runTo(100_000);
  expect(line.outcomes).toHaveLength(transactionLimit + 2);
  expect(line.clock.running).toBe(0);
});

test("over TCP a request is sent once", () => {
  const line = new Bench([{ ...primary, transport: "tcp" }]);
  line.agent.send(1, 0, body);
  line.clock.runTo(40_000);
  expect(line.sent).toHaveLength(1);
  expect(line.request.via[0]?.transport).toBe("TCP");
  expect(line.outcomes).toMatchObject([{ reason: "no-answer" }]);
});

test("an address of record without a user is a mistake of ours", () => {
  const options = { clock: new HandClock(), random: () => undefined, local: () => centre, receivers: [primary] };
  const quiet = { ...options, roundTripMs, send: () => undefined, onEvent: () => undefined };
  expect(() => new MessageAgent({ ...quiet, aor: "sip:larm.example.net" })).toThrow();
});

test.each(["INVITE", "ACK", "BYE", "CANCEL", "INFO", "PRACK", "UPDATE"])(
  "%s, and the answer to one, go to the calls' user; what he does not know is treated as ever",
  (method) => {
    const line = bench();
    const heard: string[] = [];
    let knows = true;
    line.calls = {
      hear: (message) => {
        heard.push(message.kind === "request" ? message.method : `${message.status} ${message.cseqMethod}`);
        return knows;
      },
    };
    line.hear(incoming({ method, cseqMethod: method, contentType: undefined, body: new Uint8Array(0) }));
    line.reply({ ...incoming({ cseqMethod: method, method }) }, 180, []);
    expect([heard, line.sent, line.agent.counts.strayAnswers]).toEqual([[method, `180 ${method}`], [], 0]);
    knows = false;
    line.hear(incoming({ method, cseqMethod: method, contentType: undefined, body: new Uint8Array(0) }));
    line.reply({ ...incoming({ cseqMethod: method, method }) }, 180, []);
    expect(line.agent.counts.strayAnswers).toBe(1);
    expect(line.sent.map(({ message }) => message.kind === "response" && message.status)).toEqual(
      method === "ACK" ? [] : [405],
    );
  },
);

test("OPTIONS is the calls' inside a dialog alone, and a MESSAGE never", () => {
  const line = bench();
  const heard: string[] = [];
  line.calls = { hear: (message) => heard.push(message.cseqMethod) > 0 };
  const to = { display: undefined, uri: "sip:4607110231@larm.example.net", tag: "d1", params: [] };
  line.hear(incoming({ method: "OPTIONS", cseqMethod: "OPTIONS" }));
  line.hear(incoming({ to }));
  expect(heard).toEqual([]);
  line.hear(incoming({ method: "OPTIONS", cseqMethod: "OPTIONS", to }));
  expect(heard).toEqual(["OPTIONS"]);
});

test("a call's request may be longer than a message's", () => {
  const line = bench();
  let heard = 0;
  line.calls = { hear: () => ++heard > 0 };
  const long = new Uint8Array(requestByteLimit);
  line.hear(incoming({ method: "INVITE", cseqMethod: "INVITE", body: long }));
  line.hear(incoming({ body: long }));
  expect([heard, line.agent.counts.garbage]).toEqual([1, 1]);
});

test("a REGISTER names the domain, the address of record twice and the Contact; all share a Call-ID, and a challenge is answered", () => {
  const line = bench();
  const contact = parseContact(
    '<sip:4607110231@198.51.100.23:5070>;+sip.instance="<urn:uuid:0-1>";reg-id=1;expires=600',
  );
  line.agent.register(0, contact as Contact, centre);
  const first = line.request;
  expect(first).toMatchObject({ method: "REGISTER", uri: "sip:larm.example.net", cseq: 1, contentType: undefined });
  expect([first.from.uri, first.to.uri]).toEqual([
    "sip:4607110231@larm.example.net",
    "sip:4607110231@larm.example.net",
  ]);
  expect(headerOf(first, "Contact")).toBe(contactText(contact as Contact));
  line.reply(first, 401, [challenge("n1")]);
  const second = line.request;
  expect([second.cseq, second.callId]).toEqual([2, first.callId]);
  expect(headerOf(second, "Authorization")).toContain('uri="sip:larm.example.net"');
  line.reply(second, 200, [{ name: "Contact", value: contactText(contact as Contact) }]);
  expect(line.registered).toMatchObject([{ receiver: 0, outcome: { type: "bound", expiresS: 600 } }]);
  line.agent.register(0, contact as Contact, centre);
  expect([line.request.cseq, line.request.callId]).toEqual([3, first.callId]);
  line.reply(line.request, 503, [{ name: "Retry-After", value: "90" }]);
  line.agent.register(0, contact as Contact, centre);
  line.clock.runTo(40_000);
  expect(line.registered.slice(1)).toEqual([
    { receiver: 0, outcome: { type: "refused", status: 503 }, retryAfterS: 90 },
    { receiver: 0, outcome: undefined, retryAfterS: undefined },
  ]);
  expect(line.outcomes).toEqual([]);
});

test("a REGISTER is beside a message under way, and a newer one takes its place", () => {
  const line = bench();
  const contact = parseContact("<sip:4607110231@198.51.100.23:5070>") as Contact;
  line.agent.send(1, 0, body);
  const message = line.request;
  line.agent.register(0, contact, centre);
  const older = line.request;
  line.agent.register(0, contact, centre);
  line.reply(older, 200, [{ name: "Contact", value: contactText(contact) }]);
  expect(line.registered).toEqual([]);
  line.reply(message, 200, []);
  expect(line.outcomes).toMatchObject([{ type: "carried", attempt: 1 }]);
});

test("over a connection with a wrong certificate nothing is proven: no route, no clock, no answer in the body, no call", () => {
  const line = new Bench([{ ...primary, transport: "tls" }]);
  const foreign: Peer = { ...centre, over: "foreign", receiver: 0 };
  let calls = 0;
  line.calls = { hear: () => ++calls > 0 };
  line.agent.send(1, 0, body, foreign);
  expect(line.sent[0]?.to).toEqual(foreign);
  const date = { name: "Date", value: "Sat, 13 Nov 2010 23:29:00 GMT" };
  line.replyWith(line.request, 200, { headers: [date], body: mrs }, foreign);
  line.hear(incoming(), foreign);
  line.hear(incoming({ method: "INVITE", cseqMethod: "INVITE" }), foreign);
  expect(calls).toBe(0);
  expect(line.events).toEqual([
    { type: "carried", attempt: 1, receiver: 0, status: 200, dateMs: undefined, body: new Uint8Array(0) },
    { type: "message", receiver: 0, host: centre.host, body: mrs, foreign: true },
  ]);
  expect(line.sent.slice(1).map(({ to }) => to)).toEqual([foreign, foreign]);
});

test("a connection that ends takes with it what went over it, and nothing else", () => {
  const line = new Bench([{ ...primary, transport: "tls" }]);
  line.agent.send(1, 0, body);
  line.agent.send(3, 0, body, { ...centre, over: "foreign", receiver: 0 });
  line.agent.connectionFailed(0, "connection-lost");
  expect(line.outcomes).toMatchObject([{ attempt: 1, reason: "connection-lost" }]);
  line.agent.connectionFailed(0, "certificate", "foreign");
  expect(line.outcomes).toMatchObject([{ attempt: 1 }, { attempt: 3, reason: "certificate" }]);
});

test("the answer of another address than the one asked counts, but not the message of one that may not speak for the receiver", () => {
  const line = bench();
  line.agent.send(1, 0, body);
  line.replyWith(line.request, 200, {}, stranger);
  line.hear(incoming(), stranger);
  expect(line.outcomes).toMatchObject([{ type: "carried", attempt: 1 }]);
  expect(line.agent.counts.foreign).toBe(1);
});
