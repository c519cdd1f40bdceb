import fc from "fast-check";
import { expect, test } from "vitest";
import { ascii } from "../../protocol/text/utf8.ts";
import { alarm, cid, ReceiverBench, unitAddress } from "./receiver-bench.ts";

test("an alarm is carried with 200 and accepted in a MESSAGE of its own to the address it came from", () => {
  const bench = new ReceiverBench();
  bench.hear(bench.message(alarm("Q4T8A0000127")));
  bench.queue.runUntil(200);
  const [carried, own] = bench.sent;
  expect(carried).toMatchObject({ atMs: 0, to: unitAddress });
  expect(carried?.message).toMatchObject({ status: 200, callId: "c1@10.0.0.4", cseq: 1, from: { tag: "k3v9" } });
  expect(carried?.message.body.length).toBe(0);
  expect(carried?.message.to.tag).toBeDefined();
  expect(carried?.message.via[0]).toMatchObject({ received: "198.51.100.23", rport: 5066, branch: "z9hG4bKt1" });
  expect(own).toMatchObject({ atMs: 200, to: unitAddress });
  expect(own?.message).toMatchObject({
    method: "MESSAGE",
    uri: `sip:${cid}@198.51.100.23:5066`,
    maxForwards: 70,
    cseq: 1,
    contentType: "application/scaip+xml",
    from: { uri: "sip:mottagning@larm.example.net" },
    to: { uri: `sip:${cid}@larm.example.net`, tag: undefined },
  });
  expect(own?.message.callId).not.toBe("c1@10.0.0.4");
  expect(bench.answers()).toMatchObject([{ ref: "Q4T8A0000127", snu: 0 }]);
});

test("bytes written by hand, compact and folded, are taken all the same", () => {
  const bench = new ReceiverBench();
  const body = "<mrq>\r\n<cid> 4607110231</cid><dty>3</dty><ref>\n007 </ref><crd></crd></mrq>";
  bench.hear(
    ascii(
      "MESSAGE sip:m@x.example SIP/2.0\r\nv: SIP/2.0/UDP 198.51.100.23:5066;branch=z9hG4bKfix\r\n" +
        "f: 4607110231 <sip:4607110231@x.example>;tag=1\r\nt: sip:m@x.example\r\ni: a\r\nCSeq: 7\r\n MESSAGE\r\n" +
        `c: APPLICATION/XML;charset=utf-8\r\nl: ${body.length}\r\n\r\n${body}`,
    ),
  );
  bench.passAnswering(1_000);
  expect(bench.answers()).toMatchObject([{ ref: "007", snu: 0 }]);
  expect(bench.events).toMatchObject([{ type: "alarm", cid, ref: "007", dty: 3, mty: "ME", answer: "snu 0" }]);
});

test("a request that comes again meets the very same answer and raises nothing", () => {
  const bench = new ReceiverBench();
  const bytes = bench.message(alarm("A1"));
  bench.hear(bytes);
  bench.passAnswering(10_000);
  bench.hear(bytes);
  bench.passAnswering(10_000);
  const answers = bench.sent.filter(({ message }) => message.kind === "response");
  expect(answers.length).toBe(2);
  expect(answers[1]?.bytes).toEqual(answers[0]?.bytes);
  expect(bench.events.length).toBe(1);
  expect(bench.answers().length).toBe(1);
});

test("one branch with another Call-ID or CSeq is another request", () => {
  const bench = new ReceiverBench();
  const via = { Via: "SIP/2.0/UDP 10.0.0.4;rport;branch=z9hG4bKfixed" };
  bench.say(alarm("A1"), { ...via, "Call-ID": "one" });
  bench.say(alarm("A2"), { ...via, "Call-ID": "two" });
  bench.say(alarm("A3"), { ...via, "Call-ID": "two", CSeq: "2 MESSAGE" });
  expect(bench.events.map((event) => event.ref)).toEqual(["A1", "A2", "A3"]);
});

test("without rport the answer goes to the port in Via", () => {
  const bench = new ReceiverBench();
  bench.say(alarm("A1"), { Via: "SIP/2.0/UDP 10.0.0.4:5077;branch=z9hG4bKx" });
  bench.say(alarm("A2"), { Via: "SIP/2.0/UDP 10.0.0.4;branch=z9hG4bKy" });
  expect(bench.sent.map((packet) => packet.to.port)).toEqual([5077, 5060]);
  expect(bench.sent[0]?.message.via[0]).toMatchObject({ received: "198.51.100.23", rport: undefined });
});

test("an mrs that nobody answers is repeated by timers E and F, then given up", () => {
  const bench = new ReceiverBench();
  bench.say(alarm("A1"));
  bench.queue.runUntil(120_000);
  const times = bench.answers().map((answer) => answer.atMs - 200);
  expect(times).toEqual([0, 500, 1500, 3500, 7500, 11500, 15500, 19500, 23500, 27500, 31500]);
  expect(bench.queue.size).toBe(0);
});

test("an mrs that is answered is sent once, and no timer is left behind", () => {
  const bench = new ReceiverBench();
  bench.say(alarm("A1"));
  bench.passAnswering(300);
  expect(bench.answers().length).toBe(1);
  expect(bench.queue.size).toBe(0);
});

test("OPTIONS is answered with 200 and reported as a heartbeat", () => {
  const bench = new ReceiverBench();
  bench.hear(bench.message("", { "Content-Type": "" }, "OPTIONS"));
  expect(bench.sent[0]?.message).toMatchObject({ status: 200 });
  expect(bench.events).toMatchObject([{ type: "heartbeat", cid, ref: "", answer: "sip 200" }]);
  expect(bench.signs).toEqual([{ type: "probed", cid }]);
});

