import fc from "fast-check";
import { expect, test } from "vitest";
import { hasWord, listLimit, listOf, parseSeconds, tokensOf, unsupported } from "./header-list.ts";
import { answerWith } from "./test-messages.ts";

test("a list comes in one line or in many; commas in quotes and brackets part nothing, empty items are nothing", () => {
  const items = (...lines: string[]) => listOf(answerWith(lines), "Contact");
  expect(items('Contact: "A, \\"B" <sip:a,b@c>;x="1,2" , <sip:d@e>', "m: <sip:f@g>")).toEqual({
    ok: true,
    value: ['"A, \\"B" <sip:a,b@c>;x="1,2"', "<sip:d@e>", "<sip:f@g>"],
  });
  expect(items("Contact: ,, ,<a>,")).toEqual({ ok: true, value: ["<a>"] });
  expect(items()).toEqual({ ok: true, value: [] });
  expect(items('Contact: <a"b>, <c>')).toEqual({ ok: true, value: ['<a"b>', "<c>"] });
  expect(items('Contact: a, "b')).toEqual({ ok: false, fault: { kind: "malformed", at: 3, what: "Contact" } });
  expect(items("Contact: a, <b")).toEqual({ ok: false, fault: { kind: "malformed", at: 2, what: "Contact" } });
});

test("32 items are taken, over all lines, and 33 are not", () => {
  const many = (count: number) => listOf(answerWith(["Allow: A", "Allow: " + ",B".repeat(count - 1)]), "Allow");
  expect(many(listLimit)).toMatchObject({ ok: true });
  expect(many(listLimit + 1)).toMatchObject({ ok: false, fault: { kind: "too-long", limit: listLimit } });
});

test("words are taken where all are tokens, and those we do not have are named, in any case", () => {
  expect(tokensOf(answerWith(["k: timer , OUTBOUND", "Supported: path"]), "Supported")).toEqual({
    ok: true,
    value: ["timer", "OUTBOUND", "path"],
  });
  expect(tokensOf(answerWith(["Allow: INVITE, a b"]), "Allow")).toMatchObject({ ok: false });
  expect(tokensOf(answerWith(['Allow: "']), "Allow")).toMatchObject({ fault: { kind: "malformed", what: "Allow" } });
  expect(unsupported(["Timer", "100rel", "x"], ["timer", "path"])).toEqual(["100rel", "x"]);
  expect([hasWord(["INVITE"], "invite"), hasWord(["INVITE"], "BYE")]).toEqual([true, false]);
});

test("seconds are whole numbers up to 2^32 - 1", () => {
  expect(parseSeconds("0")).toBe(0);
  expect(parseSeconds("4294967295")).toBe(4294967295);
  for (const text of ["", "-1", "4294967296", "1 ", "1.5", "x"]) expect(parseSeconds(text), text).toBeUndefined();
});

test("no value makes the list throw, and its items have neither blanks at their ends nor nothing in them", () => {
  const value = fc.string({ unit: fc.constantFrom(...'"\\<>, ;a\tå') });
  fc.assert(
    fc.property(fc.array(value, { maxLength: 4 }), (values) => {
      const base = answerWith([]);
      const list = listOf({ ...base, headers: values.map((text) => ({ name: "Route", value: text })) }, "route");
      if (list.ok) for (const item of list.value) expect([item.trim(), item === ""]).toEqual([item, false]);
    }),
    { numRuns: 1000 },
  );
});
