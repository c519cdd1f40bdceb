import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { textOf, utf8 } from "../text/utf8.ts";
import { xmlByteLimit, xmlElementLimit } from "../xml/xml.ts";
import { anyRequest, damaged } from "./arbitraries.ts";
import { type Field, requestFields } from "./fields.ts";
import { refusalOf } from "./refusal.ts";
import { decodeRequest, encodeRequest, minimal, type ScaipRequest } from "./request.ts";

const golden = JSON.parse(readFileSync(new URL("../vectors/scaip/requests.json", import.meta.url), "utf8")) as {
  name: string;
  xml: string;
  value: ScaipRequest;
}[];

const least: ScaipRequest = { ref: "a1", mty: "ME", cid: "4607110231", dty: 3 };

/** A request with these elements, and a `ref`, `cid` and `dty` unless they are among them (those inside `new` do not count). */
function decodeWith(elements: string) {
  const own = elements.replace(/<new>.*<\/new>/, "");
  const rest = [
    ["ref", "a1"],
    ["cid", "4607110231"],
    ["dty", "0003"],
  ].filter(([tag]) => !own.includes("<" + tag));
  return decodeRequest(
    utf8("<mrq>" + rest.map(([tag, text]) => `<${tag}>${text}</${tag}>`).join("") + elements + "</mrq>"),
  );
}

function valueWith(elements: string): ScaipRequest {
  const decoded = decodeWith(elements);
  if (!decoded.ok) throw new Error(JSON.stringify(decoded.fault));
  return decoded.value;
}

function written(bytes: Uint8Array): string {
  return textOf(bytes, 0, bytes.length);
}

function snuWith(elements: string): number {
  const decoded = decodeWith(elements);
  return decoded.ok ? 0 : refusalOf(decoded.fault).snu;
}

test.each(golden)("the published shape of '$name' is read and written byte for byte", ({ xml, value }) => {
  expect(decodeRequest(utf8(xml))).toEqual({ ok: true, value });
  expect(encodeRequest(value)).toEqual(utf8(xml));
});

test("every request comes back as it was sent", () => {
  fc.assert(
    fc.property(anyRequest, (request) => {
      expect(decodeRequest(encodeRequest(request))).toEqual({ ok: true, value: request });
    }),
  );
});

test("no request that was cut off is taken for a whole one", () => {
  fc.assert(
    fc.property(anyRequest, fc.nat(), (request, length) => {
      const bytes = encodeRequest(request);
      expect(decodeRequest(bytes.subarray(0, length % bytes.length)).ok).toBe(false);
    }),
  );
});

test("no bytes make the decoder throw, and what it takes it can send again", () => {
  const damage = damaged(anyRequest.map(encodeRequest));
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array({ maxLength: 300 }), damage), (bytes) => {
      const decoded = decodeRequest(bytes);
      if (!decoded.ok) expect(decoded.fault.at).toBeLessThanOrEqual(bytes.length);
      else expect(decoded.value.ref).not.toBe("");
    }),
    { numRuns: 1000 },
  );
});

test("what real units send is understood: short codes, blanks, any order, an empty number", () => {
  expect(decodeRequest(utf8("<mrq><mty>PI</mty><ref>77</ref><cid>12</cid><dty>2</dty></mrq>\r\n"))).toEqual({
    ok: true,
    value: { ref: "77", mty: "PI", cid: "12", dty: 2 },
  });
  expect(valueWith("<dty>02</dty><did>00</did><stc>102</stc><crd>no-voice:</crd>")).toMatchObject({
    dty: 2,
    did: "00",
    stc: 102,
  });
  expect(valueWith("<stc>010</stc><crd>gsm:</crd>")).toMatchObject({ stc: 10, crd: ["gsm:"] });
  expect(valueWith("<cid> 0701234567</cid><dty>\n0004\t</dty><crd>gsm:+</crd>")).toMatchObject({
    cid: "0701234567",
    dty: 4,
  });
  expect(valueWith("<hbo>1</hbo>").hbo).toBe(1);
  expect(valueWith("<hbo>01</hbo>").hbo).toBe(1);
  expect(valueWith("<hbo>001</hbo>").hbo).toBe(1);
});

test("namespaces, declaration, comments and attributes mean nothing", () => {
  const text = `\ufeff<?xml version="1.0" encoding="UTF-8"?>\n<!-- a --><s:mrq xmlns:s="urn:x>y" a='1'><s:ref>a1</s:ref ><s:cid b="&lt;">4607110231</s:cid><!-- <dty>9</dty> --><s:dty>3</s:dty></s:mrq> <!-- b -->`;
  expect(decodeRequest(utf8(text))).toEqual({ ok: true, value: least });
});

test("a request without a type is a message", () => {
  expect(valueWith("").mty).toBe("ME");
  expect(valueWith("<mty></mty>").mty).toBe("ME");
  expect(valueWith("<mty> PI </mty>").mty).toBe("PI");
});

test("an element that nobody knows is passed over with all it holds", () => {
  expect(valueWith("<mreq>4</mreq><new><ref>zz</ref><deep>1</deep></new>")).toEqual(least);
});

