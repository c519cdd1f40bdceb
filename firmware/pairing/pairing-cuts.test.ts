/** A whole pairing over the air while the power goes: at each step of either flash, and of either device at any moment. */
import { expect, test } from "vitest";
import { NorFlash } from "../../simulator/flash.ts";
import { ButtonStore } from "../storage/button-store.ts";
import { Journal } from "../storage/journal.ts";
import { ownKeyKind } from "../storage/record-kinds.ts";
import { BondTable } from "./bond-table.ts";
import { Flat, Wearer } from "./flat/arbitraries.ts";

const address = 0xc0ffee;

function chip(): NorFlash {
  let dice = 1;
  const below = (limit: number): number => {
    dice = (dice * 75 + 74) % 65_537;
    return dice % limit;
  };
  return new NorFlash({ sectorSize: 2048, sectorCount: 4, programUnit: 8, below });
}

/** A flat whose button belongs to it already, or not yet; both with flash that tells of each cut that could come. */
function scene(seed: number, bonded: boolean): { flat: Flat; wearer: Wearer; unit: NorFlash; button: NorFlash } {
  const key = new Uint8Array(16).fill(0x44);
  const unit = chip();
  const button = chip();
  const own = { address, person: 1, form: "wrist" as const, key, revoked: false };
  const flat = new Flat(seed, bonded ? [own] : [], undefined, unit);
  const wearer = new Wearer(flat, address, bonded ? key : undefined, button);
  flat.department.pair({ address, person: 1, form: "wrist", where: "", label: wearer.label });
  return { flat, wearer, unit, button };
}

/** The key that the button calls with, as its flash has it. */
function keyOf(wearer: Wearer, flash: NorFlash): string {
  const kept = new ButtonStore(flash).read(ownKeyKind, 0) ?? wearer.key ?? new Uint8Array(0);
  return Buffer.from(kept).toString("hex");
}

function keysOf(flash: NorFlash): string[] {
  const table = new BondTable(new Journal(flash), []);
  const place = table.placeOf(address);
  const bond = table.bond(place);
  if (bond === undefined || !table.isInUse(place)) return [];
  return [bond.key, bond.freshKey].flatMap((key) => (key === undefined ? [] : [Buffer.from(key).toString("hex")]));
}

function copyOf(flash: NorFlash): NorFlash {
  const copy = chip();
  const cells = new Uint8Array(flash.sectorSize);
  for (let sector = 0; sector < flash.sectorCount; sector++) {
    flash.read(sector * flash.sectorSize, cells);
    copy.program(sector * flash.sectorSize, cells);
  }
  return copy;
}

test.each([true, false])(
  "no cut of either flash leaves a button on a key that its unit lacks (it belonged to it before: %s)",
  (bonded) => {
    const { flat, wearer, unit, button } = scene(3, bonded);
    let cuts = 0;
    const holds = (atButton: NorFlash, atUnit: NorFlash): void => {
      cuts++;
      const own = keyOf(wearer, atButton);
      if (own !== "") expect(keysOf(atUnit)).toContain(own);
    };
    unit.visitCuts(1, (torn) => holds(copyOf(button), torn));
    button.visitCuts(1, (torn) => holds(torn, copyOf(unit)));
    wearer.restart();
    wearer.press(11_000);
    flat.run(20_000);
    unit.visitCuts(0, () => {});
    button.visitCuts(0, () => {});
    expect(wearer.signals).toContain("joined");
    expect(cuts).toBeGreaterThan(20);
    expect(keysOf(unit)).toEqual([keyOf(wearer, button)]);
  },
);

test("whichever side restarts at whatever moment of a pairing, the button calls its unit afterwards, or can begin anew", () => {
  for (let moment = 0; moment < 60; moment++) {
    const { flat, wearer } = scene(moment, moment % 2 === 0);
    flat.air.lossPerMille = (moment % 3) * 150;
    wearer.restart();
    wearer.press(11_000);
    flat.run(10_000 + moment * 40);
    if (moment % 4 < 2) wearer.restart();
    else flat.restart();
    flat.air.lossPerMille = 0;
    flat.run(20_000);
    if (!wearer.button.isBonded) {
      flat.department.pair({ address, person: 1, form: "wrist", where: "", label: wearer.label });
      wearer.press(11_000);
      flat.run(30_000);
    }
    const before = flat.calls().length;
    wearer.press();
    flat.run(3_000);
    expect(flat.calls().length).toBeGreaterThan(before);
    expect(flat.department.devices()).toMatchObject([{ revoked: false }]);
  }
});

test("who is in need comes first: a press during a pairing goes out under the old key, and the pairing is over", () => {
  const { flat, wearer } = scene(5, true);
  wearer.restart();
  wearer.press(10_500);
  flat.run(9_900);
  flat.air.lossPerMille = 1000;
  flat.run(1_000);
  expect(wearer.signals).toContain("joining");
  flat.air.lossPerMille = 0;
  const before = flat.calls().length;
  wearer.press();
  flat.run(200);
  expect(flat.calls().length).toBe(before + 1);
  flat.run(60_000);
  expect(wearer.signals).not.toContain("joined");
});

test("a revoked button that missed its order goes on asking in vain; paired anew it calls again", () => {
  const { flat, wearer } = scene(6, true);
  flat.department.pairing.stop();
  flat.department.revoke(0);
  flat.air.lossPerMille = 1000;
  wearer.press();
  flat.run(3_000);
  expect(wearer.button.isBonded).toBe(true);
  flat.air.lossPerMille = 0;
  flat.run(60_000);
  expect(wearer.button.isBonded).toBe(false);
  wearer.restart();
  expect(wearer.button.isBonded).toBe(false);
  expect(flat.calls()).toEqual([]);
  expect(flat.department.pair({ address, person: 1, form: "wrist", where: "", label: wearer.label })).toBe(undefined);
  wearer.press(11_000);
  flat.run(30_000);
  wearer.press();
  flat.run(3_000);
  expect(flat.calls()).toHaveLength(1);
});

test("a unit whose flash takes nothing more welcomes nobody: the button stays on the key that it has", () => {
  const key = new Uint8Array(16).fill(0x44);
  const flash = chip();
  const own = { address, person: 1, form: "wrist" as const, key, revoked: false };
  const flat = new Flat(9, [own], undefined, flash);
  const wearer = new Wearer(flat, address, key);
  flat.department.pair({ address, person: 1, form: "wrist", where: "", label: wearer.label });
  flash.program = () => false;
  wearer.press(11_000);
  flat.run(20_000);
  expect(wearer.signals).toContain("joining");
  expect(wearer.signals).not.toContain("joined");
  const before = flat.calls().length;
  wearer.press();
  flat.run(1_000);
  expect(flat.calls().length).toBe(before + 1);
});
