import fc from "fast-check";
import { expect, test } from "vitest";
import type { Reason, SessionExpires } from "./call-headers.ts";
import { parseReason, parseSessionExpires, reasonText, sessionExpiresText } from "./call-headers.ts";

const option = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
const anySession: fc.Arbitrary<SessionExpires> = fc.record({
  intervalS: fc.integer({ min: 0, max: 0xffffffff }),
  refresher: option(fc.constantFrom("uac" as const, "uas" as const)),
});
const anyReason: fc.Arbitrary<Reason> = fc.record({
  protocol: fc.constantFrom("SIP", "Q.850", "x-Own"),
  cause: option(fc.integer({ min: 0, max: 999 })),
  text: option(fc.string({ unit: fc.constantFrom(...'åäö"\\;,= A1') })),
});

test("Session-Expires and Reason survive being written and read", () => {
  fc.assert(
    fc.property(anySession, anyReason, (session, reason) => {
      expect(parseSessionExpires(sessionExpiresText(session))).toEqual(session);
      expect(parseReason(reasonText(reason))).toEqual(reason);
    }),
  );
});

test("RFC 4028 4: the interval stands first, the refresher has no case, other parameters are passed over", () => {
  expect(parseSessionExpires("4000;refresher=uac")).toEqual({ intervalS: 4000, refresher: "uac" });
  expect(parseSessionExpires("90 ; x ; Refresher = UAS")).toEqual({ intervalS: 90, refresher: "uas" });
  for (const text of ["", "x", ";refresher=uac", "90;refresher", "90;refresher=us", "90 90", "4294967296"])
    expect(parseSessionExpires(text), text).toBeUndefined();
  expect(parseSessionExpires("90;refresher=uac;refresher=uac")).toBeUndefined();
});

test("RFC 3326 2: the examples are read", () => {
  expect(parseReason('SIP ;cause=200 ;text="Call completed elsewhere"')).toEqual({
    protocol: "SIP",
    cause: 200,
    text: "Call completed elsewhere",
  });
  expect(parseReason('Q.850 ;cause=16 ;text="Terminated"')).toEqual({
    protocol: "Q.850",
    cause: 16,
    text: "Terminated",
  });
  expect(reasonText({ protocol: "Q.850", cause: 16, text: "Terminated" })).toBe('Q.850;cause=16;text="Terminated"');
});

test("a Reason that is malformed, or says a thing twice, is none", () => {
  for (const text of ["", ";cause=1", "SIP;cause=x", "SIP;cause", "SIP;cause=1000", "SIP;cause=1;cause=1", "SIP 200"])
    expect(parseReason(text), text).toBeUndefined();
  for (const text of ["SIP;text=bare", 'SIP;text="a";text="a"', 'SIP;text="a'])
    expect(parseReason(text), text).toBeUndefined();
});

test("no text makes the readers throw", () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'SIP90;=cause"\\ refsh,text') }), (text) => {
      parseReason(text);
      parseSessionExpires(text);
    }),
  );
});

test("of the parameters of a Reason only cause and text say something", () => {
  expect(parseReason('Q.850;x="y";cause=16;text="a \\"b\\"";z=1')).toEqual({
    protocol: "Q.850",
    cause: 16,
    text: 'a "b"',
  });
  for (const wrong of ["SIP;text=plain", 'SIP;text="a";text="b"', "SIP;text", 'SIP;text="a"b'])
    expect(parseReason(wrong), wrong).toBeUndefined();
});
