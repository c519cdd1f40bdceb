import { expect, test } from "vitest";
import { isAddress, provenLimit, Sources } from "./sources.ts";

const byName = { uri: "sip:arc@larm.example.net", host: "arc.example.net", answerFrom: [] };
const byAddress = { uri: "sip:reserv@larm.example.net", host: "203.0.113.9", answerFrom: ["2001:db8::7"] };

test("a receiver with an address may speak from it and from its list, in any spelling", () => {
  const sources = new Sources([byAddress]);
  for (const host of ["203.0.113.9", "::ffff:203.0.113.9", "2001:DB8::7"]) expect(sources.allows(0, host)).toBe(true);
  for (const host of ["203.0.113.90", "", "::ffff:203.0.113.8", "2001:db8::70", "arc.example.net"])
    expect(sources.allows(0, host), host).toBe(false);
});

test("where it answered from counts for a receiver with a name only, and the oldest of five addresses gives way", () => {
  const sources = new Sources([byName, byAddress]);
  for (let i = 0; i <= provenLimit; i++) {
    sources.learn(0, "192.0.2." + i);
    sources.learn(0, "192.0.2." + i);
    sources.learn(1, "192.0.2." + i);
  }
  const allowed = (receiver: number) => [0, 1, 2, 3, 4].filter((last) => sources.allows(receiver, "192.0.2." + last));
  expect([allowed(0), allowed(1)]).toEqual([[1, 2, 3, 4], []]);
});

test("of two receivers at one address the one that From names is meant, else the first", () => {
  const sources = new Sources([{ ...byAddress, uri: byName.uri }, byAddress]);
  expect(sources.find("sip:reserv@LARM.example.net;x", "203.0.113.9")).toBe(1);
  expect(sources.find("sip:reserv@larm.example.net", "192.0.2.1")).toBe(-1);
  expect(sources.find("sip:other@larm.example.net", "203.0.113.9")).toBe(0);
  expect(sources.find("tel:+4670", "203.0.113.9")).toBe(0);
});

test("who was named otherwise a moment ago is known by its own name again", () => {
  const sources = new Sources([{ ...byAddress, uri: byName.uri }, byAddress]);
  for (const name of ["sip:other@larm.example.net", "sip:other@larm.example.net", byName.uri]) {
    expect(sources.find(name, "203.0.113.9")).toBe(0);
    expect(sources.find(byAddress.uri, "203.0.113.9")).toBe(1);
    expect(sources.find("sip:reserv@LARM.example.net;x", "203.0.113.9")).toBe(1);
  }
});

test("the configured address behind a name is the receiver's from the start", () => {
  const sources = new Sources([{ ...byName, address: "192.0.2.7" }, byName]);
  expect([sources.allows(0, "192.0.2.7"), sources.allows(1, "192.0.2.7")]).toEqual([true, false]);
});

test("names and addresses are told apart", () => {
  for (const host of ["192.0.2.7", "2001:db8::7", "::1"]) expect(isAddress(host), host).toBe(true);
  for (const host of ["arc.example.net", "localhost", "7up.example", ""]) expect(isAddress(host), host).toBe(false);
});
