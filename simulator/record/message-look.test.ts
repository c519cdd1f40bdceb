import { expect, test } from "vitest";
import { lookAnew, lookAt } from "./message-look.ts";

const head = "MESSAGE sip:larm@larm.example SIP/2.0\r\nCall-ID: 17@10.128.0.1\r\nFrom: <sip:m@x>\r\n\r\n";
const of = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, "latin1"));

test("a look tells a heartbeat, a request, an answer and an acceptance apart", () => {
  const beat = lookAt(of(`${head}<mrq><ref>AAAAA0000010001</ref><mty>PI</mty></mrq>`));
  expect([beat.isBeat, beat.isRequest, beat.isAnswer, beat.isAcceptance]).toEqual([true, true, false, false]);
  const answer = lookAt(of(`${head}<mrs><ref>AAAAA0000010001</ref><snu>0</snu></mrs>`));
  expect([answer.isBeat, answer.isRequest, answer.isAnswer, answer.isAcceptance]).toEqual([false, false, true, true]);
  expect([answer.ref, answer.callId]).toEqual(["AAAAA0000010001", " 17@10.128.0.1"]);
});

test("what bears no SCAIP has no reference, and one without an end or beyond 128 characters is none", () => {
  const bare = lookAt(of(head));
  expect([bare.isRequest, bare.ref, bare.callId]).toEqual([false, "", " 17@10.128.0.1"]);
  expect(lookAt(of("<mrq><ref>A")).ref).toBe("");
  expect(lookAt(of(`<mrq><ref>${"A".repeat(128)}</ref>`)).ref).toBe("A".repeat(128));
  expect(lookAt(of(`<mrq><ref>${"A".repeat(129)}</ref>`)).ref).toBe("");
  expect(lookAt(of("<mrq>no line")).callId).toBe("");
});

test("all see the same look, and a message written over the one before is looked at anew", () => {
  const bytes = of("<mrq><ref>A</ref>");
  const before = lookAt(bytes);
  expect(lookAt(bytes)).toBe(before);
  expect(before.ref).toBe("A");
  bytes.set(of("<mrs><ref>B</ref>"));
  lookAnew();
  expect([lookAt(bytes).isAnswer, lookAt(bytes).ref]).toEqual([true, "B"]);
});

test("a message begins with a mark only where that stands at its very beginning", () => {
  const mark = Buffer.from("SIP/2.0 200 ");
  expect(lookAt(of("SIP/2.0 200 OK")).begins(mark)).toBe(true);
  expect(lookAt(of("SIP/2.0 20")).begins(mark)).toBe(false);
  expect(lookAt(of("x SIP/2.0 200 OK")).begins(mark)).toBe(false);
});
