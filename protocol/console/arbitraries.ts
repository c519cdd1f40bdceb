/** Random lines and messages of the service line, for tests. */
import fc from "fast-check";
import type { ConsoleField, ConsoleRow } from "./fields.ts";
import { type ConsoleFrame, latestMs } from "./frame.ts";
import { type ConsoleCommand, type ConsoleEvent, commandRows, eventRows } from "./messages.ts";

const textCharacter = fc
  .integer({ min: 0x20, max: 0x7e })
  .map((code) => (code === 0x2a ? "+" : String.fromCharCode(code)));

export const anyFrame: fc.Arbitrary<ConsoleFrame> = fc.record({
  speaker: fc.constantFrom("tool" as const, "unit" as const),
  sequence: fc.nat(0xffffffff),
  atMs: fc.nat(latestMs),
  text: fc
    .array(textCharacter, { minLength: 1, maxLength: 100 })
    .map((characters) => characters.join(""))
    .filter((text) => !text.startsWith(" ")),
});

const nameCharacter = fc.constantFrom(..."abcxyzABCXYZ0189.-");

function anyValue(field: ConsoleField): fc.Arbitrary<unknown> {
  switch (field.kind) {
    case "number":
      return fc.oneof(fc.constantFrom(0, field.most), fc.nat(field.most));
    case "word":
      return fc.constantFrom(...field.words);
    case "text":
      return fc
        .array(nameCharacter, { maxLength: field.most })
        .map((characters) => characters.join(""))
        .filter((text) => text !== "-");
    case "hex":
      return fc.uint8Array({ maxLength: field.most });
  }
}

function anyOf(rows: readonly ConsoleRow[]): fc.Arbitrary<unknown> {
  return fc.oneof(
    ...rows.map((row) =>
      fc.record({
        type: fc.constant(row.type),
        ...Object.fromEntries(row.fields.map((field) => [field.name, anyValue(field)])),
      }),
    ),
  );
}

export const anyCommand = anyOf(commandRows) as fc.Arbitrary<ConsoleCommand>;
export const anyEvent = anyOf(eventRows) as fc.Arbitrary<ConsoleEvent>;