test("an event says what came, from where, and how it is answered", () => {
  const bench = new ReceiverBench();
  bench.say(alarm("A1"));
  bench.say(alarm("A1", { mty: "IN" }));
  bench.say(alarm("A2", { mty: "PI" }));
  bench.say(alarm("A1", { mty: "RE", stc: "0019" }));
  expect(bench.events.map((event) => [event.type, event.ref, event.mty, event.dty, event.stc, event.answer])).toEqual([
    ["alarm", "A1", "ME", 3, 10, "snu 0"],
    ["update", "A1", "IN", 3, 10, "snu 0"],
    ["heartbeat", "A2", "PI", 3, 10, "snu 0"],
    ["reset", "A1", "RE", 3, 19, "snu 0"],
  ]);
  expect(bench.events[0]).toMatchObject({
    t: 1_772_000_000_000,
    from: "198.51.100.23:5066",
    transport: "udp",
    case: 1,
  });
});

test("the signs let a monitor follow one message through front and application", () => {
  const bench = new ReceiverBench();
  bench.say(alarm("A1"));
  expect(bench.signs.map((sign) => sign.type)).toEqual(["heard", "carried"]);
  bench.passAnswering(1_000);
  expect(bench.signs).toEqual([
    { type: "heard", id: 1, cid },
    { type: "carried", id: 1, cid, ref: "A1" },
    { type: "answered", id: 1, cid, ref: "A1", snu: 0 },
  ]);
});

test("call orders go to accepted alarms that offer a medium, and to nothing else", () => {
  const bench = new ReceiverBench({ voice: { mre: 1, cre: 62, tnu: ["sip:plats4@larm.example.org"] } });
  bench.say(alarm("A1", { crd: "sip:x@example.net" }));
  bench.say(alarm("A2"));
  bench.say(alarm("A3", { crd: "no-voice:" }));
  bench.say(alarm("A4", { mty: "PI" }));
  bench.passAnswering(1_000);
  expect(bench.answers().map((answer) => answer.mre)).toEqual([1, 1, undefined, undefined]);
  expect(bench.answers()[0]?.tnu).toEqual(["sip:plats4@larm.example.org"]);
});

test("the heartbeat interval is set only where the unit lets it be set", () => {
  const bench = new ReceiverBench({ heartbeatMin: 5 });
  bench.say(alarm("A1", { mty: "PI", hbo: "001" }));
  bench.say(alarm("A2", { mty: "PI" }));
  bench.passAnswering(1_000);
  expect(bench.answers().map((answer) => answer.hbi)).toEqual([5, undefined]);
});

test("a receiver that asks whoever beats tells the interval to those too who do not offer to be told", () => {
  const bench = new ReceiverBench({ heartbeatMin: 5, heartbeatUnasked: true });
  bench.say(alarm("A1", { mty: "PI" }));
  bench.say(alarm("A2"));
  bench.passAnswering(1_000);
  expect(bench.answers().map((answer) => answer.hbi)).toEqual([5, undefined]);
});

test("beyond its limit of answers under way it says 503 with Retry-After, and takes more when they have gone", () => {
  const bench = new ReceiverBench({ limit: 3 });
  const statuses = ["A1", "A2", "A3", "A4"].map((ref) => bench.say(alarm(ref)));
  expect(statuses).toEqual([200, 200, 200, 503]);
  expect(bench.sent.at(-1)?.message.headers).toContainEqual({
    name: "Retry-After",
    value: expect.stringMatching(/^[123]\d$/),
  });
  bench.passAnswering(1_000);
  expect(bench.say(alarm("A4"))).toBe(200);
  expect(bench.events.filter((event) => event.type === "rejected")).toMatchObject([{ answer: "sip 503" }]);
});

test("whatever comes, it neither throws nor opens a case", () => {
  const bench = new ReceiverBench();
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      bench.hear(bytes);
    }),
  );
  expect([...bench.receiver.book.cases()]).toEqual([]);
});

test("a message damaged anywhere never makes it throw, now or when the mrs is due", () => {
  const whole = new ReceiverBench().message(alarm("Q4T8A0000127"));
  fc.assert(
    fc.property(fc.nat(whole.length - 1), fc.nat(255), fc.nat(40), (at, byte, cut) => {
      const bench = new ReceiverBench();
      const bytes = Uint8Array.from(whole);
      bytes[at] = byte;
      bench.hear(bytes);
      bench.hear(bytes.subarray(0, whole.length - cut));
      bench.passAnswering(40_000);
    }),
  );
});

test("a head too long to be repeated in an answer is not answered, a shorter one always is", () => {
  for (const length of [0, 1_000, 1_900, 2_300, 2_600, 5_000]) {
    const bench = new ReceiverBench();
    const long = "\u00ff".repeat(Math.floor(length / 2));
    bench.hear(bench.message(alarm("A1"), { From: `"${long}" <sip:${cid}@larm.example.net>;tag=1` }));
    bench.passAnswering(40_000);
    expect(bench.answers().length).toBe(length < 2_200 ? 1 : 0);
  }
});

test("bytes that are no UTF-8 grow threefold in the answer and still fit", () => {
  const bench = new ReceiverBench();
  const bytes = bench.message(alarm("A1"), { From: `"${"?".repeat(2_000)}" <sip:${cid}@larm.example.net>;tag=1` });
  bench.hear(bytes.map((byte) => (byte === 0x3f ? 0xff : byte)));
  bench.passAnswering(1_000);
  expect(bench.sent[0]?.bytes.length).toBeGreaterThan(6_000);
  expect(bench.answers().length).toBe(1);
});
