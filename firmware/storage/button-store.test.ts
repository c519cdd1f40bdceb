/**
 * Power cuts at every step of what a button's store does to its flash, in pairs, in trains and on worn chips: what was confirmed is found,
 * what was cut is old or new, and a value that was never written is never read.
 */
import { expect, test } from "vitest";
import { Stream } from "../../simulator/core/prng.ts";
import { NorFlash, PowerCut } from "../../simulator/flash.ts";
import { ButtonStore } from "./button-store.ts";
import { buttonCountersKind, buttonLifeKind, ownKeyKind, unheardFallKind, unheardPressKind } from "./record-kinds.ts";

const seed = Number(process.env["LIVLINA_SEED"]);
const places: readonly { readonly kind: number; readonly length: number }[] = [
  { kind: buttonCountersKind, length: 4 },
  { kind: unheardPressKind, length: 5 },
  { kind: unheardFallKind, length: 5 },
  { kind: buttonLifeKind, length: 1 },
  { kind: ownKeyKind, length: 16 },
];

type Kept = (string | undefined)[];
/** One place gets this value; undefined: it is removed; place -1: room is made. */
interface Act {
  readonly place: number;
  readonly bytes: Uint8Array | undefined;
}

function drawActs(chance: Stream, count: number): Act[] {
  const acts: Act[] = [];
  for (let i = 0; i < count; i++) {
    const place = chance.below(places.length + 1) - 1;
    if (place < 0 || chance.below(4) === 0) acts.push({ place, bytes: undefined });
    else {
      const bytes = new Uint8Array(places[place]?.length ?? 0);
      chance.fill(bytes);
      if (chance.below(3) === 0) bytes.fill(0xff);
      acts.push({ place, bytes });
    }
  }
  return acts;
}

function textOf(bytes: Uint8Array | undefined): string | undefined {
  return bytes === undefined ? undefined : Buffer.from(bytes).toString("hex");
}

/** Whether the store took it. */
function does(store: ButtonStore, kept: Kept, { place, bytes }: Act): boolean {
  const kind = places[place]?.kind;
  if (kind === undefined) return store.compact();
  const isTaken = bytes === undefined ? store.remove(kind, 0) : store.write(kind, 0, bytes);
  if (isTaken) kept[place] = textOf(bytes);
  return isTaken;
}

/** What is found must be what was confirmed; what was under way counts from now on as it is found. */
function judge(store: ButtonStore, kept: Kept, underWay: Act | undefined): void {
  for (const [place, { kind }] of places.entries()) {
    const found = textOf(store.read(kind, 0));
    if (found === kept[place]) continue;
    expect({ place, found }).toEqual({ place: underWay?.place, found: textOf(underWay?.bytes) });
    kept[place] = found;
  }
}

function chipOf(programUnit: number, life: number, eraseLimit?: number): NorFlash {
  const chance = new Stream(seed, "cells", programUnit * 1_000 + life);
  const wear = eraseLimit === undefined ? {} : { eraseLimit };
  return new NorFlash({
    sectorSize: 1024,
    sectorCount: 2,
    programUnit,
    below: (limit) => chance.below(limit),
    ...wear,
  });
}

/** Plays the acts and cuts each step, each recovery again where `cutsInRow` is left. Answers the number of cuts. */
function exhaust(
  flash: NorFlash,
  before: Kept,
  interrupted: Act | undefined,
  acts: Act[],
  cutsInRow: number,
  ways = 2,
): number {
  const kept = [...before];
  let underWay = interrupted;
  let cuts = 0;
  if (cutsInRow > 0)
    flash.visitCuts(ways, (torn) => {
      cuts += 1 + exhaust(torn, kept, underWay, [{ place: 0, bytes: new Uint8Array([0, 0, 1, 0]) }], cutsInRow - 1);
    });
  const store = new ButtonStore(flash);
  judge(store, kept, underWay);
  for (const act of acts) {
    underWay = act;
    does(store, kept, act);
  }
  flash.visitCuts(0, () => {});
  judge(new ButtonStore(flash), kept, undefined);
  return cuts;
}

const nothing: Kept = places.map(() => undefined);

test.each([1, 4, 8])("a cut at any step of opening and of any act loses nothing confirmed (unit %i)", (unit) => {
  let cuts = 0;
  for (let life = 0; cuts < 8_000; life++) {
    const acts = drawActs(new Stream(seed, "acts", life), 30);
    cuts += exhaust(chipOf(unit, life), nothing, undefined, acts, 1);
  }
});

test.each([4, 8])("two cuts in a row at any two steps lose nothing confirmed (unit %i)", (unit) => {
  let cuts = 0;
  for (let life = 0; cuts < 40_000; life++) {
    const acts = drawActs(new Stream(seed, "pairs", life), 4);
    if (life % 2 === 0) acts.push({ place: -1, bytes: undefined });
    cuts += exhaust(chipOf(unit, life), nothing, undefined, acts, 2);
  }
});

