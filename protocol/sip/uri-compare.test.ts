import fc from "fast-check";
import { expect, test } from "vitest";
import { anyUri } from "./arbitraries.ts";
import { sameUri } from "./uri-compare.ts";

test.each([
  ["sip:%61lice@atlanta.com;transport=TCP", "sip:alice@AtLanTa.CoM;Transport=tcp"],
  ["sip:carol@chicago.com", "sip:carol@chicago.com;newparam=5"],
  ["sip:carol@chicago.com;newparam=5", "sip:carol@chicago.com;security=on"],
  ["sip:p1;lr", "sip:p1;LR"],
  ["sip:p1;x=%zz", "sip:p1;x=%ZZ"],
  ["sip:p1;x=%41", "sip:p1;x=a"],
  ["sip:p1;ser=1", "sip:p1"],
  [
    "sip:biloxi.com;transport=tcp;method=REGISTER?to=sip:bob%40biloxi.com",
    "sip:biloxi.com;method=REGISTER;transport=tcp?to=sip:bob%40biloxi.com",
  ],
  [
    "sip:alice@atlanta.com?subject=project%20x&priority=urgent",
    "sip:alice@atlanta.com?priority=urgent&subject=project%20x",
  ],
])("RFC 3261 19.1.4: %s is the same as %s", (one, other) => {
  expect([sameUri(one, other), sameUri(other, one)]).toEqual([true, true]);
});

test.each([
  ["SIP:ALICE@AtLanTa.CoM;Transport=udp", "sip:alice@AtLanTa.CoM;Transport=UDP"],
  ["sip:bob@biloxi.com", "sip:bob@biloxi.com:5060"],
  ["sip:bob@biloxi.com", "sip:bob@biloxi.com;transport=udp"],
  ["sip:bob@biloxi.com", "sip:bob@biloxi.com:6000;transport=tcp"],
  ["sip:carol@chicago.com", "sip:carol@chicago.com?Subject=next%20meeting"],
  ["sip:bob@phone21.boxesbybob.com", "sip:bob@192.0.2.4"],
  ["sip:carol@chicago.com;security=on", "sip:carol@chicago.com;security=off"],
  ["sip:bob@biloxi.com", "sips:bob@biloxi.com"],
  ["sip:a@b?x=1", "sip:a@b?x=2"],
  ["tel:+46", "tel:+46"],
  ["tel:1", "sip:1"],
  ["sip:a@b;user=phone", "sip:a@b"],
  ["sip:a@b;maddr=h", "sip:a@b"],
])("RFC 3261 19.1.4: %s is not the same as %s", (one, other) => {
  expect([sameUri(one, other), sameUri(other, one)]).toEqual([false, false]);
});

test("every address is the same as itself, and the order of two does not matter", () => {
  fc.assert(
    fc.property(anyUri, anyUri, (one, other) => {
      expect(sameUri(one, one)).toBe(true);
      expect(sameUri(one, other)).toBe(sameUri(other, one));
    }),
  );
});
