import fc from "fast-check";
import { expect, test } from "vitest";
import { anyRequest } from "./arbitraries.ts";
import { encodeRequest, type ScaipRequest } from "./request.ts";

test("neither the order of a value's properties nor properties of no element change what is sent", () => {
  const orders = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 30, maxLength: 30 });
  fc.assert(
    fc.property(anyRequest, orders, fc.boolean(), (request, order, hasMore) => {
      const keys = Object.entries(request).map((entry, i) => ({ entry, at: order[i] ?? 0 }));
      const mixed = keys.sort((one, other) => one.at - other.at).map(({ entry }) => entry);
      const more = hasMore ? [["zzz", 1] as const, ...mixed, ["snu", 2] as const, ["ste", undefined] as const] : mixed;
      expect(encodeRequest(Object.fromEntries(more) as unknown as ScaipRequest)).toEqual(encodeRequest(request));
    }),
  );
});

test("a mandatory value that is missing or undefined throws, wherever the others stand", () => {
  const whole: ScaipRequest = { ref: "Q1", cid: "460", dty: 3, ite: "x" };
  for (const tag of ["ref", "cid", "dty"] as const) {
    const { [tag]: _, ...without } = whole;
    expect(() => encodeRequest(without as ScaipRequest), tag).toThrow(tag + " is missing");
    expect(() => encodeRequest({ ...whole, [tag]: undefined }), tag).toThrow(tag + " is missing");
  }
});

test("a printable text with markup in it is escaped, and one with a control character throws", () => {
  const sent = (did: string) => Buffer.from(encodeRequest({ ref: "Q1", cid: "460", dty: 3, did })).toString();
  expect(sent("a&<>'")).toContain("<did>a&amp;&lt;&gt;'</did>");
  for (const wrong of ["a\u0000", "\u007f", "å", "a&\n"]) expect(() => sent(wrong)).toThrow("did cannot be");
});
