import fc from "fast-check";
import { expect, test } from "vitest";
import { buttonForms } from "../../protocol/radio/button-flags.ts";
import { type Label, labelCode, readLabelCode } from "./label-code.ts";

const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const anyLabel: fc.Arbitrary<Label> = fc.record({
  address: fc.integer({ min: 1, max: 0xffff_ffff }),
  form: fc.constantFrom(...buttonForms),
  key: fc.uint8Array({ minLength: 16, maxLength: 16 }),
});
const bare = (label: Label): string => labelCode(label).replaceAll(" ", "");

test("a label reads as it was printed, however it is typed", () => {
  fc.assert(
    fc.property(anyLabel, fc.constantFrom(" ", "-", ""), fc.boolean(), (label, between, small) => {
      const code = labelCode(label);
      expect(code).toMatch(/^([0-9A-HJKMNP-TV-Z]{5}( |$)){8}$/);
      const typed = code.replaceAll(" ", between).replaceAll("0", "O").replaceAll("1", "l");
      expect(readLabelCode(small ? typed.toLowerCase() : typed)).toEqual({ ok: true, value: label });
    }),
  );
});

test("no wrong character, no two that changed places and no wrong group of a label is taken", () => {
  const slip = fc.record({ at: fc.nat(39), by: fc.integer({ min: 1, max: 31 }) });
  fc.assert(
    fc.property(anyLabel, slip, anyLabel, (label, { at, by }, other) => {
      const code = bare(label);
      const wrong = alphabet.charAt((alphabet.indexOf(code.charAt(at)) + by) % 32);
      const swapped = code.slice(0, at) + (code[at + 1] ?? "") + code.charAt(at) + code.slice(at + 2);
      const group = Math.floor(at / 5) * 5;
      const mixed = code.slice(0, group) + bare(other).slice(group, group + 5) + code.slice(group + 5);
      for (const typed of [code.slice(0, at) + wrong + code.slice(at + 1), swapped, mixed])
        if (typed !== code) expect(readLabelCode(typed).ok).toBe(false);
    }),
  );
});

test("no text makes the reader throw, and a fault says where", () => {
  fc.assert(fc.property(fc.string(), (text) => void readLabelCode(text)));
  const code = labelCode({ address: 1, form: "wrist", key: new Uint8Array(16) });
  expect(readLabelCode(`${code.slice(0, 6)}U${code.slice(7)}`)).toMatchObject({ fault: { kind: "malformed", at: 5 } });
  expect(readLabelCode(code.slice(0, -1))).toMatchObject({ fault: { at: 39 } });
});
