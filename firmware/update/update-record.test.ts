import fc from "fast-check";
import { expect, test } from "vitest";
import { anyImageHeader } from "../../protocol/update/arbitraries.ts";
import { keepUpdate, keptStages, keptUpdate, whys } from "./update-record.ts";
import { type KeptUpdate, nothingKept } from "./update-state.ts";

const anyKept: fc.Arbitrary<KeptUpdate> = fc
  .record({
    stage: fc.constantFrom(...keptStages),
    header: anyImageHeader,
    offset: fc.nat({ max: 0xffffffff }),
    attempts: fc.nat({ max: 255 }),
    radioDue: fc.boolean(),
    faultsBefore: fc.nat({ max: 1_023 }),
    why: fc.constantFrom(...whys),
    canGoBack: fc.boolean(),
    failed: fc.nat({ max: 0xffffffff }),
    failedWhy: fc.constantFrom(...whys),
  })
  .map((kept) => (kept.stage === "none" ? { ...kept, header: undefined } : kept));

function written(kept: KeptUpdate): Uint8Array {
  let bytes = new Uint8Array(0);
  keepUpdate(
    {
      write: (_kind, _key, given) => {
        bytes = new Uint8Array(given);
        return true;
      },
    },
    kept,
  );
  return bytes;
}

test("what an update keeps comes back from the journal", () => {
  fc.assert(
    fc.property(anyKept, (kept) => {
      const bytes = written(kept);
      expect(keptUpdate({ read: () => bytes })).toEqual(kept);
    }),
  );
  expect(keptUpdate({ read: () => undefined })).toEqual(nothingKept);
});

test("what is cut short, of a later format or no record at all counts as nothing, and never throws", () => {
  fc.assert(
    fc.property(anyKept, fc.nat(), fc.uint8Array({ maxLength: 120 }), (kept, place, noise) => {
      const bytes = written(kept);
      const length = place % bytes.length;
      // Without its header the plain part of a record that has none is whole.
      if (length !== 18 || kept.stage !== "none")
        expect(keptUpdate({ read: () => bytes.subarray(0, length) })).toEqual(nothingKept);
      bytes[0] = 2;
      expect(keptUpdate({ read: () => bytes })).toEqual(nothingKept);
      keptUpdate({ read: () => noise });
    }),
  );
});

test("a journal that takes nothing is told of", () => {
  expect(keepUpdate({ write: () => false }, nothingKept)).toBe(false);
});
