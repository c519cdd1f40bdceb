/** Images, versions and answers for property tests. */
import fc from "fast-check";
import { type ImageHeader, imageLimit } from "./image-header.ts";

const letters = "abcdefghijklmnopqrstuvwxyz0123456789-";

function anyName(maxLength: number): fc.Arbitrary<string> {
  return fc.string({ unit: fc.constantFrom(...letters), minLength: 1, maxLength });
}

const anyWord = fc.integer({ min: 0, max: 0xffffffff });

export const anyImageHeader: fc.Arbitrary<ImageHeader> = fc
  .record({
    board: anyName(16),
    revisions: fc.tuple(fc.nat({ max: 255 }), fc.nat({ max: 255 })),
    region: anyName(4),
    versions: fc.tuple(anyWord, anyWord),
    length: fc.integer({ min: 1, max: imageLimit }),
    sha256: fc.uint8Array({ minLength: 32, maxLength: 32 }),
    keyId: anyWord,
  })
  .map(({ board, revisions: [a, b], region, versions: [one, other], length, sha256, keyId }) => ({
    board,
    leastRevision: Math.min(a, b),
    mostRevision: Math.max(a, b),
    region,
    version: Math.max(one, other),
    leastVersion: Math.min(one, other),
    length,
    sha256,
    keyId,
  }));
