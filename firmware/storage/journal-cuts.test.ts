/**
 * Power cuts at every step of what a journal does to its flash. After each: what was confirmed is found, what was cut is
 * old or new, nothing else is there, and further restarts change nothing, although torn cells read differently each time.
 */
import { afterAll, expect, test } from "vitest";
import { Stream } from "../../simulator/core/prng.ts";
import { NorFlash, PowerCut } from "../../simulator/flash.ts";
import { Journal } from "./journal.ts";

type Operation =
  | { readonly type: "write"; readonly kind: number; readonly key: number; readonly bytes: Uint8Array }
  | { readonly type: "remove"; readonly kind: number; readonly key: number }
  | { readonly type: "compact" };

interface Chip {
  readonly sectorSize: number;
  readonly sectorCount: number;
  readonly programUnit: number;
}

const chips: readonly Chip[] = [
  { sectorSize: 1024, sectorCount: 4, programUnit: 1 },
  { sectorSize: 2048, sectorCount: 2, programUnit: 4 },
  { sectorSize: 1024, sectorCount: 6, programUnit: 8 },
];

let cuts = 0;
afterAll(() => console.log(`journal: ${cuts} power cuts tried`));

function name(kind: number, key: number): string {
  return `${kind}/${key}`;
}

function draw(chance: Stream, count: number, valueLimit: number): Operation[] {
  const operations: Operation[] = [];
  for (let i = 0; i < count; i++) {
    const kind = chance.between(1, 2);
    const key = chance.below(3);
    const way = chance.below(20);
    const bytes = new Uint8Array(chance.below(valueLimit + 1));
    chance.fill(bytes);
    if (chance.below(2) === 0) bytes.fill(0xff, chance.below(bytes.length + 1));
    if (way === 0) operations.push({ type: "compact" });
    else if (way < 4) operations.push({ type: "remove", kind, key });
    else operations.push({ type: "write", kind, key, bytes });
  }
  return operations;
}

/** A journal beside an honest model of what it has promised. */
class Trial {
  readonly flash: NorFlash;
  readonly confirmed: Map<string, Uint8Array>;
  private journal: Journal | undefined;

  constructor(flash: NorFlash, confirmed: ReadonlyMap<string, Uint8Array>) {
    this.flash = flash;
    this.confirmed = new Map(confirmed);
  }

  /** The same chip and the same promises, after a restart. */
  fork(seed: number): Trial {
    const chance = new Stream(seed, "cells", 0);
    return new Trial(
      this.flash.copy((limit) => chance.below(limit)),
      this.confirmed,
    );
  }

  /** Runs the operations; answers the one during which the power went. */
  play(operations: readonly Operation[]): Operation | undefined {
    for (const operation of operations) {
      try {
        this.journal ??= new Journal(this.flash);
        this.apply(this.journal, operation);
      } catch (thrown) {
        if (!(thrown instanceof PowerCut)) throw thrown;
        cuts++;
        this.journal = undefined;
        return operation;
      }
    }
    return undefined;
  }

  /** Opens the journal anew, cut in the midst of it as often as `cutSteps` says, and compares it with the model. */
  restart(cut: Operation | undefined, cutSteps: readonly number[]): void {
    for (const steps of cutSteps) {
      this.flash.cutAfter(steps);
      try {
        new Journal(this.flash);
      } catch (thrown) {
        if (!(thrown instanceof PowerCut)) throw thrown;
        cuts++;
      }
    }
    this.flash.cutAfter(Number.POSITIVE_INFINITY);
    this.settle(new Journal(this.flash), cut);
    for (let again = 0; again < 2; again++) this.settle(new Journal(this.flash), undefined);
  }

  private apply(journal: Journal, operation: Operation): void {
    if (operation.type === "compact") journal.compact();
    else if (operation.type === "write") {
      expect(journal.write(operation.kind, operation.key, operation.bytes)).toBe(true);
      this.confirmed.set(name(operation.kind, operation.key), operation.bytes);
    } else {
      expect(journal.remove(operation.kind, operation.key)).toBe(true);
      this.confirmed.delete(name(operation.kind, operation.key));
    }
  }

  private settle(journal: Journal, cut: Operation | undefined): void {
    const found = new Map<string, Uint8Array>();
    for (let kind = 1; kind <= 2; kind++) journal.each(kind, (key, bytes) => found.set(name(kind, key), bytes));
    if (cut !== undefined && cut.type !== "compact") {
      const one = name(cut.kind, cut.key);
      const now = found.get(one);
      if (cut.type === "write" && now !== undefined && same(now, cut.bytes)) this.confirmed.set(one, cut.bytes);
      if (cut.type === "remove" && now === undefined) this.confirmed.delete(one);
    }
    if (!sameContents(found, this.confirmed)) expect(found).toEqual(this.confirmed);
    this.journal = undefined;
  }
}

function same(one: Uint8Array, other: Uint8Array): boolean {
  return Buffer.compare(one, other) === 0;
}

