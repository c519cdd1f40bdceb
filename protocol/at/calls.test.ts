import fc from "fast-check";
import { expect, test } from "vitest";
import { anyLine } from "./arbitraries.ts";
import { answerCall, callNewsOf, callOf, dial, tone } from "./calls.ts";
import {
  deleteMessage,
  pduOf,
  readMessage,
  sendMessage,
  sentReferenceOf,
  smsHeaderOf,
  smsNewsOf,
  smsPayload,
  useMemory,
} from "./sms.ts";

test("no line makes the parsers throw", () => {
  fc.assert(
    fc.property(anyLine, (line) => {
      callNewsOf(line);
      callOf(line);
      smsNewsOf(line);
      smsHeaderOf(line);
      sentReferenceOf(line);
      pduOf(line);
    }),
    { numRuns: 1_000 },
  );
});

test("a ring, who rings, and how a call ends are told apart", () => {
  expect(callNewsOf("RING")).toEqual({ type: "ringing", voice: true });
  expect(callNewsOf("+CRING: VOICE")).toEqual({ type: "ringing", voice: true });
  expect(callNewsOf("+CRING: REL ASYNC")).toEqual({ type: "ringing", voice: false });
  expect(callNewsOf('+CLIP: "+46701234567",145,,,,0')).toEqual({ type: "caller", number: "+46701234567" });
  expect(callNewsOf('+CLIP: "",128')).toEqual({ type: "caller", number: "" });
  const reasons = ["NO CARRIER", "BUSY", "NO ANSWER", "NO DIALTONE", "VOICE CALL: END: 000012"].map(callNewsOf);
  expect(reasons).toEqual(
    ["no-carrier", "busy", "no-answer", "no-dialtone", "no-carrier"].map((reason) => ({ type: "call-ended", reason })),
  );
  expect(callNewsOf("VOICE CALL: BEGIN")).toEqual({ type: "call-begun" });
  expect(callNewsOf("OK")).toBeUndefined();
});

test("a listed call says who, which way, and how far it is", () => {
  expect(callOf('+CLCC: 1,1,4,0,0,"+46701234567",145')).toEqual({
    index: 1,
    incoming: true,
    state: "incoming",
    voice: true,
    number: "+46701234567",
  });
  expect(callOf("+CLCC: 2,0,0,1,0")).toMatchObject({ incoming: false, state: "active", voice: false, number: "" });
  for (const line of ["+CLCC: 0,0,0,0,0", "+CLCC: 1,2,0,0,0", "+CLCC: 1,0,6,0,0", "+CLCC:", "+CLIP: 1,0,0,0,0"])
    expect(callOf(line)).toBeUndefined();
});

test("only what a keypad has reaches the line", () => {
  expect(dial("+46701234567")).toMatchObject({ text: "ATD+46701234567;", abortable: true });
  for (const number of ["", "112;+CFUN=0", "1".repeat(22), "12 3"]) expect(dial(number)).toBeUndefined();
  expect(tone("#")).toMatchObject({ text: "AT+VTS=#" });
  for (const key of ["", "12", "E"]) expect(tone(key)).toBeUndefined();
  expect(answerCall.text).toBe("ATA");
});

test("messages are sent, read and deleted in PDU mode as 27.005 says", () => {
  const pdu = new Uint8Array([0, 0x11, 0xab]);
  expect(sendMessage(pdu)).toMatchObject({ text: "AT+CMGS=2", prompt: ">", prefix: "+CMGS:" });
  expect(String.fromCharCode(...smsPayload(pdu))).toBe("0011AB\x1a");
  expect(pduOf("0011ab")).toEqual({ ok: true, value: pdu });
  expect([pduOf("001"), pduOf("0x"), pduOf("00".repeat(177))].map((result) => result.ok)).toEqual([
    false,
    false,
    false,
  ]);
  expect(pduOf("00".repeat(176)).ok).toBe(true);
  expect([readMessage(3).text, deleteMessage(3).text]).toEqual(["AT+CMGR=3", "AT+CMGD=3"]);
  expect(useMemory("ME").text).toBe('AT+CPMS="ME","ME","ME"');
  expect([sentReferenceOf("+CMGS: 17"), sentReferenceOf("+CMGR: 17")]).toEqual([17, -1]);
});

test("a stored message, one that follows, and the header of a read one are told apart", () => {
  expect(smsNewsOf('+CMTI: "SM",3')).toEqual({ type: "sms-stored", memory: "SM", index: 3 });
  expect(smsNewsOf("+CMT: ,23")).toEqual({ type: "sms-follows", report: false, length: 23 });
  expect(smsNewsOf("+CDS: 25")).toEqual({ type: "sms-follows", report: true, length: 25 });
  expect(smsNewsOf('+CMTI: "SM"')).toBeUndefined();
  expect(smsHeaderOf("+CMGR: 0,,23")).toEqual({ index: -1, status: "unread", length: 23 });
  expect(smsHeaderOf('+CMGL: 4,1,"Anna",30')).toEqual({ index: 4, status: "read", length: 30 });
  for (const line of ["+CMGR: 4,,23", "+CMGL: ,1,,23", "+CMGR: 1"]) expect(smsHeaderOf(line)).toBeUndefined();
});