test("an empty optional element counts as absent, also in a list", () => {
  expect(valueWith("<did></did><dco/><stt>  </stt><crd></crd><stc>\n</stc>")).toEqual(least);
  expect(valueWith("<crd/><crd>sip:1</crd><crd> </crd>").crd).toEqual(["sip:1"]);
});

test("a mandatory element that is missing or empty is answered 7, the reference 10", () => {
  expect(snuWith("<cid></cid>")).toBe(7);
  expect(snuWith("<dty> </dty>")).toBe(7);
  expect(snuWith("<ref/>")).toBe(10);
  expect(refusalOf({ kind: "missing", at: 0, field: "dty" }).ste).toBe("dty missing");
  expect(decodeRequest(utf8("<mrq><ref>1</ref></mrq>"))).toMatchObject({ fault: { kind: "missing", field: "cid" } });
});

test("codes outside the tables are taken as they are", () => {
  expect(valueWith("<dty>0999</dty><stc>9999</stc><lco>099</lco><dco>100</dco><ico>1</ico>")).toMatchObject({
    dty: 999,
    stc: 9999,
    lco: 99,
    dco: 100,
    ico: 1,
  });
});

test("wrong content is answered 3, and an unknown type 99", () => {
  for (const wrong of [
    "<ref>a-1</ref>",
    "<cid>46x</cid>",
    "<dty>-3</dty>",
    "<dty>3.0</dty>",
    "<stc>00001</stc>",
    "<did>å</did>",
    "<lva>123</lva>",
    "<hbo>1 1</hbo>",
  ])
    expect([wrong, snuWith(wrong)]).toEqual([wrong, 3]);
  expect(snuWith("<mty>XX</mty>")).toBe(99);
  expect(snuWith("<mty>me</mty>")).toBe(99);
});

test("bytes that are no UTF-8 are wrong content", () => {
  const bytes = utf8("<mrq><ref>a1</ref><cid>1</cid><dty>3</dty><dte>v?nster</dte></mrq>");
  bytes[bytes.indexOf(63)] = 0xe4;
  const decoded = decodeRequest(bytes);
  expect(decoded).toMatchObject({ ok: false, fault: { kind: "unknown-value", field: "dte" } });
});

test("what is not XML, or not a request, is answered 2", () => {
  for (const text of [
    "hello",
    "<mrs><ref>a</ref><snu>0</snu></mrs>",
    "<mrq><ref>a</ref><cid>1</cid><dty>3</dtx></mrq>",
    "<!DOCTYPE mrq><mrq><ref>a</ref><cid>1</cid><dty>3</dty></mrq>",
    '<!DOCTYPE a [<!ENTITY b "c">]><mrq><ref>a</ref><cid>1</cid><dty>3</dty></mrq>',
    "<mrq><ref>&b;</ref><cid>1</cid><dty>3</dty></mrq>",
    "<mrq><ref>a</ref><cid>1</cid><dty>3</dty><a><b><c><d/></c></b></a></mrq>",
    "<mrq><ref>a</ref><cid>1</cid><dty>3</dty><stt>a<b/>c</stt></mrq>",
    "<mrq><ref>a</ref><ref>b</ref><cid>1</cid><dty>3</dty></mrq>",
  ]) {
    const decoded = decodeRequest(utf8(text));
    expect([text, decoded.ok ? 0 : refusalOf(decoded.fault).snu]).toEqual([text, 2]);
  }
});

test("of an optional element that stands twice the first counts", () => {
  expect(valueWith("<stc>1</stc><stc>2</stc><lge><geo>1,2</geo></lge><lge><geo>3,4</geo></lge>")).toMatchObject({
    stc: 1,
    lge: { geo: "1,2" },
  });
});

test("each fault of a body names its rule and its byte", () => {
  const faultIn = (text: string) => {
    const decoded = decodeRequest(utf8(text));
    return decoded.ok ? undefined : decoded.fault;
  };
  expect(faultIn("\n<mrs></mrs>")).toEqual({ kind: "malformed", at: 2, what: "the root element is not mrq" });
  expect(faultIn("<mrq><ref>a</ref><ref>b</ref></mrq>")).toEqual({
    kind: "malformed",
    at: 18,
    what: "ref stands twice",
  });
  expect(faultIn("<mrq><pri>99</pri></mrq>")).toEqual({ kind: "unknown-value", at: 10, field: "pri", value: 99 });
  expect(faultIn("<mrq><ref>a-1</ref></mrq>")).toEqual({ kind: "unknown-value", at: 10, field: "ref", value: "a-1" });
});

test("every field is taken up to its length and refused one beyond it", () => {
  for (const field of requestFields.fields) {
    if (field.content === "group" || field.content === "type") continue;
    const most = filler(field).repeat(field.takes);
    const longer = most + filler(field);
    if (field.most >= Number(most) || field.content !== "number")
      expect([field.tag, snuWith(`<${field.tag}>${most}</${field.tag}>`)]).toEqual([field.tag, 0]);
    expect([field.tag, snuWith(`<${field.tag}>${longer}</${field.tag}>`)]).toEqual([field.tag, 3]);
  }
});