function sameContents(one: ReadonlyMap<string, Uint8Array>, other: ReadonlyMap<string, Uint8Array>): boolean {
  if (one.size !== other.size) return false;
  for (const [key, bytes] of one) {
    const there = other.get(key);
    if (there === undefined || !same(bytes, there)) return false;
  }
  return true;
}

function newTrial(chip: Chip, seed: number): Trial {
  const chance = new Stream(seed, "cells", chip.programUnit);
  return new Trial(new NorFlash({ ...chip, below: (limit) => chance.below(limit) }), new Map());
}

for (const chip of chips) {
  const title = `${chip.sectorCount} sectors, unit ${chip.programUnit}`;

  test(`a single cut at any step of opening or of any operation loses nothing confirmed (${title})`, () => {
    const chance = new Stream(1, "script", chip.programUnit);
    const follow = draw(chance, 3, 40);
    const main = newTrial(chip, 1);
    for (const operation of draw(chance, 12 * chip.programUnit + 16, 60)) {
      const whole = main.fork(0);
      whole.play([operation]);
      for (let step = 0; step < whole.flash.steps; step++) {
        const trial = main.fork(step);
        trial.flash.cutAfter(step);
        trial.restart(trial.play([operation]), []);
        trial.play(follow);
        trial.restart(undefined, []);
      }
      main.play([operation]);
    }
  });

  test(`trains of cuts, also while it recovers, lose nothing confirmed (${title})`, () => {
    for (let seed = 0; seed < 200; seed++) {
      const chance = new Stream(seed, "train", chip.programUnit);
      const trial = newTrial(chip, seed);
      for (let round = 0; round < 10; round++) {
        const large = chance.below(2) === 0;
        trial.flash.cutAfter(chance.below(large ? 2000 : 200));
        const cut = trial.play(draw(chance, 20, large ? 80 : 20));
        const again: number[] = [];
        for (let more = chance.below(4); more > 0; more--) again.push(chance.below(chance.below(2) === 0 ? 12 : 300));
        trial.restart(cut, again);
      }
    }
  });
}

test("a cut while the areas change over and one at any step of the recovery lose nothing confirmed", () => {
  const chip = { sectorSize: 1024, sectorCount: 6, programUnit: 8 };
  const main = newTrial(chip, 3);
  const chance = new Stream(3, "values", 0);
  for (let i = 0; i < 14; i++) {
    const bytes = new Uint8Array(100);
    chance.fill(bytes);
    main.play([{ type: "write", kind: 1, key: i % 12, bytes }]);
  }
  const compact: Operation = { type: "compact" };
  const whole = main.fork(0);
  whole.play([compact]);
  // The commit is the last thing before the old area's three sectors are unmarked, erased and marked: 11 steps each.
  const commitAt = whole.flash.steps - 3 * 11 - 2;
  for (let seed = 0; seed < 16; seed++)
    for (let first = commitAt; first < commitAt + 4; first++) {
      const hurt = main.fork(seed);
      hurt.flash.cutAfter(first);
      const cut = hurt.play([compact]);
      for (let second = 0; second < 75; second++) hurt.fork(1000 * seed + second).restart(cut, [second]);
    }
});

test("a value of ones, torn at its checksum, spoils nothing that is written after it", () => {
  const chip = { sectorSize: 1024, sectorCount: 2, programUnit: 1 };
  const ones = new Uint8Array(60).fill(0xff);
  for (let seed = 0; seed < 300; seed++) {
    const trial = newTrial(chip, seed);
    trial.play([{ type: "write", kind: 1, key: 0, bytes: new Uint8Array(1) }]);
    trial.flash.cutAfter(8 + ones.length);
    const cut = trial.play([{ type: "write", kind: 1, key: 1, bytes: ones }]);
    for (let key = 0; key < 3; key++) trial.play([{ type: "write", kind: 2, key, bytes: ones }]);
    trial.restart(cut, []);
  }
});

test("an area whose erase was cut is erased again before it is used, however blank it looks", () => {
  const chip = { sectorSize: 1024, sectorCount: 2, programUnit: 4 };
  const main = newTrial(chip, 5);
  const values: Operation[] = [];
  for (let key = 0; key < 3; key++)
    values.push({ type: "write", kind: 1, key, bytes: new Uint8Array(40).fill(0xf1 + key) });
  main.play(values);
  const whole = main.fork(0);
  whole.play([{ type: "compact" }]);
  // Behind the last step of the erase come the two marks: 8 units.
  const lateInErase = whole.flash.steps - 8 - 2;
  for (let seed = 0; seed < 2500; seed++) {
    const trial = main.fork(seed);
    trial.flash.cutAfter(lateInErase);
    trial.restart(trial.play([{ type: "compact" }]), []);
    trial.play([{ type: "compact" }]);
    trial.play(values);
    trial.restart(undefined, []);
  }
});
