import { generateKeyPairSync, sign } from "node:crypto";
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { Ed25519Check, verifyEd25519 } from "./ed25519.ts";

interface Vector {
  readonly name: string;
  readonly key: string;
  readonly message: string;
  readonly signature: string;
  readonly good: boolean;
}

const vectors = JSON.parse(
  readFileSync(new URL("../vectors/update/ed25519.json", import.meta.url), "utf8"),
) as readonly Vector[];

function bytes(hex: string): Uint8Array {
  return Uint8Array.from(Buffer.from(hex, "hex"));
}

function pair(): { readonly key: Uint8Array; readonly sealed: (message: Uint8Array) => Uint8Array } {
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  const key = Uint8Array.from(publicKey.export({ format: "der", type: "spki" }).subarray(-32));
  return { key, sealed: (message) => Uint8Array.from(sign(null, message, privateKey)) };
}

test("published signatures are good, and what could be taken for one is not", () => {
  expect(vectors.filter(({ good }) => good)).toHaveLength(4);
  for (const { name, key, message, signature, good } of vectors)
    expect({ name, good: verifyEd25519(bytes(key), bytes(signature), bytes(message)) }).toEqual({ name, good });
});

test("what another implementation signs is good, and is bad with any one bit of it turned", () => {
  const { key, sealed } = pair();
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 1, maxLength: 200 }),
      fc.nat(),
      fc.nat({ max: 7 }),
      (message, place, bit) => {
        const signature = sealed(message);
        expect(verifyEd25519(key, signature, message)).toBe(true);
        const all = [signature, key, message].map((part) => Uint8Array.from(part)) as [
          Uint8Array,
          Uint8Array,
          Uint8Array,
        ];
        const at = place % (96 + message.length);
        const [part, index] = at < 64 ? [all[0], at] : at < 96 ? [all[1], at - 64] : [all[2], at - 96];
        part[index] = (part[index] as number) ^ (1 << bit);
        expect(verifyEd25519(all[1], all[0], all[2])).toBe(false);
      },
    ),
    { numRuns: 25 },
  );
});

test("keys of all kinds are read: what each has signed is good under it alone", () => {
  const message = new Uint8Array(76).map((_, i) => i);
  let before = pair();
  for (let i = 0; i < 20; i++) {
    const next = pair();
    expect(verifyEd25519(next.key, next.sealed(message), message)).toBe(true);
    if (i % 5 === 0) expect(verifyEd25519(before.key, next.sealed(message), message)).toBe(false);
    before = next;
  }
});

/** How many elements of the field each step makes: one for every product, sum and difference. */
function elementsPerStep(check: Ed25519Check): number[] {
  const plain = globalThis.Float64Array;
  let made = 0;
  globalThis.Float64Array = new Proxy(plain, {
    construct: (target, given, as) => {
      made++;
      return Reflect.construct(target, given, as) as object;
    },
  });
  try {
    const counts: number[] = [];
    for (let standing = "more"; standing === "more"; ) {
      made = 0;
      standing = check.step();
      counts.push(made);
    }
    return counts;
  } finally {
    globalThis.Float64Array = plain;
  }
}

test("a check has fewer than 2,000 steps, of which none makes more than a dozen elements of the field, and nearly all seven at most", () => {
  for (const { key, message, signature } of vectors.filter(({ good }) => good)) {
    const check = new Ed25519Check(bytes(key), bytes(signature), bytes(message));
    const counts = elementsPerStep(check);
    expect(counts.length).toBeLessThan(2_000);
    expect(Math.max(...counts)).toBeLessThanOrEqual(12);
    expect(counts.filter((count) => count > 7).length).toBeLessThanOrEqual(12);
    expect(counts.reduce((sum, count) => sum + count)).toBeGreaterThan(3_000);
    expect(check.step()).toBe("good");
  }
});