test("characters are counted, not bytes or halves of a pair", () => {
  expect(valueWith(`<dte>${"😀".repeat(32)}</dte>`).dte).toBe("😀".repeat(32));
  expect(snuWith(`<dte>${"😀".repeat(33)}</dte>`)).toBe(3);
});

test("lists, elements and bytes have their bounds", () => {
  expect(valueWith("<crd>sip:</crd>".repeat(8)).crd).toHaveLength(8);
  expect(snuWith("<crd>sip:</crd>".repeat(9))).toBe(3);
  expect(snuWith("<x/>".repeat(xmlElementLimit - 4))).toBe(0);
  expect(snuWith("<x/>".repeat(xmlElementLimit - 3))).toBe(1);
  const whole = encodeRequest(least);
  const padding = xmlByteLimit - whole.length;
  const padded = utf8(written(whole) + " ".repeat(padding));
  expect(decodeRequest(padded).ok).toBe(true);
  const over = decodeRequest(utf8(written(padded) + " "));
  expect(over.ok ? 0 : refusalOf(over.fault).snu).toBe(1);
});

test("escapes of every kind are understood, and special characters survive the way", () => {
  expect(valueWith("<stt>&lt;a&gt; &amp; &quot;&apos;&#229;&#xE4;&#x1F600;</stt>").stt).toBe("<a> & \"'åä😀");
  expect(valueWith("<stt>a<!-- x -->b<![CDATA[<&]]><?p ?>c</stt>").stt).toBe("ab<&c");
  expect(valueWith("<dty>&#48;3</dty>").dty).toBe(3);
  expect(valueWith("<crd>sip:a@b&amp;c</crd>").crd).toEqual(["sip:a@b&c"]);
  expect(valueWith("<stt><![CDATA[]]></stt>")).toEqual(least);
  expect(decodeWith("<dty>3<x/></dty>")).toMatchObject({ fault: { kind: "malformed" } });
});

test("a text that is too long is cut between characters, and control characters become blanks", () => {
  const long = encodeRequest({ ...least, stt: "😀".repeat(40), dte: " a\u0007b\n ", lte: "å".repeat(33) });
  expect(decodeRequest(long)).toEqual({
    ok: true,
    value: { ...least, stt: "😀".repeat(32), dte: "a b", lte: "å".repeat(32) },
  });
});

test("a value that no receiver would take is a mistake of ours and throws", () => {
  for (const wrong of [
    { ref: "" },
    { ref: "a".repeat(17) },
    { ref: "a b" },
    { cid: "1".repeat(17) },
    { dty: 10000 },
    { dty: -1 },
    { dty: 1.5 },
    { did: "123456789" },
    { pri: 10 },
    { crd: new Array(9).fill("sip:") },
    { crd: ["sip:" + "a".repeat(253)] },
  ])
    expect(() => encodeRequest({ ...least, ...wrong })).toThrow("scaip: ");
  expect(() => encodeRequest({ ...least, pri: 10 })).toThrow("scaip: pri cannot be 10");
  expect(() => encodeRequest({ ...least, ref: "a b" })).toThrow("scaip: ref cannot be a b");
  expect(() => encodeRequest({ ...least, crd: Array(9).fill("sip:") })).toThrow("scaip: crd cannot be this list");
});

test("a message without what is mandatory, or longer than any reader takes, is a mistake of ours and throws", () => {
  expect(() => encodeRequest({ ...least, cid: undefined } as never)).toThrow("scaip: cid is missing");
  expect(() => encodeRequest({ ...least, crd: Array(8).fill("&".repeat(256)) })).toThrow(
    "longer than any reader takes",
  );
  expect(encodeRequest({ ...least, crd: Array(3).fill("&".repeat(256)) }).length).toBeLessThan(xmlByteLimit);
});

test("a text of blanks alone is not sent", () => {
  expect(encodeRequest({ ...least, stt: " \n ", lte: "" })).toEqual(encodeRequest(least));
});

test("zero is left out where it means nothing, and kept where it is a value", () => {
  expect(written(encodeRequest({ ...least, sco: 0, hbo: 0, ame: 0, cha: 0, pri: 0 }))).toBe(
    "<mrq><ref>a1</ref><cha>0</cha><mty>ME</mty><cid>4607110231</cid><dty>0003</dty><pri>0</pri></mrq>",
  );
});

test("the minimal message keeps what is mandatory, the status, and a type other than the default", () => {
  const full: ScaipRequest = { ...least, ver: "01.00", did: "1", stc: 10, stt: "x", crd: ["sip:"] };
  expect(written(encodeRequest(minimal(full)))).toBe(
    "<mrq><ref>a1</ref><cid>4607110231</cid><dty>0003</dty><stc>0010</stc></mrq>",
  );
  expect(minimal({ ...full, mty: "RE" }).mty).toBe("RE");
});

function filler(field: Field): string {
  return field.content === "text" ? "å" : "1";
}
