/** The journal's promises without power cuts: a plain map beside it, its bounds, worn and rotten flash. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { Stream } from "../../simulator/core/prng.ts";
import { NorFlash, PowerCut } from "../../simulator/flash.ts";
import { Journal } from "./journal.ts";
import { headerLength, payloadLimit } from "./record.ts";
import { indexLimit } from "./record-index.ts";

const small = { sectorSize: 2048, sectorCount: 4, programUnit: 4 };

function chip(options: Partial<ConstructorParameters<typeof NorFlash>[0]> = {}): NorFlash {
  const chance = new Stream(1, "cells", 0);
  return new NorFlash({ ...small, below: (limit) => chance.below(limit), ...options });
}

function contents(journal: Journal): Map<string, string> {
  const found = new Map<string, string>();
  for (const kind of [1, 2, 255])
    journal.each(kind, (key, bytes) => found.set(`${kind}/${key}`, Buffer.from(bytes).toString("hex")));
  return found;
}

const anyOperation = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      type: fc.constant("write" as const),
      kind: fc.constantFrom(1, 2, 255),
      key: fc.constantFrom(0, 1, 7, 0x80000000, 0xffffffff),
      bytes: fc.uint8Array({ maxLength: 100 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      type: fc.constant("remove" as const),
      kind: fc.constantFrom(1, 2, 255),
      key: fc.constantFrom(0, 1, 7, 0x80000000, 0xffffffff),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ type: "restart" as const }) },
  { weight: 1, arbitrary: fc.constant({ type: "compact-if-advised" as const }) },
);

test("a journal holds what a plain map holds, through any writes, removes and restarts", () => {
  fc.assert(
    fc.property(fc.array(anyOperation, { maxLength: 150 }), fc.constantFrom(1, 4, 8), (operations, programUnit) => {
      const flash = chip({ programUnit });
      let journal = new Journal(flash);
      const model = new Map<string, string>();
      for (const operation of operations) {
        if (operation.type === "restart") journal = new Journal(flash);
        else if (operation.type === "compact-if-advised") {
          if (journal.needsRoom()) expect(journal.compact()).toBe(true);
        } else if (operation.type === "write") {
          expect(journal.write(operation.kind, operation.key, operation.bytes)).toBe(true);
          model.set(`${operation.kind}/${operation.key}`, Buffer.from(operation.bytes).toString("hex"));
        } else {
          expect(journal.remove(operation.kind, operation.key)).toBe(true);
          model.delete(`${operation.kind}/${operation.key}`);
        }
        expect(journal.count).toBe(model.size);
      }
      expect(contents(journal)).toEqual(model);
      expect(contents(new Journal(flash))).toEqual(model);
      expect(flash.reprogrammed).toBe(0);
      expect(journal.counters.failures).toBe(0);
    }),
    { numRuns: 150 },
  );
});

test("a value of 200 bytes is kept, a longer one is a mistake of the caller", () => {
  const flash = chip();
  const journal = new Journal(flash);
  const bytes = new Uint8Array(payloadLimit).fill(0xff);
  expect(journal.write(9, 1, bytes)).toBe(true);
  expect(new Journal(flash).read(9, 1)).toEqual(bytes);
  expect(() => journal.write(9, 1, new Uint8Array(payloadLimit + 1))).toThrow();
  expect(() => journal.write(0, 1, bytes)).toThrow();
  expect(() => journal.write(256, 1, bytes)).toThrow();
  expect(() => journal.write(9, -1, bytes)).toThrow();
});

test("the 257th pair is refused, while known pairs can still change", () => {
  const flash = chip({ sectorSize: 4096 });
  const journal = new Journal(flash);
  for (let key = 0; key < indexLimit; key++) expect(journal.write(3, key, new Uint8Array([key]))).toBe(true);
  expect(journal.write(3, indexLimit, new Uint8Array(1))).toBe(false);
  expect(journal.write(3, 5, new Uint8Array([99]))).toBe(true);
  expect(journal.remove(3, 6)).toBe(true);
  expect(journal.write(3, indexLimit, new Uint8Array([7]))).toBe(true);
  const after = new Journal(flash);
  expect(after.count).toBe(indexLimit);
  expect(after.read(3, 5)).toEqual(new Uint8Array([99]));
  expect(after.read(3, 6)).toBeUndefined();
  expect(after.read(3, indexLimit)).toEqual(new Uint8Array([7]));
});

test("a journal full of live values refuses new ones, but still changes and removes", () => {
  const flash = chip({ sectorCount: 2 });
  const journal = new Journal(flash);
  let key = 0;
  while (journal.write(4, key, new Uint8Array(100).fill(key))) key++;
  expect(key).toBeGreaterThan(8);
  expect(journal.count).toBe(key);
  for (let round = 1; round < 30; round++)
    expect(journal.write(4, round % key, new Uint8Array(100).fill(round))).toBe(true);
  expect(journal.remove(4, 0)).toBe(true);
  expect(journal.write(4, key, new Uint8Array(100))).toBe(true);
  expect(new Journal(flash).count).toBe(key);
});

test("each visits by rising key, and the visitor may remove what it sees", () => {
  const journal = new Journal(chip());
  for (const key of [5, 0xffffffff, 0, 9]) journal.write(7, key, new Uint8Array([key & 0xff]));
  journal.write(8, 1, new Uint8Array(1));
  const seen: number[] = [];
  journal.each(7, (key) => {
    seen.push(key);
    journal.remove(7, key);
  });
  expect(seen).toEqual([0, 5, 9, 0xffffffff]);
  expect(journal.count).toBe(1);
});

test("an erased area stands ready while the caller compacts when advised, so no write erases", () => {
  const flash = chip();
  const journal = new Journal(flash);
  for (let i = 0; i < 2000; i++) {
    const before = flash.erases;
    expect(journal.write(1, i % 10, new Uint8Array(40).fill(i))).toBe(true);
    expect(flash.erases).toBe(before);
    if (journal.needsRoom()) journal.compact();
  }
  expect(journal.counters.erases).toBe(flash.erases);
});

test("without any compaction by the caller, writes make their own room", () => {
  const flash = chip();
  const journal = new Journal(flash);
  for (let i = 0; i < 2000; i++) expect(journal.write(1, i % 10, new Uint8Array(40).fill(i))).toBe(true);
  expect(new Journal(flash).read(1, 9)).toEqual(new Uint8Array(40).fill(1999));
});

test("wear is even: after a hundred thousand writes no sector was erased much more than another", () => {
  const flash = chip();
  const journal = new Journal(flash);
  for (let i = 0; i < 100_000; i++) {
    journal.write(1, i % 5, new Uint8Array(12).fill(i));
    if (journal.needsRoom()) journal.compact();
  }
  const { least, most } = flash.wearBounds();
  expect(most).toBeLessThanOrEqual(least + 2);
  expect(most).toBeLessThan(100_000 / 60);
});

test("a dead sector in either area costs room, not values", () => {
  for (let dead = 0; dead < 4; dead++) {
    const flash = chip();
    let journal = new Journal(flash);
    let failures = 0;
    for (let i = 0; i < 20; i++) journal.write(1, i % 4, new Uint8Array(20).fill(i));
    flash.fail(dead);
    for (let i = 0; i < 400; i++) {
      expect(journal.write(1, i % 4, new Uint8Array(20).fill(i))).toBe(true);
      if (journal.needsRoom() && i % 7 === 0) journal.compact();
      if (i % 50 !== 49) continue;
      failures += journal.counters.failures;
      journal = new Journal(flash);
    }
    for (let key = 0; key < 4; key++) expect(journal.read(1, key)).toEqual(new Uint8Array(20).fill(396 + key));
    expect(failures).toBeGreaterThan(0);
  }
});

test("a sector that fails and reports success is found out by reading back", () => {
  for (let dead = 0; dead < 4; dead++) {
    const flash = chip();
    const journal = new Journal(flash);
    flash.fail(dead, true);
    for (let i = 0; i < 400; i++) {
      const bytes = new Uint8Array(20).fill(i);
      expect(journal.write(1, i % 4, bytes)).toBe(true);
      expect(journal.read(1, i % 4)).toEqual(bytes);
    }
  }
});

test("compaction is advised while the spare area is still untouched, and only when it would gain room", () => {
  const flash = chip();
  const journal = new Journal(flash);
  const spare = new Uint8Array(40);
  for (let i = 0; !journal.needsRoom(); i++) {
    expect(i).toBeLessThan(1000);
    journal.write(1, i % 10, new Uint8Array(40));
  }
  for (let sector = 2; sector < 4; sector++) {
    flash.read(sector * small.sectorSize + 40, spare);
    expect(spare).toEqual(new Uint8Array(40).fill(255));
  }
  expect(journal.compact()).toBe(true);
  expect(journal.needsRoom()).toBe(false);
  const full = new Journal(chip({ sectorCount: 2 }));
  for (let key = 0; full.write(1, key, new Uint8Array(100)); key++);
  full.compact();
  expect(full.needsRoom()).toBe(false);
});

test("an interrupted compaction leaves a clean spare area once the journal has been opened again", () => {
  const flash = chip();
  const journal = new Journal(flash);
  for (let i = 0; i < 20; i++) journal.write(1, i, new Uint8Array(40));
  flash.cutAfter(60);
  expect(() => journal.compact()).toThrow(PowerCut);
  expect(new Journal(flash).needsRoom()).toBe(false);
});

test("a sector that a cut left opened but half never hides what is confirmed in it", () => {
  // No bit of the opening's first byte is settled; it reads as written at first, and as blank in the end.
  const dice = [0, 0, 0, 0xff];
  let falls = 0;
  const flash = new NorFlash({ sectorSize: 1024, sectorCount: 4, programUnit: 1, below: () => dice.shift() ?? falls });
  const journal = new Journal(flash);
  for (let key = 0; key < 4; key++) expect(journal.write(1, key, new Uint8Array(200))).toBe(true);
  flash.cutAfter(0);
  expect(() => journal.write(1, 4, new Uint8Array(200))).toThrow(PowerCut);
  expect(new Journal(flash).write(1, 5, new Uint8Array([7]))).toBe(true);
  falls = 0xff;
  expect(new Journal(flash).read(1, 5)).toEqual(new Uint8Array([7]));
});

test("what a cut leaves in doubt behind a value of ones is never written over", () => {
  // No bit of the first byte of the firm copy's checksum is settled; it reads as blank at first, and as zeros in the end.
  const dice: number[] = [];
  let falls = 0xff;
  const flash = new NorFlash({ sectorSize: 1024, sectorCount: 2, programUnit: 1, below: () => dice.shift() ?? falls });
  const ones = new Uint8Array(20).fill(0xff);
  expect(new Journal(flash).write(1, 1, ones)).toBe(true);
  dice.push(0, 0, 0, 0xff);
  flash.cutAfter(headerLength + headerLength + ones.length);
  expect(() => new Journal(flash)).toThrow(PowerCut);
  const journal = new Journal(flash);
  falls = 0;
  expect(journal.read(1, 1)).toEqual(ones);
});

test("when the whole chip wears out, writes are refused and nothing confirmed is lost", () => {
  const flash = chip({ eraseLimit: 6 });
  const journal = new Journal(flash);
  const model = new Map<string, string>();
  let refused = 0;
  for (let i = 0; i < 5000; i++) {
    const bytes = new Uint8Array(30).fill(i);
    if (journal.write(1, i % 6, bytes)) model.set(`1/${i % 6}`, Buffer.from(bytes).toString("hex"));
    else refused++;
  }
  expect(refused).toBeGreaterThan(0);
  expect(contents(journal)).toEqual(model);
  expect(contents(new Journal(flash))).toEqual(model);
});

test("one rotten bit anywhere costs at most one value's newest state, and never invents one", () => {
  const versions = new Map<string, Set<string>>();
  const origin = chip({ sectorCount: 2 });
  const journal = new Journal(origin);
  for (let i = 0; i < 24; i++) {
    const key = i % 6;
    const bytes = new Uint8Array(20).fill(i);
    journal.write(1, key, bytes);
    const known = versions.get(`1/${key}`) ?? new Set();
    versions.set(`1/${key}`, known.add(Buffer.from(bytes).toString("hex")));
  }
  const whole = contents(journal);
  for (let address = 0; address < 2 * small.sectorSize; address++) {
    const chance = new Stream(address, "cells", 0);
    const flash = origin.copy((limit) => chance.below(limit));
    flash.rot(address, 1 << chance.below(8));
    const found = contents(new Journal(flash));
    let changed = 0;
    for (const [name, bytes] of whole) if (found.get(name) !== bytes) changed++;
    for (const [name, bytes] of found) expect(versions.get(name)?.has(bytes)).toBe(true);
    if (changed > 1) throw new Error(`rot at ${address} changed ${changed} values`);
  }
});

test("a value that rots while the journal is open reads as absent and is counted", () => {
  const flash = chip();
  const journal = new Journal(flash);
  journal.write(1, 1, new Uint8Array(20).fill(0x55));
  for (let address = 0; address < small.sectorSize; address++) {
    const byte = new Uint8Array(1);
    flash.read(address, byte);
    if (byte[0] === 0x55) flash.rot(address, 0x08);
  }
  expect(journal.read(1, 1)).toBeUndefined();
  expect(journal.counters.failures).toBe(1);
});

test("foreign contents become an empty journal", () => {
  const flash = chip();
  for (let sector = 0; sector < 4; sector++) flash.program(sector * small.sectorSize, new Uint8Array(512).fill(0x5a));
  const journal = new Journal(flash);
  expect(journal.count).toBe(0);
  expect(journal.write(1, 1, new Uint8Array(3))).toBe(true);
  expect(new Journal(flash).count).toBe(1);
});

test("a chip without two sectors of 1 kB is a mistake of the board's", () => {
  expect(() => new Journal(chip({ sectorCount: 1 }))).toThrow();
  expect(() => new Journal(chip({ sectorSize: 512 }))).toThrow();
});

test("a value that looks like a journal record is never taken for one", () => {
  const flash = chip({ sectorCount: 2 });
  const journal = new Journal(flash);
  journal.write(1, 1, new Uint8Array(40).fill(1));
  const image = new Uint8Array(120);
  flash.read(40, image);
  for (let shift = 0; shift < 8; shift++) journal.write(2, shift, image.subarray(shift));
  journal.write(1, 1, new Uint8Array(0));
  for (let address = 40; address < small.sectorSize; address += 4) {
    const copy = flash.copy(() => 0);
    copy.program(address, new Uint8Array(4));
    const found = new Journal(copy).read(1, 1);
    expect(found === undefined || found.length === 0 || address > 200).toBe(true);
  }
});
