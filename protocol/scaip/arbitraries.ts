/** Any SCAIP request and response that can be sent, in the form in which it comes back (tests only). */
import fc from "fast-check";
import { type Field, mediaLimit, requestFields, responseFields } from "./fields.ts";
import type { ScaipRequest } from "./request.ts";
import type { ScaipResponse } from "./response.ts";

const alphanumeric = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

function stringOf(characters: string, most: number): fc.Arbitrary<string> {
  return fc.string({ unit: fc.constantFrom(...characters), minLength: 1, maxLength: most });
}

function withoutEdges(text: string): string {
  let clean = "";
  for (const character of text) clean += character < " " ? "_" : character;
  return clean.trim() === "" ? "x" : clean.replace(/^ +| +$/g, "_");
}

/** Any character but halves of pairs; plain letters and markup as often as all the rest. */
export const anyCharacter: fc.Arbitrary<string> = fc
  .oneof(
    fc.integer({ min: 32, max: 126 }),
    fc.constantFrom(38, 60, 62, 229),
    fc.integer({ min: 0, max: 0xd7ff }),
    fc.integer({ min: 0xe000, max: 0x10ffff }),
  )
  .map((code) => String.fromCodePoint(code));

const printableCharacter = fc.integer({ min: 32, max: 126 }).map((code) => String.fromCharCode(code));

function valueOfField(field: Field): fc.Arbitrary<unknown> {
  switch (field.content) {
    case "token":
      return stringOf(alphanumeric, field.sends);
    case "digits":
      return stringOf("0123456789", field.sends);
    case "type":
      return fc.constantFrom("ME", "RE", "IN", "PI");
    case "number":
      return fc.integer({ min: field.zeroIsAbsent ? 1 : field.least, max: field.most });
    case "printable":
      return fc
        .string({ unit: printableCharacter, minLength: 1, maxLength: Math.min(field.sends, 60) })
        .map(withoutEdges);
    case "text":
      return fc.string({ unit: anyCharacter, minLength: 1, maxLength: field.sends }).map(withoutEdges);
    case "group":
      return valuesOf(field.inner);
  }
}

function valuesOf(fields: readonly Field[]): fc.Arbitrary<Record<string, unknown>> {
  const model: Record<string, fc.Arbitrary<unknown>> = {};
  for (const field of fields) {
    const one = valueOfField(field);
    model[field.tag] = field.times > 1 ? fc.array(one, { minLength: 1, maxLength: mediaLimit }) : one;
  }
  const requiredKeys = fields.filter((field) => field.mandatory).map((field) => field.tag);
  return fc.record(model, { requiredKeys });
}

/** A request as a decoder answers it: the type is always there. */
export const anyRequest: fc.Arbitrary<ScaipRequest> = valuesOf(requestFields.fields).map(
  (values) => ({ mty: "ME", ...values }) as unknown as ScaipRequest,
);

export const anyResponse: fc.Arbitrary<ScaipResponse> = valuesOf(responseFields.fields).map(
  (values) => values as unknown as ScaipResponse,
);

/** A document with one byte changed, left out, doubled or put in. */
export function damaged(document: fc.Arbitrary<Uint8Array>): fc.Arbitrary<Uint8Array> {
  const how = fc.constantFrom("change", "drop", "insert", "cut");
  return fc.tuple(document, fc.nat(), fc.integer({ min: 0, max: 255 }), how).map(([bytes, where, byte, what]) => {
    const at = where % bytes.length;
    const before = bytes.subarray(0, at);
    if (what === "cut") return Uint8Array.from(before);
    if (what === "insert") return Uint8Array.from([...before, byte, ...bytes.subarray(at)]);
    return Uint8Array.from([...before, ...(what === "change" ? [byte] : []), ...bytes.subarray(at + 1)]);
  });
}
