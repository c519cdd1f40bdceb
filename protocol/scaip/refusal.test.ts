import fc from "fast-check";
import { expect, test } from "vitest";
import { ascii, utf8 } from "../text/utf8.ts";
import { xmlByteLimit } from "../xml/xml.ts";
import { anyRequest, damaged } from "./arbitraries.ts";
import { findValue, refOfNobody, refusalOf } from "./refusal.ts";
import { decodeRequest, encodeRequest } from "./request.ts";
import { decodeResponse, encodeResponse } from "./response.ts";

test("each kind of fault has its own answer", () => {
  expect(refusalOf({ kind: "missing", at: 1, field: "cid" })).toEqual({ snu: 7, ste: "cid missing" });
  expect(refusalOf({ kind: "missing", at: 1, field: "ref" }).snu).toBe(10);
  expect(refusalOf({ kind: "truncated", at: 7 }).snu).toBe(2);
  expect(refusalOf({ kind: "malformed", at: 7, what: "a control character" }).snu).toBe(2);
  expect(refusalOf({ kind: "too-long", at: 4096, what: "the message", limit: 4096 }).snu).toBe(1);
  expect(refusalOf({ kind: "too-long", at: 9, what: "the list of elements", limit: 64 }).snu).toBe(1);
  expect(refusalOf({ kind: "too-long", at: 9, what: "the nesting of elements", limit: 4 }).snu).toBe(2);
  expect(refusalOf({ kind: "too-long", at: 9, what: "dte", limit: 32 }).snu).toBe(3);
  expect(refusalOf({ kind: "unknown-value", at: 9, field: "cid", value: "x" })).toEqual({
    snu: 3,
    ste: "cid has a value that it cannot have",
  });
  expect(refusalOf({ kind: "unknown-value", at: 9, field: "mty", value: "XX" }).snu).toBe(99);
  expect(refusalOf({ kind: "not-authentic", at: 0, what: "the tag" }).snu).toBe(99);
});

test("whatever is wrong, the refusal can be sent, and does not repeat what the sender wrote", () => {
  fc.assert(
    fc.property(damaged(anyRequest.map(encodeRequest)), (bytes) => {
      const decoded = decodeRequest(bytes);
      if (decoded.ok) return;
      const refusal = refusalOf(decoded.fault);
      const ref = findValue(bytes, "ref") ?? refOfNobody;
      expect(decodeResponse(encodeResponse({ ref, snu: refusal.snu, ste: refusal.ste }))).toEqual({
        ok: true,
        value: { ref, snu: refusal.snu, ste: refusal.ste },
      });
    }),
    { numRuns: 500 },
  );
  expect(refusalOf({ kind: "unknown-value", at: 0, field: "cid", value: "19121212-1212" }).ste).not.toContain("1912");
});

test("a reference is found in a body that is no XML", () => {
  expect(findValue(ascii("<mrq><ref>Q4T8A0000127</ref><cid>46"), "ref")).toBe("Q4T8A0000127");
  expect(findValue(ascii("<mrq><s:ref a='1'>\n a1 </s:ref><dty>3</mrq>"), "ref")).toBe("a1");
  expect(findValue(ascii("<!DOCTYPE x><<<ref<ref>a1<"), "ref")).toBe("a1");
  expect(findValue(ascii("<ref>not one</ref><ref></ref><ref>b2</ref>"), "ref")).toBe("b2");
  expect(findValue(utf8("<mrq><ref>å</ref></mrq>"), "ref")).toBeUndefined();
});

test("a reference that may have been cut off, is too long, or stands in another element is none", () => {
  expect(findValue(ascii("<mrq><ref>Q4T8A00001"), "ref")).toBeUndefined();
  expect(findValue(ascii("<ref>" + "a".repeat(16) + "<"), "ref")).toBe("a".repeat(16));
  expect(findValue(ascii("<ref>" + "a".repeat(17) + "<"), "ref")).toBeUndefined();
  expect(findValue(ascii("<xref>a1</xref><refs>a1</refs><re>a1</re>"), "ref")).toBeUndefined();
  expect(findValue(ascii(""), "ref")).toBeUndefined();
  for (const cut of ["<", "<ref", "<ref>", "<ref> ", "<ref>a1", "<ref>a1 "])
    expect([cut, findValue(ascii(cut), "ref")]).toEqual([cut, undefined]);
  expect(findValue(ascii("<ref<a1<"), "ref")).toBeUndefined();
  expect(findValue(ascii("<ref>" + "a".repeat(17) + "<ref>b2<"), "ref")).toBe("b2");
});

test("an account is found as a reference is, and may be twice as long", () => {
  const body = (length: number): Uint8Array => ascii("<mrq><mty>PI</mty><cid>" + "1".repeat(length) + "</cid>");
  expect(findValue(body(32), "cid")).toBe("1".repeat(32));
  expect(findValue(body(33), "cid")).toBeUndefined();
  expect(findValue(body(1), "mty")).toBe("PI");
});

test("only so much of a body is searched as a request may be long", () => {
  const ref = "<ref>a1</ref>";
  expect(findValue(ascii(" ".repeat(xmlByteLimit - ref.length) + ref), "ref")).toBe("a1");
  expect(findValue(ascii(" ".repeat(xmlByteLimit) + ref), "ref")).toBeUndefined();
  for (let beyond = 1; beyond <= "<ref>a1<".length; beyond++)
    expect(findValue(ascii(" ".repeat(xmlByteLimit - "<ref>a1<".length + beyond) + "<ref>a1<"), "ref")).toBeUndefined();
});

test("no bytes make the search throw", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      const ref = findValue(bytes, "ref");
      if (ref !== undefined) expect(ref).toMatch(/^[0-9A-Za-z]{1,16}$/);
    }),
  );
});
