/**
 * Power cuts at every step of what the journal does to its flash: after each one the journal is opened again and held
 * against an honest list of what it had confirmed. The test and the bench of the journal both play from here.
 */
import { Journal } from "../firmware/storage/journal.ts";
import { Stream } from "./core/prng.ts";
import { NorFlash, PowerCut } from "./flash.ts";

export type Operation =
  | { readonly type: "write"; readonly kind: number; readonly key: number; readonly bytes: Uint8Array }
  | { readonly type: "remove"; readonly kind: number; readonly key: number }
  | { readonly type: "compact" };

export interface Chip {
  /** Erases a sector bears; absent: no limit. */
  readonly eraseLimit?: number;
  readonly sectorSize: number;
  readonly sectorCount: number;
  readonly programUnit: number;
}

export interface CutTotals {
  cuts: number;
  /** A confirmed alarm that is gone. */
  lost: number;
  /** An alarm that reads as accepted, while nobody had begun to write that. */
  falselyAccepted: number;
  /** Any other value that is neither the confirmed one nor the one under way. */
  changed: number;
}

export const chips: readonly Chip[] = [
  { sectorSize: 1024, sectorCount: 4, programUnit: 1 },
  { sectorSize: 2048, sectorCount: 2, programUnit: 4 },
  { sectorSize: 1024, sectorCount: 6, programUnit: 8 },
];

/** The first byte of an alarm's value. */
export const pending = 1;
export const accepted = 2;

const counterKind = 1;
const alarmKind = 2;
const keysPerKind = 3;
const placeCount = 2 * keysPerKind;

/** What has been confirmed, by place: kind and key. */
type Kept = (Uint8Array | undefined)[];

/** A life in short: alarms are stored, accepted and forgotten beside a counter, and now and then the journal is compacted. */
export function drawScript(chance: Stream, count: number, valueLimit: number): Operation[] {
  const script: Operation[] = [];
  for (let i = 0; i < count; i++) {
    const kind = chance.between(counterKind, alarmKind);
    const key = chance.below(keysPerKind);
    const way = chance.below(20);
    const bytes = new Uint8Array(1 + chance.below(valueLimit));
    chance.fill(bytes);
    if (chance.below(2) === 0) bytes.fill(0xff, chance.below(bytes.length));
    bytes[0] = chance.below(3) === 0 ? accepted : pending;
    if (way === 0) script.push({ type: "compact" });
    else if (way < 4) script.push({ type: "remove", kind, key });
    else script.push({ type: "write", kind, key, bytes });
  }
  return script;
}

export class CutTrial {
  readonly totals: CutTotals;
  private readonly ways: number;
  private readonly follow: readonly Operation[];

  /** Each step is torn in so many `ways`; after a cut the journal goes on with the operations of `follow`. */
  constructor(ways: number, follow: readonly Operation[]) {
    this.totals = { cuts: 0, lost: 0, falselyAccepted: 0, changed: 0 };
    this.ways = ways;
    this.follow = follow;
  }

  /**
   * Plays the script on a blank chip and cuts each step of it, opening included; `cutsInRow` 2 cuts each step of each
   * recovery too, so that all pairs are tried.
   */
  exhaust(chip: Chip, seed: number, script: readonly Operation[], cutsInRow: number): void {
    this.run(blankChip(chip, seed), new Array<Uint8Array | undefined>(placeCount), undefined, script, cutsInRow);
  }

  /** Ten rounds of up to four cuts in a row at random steps, with a drawn script before each. */
  train(chip: Chip, seed: number): void {
    const chance = new Stream(seed, "train", chip.programUnit);
    const flash = blankChip(chip, seed);
    const kept: Kept = new Array<Uint8Array | undefined>(placeCount);
    for (let round = 0; round < 10; round++) {
      const large = chance.below(2) === 0;
      const script = drawScript(chance, 20, large ? 80 : 20);
      flash.cutAfter(chance.below(large ? 2000 : 200));
      let underWay = this.untilCut(flash, kept, undefined, script);
      for (let more = chance.below(4); more > 0; more--) {
        flash.cutAfter(chance.below(chance.below(2) === 0 ? 12 : 300));
        underWay = this.untilCut(flash, kept, underWay, []);
      }
      flash.cutAfter(Number.POSITIVE_INFINITY);
      this.judge(new Journal(flash), kept, underWay);
      for (let again = 0; again < 2; again++) this.judge(new Journal(flash), kept, undefined);
    }
  }

