import { expect, test } from "vitest";
import { allowedLimit, isSameNumber, numberLimit, relativeLimit, voiceDefaults, voiceFault } from "./voice-settings.ts";

test("the default is to speak with nobody but the receivers, and is without fault", () => {
  expect(voiceDefaults).toEqual({
    allowedNumbers: [],
    receiverNumbers: [],
    fallbackNumber: "",
    relatives: [],
    mobileCalls: "none",
  });
  expect(voiceFault(voiceDefaults, 1)).toBeUndefined();
});

test.each([
  ["+46701234567", undefined],
  ["112", undefined],
  ["sip:a@b", undefined],
  ["12", "number"],
  ["+4670123456789012", "number"],
  ["070-123", "number"],
  ["sip:", "number"],
  ["sip:" + "a".repeat(numberLimit), "number"],
])("%s as a fallback number: %s", (fallbackNumber, fault) => {
  expect(voiceFault({ ...voiceDefaults, fallbackNumber }, 1) === undefined).toBe(fault === undefined);
  expect(voiceFault({ ...voiceDefaults, allowedNumbers: [fallbackNumber] }, 1) === undefined).toBe(fault === undefined);
});

test("callers and receivers' numbers are bounded, and a receiver is called by telephone", () => {
  const allowed = (length: number) => ({ ...voiceDefaults, allowedNumbers: Array.from({ length }, () => "112") });
  expect(voiceFault(allowed(allowedLimit), 1)).toBeUndefined();
  expect(voiceFault(allowed(allowedLimit + 1), 1)).toContain("16 callers");
  const relatives = (length: number) => ({ ...voiceDefaults, relatives: Array.from({ length }, () => "112") });
  expect(voiceFault(relatives(relativeLimit), 1)).toBeUndefined();
  expect(voiceFault(relatives(relativeLimit + 1), 1)).toContain("8 relatives");
  expect(voiceFault({ ...voiceDefaults, relatives: ["12"] }, 1)).toContain("relative");
  expect(voiceFault({ ...voiceDefaults, receiverNumbers: ["", "112"] }, 2)).toBeUndefined();
  expect(voiceFault({ ...voiceDefaults, receiverNumbers: ["", "112"] }, 1)).toContain("not there");
  expect(voiceFault({ ...voiceDefaults, receiverNumbers: ["sip:a@b"] }, 1)).toContain("telephone number");
});

test("a caller is known with and without the country's code, and a withheld number is nobody's", () => {
  expect(isSameNumber("0701234567", "+46701234567")).toBe(true);
  expect(isSameNumber("0046701234567", "+46701234567")).toBe(true);
  expect(isSameNumber("sip:a@b", "sip:a@b")).toBe(true);
  expect(isSameNumber("0701234567", "+47701234567")).toBe(false);
  expect(isSameNumber("", "")).toBe(false);
});
