import fc from "fast-check";
import { expect, test } from "vitest";
import { newPiece } from "./sheet.ts";

test("every piece is all zero, has its length, and nobody else's bytes, over many sheets and at their bounds", () => {
  const lengths = fc.array(fc.oneof(fc.nat({ max: 600 }), fc.constantFrom(1023, 1024, 1025, 4096, 5000)));
  fc.assert(
    fc.property(lengths, (wanted) => {
      const pieces = wanted.map((length) => newPiece(length));
      for (const [i, piece] of pieces.entries()) {
        expect(piece.length).toBe(wanted[i]);
        expect(piece.every((byte) => byte === 0)).toBe(true);
        piece.fill((i % 255) + 1);
      }
      for (const [i, piece] of pieces.entries()) expect(piece.every((byte) => byte === (i % 255) + 1)).toBe(true);
    }),
  );
});

test("a piece that is longer than 1024 bytes has memory of its own", () => {
  expect(newPiece(1025).buffer.byteLength).toBe(1025);
  expect(newPiece(1024).buffer.byteLength).toBe(4096);
});