test("a sector whose erase was cut is erased again before it is used, however blank it looks and whatever mark it bears", () => {
  const room: Act = { place: -1, bytes: undefined };
  for (let life = 0; life < 3; life++) {
    const flash = chipOf(4, life);
    const store = new ButtonStore(flash);
    const kept = [...nothing];
    for (const act of drawActs(new Stream(seed, "erase", life), 8)) does(store, kept, act);
    let isErasing = false;
    let frail = 0;
    let refused = 0;
    flash.visitCuts(800, (torn) => {
      if (!isErasing) return;
      const after = [...kept];
      const opened = new ButtonStore(torn);
      for (const act of drawActs(new Stream(seed, "on", frail++), 16)) if (!does(opened, after, act)) refused++;
      judge(new ButtonStore(torn), after, undefined);
    });
    const erase = flash.erase.bind(flash);
    flash.erase = (sector) => {
      isErasing = true;
      const good = erase(sector);
      isErasing = false;
      return good;
    };
    does(store, kept, room);
    flash.visitCuts(0, () => {});
    expect(frail).toBeGreaterThan(1_000);
    expect(refused).toBe(0);
  }
});

test("trains of cuts, also while it recovers, lose nothing confirmed", () => {
  let cuts = 0;
  for (let life = 0; life < 60; life++) {
    const chance = new Stream(seed, "train", life);
    const flash = chipOf(4, life);
    const kept = [...nothing];
    let underWay: Act | undefined;
    for (let round = 0; round < 40; round++) {
      flash.cutAfter(chance.below(chance.below(2) === 0 ? 30 : 900));
      try {
        const store = new ButtonStore(flash);
        judge(store, kept, underWay);
        underWay = undefined;
        for (const act of drawActs(chance, 40)) {
          underWay = act;
          does(store, kept, act);
          underWay = undefined;
        }
      } catch (thrown) {
        if (!(thrown instanceof PowerCut)) throw thrown;
        cuts++;
      }
    }
  }
  expect(cuts).toBeGreaterThan(1_000);
});

test("a chip that wears out refuses in the end, and what it confirmed stands", () => {
  for (let life = 0; life < 10; life++) {
    const flash = chipOf(4, life, 3);
    const store = new ButtonStore(flash);
    const kept = [...nothing];
    for (const act of drawActs(new Stream(seed, "worn", life), 400)) does(store, kept, act);
    expect(store.write(buttonLifeKind, 0, new Uint8Array([9]))).toBe(false);
    judge(store, kept, undefined);
    judge(new ButtonStore(flash), kept, undefined);
  }
});

test("nothing is ever programmed over what is not blank, zeros apart: some chips forbid it", () => {
  const flash = chipOf(4, 1);
  const store = new ButtonStore(flash);
  for (const act of drawActs(new Stream(seed, "twice", 1), 300)) does(store, [...nothing], act);
  new ButtonStore(flash);
  expect(flash.reprogrammed).toBe(0);
});

test("a sector is erased once for a dozen acts, and never while an act waits that found one ready", () => {
  const flash = chipOf(4, 2);
  const store = new ButtonStore(flash);
  for (let press = 0; press < 120; press++) {
    const erases = flash.erases;
    store.write(unheardPressKind, 0, new Uint8Array([0, 0, 0, press, 1]));
    expect(flash.erases).toBe(erases);
    store.remove(unheardPressKind, 0);
    if (store.needsRoom()) store.compact();
  }
  expect(flash.erases).toBeLessThan(30);
});

test("a claim of which a cut left nothing but doubt never hides what is confirmed behind it", () => {
  for (let before = 0; before < 10; before++) {
    // No bit of the claim's first byte is settled; it reads as written at first, and as blank in the end.
    const dice = [0, 0, 0, 0xff];
    let falls = 0;
    const flash = new NorFlash({
      sectorSize: 1024,
      sectorCount: 2,
      programUnit: 1,
      below: () => dice.shift() ?? falls,
    });
    const store = new ButtonStore(flash);
    for (let i = 0; i < before; i++) store.write(buttonLifeKind, 0, new Uint8Array([i]));
    flash.cutAfter(0);
    expect(() => store.write(buttonLifeKind, 0, new Uint8Array([100]))).toThrow(PowerCut);
    expect(new ButtonStore(flash).write(buttonLifeKind, 0, new Uint8Array([200]))).toBe(true);
    falls = 0xff;
    expect(new ButtonStore(flash).read(buttonLifeKind, 0)).toEqual(new Uint8Array([200]));
  }
});

test("a kind that no button keeps is a mistake, and a chip too small is refused", () => {
  const store = new ButtonStore(chipOf(4, 3));
  expect(() => store.read(1, 0)).toThrow("no such value");
  expect(() => new ButtonStore({ ...chipOf(4, 4), sectorCount: 1 } as NorFlash)).toThrow("too small");
});
