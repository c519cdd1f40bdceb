import { expect, test } from "vitest";
import { bad, faultText, ok } from "./result.ts";

test("a result is a value or a fault, never both", () => {
  expect(ok(7)).toEqual({ ok: true, value: 7 });
  expect(bad({ kind: "truncated", at: 3 })).toEqual({ ok: false, fault: { kind: "truncated", at: 3 } });
});

test("every fault is one line for people that says what was wrong and at which byte", () => {
  expect(faultText({ kind: "truncated", at: 1 })).toBe("the message ends too early at byte 1");
  expect(faultText({ kind: "too-long", at: 2, what: "the frame", limit: 24 })).toBe(
    "the frame is longer than 24 at byte 2",
  );
  expect(faultText({ kind: "unknown-value", at: 3, field: "reason", value: 9 })).toBe(
    "reason has the unknown value 9 at byte 3",
  );
  expect(faultText({ kind: "missing", at: 4, field: "ref" })).toBe("ref is missing at byte 4");
  expect(faultText({ kind: "malformed", at: 5, what: "no blank behind the method" })).toBe(
    "no blank behind the method at byte 5",
  );
  expect(faultText({ kind: "not-authentic", at: 6, what: "the tag" })).toBe("the tag does not fit at byte 6");
});
