import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { utf8 } from "../text/utf8.ts";
import { anyResponse, damaged } from "./arbitraries.ts";
import { decodeResponse, encodeResponse, type ScaipResponse } from "./response.ts";

const golden = JSON.parse(readFileSync(new URL("../vectors/scaip/responses.json", import.meta.url), "utf8")) as {
  name: string;
  xml: string;
  value: ScaipResponse;
}[];

function decodeWith(elements: string) {
  return decodeResponse(utf8("<mrs><ref>a1</ref><snu>0</snu>" + elements + "</mrs>"));
}

const accepted = { ok: true, value: { ref: "a1", snu: 0 } };

test.each(golden)("the published shape of '$name' is read and written byte for byte", ({ xml, value }) => {
  expect(decodeResponse(utf8(xml))).toEqual({ ok: true, value });
  expect(encodeResponse(value)).toEqual(utf8(xml));
});

test("every response comes back as it was sent", () => {
  fc.assert(
    fc.property(anyResponse, (response) => {
      expect(decodeResponse(encodeResponse(response))).toEqual({ ok: true, value: response });
    }),
  );
});

test("no response that was cut off is taken for a whole one", () => {
  fc.assert(
    fc.property(anyResponse, fc.nat(), (response, length) => {
      const bytes = encodeResponse(response);
      expect(decodeResponse(bytes.subarray(0, length % bytes.length)).ok).toBe(false);
    }),
  );
});

test("no bytes make the decoder throw, and without a reference and a status nothing is a response", () => {
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array({ maxLength: 200 }), damaged(anyResponse.map(encodeResponse))), (bytes) => {
      const decoded = decodeResponse(bytes);
      if (!decoded.ok) return;
      expect(decoded.value.ref.length).toBeGreaterThan(0);
      expect(decoded.value.snu).toBeGreaterThanOrEqual(0);
    }),
    { numRuns: 1000 },
  );
});

test("an oddity in an optional element does not cost an acceptance", () => {
  for (const odd of [
    "<mre>x</mre>",
    "<cre>99</cre>",
    "<cre>0</cre>",
    "<hbi>0</hbi>",
    "<hbi>1441</hbi>",
    "<hbi>14400</hbi>",
    "<cve>one point zero, or so</cve>",
    "<ste>" + "a".repeat(129) + "</ste>",
    "<ste>a<b/></ste>",
    "<tnu>sip:å</tnu>",
    "<later>1</later>",
  ])
    expect([odd, decodeWith(odd)]).toEqual([odd, accepted]);
});

test("of too many numbers to call the first eight are kept", () => {
  const decoded = decodeWith("<tnu>gsm:1</tnu>".repeat(9));
  expect(decoded.ok && decoded.value.tnu).toHaveLength(8);
});

test("both ends of the heartbeat's range are taken", () => {
  expect(decodeWith("<hbi>1</hbi>")).toMatchObject({ value: { hbi: 1 } });
  expect(decodeWith("<hbi>1440</hbi>")).toMatchObject({ value: { hbi: 1440 } });
});

test("Swedish in the status text is read, and the widths of other makers", () => {
  expect(decodeWith("<ste>Hjälp är på väg</ste><mre>01</mre><cre>5</cre>")).toMatchObject({
    value: { ste: "Hjälp är på väg", mre: 1, cre: 5 },
  });
  expect(decodeResponse(utf8("<mrs><snu>00000</snu><ref> a1 </ref></mrs>"))).toEqual(accepted);
});

test("a response whose reference or status is missing, unreadable or there twice is none", () => {
  for (const wrong of [
    "<mrs><ref>a1</ref></mrs>",
    "<mrs><snu>0</snu></mrs>",
    "<mrs><ref>a1</ref><snu></snu></mrs>",
    "<mrs><ref>a1</ref><snu>O</snu></mrs>",
    "<mrs><ref>a1</ref><snu>-0</snu></mrs>",
    "<mrs><ref>a1</ref><snu>000000</snu></mrs>",
    "<mrs><ref>a1</ref><snu>0</snu><snu>5</snu></mrs>",
    "<mrs><ref>a1</ref><ref>a2</ref><snu>0</snu></mrs>",
    "<mrs><ref>a1</ref><x><snu>0</snu></x></mrs>",
    "<mrq><ref>a1</ref><snu>0</snu></mrq>",
  ])
    expect([wrong, decodeResponse(utf8(wrong)).ok]).toEqual([wrong, false]);
});

test("a comment cannot hide a refusal behind an acceptance", () => {
  expect(decodeResponse(utf8("<mrs><ref>a1</ref><!--<snu>0</snu>--><snu>5</snu></mrs>"))).toMatchObject({
    value: { snu: 5 },
  });
});

test("codes are sent in the widths of the standard", () => {
  expect(encodeResponse({ ref: "a1", snu: 99, mre: 1, cre: 5, hbi: 60 })).toEqual(
    utf8("<mrs><ref>a1</ref><snu>99</snu><mre>1</mre><cre>05</cre><hbi>60</hbi></mrs>"),
  );
  expect(() => encodeResponse({ ref: "a1", snu: 0, hbi: 1441 })).toThrow("hbi");
  expect(() => encodeResponse({ ref: "a1", snu: 0, cre: 0 })).toThrow("cre");
});
