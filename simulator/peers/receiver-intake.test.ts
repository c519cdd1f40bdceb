import { expect, test } from "vitest";
import { alarm, cid, mrq, ReceiverBench } from "./receiver-bench.ts";

const short = { ref: "A1", cid, dty: "0003" };

test.each([
  ["no XML but a ref to be found", "<mrq><ref>A1</ref><cid>12", "A1", 2],
  ["a document type", `<!DOCTYPE mrq [<!ENTITY x "y">]>${alarm("A1")}`, "A1", 2],
  ["nesting without end", "<mrq><ref>A1</ref>" + "<a>".repeat(200), "A1", 2],
  ["another root", "<scaip><ref>A1</ref></scaip>", "A1", 2],
  ["no cid", mrq({ ref: "A1", dty: "0003" }), "A1", 7],
  ["an empty cid", mrq({ ref: "A1", cid: " ", dty: "0003" }), "A1", 7],
  ["no dty", mrq({ ref: "A1", cid }), "A1", 7],
  ["no ref", mrq({ cid, dty: "0003" }), "0", 10],
  ["an empty ref", mrq({ ...short, ref: "" }), "0", 10],
  ["a ref of 17 characters", mrq({ ...short, ref: "A".repeat(17) }), "0", 3],
  ["a ref with a dash", mrq({ ...short, ref: "A-1" }), "0", 3],
  ["a text of 33 characters", mrq({ ...short, stt: "x".repeat(33) }), "A1", 3],
  ["letters in a code", mrq({ ...short, stc: "1O" }), "A1", 3],
  ["letters in cid", mrq({ ...short, cid: "46O" }), "A1", 3],
  ["an unknown message type", mrq({ ...short, mty: "XX" }), "A1", 99],
] as const)("%s: carried, and answered by status number", (_what, body, ref, snu) => {
  const bench = new ReceiverBench();
  expect(bench.say(body)).toBe(200);
  bench.passAnswering(1_000);
  expect(bench.answers()).toMatchObject([{ ref, snu }]);
  expect(bench.events).toMatchObject([{ type: "rejected", ref, answer: "snu " + snu, why: expect.any(String) }]);
  expect([...bench.receiver.book.cases()]).toEqual([]);
});

test.each([
  ["padded codes or not", mrq({ ref: "A1", cid, dty: "03", stc: "10" })],
  ["a code that no table lists", mrq({ ...short, dty: "4711", stc: "888" })],
  ["an element nobody knows", mrq({ ...short, mreq: "4" })],
  [
    "a namespace and a declaration",
    `<?xml version="1.0"?><s:mrq xmlns:s="urn:x"><s:ref>A1</s:ref><s:cid>12</s:cid><s:dty>3</s:dty></s:mrq>`,
  ],
  [
    "more than 1300 bytes",
    mrq({ ...short, ite: "å".repeat(128), crd: "sip:" + "x".repeat(250) }).replace(
      "</mrq>",
      " ".repeat(1_000) + "</mrq>",
    ),
  ],
] as const)("%s: accepted", (_what, body) => {
  expect(new ReceiverBench().ask(body)).toBe(0);
});

test.each([
  ["an empty body", "", {}, 400],
  ["no XML and no ref", "hello", {}, 400],
  ["another type", alarm("A1"), { "Content-Type": "text/plain" }, 415],
  ["no type", alarm("A1"), { "Content-Type": "" }, 415],
  ["a compressed body", alarm("A1"), { "Content-Encoding": "gzip" }, 415],
  ["an extension that is required", alarm("A1"), { Require: "sec-agree" }, 420],
  ["From without account", alarm("A1"), { From: "<sip:larm.example.net>;tag=1" }, 400],
  ["From that is no SIP address", alarm("A1"), { From: "<tel:+4670>;tag=1" }, 400],
  ["To that is no SIP address", alarm("A1"), { To: "<tel:+4670>" }, 400],
] as const)("%s: refused by SIP %4$s, no mrs, no case", (_what, body, changes, status) => {
  const bench = new ReceiverBench();
  expect(bench.say(body, changes as Record<string, string>)).toBe(status);
  bench.passAnswering(60_000);
  expect(bench.answers()).toEqual([]);
  expect(bench.events).toMatchObject([{ type: "rejected", answer: "sip " + status }]);
  expect([...bench.receiver.book.cases()]).toEqual([]);
});

test.each(["application/scaip+xml", "Application/SCAIP+XML; charset=utf-8", "application/xml"])(
  "type %s is taken",
  (type) => {
    expect(new ReceiverBench().say(alarm("A1"), { "Content-Type": type })).toBe(200);
  },
);

test.each(["INVITE", "BYE", "INFO", "PUBLISH"])("%s is not allowed, and the answer says what is", (method) => {
  const bench = new ReceiverBench();
  bench.hear(bench.message("", {}, method));
  expect(bench.sent[0]?.message).toMatchObject({
    status: 405,
    headers: [{ name: "Allow", value: "MESSAGE, OPTIONS, REGISTER" }],
  });
});

test("ACK is never answered", () => {
  const bench = new ReceiverBench();
  bench.hear(bench.message("", {}, "ACK"));
  expect(bench.sent).toEqual([]);
});

test("a silent application answers bad input no more than good", () => {
  const bench = new ReceiverBench({ mode: "silent-after-200" });
  expect(bench.say(mrq({ ref: "A1", cid }))).toBe(200);
  bench.passAnswering(60_000);
  expect(bench.answers()).toEqual([]);
});
