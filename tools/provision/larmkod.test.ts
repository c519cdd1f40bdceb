import fc from "fast-check";
import { expect, test } from "vitest";
import { checkDigitOf, clientFault, hasCheckDigit, isPersonal, larmkodFault } from "./larmkod.ts";

const anyDigits = fc.stringMatching(/^\d{2,15}$/);

test("a check digit finds every wrong digit, and every two neighbours that changed places but 0 and 9", () => {
  fc.assert(
    fc.property(anyDigits, fc.nat(), fc.integer({ min: 1, max: 9 }), (digits, at, by) => {
      const whole = digits + checkDigitOf(digits);
      expect(hasCheckDigit(whole)).toBe(true);
      const place = at % whole.length;
      const wrong = String((Number(whole[place]) + by) % 10);
      expect(larmkodFault(whole.slice(0, place) + wrong + whole.slice(place + 1), true)).toContain("check digit");
      const [one = "", two = ""] = [whole[place], whole[place + 1]];
      if (one === two || two === "" || ["09", "90"].includes(one + two)) return;
      expect(hasCheckDigit(whole.slice(0, place) + two + one + whole.slice(place + 2))).toBe(false);
    }),
  );
});

test("a larmkod is 1 to 16 digits, and its check digit counts where the receiver gives one out", () => {
  expect(larmkodFault("4607110230", true)).toContain("check digit");
  expect(larmkodFault("4607110230", false)).toBeUndefined();
  expect(larmkodFault("79927398713", true)).toBeUndefined();
  expect(larmkodFault("12345678901234567", false)).toContain("1 to 16 digits");
  expect(larmkodFault("46 07", false)).toContain("1 to 16 digits");
});

test("a client is never named by a person's number, nor by a name", () => {
  for (const text of ["811218-9876", "8112189876", "19811218-9876", "811278-9873"]) {
    expect(isPersonal(text)).toBe(true);
    expect(clientFault(text)).toContain("identity number");
  }
  expect(isPersonal("811318-9876")).toBe(false);
  expect(isPersonal("811218-9875")).toBe(false);
  expect(clientFault("AnnaSvensson")).toContain("never a name");
  expect(clientFault("K 1")).toContain("1 to 24 letters");
  expect(clientFault("K-1042")).toBeUndefined();
});
