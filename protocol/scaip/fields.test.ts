import { expect, test } from "vitest";
import { type Field, requestFields, responseFields } from "./fields.ts";

const documents = [requestFields, responseFields];
const everyField: Field[] = documents.flatMap((document) =>
  document.fields.flatMap((field) => [field, ...field.inner]),
);

test("the tables hold the elements of the standard, in its order", () => {
  expect(requestFields.fields.map((field) => field.tag).join(" ")).toBe(
    "ref ver sco cha mty hbo cid dty did dco dte crd stc stt pri lco lva lge lte ico ite ame",
  );
  expect(requestFields.fields.filter((field) => field.mandatory).map((field) => field.tag)).toEqual([
    "ref",
    "cid",
    "dty",
  ]);
  expect(responseFields.fields.map((field) => field.tag).join(" ")).toBe("ref snu ste cve mre cre tnu hbi");
  expect(responseFields.fields.filter((field) => field.mandatory).map((field) => field.tag)).toEqual(["ref", "snu"]);
});

test("what may be sent may be taken, and every row has a bit and a key of its own", () => {
  for (const field of everyField) expect(field.takes).toBeGreaterThanOrEqual(field.sends);
  for (const document of documents) {
    expect(document.fields.length).toBeLessThanOrEqual(31);
    expect(new Set(document.fields.map((field) => field.key)).size).toBe(document.fields.length);
  }
});

test("the codes have the widths of the standard", () => {
  const widths = everyField.filter((field) => field.width > 0).map((field) => field.tag + field.width);
  expect(widths).toEqual(["hbo3", "dty4", "dco3", "stc4", "lco3", "ico3", "cre2"]);
});

test("the lengths are those of the standard, or the shorter one to send and the longer one to take", () => {
  const lengths = everyField
    .filter((field) => field.content !== "group")
    .map((field) => [field.tag, field.sends, field.takes]);
  expect(lengths.map((row) => row.join(" ")).join(", ")).toBe(
    "ref 16 16, ver 5 16, sco 1 2, cha 1 2, mty 2 2, hbo 3 3, cid 16 32, dty 4 4, did 8 16, dco 3 3, dte 32 32, " +
      "crd 256 256, stc 4 4, stt 32 32, pri 1 2, lco 3 3, lva 2 2, geo 23 32, tim 22 32, gga 81 96, lte 32 32, " +
      "ico 3 3, ite 128 128, ame 4 4, ref 16 16, snu 3 5, ste 128 128, cve 5 16, mre 1 2, cre 2 2, tnu 256 256, hbi 4 4",
  );
});
