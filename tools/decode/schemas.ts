/**
 * What `livlina decode KIND --json` prints, as one table per kind. The JSON Schema that `livlina decode schema KIND` publishes is made
 * from it, so the two cannot differ. Closed: a property that is not here is never printed.
 */
import { z } from "zod";
import type { Field } from "../../protocol/scaip/fields.ts";
import { requestFields, responseFields } from "../../protocol/scaip/fields.ts";
import { atSchema } from "./schemas-at.ts";
import { hex, whole } from "./schemas-parts.ts";
import { radioSchema } from "./schemas-radio.ts";

const at = whole(0).describe("Byte offset in the input.");

function scaipValue(field: Field): z.ZodType {
  switch (field.content) {
    case "number":
      return whole(field.least, field.most);
    case "type":
      return z.enum(["ME", "RE", "IN", "PI"]);
    case "group":
      return scaipObject(field.inner);
    default: {
      const text = z.string().min(1).describe(`At most ${field.takes} characters.`);
      return field.times > 1 ? z.array(text).min(1).max(field.times) : text;
    }
  }
}

function scaipObject(fields: readonly Field[], always: readonly string[] = []): z.ZodType {
  const entries = fields.map((field): [string, z.ZodType] => {
    const value = scaipValue(field);
    return [field.tag, field.mandatory || always.includes(field.tag) ? value : value.optional()];
  });
  return z.strictObject(Object.fromEntries(entries));
}

const scaipSchema = z.union([
  scaipObject(requestFields.fields, ["mty"]).describe("mrq, SS 91100 table 1: elements by tag, codes as numbers."),
  scaipObject(responseFields.fields).describe("mrs, SS 91100 table 2."),
]);

const params = z.array(z.strictObject({ name: z.string(), value: z.string().optional() }));
const nameAddress = z.strictObject({
  display: z.string().optional(),
  uri: z.string(),
  tag: z.string().optional(),
  params,
});
const sipCommon = {
  via: z
    .array(
      z.strictObject({
        transport: z.string(),
        host: z.string(),
        port: whole(0, 65_535).optional(),
        branch: z.string(),
        received: z.string().optional(),
        rport: whole(0, 65_535).optional(),
        params,
      }),
    )
    .min(1),
  from: nameAddress,
  to: nameAddress,
  callId: z.string(),
  cseq: whole(0, 4_294_967_295),
  cseqMethod: z.string(),
  contentType: z.string().optional(),
  headers: z.array(z.strictObject({ name: z.string(), value: z.string() })),
  body: z.string().optional(),
  bodyHex: hex().describe("In place of body where that is not UTF-8.").optional(),
  scaip: scaipSchema.optional(),
};
const sipSchema = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("request"),
    method: z.string(),
    uri: z.string(),
    maxForwards: whole(0, 255).optional(),
    ...sipCommon,
  }),
  z.strictObject({ kind: z.literal("response"), status: whole(100, 699), reason: z.string(), ...sipCommon }),
]);

const consoleSchema = z.strictObject({
  lines: z
    .array(
      z.strictObject({
        at,
        speaker: z.enum(["tool", "unit"]),
        sequence: whole(0),
        atMs: whole(0),
        message: z
          .looseObject({ type: z.string() })
          .describe("A command or event of protocol/console/README.md; bytes are hexadecimal text."),
      }),
    )
    .min(1),
});

const fault = { at, reason: z.string(), valid: z.literal(false) };
const invalidSchema = z.strictObject({
  ...fault,
  fault: z.discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("truncated"), at }),
    z.strictObject({ kind: z.literal("too-long"), at, what: z.string(), limit: whole(0) }),
    z.strictObject({
      kind: z.literal("unknown-value"),
      at,
      field: z.string(),
      value: z.union([z.string(), z.number()]),
    }),
    z.strictObject({ kind: z.literal("missing"), at, field: z.string() }),
    z.strictObject({ kind: z.literal("malformed"), at, what: z.string() }),
    z.strictObject({ kind: z.literal("not-authentic"), at, what: z.string() }),
  ]),
});

const valid: Readonly<Record<string, z.ZodType>> = {
  scaip: scaipSchema,
  sip: sipSchema,
  radio: radioSchema,
  at: atSchema,
  console: consoleSchema,
};

export const schemaKinds: readonly string[] = Object.keys(valid);

/** Either the values, or why there are none. Throws for a kind that is none of `schemaKinds`: a mistake of ours. */
export function decodeSchema(kind: string): z.ZodType {
  const values = valid[kind];
  if (values === undefined) throw new Error(`decode: no schema of ${kind}`);
  return z.union([values, invalidSchema]);
}

/** JSON Schema (draft 2020-12) of what `livlina decode KIND --json` prints. */
export function decodeJsonSchema(kind: string): object {
  const { $schema, ...rest } = z.toJSONSchema(decodeSchema(kind));
  return { $schema, title: `livlina decode ${kind} --json`, ...rest };
}
