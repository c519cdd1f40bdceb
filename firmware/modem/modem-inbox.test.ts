import { expect, test } from "vitest";
import { simcom } from "../../protocol/at/simcom.ts";
import { ascii } from "../../protocol/text/utf8.ts";
import type { Endpoint } from "../ports/socket.ts";
import { ModemInbox } from "./modem-inbox.ts";

const one: Endpoint = { host: "192.0.2.9", port: 5060 };
const two: Endpoint = { host: "192.0.2.10", port: 5060 };
const answer = {
  ok: true,
  tried: false,
  error: -1,
  final: "OK",
  line: "+CIPRXGET: 2,0,3,0",
  data: ascii("abc"),
};

test("a datagram that nobody tells the origin of is taken only where one alone was spoken to", () => {
  const inbox = new ModemInbox();
  expect(inbox.hearDatagram(simcom, answer, true)).toBe(false);
  inbox.spokenTo(one);
  inbox.spokenTo({ host: "192.0.2.9", port: 5060 });
  expect(inbox.hearDatagram(simcom, answer, true)).toBe(true);
  expect(inbox.take()?.from).toEqual(one);
  inbox.spokenTo(two);
  expect(inbox.hearDatagram(simcom, answer, true)).toBe(false);
  inbox.spokenTo(two);
  expect(inbox.hearDatagram(simcom, answer, true)).toBe(false);
  expect([inbox.strangerCount, inbox.count]).toEqual([3, 0]);
});

test("a told origin is always taken, and a new socket has spoken to nobody", () => {
  const inbox = new ModemInbox();
  inbox.spokenTo(one);
  inbox.spokenTo(two);
  inbox.origin = { host: "192.0.2.77", port: 9 };
  expect(inbox.hearDatagram(simcom, answer, true)).toBe(true);
  expect(inbox.take()?.from).toEqual({ host: "192.0.2.77", port: 9 });
  inbox.begin();
  inbox.renew();
  inbox.spokenTo(two);
  expect(inbox.hearDatagram(simcom, answer, true)).toBe(true);
  expect(inbox.take()?.from).toEqual(two);
});
