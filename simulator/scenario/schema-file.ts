/** The keys that join scenario files: what is included, and which parameters its values may name. */
import { z } from "zod";
import { list, text } from "./schema-parts.ts";

/** Files that one scenario may include, direct and indirect. */
export const mostIncludes = 8;
export const longestParameter = 200;
export const parameterNamePattern = /^[a-z][a-z0-9-]{0,39}$/;
const includePattern = /^[^/\\:][^\\:]{0,195}\.ya?ml$/;
/** Holds no `${`. */
const plainPattern = /^(?:[^$]|\$+[^${])*\$*$/;
const valueError = { error: `a number, true, false, or text of at most ${longestParameter} characters without "\${"` };
const bound = 1_000_000_000_000;
const plainText = z
  .string(valueError)
  .min(1, valueError)
  .max(longestParameter, valueError)
  .regex(plainPattern, valueError);

export const schemaAddress = z.string({ error: "text" }).describe("Where editors find this schema.");

export const include = list(
  text(includePattern, 'a path from this file on, such as "parts/town.yaml"'),
  0,
  mostIncludes,
).describe("Files whose world, fleet, faults and so on belong to this scenario too; paths from this file on.");

export const parameters = z
  .record(
    text(parameterNamePattern, "a name in small letters, digits and hyphens"),
    z.union([z.number().min(-bound, valueError).max(bound, valueError), z.boolean(), plainText], valueError),
    { error: "parameters by name" },
  )
  .describe(
    `Names that values may hold as "\${name}", each with its default; livlina sim run --set name=value sets another.`,
  );

/** What is read of each file before anything else. */
export const fileHead = z.object({
  $schema: schemaAddress.optional(),
  include: include.optional(),
  parameters: parameters.optional(),
});
