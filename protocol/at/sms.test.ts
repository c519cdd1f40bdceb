import { expect, test } from "vitest";
import { isFullNews, isSendHopeless, messageErrorOf, tellStored, tellStoredPlainly, useMemory } from "./sms.ts";

test("only a +CMS ERROR tells why a message was refused", () => {
  expect(messageErrorOf("+CMS ERROR: 38")).toBe(38);
  expect(messageErrorOf("+CMS ERROR:500")).toBe(500);
  expect(messageErrorOf("+CMS ERROR: unknown")).toBe(0);
  for (const line of ["+CME ERROR: 30", "ERROR", "OK", ""]) expect(messageErrorOf(line)).toBe(0);
});

test("a number, a subscription or a SIM that cannot is hopeless; a network that cannot just now is not", () => {
  for (const error of [1, 8, 21, 28, 50, 302, 304, 310, 330]) expect(isSendHopeless(error)).toBe(true);
  for (const error of [0, 17, 22, 27, 38, 41, 42, 47, 314, 320, 331, 332, 500, 512])
    expect(isSendHopeless(error)).toBe(false);
});

test("a full memory is told in each vendor's words", () => {
  for (const line of ['+QIND: "smsfull","SM"', "+SMS FULL", "+CMS ERROR: 322"]) expect(isFullNews(line)).toBe(true);
  for (const line of ['+QIND: "csq",17,99', "SMS DONE", "+CMS ERROR: 321"]) expect(isFullNews(line)).toBe(false);
});

test("the memory is named for reading, writing and receiving, and news has a short form", () => {
  expect(useMemory("ME").text).toBe('AT+CPMS="ME","ME","ME"');
  expect([tellStored.text, tellStoredPlainly.text]).toEqual(["AT+CNMI=2,1,0,0,0", "AT+CNMI=1,1"]);
});
