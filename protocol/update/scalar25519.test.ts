import fc from "fast-check";
import { expect, test } from "vitest";
import { digitCount, isBelowOrder, modOrder, signedDigits } from "./scalar25519.ts";

const order = 2n ** 252n + 27742317777372353535851937790883648493n;

function numberOf(bytes: Uint8Array): bigint {
  return bytes.reduceRight((sum, byte) => sum * 256n + BigInt(byte), 0n);
}

function bytesOf(value: bigint, length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => Number((value >> BigInt(8 * i)) & 255n));
}

const wide = [0n, 1n, order - 1n, order, order + 1n, 2n ** 256n - 1n, 2n ** 512n - 1n, order * order, 16n * order - 1n];
const anyWide = fc.oneof(
  fc.uint8Array({ minLength: 64, maxLength: 64 }),
  fc.constantFrom(...wide.map((value) => bytesOf(value, 64))),
  fc.bigInt({ min: 0n, max: 2n ** 259n }).map((times) => bytesOf(times * order - (times > 0n ? 1n : 0n), 64)),
);

test("what is left of 64 bytes is that of whole numbers", () => {
  fc.assert(
    fc.property(anyWide, (bytes) => {
      expect(numberOf(modOrder(bytes))).toBe(numberOf(bytes) % order);
    }),
    { numRuns: 1_000 },
  );
});

test("only a number below the order is below it", () => {
  for (const [value, isBelow] of [
    [0n, true],
    [order - 1n, true],
    [order, false],
    [order + 1n, false],
    [2n ** 252n, true],
    [2n ** 256n - 1n, false],
  ] as const)
    expect(isBelowOrder(bytesOf(value, 32))).toBe(isBelow);
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (bytes) => {
      expect(isBelowOrder(bytes)).toBe(numberOf(bytes) < order);
    }),
  );
});

test("digits stand for their number, are small and odd, and leave three places free", () => {
  fc.assert(
    fc.property(anyWide, (bytes) => {
      const scalar = modOrder(bytes);
      const digits = signedDigits(scalar);
      let sum = 0n;
      let last = -4;
      expect(digits).toHaveLength(digitCount);
      digits.forEach((digit, i) => {
        sum += BigInt(digit) * 2n ** BigInt(i);
        if (digit === 0) return;
        expect(Math.abs(digit % 2)).toBe(1);
        expect(Math.abs(digit)).toBeLessThanOrEqual(7);
        expect(i - last).toBeGreaterThanOrEqual(4);
        last = i;
      });
      expect(sum).toBe(numberOf(scalar));
    }),
    { numRuns: 300 },
  );
});
