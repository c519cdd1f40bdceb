/** What packets are called in the comments of a capture. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { utf8 } from "../../protocol/text/utf8.ts";
import { frameName, sipName } from "./event-names.ts";

const asked = (body: string): string => `MESSAGE sip:larm@x SIP/2.0\r\nCSeq: 1 MESSAGE\r\n\r\n${body}`;
const answered = (line: string, method = "MESSAGE"): string => `SIP/2.0 ${line}\r\nCSeq: 1 ${method}\r\n\r\n`;

test.each([
  ["an alarm", asked("<mrq><ref>GM23T0000002000</ref><mty>ME</mty></mrq>"), false, "alarm GM23T0000002000"],
  ["a beat", asked("<mrq><ref>GM23T0000000000</ref><mty>PI</mty></mrq>"), false, "heartbeat GM23T0000000000"],
  ["a withdrawal", asked("<mrq><ref>G1</ref><mty>RE</mty></mrq>"), false, "reset G1"],
  ["an answer", asked("<mrs><ref>G1</ref><snu>5</snu></mrs>"), true, "answered snu 5 G1"],
  ["a message of another kind", asked("hello"), false, "message"],
  ["another request", "OPTIONS sip:x SIP/2.0\r\n\r\n", false, "options"],
  ["a receiver's 200", answered("200 OK"), true, "carried"],
  ["a receiver's 503", answered("503 Service Unavailable"), true, "refused 503"],
  ["a receiver's 100", answered("100 Trying"), true, ""],
  ["a unit's 200, which only ends the transaction", answered("200 OK"), false, ""],
  ["a 200 for a registration", answered("200 OK", "REGISTER"), true, ""],
] as const)("%s", (_what, text, byReceiver, name) => {
  expect(sipName(utf8(text), byReceiver)).toBe(name);
});

test("frames of the radio are called by their type, an unknown one a frame", () => {
  expect([0x21, 0xa1, 0xb1, 0x7f].map((code) => frameName(Uint8Array.of(code)))).toEqual([
    "press",
    "acknowledge",
    "pairing-offer",
    "frame",
  ]);
  expect(frameName(new Uint8Array(0))).toBe("frame");
});

test("no ref makes a name too long for a comment", () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1 }), fc.integer({ min: 1, max: 70_000 }), (text, times) => {
      const ref = text.repeat(Math.ceil(times / text.length));
      expect(sipName(utf8(asked(`<mrq><ref>${ref}</ref></mrq>`)), false).length).toBeLessThan(60);
    }),
    { numRuns: 30 },
  );
});
