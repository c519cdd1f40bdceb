import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { septetsOf } from "../at/sms-alphabet.ts";
import { encodeSms } from "../at/sms-pdu.ts";
import { anyKey, nobleAes } from "../radio/arbitraries.ts";
import { anySmsAlarm, anySmsAnswer } from "./arbitraries.ts";
import { decodeSmsAlarm, decodeSmsAnswer, encodeSmsAlarm, encodeSmsAnswer } from "./sms-alarm.ts";
import { withTag } from "./tagged-text.ts";

interface Vector {
  readonly name: string;
  readonly key: string;
  readonly alarm?: { stem: string; cid: string; dty: number; stc: number; count: number };
  readonly answer?: { stem: string; count: number };
  readonly text: string;
}

const key = new Uint8Array(16).map((_, index) => index);
const cipher = nobleAes(key);
const alarm = { stem: "K7Q2M0000012", cid: "4612345678", dty: 3, stc: 10, count: 2 };

test("an alarm comes back from its text, and fits one short message of seven-bit letters", () => {
  fc.assert(
    fc.property(anyKey, anySmsAlarm, (bytes, value) => {
      const aes = nobleAes(bytes);
      const text = encodeSmsAlarm(value, aes);
      expect(decodeSmsAlarm(text, aes)).toEqual({ ok: true, value });
      expect(decodeSmsAlarm("\r\n " + text + " \r\n", aes).ok).toBe(true);
      expect(septetsOf(text)?.length ?? 999).toBeLessThanOrEqual(160);
    }),
  );
});

test("an answer comes back from its text, and is never taken for an alarm", () => {
  fc.assert(
    fc.property(anyKey, anySmsAnswer, anySmsAlarm, (bytes, value, other) => {
      const aes = nobleAes(bytes);
      const text = encodeSmsAnswer(value, aes);
      expect(decodeSmsAnswer(text, aes)).toEqual({ ok: true, value });
      expect(decodeSmsAlarm(text, aes).ok).toBe(false);
      expect(decodeSmsAnswer(encodeSmsAlarm(other, aes), aes).ok).toBe(false);
    }),
  );
});

test("with one letter changed, or under another key, nothing is authentic", () => {
  fc.assert(
    fc.property(anySmsAnswer, anyKey, fc.nat(), fc.constantFrom(..."0123456789ABCZ"), (value, other, place, letter) => {
      const text = encodeSmsAnswer(value, cipher);
      const at = place % text.length;
      if (text.charAt(at) !== letter)
        expect(decodeSmsAnswer(text.substring(0, at) + letter + text.substring(at + 1), cipher).ok).toBe(false);
      if (other.join() !== key.join())
        expect(decodeSmsAnswer(text, nobleAes(other))).toMatchObject({ fault: { kind: "not-authentic" } });
    }),
  );
});

test("a tag that is cut short, or absent, fits nothing", () => {
  const text = encodeSmsAlarm(alarm, cipher);
  for (let end = 0; end < text.length; end++) expect(decodeSmsAlarm(text.substring(0, end), cipher).ok).toBe(false);
});

test("any text at all is an answer or a fault", () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 200 }), (text) => {
      expect(decodeSmsAnswer(text, cipher).ok).toBe(false);
      expect(decodeSmsAlarm(text, cipher).ok).toBe(false);
    }),
  );
});

test("more than 160 letters are too long, whatever they say", () => {
  const text = encodeSmsAlarm(alarm, cipher);
  expect(decodeSmsAlarm(text.padEnd(160), cipher).ok).toBe(true);
  expect(decodeSmsAlarm(text.padEnd(161), cipher)).toMatchObject({ fault: { kind: "too-long" } });
});

