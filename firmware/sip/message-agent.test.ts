import { expect, test } from "vitest";
import type { SipRequest } from "../../protocol/sip/message.ts";
import { MessageAgent } from "./message-agent.ts";
import { Bench, bench, body, centre, challenge, HandClock, mrs, primary, stranger } from "./test-bench.ts";
import { transactionLimit } from "./transaction-table.ts";

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

test("a stopped attempt is sent no more and reported no more, and a late answer still proves the route", () => {
  const line = bench();
  line.agent.send(1, 0, body);
  line.agent.stop(1);
  line.agent.stop(99);
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
  const quiet = { ...options, send: () => undefined, onEvent: () => undefined };
  expect(() => new MessageAgent({ ...quiet, aor: "sip:larm.example.net" })).toThrow();
});
