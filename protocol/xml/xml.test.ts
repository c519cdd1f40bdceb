import fc from "fast-check";
import { expect, test } from "vitest";
import { utf8 } from "../text/utf8.ts";
import { nameKey, XmlElements, xmlByteLimit, xmlDepthLimit, xmlElementLimit } from "./xml.ts";

const elements = new XmlElements();

function faultOf(text: string) {
  return elements.read(utf8(text));
}

/** Text of each element that holds no other, in document order. */
function leaves(text: string): string[] {
  const fault = faultOf(text);
  if (fault !== undefined) throw new Error(JSON.stringify(fault));
  const found: string[] = [];
  for (let i = 0; i < elements.count; i++) {
    const leaf = elements.text(i);
    if (leaf.ok) found.push(leaf.value);
  }
  return found;
}

test("elements are listed in the order of their start tags, with the element around them", () => {
  expect(faultOf("<a><b>1</b><c><d>2</d></c><e/></a>")).toBeUndefined();
  expect([...elements.parent.subarray(0, elements.count)]).toEqual([-1, 0, 0, 2, 0]);
  expect([...elements.key.subarray(0, elements.count)]).toEqual(["a", "b", "c", "d", "e"].map(nameKey));
  expect([0, 1, 2, 3, 4].map((index) => elements.isGroup(index))).toEqual([true, false, true, false, false]);
});

test("the key of a short name is its own, whatever longer names there are", () => {
  expect(faultOf("<a><xref/><refs/><p:ref/><pref:x/><fer/></a>")).toBeUndefined();
  const keys = [...elements.key.subarray(1, elements.count)];
  expect(keys.map((key) => key === nameKey("ref"))).toEqual([false, false, true, false, false]);
});

test("blanks around a text are left off, those inside are kept", () => {
  expect(leaves("<a> \r\n\t b  c\n </a>")).toEqual(["b  c"]);
  expect(leaves("<a>  </a>")).toEqual([""]);
});

test("references, comments, CDATA and instructions inside a text become what they mean", () => {
  expect(leaves("<a>&amp;&lt;&gt;&quot;&apos;&#65;&#x42;&#x1f600;&#0000000067;</a>")).toEqual(["&<>\"'AB😀C"]);
  expect(leaves("<a> <!-- <b> --> x <![CDATA[ <&]] ]]>y<?z <c> ?> </a>")).toEqual(["x  <&]] y"]);
});

test("what could expand or fetch something is refused at its place", () => {
  expect(faultOf('<!DOCTYPE a SYSTEM "http://example.net/x"><a/>')).toMatchObject({ kind: "malformed", at: 2 });
  expect(faultOf("<a>x&bomb;</a>")).toMatchObject({ kind: "malformed", at: 4 });
  expect(faultOf('<a b="&bomb;"/>')).toMatchObject({ kind: "malformed", at: 6 });
  expect(faultOf("<a><!ENTITY b 'c'></a>")).toMatchObject({ kind: "malformed", at: 5 });
});

test("references that are none, or name no character, are refused", () => {
  for (const wrong of [
    "&",
    "&;",
    "&amp",
    "&AMP;",
    "&#;",
    "&#x;",
    "&#xg;",
    "&#0;",
    "&#1;",
    "&#xd800;",
    "&#x110000;",
    "&#xfffe;",
    "&#00000000065;",
    "&#X41;",
  ])
    expect([wrong, faultOf("<a>" + wrong + "</a>")]).toEqual([
      wrong,
      expect.objectContaining({ kind: "malformed", at: 3 }),
    ]);
});

test("shapes that are no XML are refused", () => {
  for (const wrong of [
    "x",
    "x<a/>",
    "<a/>x",
    "<a/><b/>",
    "</a>",
    "<a></b>",
    "<a></ab>",
    "<ab></a>",
    "<p:a></a>",
    "<a></ a>",
    "<>",
    "< a/>",
    "<a b></a>",
    "<a b=c></a>",
    "<a b='<'></a>",
    "<a b='c'd='e'></a>",
    "<a / ></a>",
    "<a><b></a></b>",
    "<a>\u0001</a>",
    "<![CDATA[x]]><a/>",
    "<a=/>",
    "<p:/>",
  ])
    expect([wrong, faultOf(wrong)?.kind]).toEqual([wrong, "malformed"]);
});

