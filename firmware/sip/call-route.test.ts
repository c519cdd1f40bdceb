import { expect, test } from "vitest";
import { Authorization } from "./authorization.ts";
import { type CallRouteParts, type Hop, ReceiverRoute } from "./call-route.ts";
import { invitation } from "./call-test-messages.ts";
import type { ReceiverAddress } from "./receiver-address.ts";
import { Sources } from "./sources.ts";

const receivers: readonly ReceiverAddress[] = [
  {
    uri: "sip:arc@larm.example.net",
    host: "203.0.113.9",
    port: 5060,
    user: "u",
    password: "p",
    answerFrom: ["203.0.113.10"],
  },
  {
    uri: "sip:reserv@larm.example.net",
    host: "proxy.example.net",
    port: 0,
    transport: "tls",
    user: "u",
    password: "p",
    answerFrom: [],
  },
  {
    uri: "sip:granne@198.51.100.7",
    host: "198.51.100.7",
    port: 5070,
    transport: "tcp",
    user: "u",
    password: "p",
    answerFrom: [],
  },
];

function route(change?: Partial<CallRouteParts>): ReceiverRoute {
  const parts: CallRouteParts = {
    aor: "sip:4607110231@larm.example.net",
    receivers,
    sources: new Sources(receivers),
    authorizations: receivers.map(() => new Authorization("u", "p", () => {})),
    local: () => ({ host: "192.0.2.1", port: 5060 }),
    usable: () => true,
    send: () => {},
  };
  return new ReceiverRoute(Object.assign(parts, change));
}

function textOf(hop: Hop | undefined): string {
  return hop === undefined ? "nowhere" : hop.transport + " " + hop.to.host + ":" + hop.to.port + " " + hop.receiver;
}

test("a receiver's own account goes to it, another of its domain to the first receiver there", () => {
  expect(textOf(route().hop("sip:reserv@larm.example.net", undefined))).toBe("tls proxy.example.net:5061 1");
  expect(textOf(route().hop("sip:plats4@LARM.example.net", undefined))).toBe("udp 203.0.113.9:5060 0");
});

test("a receiver's address at its port goes to it, every other IP address directly", () => {
  expect(textOf(route().hop("sip:plats4@203.0.113.9", undefined))).toBe("udp 203.0.113.9:5060 0");
  expect(textOf(route().hop("sip:x@198.51.100.7:5070", undefined))).toBe("tcp 198.51.100.7:5070 2");
  expect(textOf(route().hop("sip:x@198.51.100.7:5090", undefined))).toBe("udp 198.51.100.7:5090 -1");
  expect(textOf(route().hop("sip:plats4@[2001:db8::7]", undefined))).toBe("udp 2001:db8::7:5060 -1");
});

test("any other name goes through the first receiver, within a call over the way that it has taken", () => {
  const last: Hop = { to: { host: "proxy.example.net", port: 5061 }, transport: "tls", receiver: 1 };
  expect(textOf(route().hop("sip:dotter@elsewhere.example.org", undefined))).toBe("udp 203.0.113.9:5060 0");
  expect(textOf(route().hop("sip:dotter@elsewhere.example.org", last))).toBe("tls proxy.example.net:5061 1");
  expect(textOf(route().hop("sip:op@192.0.2.44:49152;transport=tls", last))).toBe("tls proxy.example.net:5061 1");
  expect(textOf(route().hop("sip:op@192.0.2.44:49152;transport=udp", last))).toBe("udp 192.0.2.44:49152 -1");
});

test("what is no SIP address, or a receiver whose place is not known, leads nowhere", () => {
  expect(textOf(route().hop("tel:+4690012345", undefined))).toBe("nowhere");
  expect(textOf(route({ reach: () => undefined }).hop("sip:arc@larm.example.net", undefined))).toBe("nowhere");
  expect(textOf(route({ receivers: [] }).hop("sip:x@example.org", undefined))).toBe("nowhere");
});

test("a receiver is known by its domain and by the hosts that it may speak from", () => {
  const uris = ["sip:a@larm.example.net", "sip:a@203.0.113.10", "sip:a@192.0.2.66", "tel:1"];
  expect(uris.map((uri) => route().isReceivers(uri))).toEqual([true, true, false, false]);
  expect([
    route().receiverAt("sip:arc@larm.example.net", "203.0.113.10"),
    route().receiverAt("", "192.0.2.66"),
  ]).toEqual([0, -1]);
});

test("messages of calls go to whoever is attached, and to nobody before", () => {
  const made = route();
  const from = { host: "203.0.113.9", port: 5060 };
  expect(made.hear(invitation(), from)).toBe(false);
  made.attach({ hear: (message) => message.callId === "call-1@203.0.113.9" });
  expect([made.hear(invitation(), from), made.hear(invitation({ callId: "x" }), from)]).toEqual([true, false]);
});
