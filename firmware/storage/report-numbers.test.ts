import fc from "fast-check";
import { expect, test } from "vitest";
import { refOf, stemOf } from "../../protocol/scaip/stem.ts";
import { Stream } from "../../simulator/core/prng.ts";
import { NorFlash } from "../../simulator/flash.ts";
import type { Secrets } from "../ports/secrets.ts";
import { Journal } from "./journal.ts";
import { identityKind } from "./record-kinds.ts";
import { blockSize, ReportNumbers } from "./report-numbers.ts";

function chip(): NorFlash {
  const chance = new Stream(1, "cells", 0);
  return new NorFlash({ sectorSize: 2048, sectorCount: 4, programUnit: 4, below: (limit) => chance.below(limit) });
}

function secretsOf(seed: number): Secrets {
  const chance = new Stream(seed, "secrets", 0);
  return {
    random: (into) => chance.fill(into),
    aes: () => () => undefined,
  };
}

function failing(flash: NorFlash): void {
  for (let sector = 0; sector < flash.sectorCount; sector++) flash.fail(sector);
}

test("a name is never given twice, however often the unit restarts", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 150 }), { minLength: 1, maxLength: 8 }), (lives) => {
      const flash = chip();
      const given = new Set<string>();
      for (const [life, count] of lives.entries()) {
        const numbers = new ReportNumbers(new Journal(flash), secretsOf(life + 1));
        for (let i = 0; i < count; i++) {
          const stem = stemOf(numbers.prefix, numbers.next());
          expect(given.has(stem)).toBe(false);
          given.add(stem);
        }
      }
    }),
    { numRuns: 40 },
  );
});

test("the five characters are drawn once and kept", () => {
  const flash = chip();
  const first = new ReportNumbers(new Journal(flash), secretsOf(1));
  expect(first.prefix).toHaveLength(5);
  expect(new ReportNumbers(new Journal(flash), secretsOf(2)).prefix).toBe(first.prefix);
  expect(new ReportNumbers(new Journal(chip()), secretsOf(2)).prefix).not.toBe(first.prefix);
  expect(refOf(stemOf(first.prefix, first.next()), 0)).toHaveLength(15);
});

test("a block is promised before its first number is given, the next while half of one is left", () => {
  const flash = chip();
  const journal = new Journal(flash);
  const numbers = new ReportNumbers(journal, secretsOf(1));
  const promised = (): number => Buffer.from(journal.read(identityKind, 0) ?? []).readUIntBE(5, 6);
  expect(promised()).toBe(blockSize);
  for (let i = 0; i < 200; i++) {
    const number = numbers.next();
    expect(number).toBe(i);
    expect(promised()).toBeGreaterThan(number + blockSize / 2 - 1);
    expect(promised()).toBeLessThanOrEqual(number + 2 * blockSize);
  }
});

test("numbers go on beyond 32 bits", () => {
  const journal = new Journal(chip());
  const record = Buffer.alloc(11);
  record.write("Q4T8A", 0, "latin1");
  record.writeUIntBE(0x1_0000_0010, 5, 6);
  journal.write(identityKind, 0, record);
  const numbers = new ReportNumbers(journal, secretsOf(1));
  expect(numbers.prefix).toBe("Q4T8A");
  expect(numbers.next()).toBe(0x1_0000_0010);
  expect(Buffer.from(journal.read(identityKind, 0) ?? []).readUIntBE(5, 6)).toBe(0x1_0000_0050);
});

test("flash that fails stops no alarm: a life that can promise nothing has five characters of its own", () => {
  const flash = chip();
  const healthy = new ReportNumbers(new Journal(flash), secretsOf(1));
  const given = new Set([stemOf(healthy.prefix, healthy.next())]);
  failing(flash);
  for (let life = 2; life < 6; life++) {
    const numbers = new ReportNumbers(new Journal(flash), secretsOf(life));
    for (let i = 0; i < 200; i++) {
      const stem = stemOf(numbers.prefix, numbers.next());
      expect(given.has(stem)).toBe(false);
      given.add(stem);
    }
  }
});

test("flash that fails for less than half a block repeats nothing", () => {
  const flash = chip();
  const numbers = new ReportNumbers(new Journal(flash), secretsOf(1));
  failing(flash);
  let last = 0;
  for (let i = 0; i < blockSize; i++) last = numbers.next();
  expect(last).toBe(blockSize - 1);
  const kept = new Journal(flash).read(identityKind, 0);
  expect(Buffer.from(kept ?? []).readUIntBE(5, 6)).toBeGreaterThan(last);
});