  /** The operation during which the power went; undefined when it did not, or while nothing was under way. */
  private untilCut(
    flash: NorFlash,
    kept: Kept,
    before: Operation | undefined,
    script: readonly Operation[],
  ): Operation | undefined {
    let underWay = before;
    try {
      const journal = new Journal(flash);
      this.judge(journal, kept, underWay);
      underWay = undefined;
      for (const operation of script) {
        underWay = operation;
        apply(journal, kept, operation);
        underWay = undefined;
      }
    } catch (thrown) {
      if (!(thrown instanceof PowerCut)) throw thrown;
      this.totals.cuts++;
    }
    return underWay;
  }

  /** Opens, judges, goes on with the script and judges again; where `cutsInRow` is left, each step of that is cut. */
  private run(
    flash: NorFlash,
    before: Kept,
    interrupted: Operation | undefined,
    script: readonly Operation[],
    cutsInRow: number,
  ): void {
    const kept = before.slice();
    let underWay = interrupted;
    if (cutsInRow > 0)
      flash.visitCuts(this.ways, (torn) => {
        this.totals.cuts++;
        this.run(torn, kept, underWay, this.follow, cutsInRow - 1);
      });
    const journal = new Journal(flash);
    this.judge(journal, kept, underWay);
    for (const operation of script) {
      underWay = operation;
      apply(journal, kept, operation);
    }
    flash.visitCuts(0, () => {});
    this.judge(new Journal(flash), kept, undefined);
  }

  /** Holds the journal against `kept`; what was under way counts from now on as it was found. */
  private judge(journal: Journal, kept: Kept, underWay: Operation | undefined): void {
    let count = 0;
    for (let place = 0; place < placeCount; place++) {
      const found = journal.read(counterKind + Math.floor(place / keysPerKind), place % keysPerKind);
      if (found !== undefined) count++;
      const there = kept[place];
      if (same(found, there)) continue;
      const isOf = underWay !== undefined && underWay.type !== "compact" && placeOf(underWay) === place;
      if (isOf && same(found, underWay.type === "write" ? underWay.bytes : undefined)) kept[place] = found;
      else if (place < keysPerKind) this.totals.changed++;
      else if (found === undefined) this.totals.lost++;
      else if (found[0] === accepted && there?.[0] !== accepted) this.totals.falselyAccepted++;
      else this.totals.changed++;
    }
    if (count !== journal.count) this.totals.changed++;
  }
}

export function blankChip(chip: Chip, seed: number): NorFlash {
  const chance = new Stream(seed, "cells", chip.programUnit);
  return new NorFlash({ ...chip, below: (limit) => chance.below(limit) });
}

/** A refusal counts as not done; these chips have room, so the totals of a test would show it. */
function apply(journal: Journal, kept: Kept, operation: Operation): void {
  if (operation.type === "compact") journal.compact();
  else if (operation.type === "remove") {
    if (journal.remove(operation.kind, operation.key)) kept[placeOf(operation)] = undefined;
  } else if (journal.write(operation.kind, operation.key, operation.bytes)) kept[placeOf(operation)] = operation.bytes;
}

function placeOf(operation: { readonly kind: number; readonly key: number }): number {
  return (operation.kind - counterKind) * keysPerKind + operation.key;
}

function same(one: Uint8Array | undefined, other: Uint8Array | undefined): boolean {
  if (one === undefined || other === undefined) return one === other;
  if (one.length !== other.length) return false;
  for (let i = 0; i < one.length; i++) if (one[i] !== other[i]) return false;
  return true;
}
