import fc from "fast-check";
import { expect, test } from "vitest";
import { nobody } from "../../protocol/radio/person-slot.ts";
import { NorFlash } from "../../simulator/flash.ts";
import { Journal } from "../storage/journal.ts";
import { decodeBond, encodeBond } from "./bond-record.ts";
import { BondTable, type Joiner } from "./bond-table.ts";
import type { Bond } from "./bonds.ts";
import { bondLimit } from "./bonds.ts";

const keyOf = (mark: number): Uint8Array => new Uint8Array(16).fill(mark);
const joiner = (address: number, person: number): Joiner => ({ address, person, form: "wrist", where: "Hall" });

/** Five devices of two persons; each act names one of them. */
const anyAct = fc.record({
  what: fc.constantFrom("pair", "pair-again", "settle-new", "settle-old", "accepted", "revoke"),
  device: fc.nat(4),
});
type Act = { readonly what: string; readonly device: number };
const personOf = (device: number): number => 1 + (device % 2);

function act(table: BondTable, { what, device }: Act, mark: number): void {
  const place = table.placeOf(device);
  if (what === "pair" || what === "pair-again") {
    if (table.refusal(joiner(device, personOf(device))) !== undefined) return;
    const held = what === "pair-again" ? table.bond(place)?.key : undefined;
    table.adopt(joiner(device, personOf(device)), keyOf(mark), held);
  } else if (place === nobody) return;
  else if (what === "accepted") table.accepted(place);
  else if (what === "revoke") table.revoke(place);
  else table.settle(place, what === "settle-new");
}

function summary(table: BondTable): string[] {
  const lines: string[] = [];
  for (let place = 0; place < bondLimit; place++) {
    const bond = table.bond(place);
    if (bond === undefined) continue;
    const keys = `${bond.key[0]} ${bond.freshKey?.[0] ?? "-"}`;
    lines.push(`${place} ${bond.address} ${bond.person} ${keys} ${bond.revoked} ${table.isVerified(place)}`);
  }
  return lines;
}

const callers = (table: BondTable, person: number): number[] =>
  [0, 1, 2, 3, 4, 5].filter((place) => table.isInUse(place) && table.bond(place)?.person === person);

function chip(): NorFlash {
  let dice = 1;
  const below = (limit: number): number => {
    dice = (dice * 75 + 74) % 65_537;
    return dice % limit;
  };
  return new NorFlash({ sectorSize: 4096, sectorCount: 4, programUnit: 8, below });
}

test("a restart finds the table that was, whatever was paired, replaced and revoked", () => {
  fc.assert(
    fc.property(fc.array(anyAct, { maxLength: 25 }), (acts) => {
      const flash = chip();
      const table = new BondTable(new Journal(flash), []);
      acts.forEach((each, mark) => {
        act(table, each, mark + 1);
        expect(summary(new BondTable(new Journal(flash), []))).toEqual(summary(table));
      });
    }),
    { numRuns: 40 },
  );
});

test("a power cut at any step leaves no person without a button that called before and calls afterwards", () => {
  let cuts = 0;
  fc.assert(
    fc.property(fc.array(anyAct, { minLength: 1, maxLength: 12 }), (acts) => {
      const flash = chip();
      const table = new BondTable(new Journal(flash), []);
      acts.forEach((each, mark) => {
        const before = [1, 2].map((person) => callers(table, person));
        const keysBefore = before.flat().map((place) => [place, table.bond(place)?.key[0]] as const);
        const torn: NorFlash[] = [];
        flash.visitCuts(1, (left) => torn.push(left));
        act(table, each, mark + 1);
        flash.visitCuts(0, () => {});
        for (const left of torn) {
          cuts++;
          const found = new BondTable(new Journal(left), []);
          [1, 2].forEach((person, at) => {
            const after = callers(table, person);
            if ((before[at] as number[]).length > 0 && after.length > 0)
              expect(callers(found, person).length).toBeGreaterThan(0);
            for (const place of callers(found, person))
              expect(after.includes(place) || (before[at] as number[]).includes(place)).toBe(true);
          });
          if (each.what === "accepted" || each.what === "revoke")
            for (const [place, key] of keysBefore) expect(found.bond(place)?.key[0]).toBe(key);
        }
      });
    }),
    { numRuns: 25 },
  );
  expect(cuts).toBeGreaterThan(200);
});

test("a replacement is one write: each cut finds either the old button in use, or the new one in its place, and never neither or a third", () => {
  const flash = chip();
  const table = new BondTable(new Journal(flash), []);
  table.adopt(joiner(1, 1), keyOf(1), undefined);
  table.accepted(0);
  table.adopt(joiner(2, 1), keyOf(2), undefined);
  const seen = new Set<string>();
  flash.visitCuts(2, (left) => {
    const found = new BondTable(new Journal(left), []);
    seen.add(`${found.isInUse(0)} ${found.isInUse(1)} ${found.isVerified(1)}`);
  });
  const steps = flash.steps;
  expect(table.accepted(1)).toBe(0);
  expect(flash.steps - steps).toBeLessThanOrEqual(4);
  flash.visitCuts(0, () => {});
  expect(summary(new BondTable(new Journal(flash), []))).toEqual(["0 1 1 1 - true false", "1 2 1 2 - false true"]);
  for (const way of seen) expect(["false true true", "true true false"]).toContain(way);
  expect(seen.size).toBeGreaterThan(0);
});