test.each([
  "LIVLINA LARM 1 K7Q2M0000012 4612345678 03-10 2",
  "LIVLINA LARM 1 K7Q2M0000012 4612345678 310 2",
  "LIVLINA LARM 1 K7Q2M0000012 4612345678 3-10000 2",
  "LIVLINA LARM 1 K7Q2M0000012 4612345678 3-10 0",
  "LIVLINA LARM 1 K7Q2M0000012 4612345678 3-10 10000",
  "LIVLINA LARM 1 K7Q2M000001 4612345678 3-10 2",
  "LIVLINA LARM 1 k7q2m0000012 4612345678 3-10 2",
  "LIVLINA LARM 1 K7Q2M0000012 46123456781234567 3-10 2",
  "LIVLINA LARM 1 K7Q2M0000012 46A 3-10 2",
  "LIVLINA LARM 2 K7Q2M0000012 4612345678 3-10 2",
  "LIVLINA PROV 1 K7Q2M0000012 4612345678 3-10 2",
  "OTHER LARM 1 K7Q2M0000012 4612345678 3-10 2",
])("under the right tag it is still no alarm: %s", (line) => {
  expect(decodeSmsAlarm(withTag(line, cipher), cipher)).toMatchObject({ fault: { kind: "malformed" } });
});

test.each([
  "LIVLINA MOTTAGET 1 K7Q2M0000012 0",
  "LIVLINA MOTTAGET 1 K7Q2M0000012 01",
  "LIVLINA MOTTAGET 2 K7Q2M0000012 1",
  "LIVLINA MOTTAGET 1 K7Q2M000001 1",
  "LIVLINA NEKAT 1 K7Q2M0000012 1",
])("under the right tag it is still no answer: %s", (line) => {
  expect(decodeSmsAnswer(withTag(line, cipher), cipher)).toMatchObject({ fault: { kind: "malformed" } });
});

test("what cannot be read back cannot be written", () => {
  expect(() => encodeSmsAlarm({ ...alarm, cid: "" }, cipher)).toThrow();
  expect(() => encodeSmsAlarm({ ...alarm, stem: "short" }, cipher)).toThrow();
  expect(() => encodeSmsAlarm({ ...alarm, count: 0 }, cipher)).toThrow();
  expect(() => encodeSmsAnswer({ stem: alarm.stem, count: 10_000 }, cipher)).toThrow();
});

const vectors = JSON.parse(
  readFileSync(new URL("../vectors/sms-alarm/texts.json", import.meta.url), "utf8"),
) as readonly Vector[];

test.each(vectors)("$name has its golden text, which is one PDU", ({ key: hex, alarm: wanted, answer, text }) => {
  const aes = nobleAes(new Uint8Array(Buffer.from(hex, "hex")));
  if (wanted !== undefined) {
    expect(encodeSmsAlarm(wanted, aes)).toBe(text);
    expect(decodeSmsAlarm(text, aes)).toEqual({ ok: true, value: wanted });
  }
  if (answer !== undefined) {
    expect(encodeSmsAnswer(answer, aes)).toBe(text);
    expect(decodeSmsAnswer(text, aes)).toEqual({ ok: true, value: answer });
  }
  const pdu = encodeSms({
    kind: "submit",
    center: "",
    to: "+46701234567",
    reference: 0,
    validMinutes: 60,
    reportWanted: false,
    text,
    part: undefined,
  });
  expect(pdu.ok).toBe(true);
});

test("the examples of the README are what the code writes", () => {
  const readme = readFileSync(new URL("./README.md", import.meta.url), "utf8");
  const examples = readme.split("\n").filter((line) => line.startsWith("    LIVLINA"));
  expect(examples.map((line) => line.trim())).toEqual([
    encodeSmsAlarm({ ...alarm, count: 1 }, cipher),
    encodeSmsAnswer({ stem: alarm.stem, count: 1 }, cipher),
  ]);
});

test("a letter beyond ASCII never stands for the one it would be cut to", () => {
  const text = encodeSmsAlarm(alarm, cipher);
  expect(decodeSmsAlarm(text.replace("LARM", "\u014cARM"), cipher)).toMatchObject({
    fault: { kind: "malformed", at: 8 },
  });
});
