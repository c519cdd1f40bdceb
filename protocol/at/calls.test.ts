import fc from "fast-check";
import { expect, test } from "vitest";
import { anyLine } from "./arbitraries.ts";
import { answerCall, callNewsOf, callOf, dial, loudness, muteMicrophone, tone } from "./calls.ts";
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
    ["no-carrier", "busy", "no-answer", "no-dialtone", "unsaid"].map((reason) => ({ type: "call-ended", reason })),
  );
  expect(callNewsOf("VOICE CALL: BEGIN")).toEqual({ type: "call-begun" });
  expect(callNewsOf("MISSED_CALL: 08:48AM +46701234567")).toEqual({ type: "call-ended", reason: "unsaid" });
  expect(callNewsOf("NO DIAL TONE")).toEqual({ type: "call-ended", reason: "no-dialtone" });
  expect(callNewsOf("OK")).toBeUndefined();
});

test("a caller's number has its plus where its type says so, and one with other signs is nobody's", () => {
  const numberIn = (line: string) => callNewsOf(line);
  expect(numberIn('+CLIP: "46701234567",145')).toEqual({ type: "caller", number: "+46701234567" });
  expect(numberIn('+CLIP: "0701234567",129')).toEqual({ type: "caller", number: "0701234567" });
  expect(numberIn('+CLIP: "",145')).toEqual({ type: "caller", number: "" });
  expect(numberIn('+CLIP: "anonymous",208')).toEqual({ type: "caller", number: "" });
  expect(numberIn(`+CLIP: "${"1".repeat(22)}",129`)).toEqual({ type: "caller", number: "" });
  expect(callOf('+CLCC: 1,1,4,0,0,"anonymous",208')?.number).toBe("");
});

test("a second caller, the steps of a call and the far side's keys are told as each vendor tells them", () => {
  expect(callNewsOf('+CCWA: "+46701234567",145,1')).toEqual({ type: "second-caller" });
  expect(callNewsOf("+CCWA: 1")).toBeUndefined();
  const moves = [0, 3, 5, 7].map((stat) => callNewsOf(`+UCALLSTAT: 1,${stat}`));
  expect(moves).toEqual(["active", "alerting", "waiting", "active"].map((state) => ({ type: "call-moved", state })));
  expect(callNewsOf("+UCALLSTAT: 1,6")).toEqual({ type: "call-ended", reason: "unsaid" });
  expect([callNewsOf("+UCALLSTAT: 1"), callNewsOf("+UCALLSTAT: 1,8")]).toEqual([undefined, undefined]);
  const pressed = ["+QTONEDET: 53", "+RXDTMF: #", "+UUDTMFD: *"].map(callNewsOf);
  expect(pressed).toEqual(["5", "#", "*"].map((key) => ({ type: "key", key })));
  for (const line of ["+QTONEDET: 5", "+QTONEDET:", "+RXDTMF: 55", "+UUDTMFD:"])
    expect(callNewsOf(line)).toBeUndefined();
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
  expect(dial("112")).toMatchObject({ text: "ATD112;" });
  expect(dial("1".repeat(20))?.text).toHaveLength(24);
  const refused = ["", "+", "112;+CFUN=0", "1".repeat(21), "12 3", "4+6", "*21*0701234567#", "#31#112"];
  for (const number of refused) expect(dial(number)).toBeUndefined();
  expect([muteMicrophone(true).text, muteMicrophone(false).text, loudness(3).text]).toEqual([
    "AT+CMUT=1",
    "AT+CMUT=0",
    "AT+CLVL=3",
  ]);
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