test("a document that ends too early says so", () => {
  for (const cut of [
    "",
    " ",
    "<",
    "<a",
    "<a ",
    "<a b",
    "<a b=",
    "<a b='c",
    "<a/",
    "<a>",
    "<a>x",
    "<a><",
    "<a></",
    "<a></a",
    "<!--",
    "<?x",
    "<a><![CDATA[x]]",
  ])
    expect([cut, faultOf(cut)]).toEqual([cut, { kind: "truncated", at: cut.length }]);
});

test("a text with elements inside is not a text, and bytes that are no UTF-8 are found", () => {
  faultOf("<a>x<b/>y</a>");
  expect(elements.text(0)).toMatchObject({ ok: false, fault: { kind: "malformed" } });
  for (const wrong of [[0xe4], [0xc3], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xff], [0xf4, 0x90, 0x80, 0x80]]) {
    elements.read(Uint8Array.from([...utf8("<a>x"), ...wrong, ...utf8("y</a>")]));
    expect(elements.text(0).ok).toBe(false);
    elements.read(Uint8Array.from([...utf8("<a>&amp;x"), ...wrong, ...utf8("y</a>")]));
    expect(elements.text(0).ok).toBe(false);
    elements.read(Uint8Array.from([...utf8("<a><![CDATA[x"), ...wrong, ...utf8("y]]></a>")]));
    expect(elements.text(0).ok).toBe(false);
  }
});

test("depth, elements and bytes are bounded", () => {
  const nested = (depth: number) => "<a>".repeat(depth) + "</a>".repeat(depth);
  expect(faultOf(nested(xmlDepthLimit))).toBeUndefined();
  expect(faultOf(nested(xmlDepthLimit + 1))).toMatchObject({
    kind: "too-long",
    limit: xmlDepthLimit,
    at: 3 * xmlDepthLimit + 1,
  });
  expect(faultOf("<a>" + "<b/>".repeat(xmlElementLimit - 1) + "</a>")).toBeUndefined();
  expect(faultOf("<a>" + "<b/>".repeat(xmlElementLimit) + "</a>")).toMatchObject({
    kind: "too-long",
    limit: xmlElementLimit,
  });
  expect(faultOf("<a>" + "x".repeat(xmlByteLimit - 7) + "</a>")).toBeUndefined();
  expect(faultOf("<a>" + "x".repeat(xmlByteLimit - 6) + "</a>")).toMatchObject({
    kind: "too-long",
    limit: xmlByteLimit,
  });
});

test("no bytes make it throw, and every fault lies inside the document", () => {
  const pieces = fc.constantFrom(
    "<a>",
    "</a>",
    "<b/>",
    "<!--",
    "-->",
    "<![CDATA[",
    "]]>",
    "<?",
    "?>",
    "&amp;",
    "&",
    "<",
    ">",
    " x='1'",
    "å",
    "x",
    " ",
  );
  const documents = fc.oneof(
    fc.array(pieces, { maxLength: 20 }).map((list) => utf8(list.join(""))),
    fc.uint8Array({ maxLength: 80 }),
  );
  fc.assert(
    fc.property(documents, (bytes) => {
      const fault = elements.read(bytes);
      if (fault !== undefined) expect(fault.at).toBeLessThanOrEqual(bytes.length);
      else for (let i = 0; i < elements.count; i++) elements.text(i);
    }),
    { numRuns: 2000 },
  );
});

test("no document makes it look at its bytes more than a few times each", () => {
  const nasty = [
    "<",
    "&",
    "<a",
    "<a ",
    "<a b='",
    "<a b=''",
    "<!--",
    "<!-- -",
    "<![CDATA[",
    "]]",
    "</",
    "<?",
    "&#0000",
    "<a>&amp;",
    " ",
    "x",
    "<b/>",
  ];
  for (const piece of nasty)
    for (const start of ["", "<a>", "<a b='", "<a><!--"]) {
      const bytes = utf8((start + piece.repeat(xmlByteLimit)).substring(0, xmlByteLimit));
      let looks = 0;
      const counting = new Proxy(bytes, {
        get(target, name) {
          looks++;
          return Reflect.get(target, name, target);
        },
      });
      elements.read(counting);
      expect(looks).toBeLessThan(12 * xmlByteLimit);
    }
});
