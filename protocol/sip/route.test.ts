import { expect, test } from "vitest";
import { hopsOf, routedTo, routeSetOf } from "./route.ts";
import { answerWith } from "./test-messages.ts";

const hops = (...headers: string[]) => hopsOf(answerWith(headers), "Record-Route");

test("the called end keeps the recorded order, the caller turns it round", () => {
  const message = answerWith([
    "Record-Route: <sip:p2.example.net;lr>, <sip:p1.example.net;lr>;x=1",
    "Record-Route: <sip:p0;lr>",
  ]);
  expect(routeSetOf(message, false)).toEqual({
    ok: true,
    value: ["sip:p2.example.net;lr", "sip:p1.example.net;lr", "sip:p0;lr"],
  });
  expect(routeSetOf(message, true)).toEqual({
    ok: true,
    value: ["sip:p0;lr", "sip:p1.example.net;lr", "sip:p2.example.net;lr"],
  });
  expect(routeSetOf(answerWith([]), true)).toEqual({ ok: true, value: [] });
});

test("a hop stands in angle brackets; one that does not, or cannot be read, is refused", () => {
  expect(hops("Record-Route: sip:p1;lr")).toMatchObject({ ok: false, fault: { kind: "malformed" } });
  expect(hops("Record-Route: <sip:p1;lr>, <x>")).toMatchObject({ ok: false });
  expect(routeSetOf(answerWith(["Record-Route: <sip:p1"]), true)).toMatchObject({ ok: false });
});

test("a request goes to its target with all hops as Route where the first has lr", () => {
  expect(routedTo("sip:bob@192.0.2.4", [])).toEqual({ uri: "sip:bob@192.0.2.4", headers: [] });
  expect(routedTo("sip:bob@192.0.2.4", ["sip:p1;lr", "sip:p2"])).toEqual({
    uri: "sip:bob@192.0.2.4",
    headers: [
      { name: "Route", value: "<sip:p1;lr>" },
      { name: "Route", value: "<sip:p2>" },
    ],
  });
});

test("RFC 3261 19.1.1: the headers of a target do not stand in the Request-URI", () => {
  expect(routedTo("sip:bob@192.0.2.4?Subject=x", []).uri).toBe("sip:bob@192.0.2.4");
  expect(routedTo("sip:bob@192.0.2.4?Subject=x", ["sip:p1;lr"]).uri).toBe("sip:bob@192.0.2.4");
});

test("a first hop whose address is not SIP's is taken for one with lr, as no request could go to it", () => {
  expect(routedTo("sip:a@b", ["tel:+46"])).toEqual({
    uri: "sip:a@b",
    headers: [{ name: "Route", value: "<tel:+46>" }],
  });
});

test("RFC 3261 12.2.1.1: the example with a first hop without lr comes out, the target last", () => {
  const routed = routedTo("sip:user@remoteua", ["sip:proxy1", "sip:proxy2", "sip:proxy3;lr", "sip:proxy4"]);
  expect([routed.uri].concat(routed.headers.map((header) => header.value))).toEqual([
    "sip:proxy1",
    "<sip:proxy2>",
    "<sip:proxy3;lr>",
    "<sip:proxy4>",
    "<sip:user@remoteua>",
  ]);
  expect(routedTo("sip:a@b", ["sip:u?x@p;a=b?Route=c"]).uri).toBe("sip:u?x@p;a=b");
});
