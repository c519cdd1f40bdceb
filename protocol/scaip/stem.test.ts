import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeRequest, encodeRequest } from "./request.ts";
import { numberFromRef, partFromRef, refOf, reportNumberLimit, sessionLimit, stemFromRef, stemOf } from "./stem.ts";

const anyNumber = fc.oneof(
  fc.nat(100),
  fc.maxSafeNat().map((number) => number % reportNumberLimit),
);
const anySession = fc.nat(sessionLimit - 1);
const anyPrefix = fc.stringMatching(/^[0-9A-Z]{5}$/);

test("the parts of a reference are found again in it", () => {
  fc.assert(
    fc.property(anyPrefix, anyNumber, anySession, (prefix, number, session) => {
      const ref = refOf(stemOf(prefix, number), session);
      expect(stemFromRef(ref)).toBe(stemOf(prefix, number));
      expect(numberFromRef(prefix, ref)).toBe(number);
      expect(partFromRef(ref)).toBe(session);
    }),
  );
});

test("no two reports and no two sessions share a reference, and each fits the element", () => {
  fc.assert(
    fc.property(
      anyPrefix,
      anyNumber,
      anySession,
      anyNumber,
      anySession,
      (prefix, number, session, other, otherSession) => {
        const ref = refOf(stemOf(prefix, number), session);
        expect(ref === refOf(stemOf(prefix, other), otherSession)).toBe(number === other && session === otherSession);
        expect(decodeRequest(encodeRequest({ ref, cid: "1", dty: 3 }))).toMatchObject({ ok: true, value: { ref } });
      },
    ),
  );
});

test("references are written as laid down: five characters, seven digits, three digits", () => {
  expect(stemOf("Q4T8A", 0)).toBe("Q4T8A0000000");
  expect(stemOf("Q4T8A", 36)).toBe("Q4T8A0000010");
  expect(stemOf("Q4T8A", reportNumberLimit - 1)).toBe("Q4T8AZZZZZZZ");
  expect(refOf("Q4T8A0000010", 35)).toBe("Q4T8A000001000Z");
  expect(refOf("Q4T8A0000010", sessionLimit - 1)).toBe("Q4T8A0000010ZZZ");
});

test("a number beyond what the reference can hold is a mistake and throws", () => {
  for (const wrong of [-1, 0.5, reportNumberLimit, Number.NaN]) expect(() => stemOf("Q4T8A", wrong)).toThrow("stem");
  for (const wrong of [-1, 0.5, sessionLimit, Number.NaN]) expect(() => refOf("Q4T8A0000010", wrong)).toThrow("stem");
  for (const wrong of ["", "Q4T8", "Q4T8AA", "q4t8a", "Q4T8-"]) expect(() => stemOf(wrong, 1)).toThrow("stem");
  expect(() => refOf("Q4T8A000001", 1)).toThrow("stem");
});

test("a foreign reference is never taken for one of ours", () => {
  for (const foreign of ["", "Q4T8A0000127", "q4t8a000001000z", "Q4T8A000001000ZZ", "Q4T8A000001000-"]) {
    expect(stemFromRef(foreign)).toBeUndefined();
    expect(numberFromRef("Q4T8A", foreign)).toBe(-1);
    expect(partFromRef(foreign)).toBe(-1);
  }
  expect(numberFromRef("Q4T8B", "Q4T8A000001000Z")).toBe(-1);
});
