import fc from "fast-check";
import { expect, test } from "vitest";
import { type Element, elementLength, fromBytes, isZero, minus, plus, toBytes, zero } from "./field25519.ts";
import { PowerChain } from "./power25519.ts";
import { multiply, square } from "./product25519.ts";

const p = 2n ** 255n - 19n;
const starts = [0, 22, 43, 64, 85, 107, 128, 149, 170, 192, 213, 234, 255];

function numberOf(bytes: Uint8Array): bigint {
  return bytes.reduceRight((sum, byte) => sum * 256n + BigInt(byte), 0n);
}

function residue(value: bigint): bigint {
  return ((value % p) + p) % p;
}

/** By its numbers, each exact: what no engine may round. */
function sumOf(element: Element): bigint {
  return element.reduce((sum, part) => sum + BigInt(part), 0n);
}

function shown(element: Element): bigint {
  return numberOf(toBytes(element));
}

const edges = [0n, 1n, 18n, 19n, p - 1n, p, p + 1n, 2n ** 255n - 1n, 2n ** 254n].map((value) =>
  Uint8Array.from({ length: 32 }, (_, i) => Number((value >> BigInt(8 * i)) & 255n)),
);
const anyBytes = fc.oneof(fc.uint8Array({ minLength: 32, maxLength: 32 }), fc.constantFrom(...edges));

/** Elements as far out as any that a product is given: `times` half a unit of the next number, this way or that. */
function anyAtBound(times: number): fc.Arbitrary<Element> {
  return fc.array(fc.constantFrom(-1, 1), { minLength: elementLength, maxLength: elementLength }).map((signs) => {
    const element = zero();
    for (let i = 0; i < elementLength; i++) {
      const bits = (starts[i + 1] as number) - 1;
      element[i] = (signs[i] as number) * times * 2 ** bits;
    }
    return element;
  });
}

test("what is written is the number below p, the highest bit apart", () => {
  fc.assert(
    fc.property(anyBytes, (bytes) => {
      expect(shown(fromBytes(bytes))).toBe(residue(numberOf(bytes) & (2n ** 255n - 1n)));
    }),
    { numRuns: 300 },
  );
});

test("sums, differences, products and squares are those of whole numbers", () => {
  fc.assert(
    fc.property(anyBytes, anyBytes, (one, other) => {
      const a = fromBytes(one);
      const b = fromBytes(other);
      const [x, y] = [sumOf(a), sumOf(b)];
      expect(shown(plus(a, b))).toBe(residue(x + y));
      expect(shown(minus(a, b))).toBe(residue(x - y));
      expect(shown(multiply(a, b))).toBe(residue(x * y));
      expect(shown(square(a))).toBe(residue(x * x));
      expect(shown(multiply(plus(a, b), minus(b, plus(a, a))))).toBe(residue((x + y) * (y - 2n * x)));
    }),
    { numRuns: 300 },
  );
});

test("at the bounds of their factors no bit of a product is lost", () => {
  fc.assert(
    fc.property(anyAtBound(4), anyAtBound(3), (a, b) => {
      expect(shown(multiply(a, b))).toBe(residue(sumOf(a) * sumOf(b)));
      expect(shown(square(b))).toBe(residue(sumOf(b) * sumOf(b)));
    }),
    { numRuns: 300 },
  );
  const all = zero();
  for (let i = 0; i < elementLength; i++) all[i] = 2 ** ((starts[i + 1] as number) - 1);
  const four = plus(plus(all, all), plus(all, all));
  expect(shown(multiply(four, plus(plus(all, all), all)))).toBe(residue(12n * sumOf(all) * sumOf(all)));
});

test("a product is fresh: none of its numbers is beyond half of the next unit, but for a little in the second", () => {
  fc.assert(
    fc.property(anyAtBound(4), anyAtBound(3), (a, b) => {
      multiply(a, b).forEach((part, i) => {
        const half = 2 ** ((starts[i + 1] as number) - 1);
        expect(Math.abs(part)).toBeLessThanOrEqual(i === 1 ? half * 1.05 : half);
      });
    }),
  );
});

test("zero is zero however it is written", () => {
  for (const [i, edge] of edges.entries()) expect(isZero(fromBytes(edge))).toBe(i === 0 || i === 5);
  // p itself, as a sum of two that are fresh.
  const half = (less: bigint) =>
    Uint8Array.from({ length: 32 }, (_, i) => Number(((2n ** 254n - less) >> BigInt(8 * i)) & 255n));
  expect(isZero(plus(fromBytes(half(10n)), fromBytes(half(9n))))).toBe(true);
  expect(shown(plus(fromBytes(half(9n)), fromBytes(half(9n))))).toBe(1n);
});

test("a power in steps is the power of whole numbers, and one of them the inverse", () => {
  fc.assert(
    fc.property(anyBytes, fc.boolean(), (bytes, isInverse) => {
      const z = fromBytes(bytes);
      const chain = new PowerChain(z, isInverse);
      let steps = 1;
      while (chain.step()) steps++;
      expect(steps).toBeLessThan(160);
      let expected = 1n;
      let factor = residue(sumOf(z));
      for (let exponent = isInverse ? p - 2n : 2n ** 252n - 3n; exponent > 0n; exponent /= 2n) {
        if (exponent % 2n === 1n) expected = (expected * factor) % p;
        factor = (factor * factor) % p;
      }
      expect(shown(chain.value)).toBe(expected);
    }),
    { numRuns: 30 },
  );
});