test("a replacement goes by the slot: the third worn device of a person is refused, what hangs on a wall stands beside", () => {
  const table = new BondTable(new Journal(chip()), []);
  for (const address of [1, 2]) table.adopt(joiner(address, 1), keyOf(address), undefined);
  expect(table.refusal(joiner(3, 1))).toBe("slot-taken");
  expect(() => table.adopt(joiner(3, 1), keyOf(3), undefined)).toThrow("without a place");
  expect(table.refusal(joiner(2, 1))).toBe(undefined);
  expect(table.refusal(joiner(2, 2))).toBe("slot-taken");
  const wall: Joiner = { address: 4, person: 1, form: "wall", where: "WC" };
  expect(table.refusal(wall)).toBe(undefined);
  expect(table.adopt(wall, keyOf(4), undefined)).toBe(2);
  expect(table.accepted(2)).toBe(nobody);
  expect(callers(table, 1)).toEqual([0, 1, 2]);
  expect(table.warning(1)).toBe("not-verified");
  expect(table.warning(2)).toBe(undefined);
});

test("a new key of the same button is not verified by what the old key did", () => {
  const table = new BondTable(new Journal(chip()), []);
  table.adopt(joiner(1, 1), keyOf(1), undefined);
  table.accepted(0);
  expect(table.isVerified(0)).toBe(true);
  table.adopt(joiner(1, 1), keyOf(2), keyOf(1));
  expect(table.isVerified(0)).toBe(false);
  expect(table.bond(0)).toMatchObject({ key: keyOf(1), freshKey: keyOf(2), revoked: false });
  table.settle(0, true);
  expect(table.bond(0)).toMatchObject({ key: keyOf(2), freshKey: undefined });
});

test("flash that takes nothing leaves the delivered bonds in use, welcomes nobody, and revokes nobody", () => {
  const dead = { read: () => undefined, write: () => false };
  const bond: Bond = { address: 9, person: 1, form: "neck", key: keyOf(9), revoked: false };
  const table = new BondTable(dead, [bond]);
  expect(table.bond(0)).toMatchObject({ address: 9, revoked: false });
  expect(table.adopt(joiner(1, 2), keyOf(1), undefined)).toBe(nobody);
  expect(table.revoke(0)).toBe(false);
  expect(table.isInUse(0)).toBe(true);
});

test("what hangs on a wall is not welcomed either where flash does not take its key", () => {
  const journal = new Journal(chip());
  let writes = true;
  const failing = {
    read: (kind: number, key: number) => journal.read(kind, key),
    write: (kind: number, key: number, bytes: Uint8Array) => writes && journal.write(kind, key, bytes),
  };
  const table = new BondTable(failing, []);
  writes = false;
  const detector: Joiner = { address: 7, person: 1, form: "smoke", where: "Hall" };
  expect(table.adopt(detector, keyOf(7), undefined)).toBe(nobody);
  expect(table.placeOf(7)).toBe(nobody);
  writes = true;
  expect(table.bond(table.adopt(detector, keyOf(7), undefined))).toMatchObject({ address: 7, where: "Hall" });
});

test("two worn devices that were delivered for one person both call; a revoked one stays revoked", () => {
  const own = (address: number, revoked = false): Bond => ({
    address,
    person: 1,
    form: "wrist",
    key: keyOf(1),
    revoked,
  });
  const table = new BondTable(new Journal(chip()), [own(1), own(2), own(3, true)]);
  expect(callers(table, 1)).toEqual([0, 1]);
  table.accepted(1);
  expect([0, 1].map((place) => table.isVerified(place))).toEqual([false, true]);
  expect(callers(table, 1)).toEqual([0, 1]);
});

test("a bond's record keeps each field; bytes that are no record are none", () => {
  fc.assert(
    fc.property(
      fc.record({
        address: fc.nat(0xffffffff),
        person: fc.integer({ min: 1, max: 32 }),
        form: fc.constantFrom("wrist" as const, "wall" as const, "smoke" as const, "temperature" as const),
        key: fc.uint8Array({ minLength: 16, maxLength: 16 }),
        freshKey: fc.option(fc.uint8Array({ minLength: 16, maxLength: 16 }), { nil: undefined }),
        where: fc.constantFrom("", "Kök", "Anna Ö, vänster hand"),
        revoked: fc.boolean(),
        verified: fc.boolean(),
        slotted: fc.boolean(),
      }),
      fc.uint8Array({ maxLength: 60 }),
      (bond, noise) => {
        expect(decodeBond(encodeBond(bond))).toEqual(bond);
        expect(() => decodeBond(noise)).not.toThrow();
        expect(decodeBond(encodeBond(bond).subarray(0, 20))).toBe(undefined);
      },
    ),
  );
});
