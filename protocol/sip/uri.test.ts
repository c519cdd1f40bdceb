import fc from "fast-check";
import { expect, test } from "vitest";
import { anyUri } from "./arbitraries.ts";
import { hostPortText, isRequestUri, isUri, parseUri } from "./uri.ts";

test("an address comes apart into user, host, port, parameters and headers", () => {
  expect(parseUri("SIPS:alice;day=tue:x@Example.COM:5061;transport=tcp;lr?subject=a%20b&to=")).toEqual({
    ok: true,
    value: {
      scheme: "sips",
      user: "alice;day=tue:x",
      host: "example.com",
      port: 5061,
      params: [
        { name: "transport", value: "tcp" },
        { name: "lr", value: undefined },
      ],
      headers: [
        { name: "subject", value: "a%20b" },
        { name: "to", value: "" },
      ],
    },
  });
});

test("escapes in the user are resolved, a zero byte and UTF-8 too", () => {
  const user = (text: string) => {
    const parsed = parseUri(text);
    return parsed.ok ? parsed.value.user : "refused";
  };
  expect(user("sip:sips%3Auser%40example.com@example.net")).toBe("sips:user@example.com");
  expect(user("sip:null-%00-null@example.com")).toBe("null-\u0000-null");
  expect(user("sip:v%C3%A4nster@example.com")).toBe("vänster");
  expect(user("sip:50%@example.com")).toBe("refused");
  expect(user("sip:%0g@example.com")).toBe("refused");
  expect(user("sip:example.com")).toBeUndefined();
});

test("an IPv6 address needs its brackets, and loses them as a value", () => {
  const parsed = parseUri("sip:a@[2001:db8::10]:5070");
  expect(parsed.ok && [parsed.value.host, parsed.value.port]).toEqual(["2001:db8::10", 5070]);
  expect(hostPortText("2001:db8::10", 5070)).toBe("[2001:db8::10]:5070");
  expect([hostPortText("h", undefined), hostPortText("h", 1), hostPortText("::1", undefined)]).toEqual([
    "h",
    "h:1",
    "[::1]",
  ]);
  for (const text of ["sip:2001:db8::10", "sip:a@[2001:db8::10", "sip:a@[host]", "sip:a@[::1]x", "sip:a@[::1]:"])
    expect([parseUri(text).ok, isUri(text)], text).toEqual([false, false]);
});

test("what is no address is refused", () => {
  for (const text of [
    "",
    "sip:",
    "sip:@host",
    "sip:a@",
    "sip:a@h:0",
    "sip:a@h:65536",
    "sip:a@h:5 0",
    "sip: a@h",
    "<sip:a@h>",
    "a@h",
    ":a@h",
    "sip:a@h_i",
    "sip:å@h",
    'sip:a"@h',
  ])
    expect([parseUri(text).ok, isUri(text)], text).toEqual([false, false]);
});

test("parameters without a name and more than 32 of them are refused", () => {
  const many = (count: number) => "sip:a@h" + Array.from({ length: count }, (_, i) => ";p" + i).join("");
  expect(parseUri(many(32)).ok).toBe(true);
  expect(parseUri(many(33)).ok).toBe(false);
  expect(parseUri("sip:a@h;;b").ok).toBe(false);
  expect(parseUri("sip:a@h?=b").ok).toBe(false);
});

test("other schemes stand as URIs, and only SIP ones can be taken apart", () => {
  expect(isUri("tel:+46700000012")).toBe(true);
  expect(isUri("soap.beep://192.0.2.103:3002")).toBe(true);
  expect(isUri("1tel:+46")).toBe(false);
  expect(parseUri("tel:+46700000012")).toMatchObject({ ok: false, fault: { kind: "unknown-value" } });
});

test("a Request-URI carries no headers, yet its user may hold a question mark", () => {
  expect(isRequestUri("sip:a@h?x=y")).toBe(false);
  expect(isRequestUri("sips:h?x=y")).toBe(false);
  expect(isRequestUri("sip:a?b@h")).toBe(true);
  expect(isRequestUri("http://h?x=y")).toBe(true);
});

test("whatever can be taken apart is a URI, and every generated address can", () => {
  fc.assert(
    fc.property(anyUri, (text) => {
      expect([parseUri(text).ok, isUri(text)], text).toEqual([true, true]);
    }),
  );
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(..."sip:@[].;?=&%a0 <") }), (rest) => {
      if (parseUri("sip:" + rest).ok) expect(isUri("sip:" + rest)).toBe(true);
    }),
  );
});
