import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { anyRequest, anyResponse } from "../../protocol/scaip/arbitraries.ts";
import { codeTable } from "../../protocol/scaip/codes.ts";
import { decodeRequest, encodeRequest } from "../../protocol/scaip/request.ts";
import { decodeResponse, encodeResponse } from "../../protocol/scaip/response.ts";
import { utf8 } from "../../protocol/text/utf8.ts";
import { reportText } from "./report.ts";
import { reportScaip } from "./scaip.ts";
import { encodeScaip } from "./scaip-values.ts";

interface Vector {
  readonly name: string;
  readonly xml: string;
  readonly value: object;
}

function vectors(file: string): Vector[] {
  const path = new URL(`../../protocol/vectors/scaip/${file}.json`, import.meta.url);
  return JSON.parse(readFileSync(path, "utf8")) as Vector[];
}

function shown(xml: string): string {
  const report = reportScaip(utf8(xml));
  if (!report.ok) throw new Error(JSON.stringify(report.fault));
  return reportText(report.value.lines);
}

test.each([...vectors("requests"), ...vectors("responses")])(
  "$name: all values, and each line at its tag",
  (vector) => {
    const bytes = utf8(vector.xml);
    const report = reportScaip(bytes);
    if (!report.ok) throw new Error(JSON.stringify(report.fault));
    expect(report.value.values).toEqual(vector.value);
    for (const { at, label } of report.value.lines)
      expect(Buffer.from(bytes.subarray(at, (at ?? 0) + label.length + 2)).toString()).toBe(`<${label}>`);
    expect(encodeScaip(report.value.values)).toEqual(bytes);
  },
);

test("codes are named in English and Swedish", () => {
  expect(shown("<mrq><ref>a1</ref><cid>46</cid><dty>3</dty><stc>0016</stc></mrq>").split("\n")).toEqual([
    " 0  mrq    request, unit to centre",
    " 5    ref  session reference: a1",
    "18    cid  controller identity: 46",
    `31    dty  device type: 3 = ${codeTable("dty")[3]?.en} · ${codeTable("dty")[3]?.sv}`,
    "43    stc  status code: 16 = battery low · låg batterinivå",
    "",
  ]);
  expect(shown("<mrq><ref>a1</ref><cid>46</cid><dty>951</dty><mty>PI</mty></mrq>")).toContain(
    "device type: 951 (by agreement) · 951 (enligt överenskommelse)",
  );
  expect(shown("<mrq><ref>a1</ref><cid>46</cid><dty>1</dty><mty>PI</mty></mrq>")).toContain(
    "PI = heartbeat · livstecken",
  );
});

test.each([
  [
    "short codes and a did of zeros",
    "<ref>A1</ref><cid>4607110231</cid><dty>02</dty><did>00</did><crd>no-voice:</crd><stc>102</stc><mty>PI</mty>",
    { dty: 2, stc: 102, did: "00", mty: "PI" },
  ],
  [
    "a heartbeat of only what is mandatory",
    "<mty>PI</mty><ref>A1</ref><cid>4607110231</cid><dty>2</dty>",
    { dty: 2, mty: "PI" },
  ],
  [
    "a reference of 16 characters",
    "<ref>0123456789ABCDEF</ref><mty>PI</mty><cid>46</cid><dty>0002</dty><stc>0009</stc><lco>002</lco><crd>gsm:</crd><cha>0</cha>",
    { ref: "0123456789ABCDEF", crd: ["gsm:"], lco: 2, cha: 0 },
  ],
  [
    "a blank before the controller identity",
    "<ref>140302061005</ref><cid> 4607110231</cid><dty>0004</dty><stc>0010</stc><crd>gsm:+46700000012</crd>",
    { cid: "4607110231", mty: "ME" },
  ],
])("what units in the field send is read: %s", (_what, elements, value) => {
  const report = reportScaip(utf8(`<mrq>${elements}</mrq>\n`));
  expect(report).toMatchObject({ ok: true, value: { values: value } });
});

test("an element that the standard does not know is shown as passed over, and so is what a unit cannot use", () => {
  expect(shown("<mrq><ref>a1</ref><cid>46</cid><dty>3</dty><x:mreq>4</x:mreq></mrq>")).toContain(
    "43    x:mreq  passed over: not in the standard's table",
  );
  expect(shown("<mrs><ref>a1</ref><snu>0</snu><hbi>9999</hbi></mrs>")).toContain(
    "hbi  heartbeat interval, min: counts as absent",
  );
  const twice = shown("<mrs><ref>a1</ref><snu>0</snu><tnu>sip:a</tnu><ste>x</ste><tnu>gsm:1</tnu><ste>y</ste></mrs>");
  expect(twice).toContain("where to call: sip:a");
  expect(twice).toContain("where to call: gsm:1");
  expect(twice).toContain("status text: x");
  expect(twice).toContain("status text: counts as absent");
});

test("a fault counts from the input's first byte, wherever the document begins", () => {
  const bytes = utf8("<mrq><ref>a1</ref><cid>46</cid><dty>x</dty></mrq>");
  expect(reportScaip(bytes)).toMatchObject({ ok: false, fault: { field: "dty", at: 36 } });
  expect(reportScaip(bytes, 100)).toMatchObject({ ok: false, fault: { field: "dty", at: 136 } });
  expect(reportScaip(utf8("<mrq><ref>"), 100)).toMatchObject({ ok: false, fault: { kind: "truncated", at: 110 } });
});

test("what a message holds cannot command the terminal", () => {
  const text = shown("<mrq><ref>a1</ref><cid>46</cid><dty>3</dty><dte>\u0085\u202edown&#x9;</dte></mrq>");
  expect(text).toContain("device text: \\u0085\\u202edown");
});

test("the values are those of the decoders, and encoded again they give the same values", () => {
  fc.assert(
    fc.property(anyRequest, anyResponse, (request, response) => {
      for (const [bytes, decoded] of [
        [encodeRequest(request), decodeRequest(encodeRequest(request))],
        [encodeResponse(response), decodeResponse(encodeResponse(response))],
      ] as const) {
        const report = reportScaip(bytes);
        if (!report.ok || !decoded.ok) throw new Error("what we send must be read");
        expect(report.value.values).toEqual(decoded.value);
        expect(reportScaip(encodeScaip(JSON.parse(JSON.stringify(report.value.values))))).toMatchObject({
          ok: true,
          value: { values: decoded.value },
        });
      }
    }),
  );
});

test("no bytes make it throw", () => {
  const piece = fc.constantFrom(
    "<mrq>",
    "</mrq>",
    "<mrs>",
    "<ref>",
    "a1",
    "</ref>",
    "<crd>",
    "</crd>",
    "<lge>",
    "</lge>",
    "&amp;",
    "é",
  );
  const almost = fc.array(piece, { maxLength: 20 }).map((pieces) => utf8(pieces.join("")));
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array({ maxLength: 200 }), almost), (bytes) => {
      const report = reportScaip(bytes);
      if (report.ok) reportText(report.value.lines);
      else expect(report.fault.at).toBeLessThanOrEqual(bytes.length);
    }),
  );
});
