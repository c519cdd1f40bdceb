/** Trains of power cuts in the boot choice: a start takes what was chosen before a cut or by it, and never anything else, nor now this and then that. */
import { expect, test } from "vitest";
import { BootChoice, type Choice, otherSlot } from "../../firmware/update/boot-choice.ts";
import { Stream as Chance } from "../core/prng.ts";
import { NorFlash, PowerCut } from "../flash.ts";

const lives = 60;

function keyOf({ slot, stage }: Choice): string {
  return `${slot} ${stage}`;
}

/** What a start makes of a choice that stands: what runs, which is what stands then. */
function startOf({ slot, stage }: Choice): Choice {
  if (stage === "untried") return { slot, stage: "tried" };
  return stage === "tried" ? { slot: otherSlot(slot), stage: "settled" } : { slot, stage };
}

function oneOf(possible: readonly Choice[], found: Choice): boolean {
  return possible.some((choice) => keyOf(choice) === keyOf(found));
}

function playTrain(seed: number): { readonly wrong: string[]; readonly cuts: number } {
  const chance = new Chance(seed, "train", 0);
  const flash = new NorFlash({ sectorSize: 256, sectorCount: 2, programUnit: 4, below: (n) => chance.below(n) });
  const wrong: string[] = [];
  let possible: readonly Choice[] = [{ slot: 0, stage: "settled" }];
  let cuts = 0;
  for (let life = 0; life < lives; life++) {
    flash.cutAfter(chance.below(3) === 0 ? chance.below(14) : Number.POSITIVE_INFINITY);
    let wanted: readonly Choice[] = possible.map(startOf);
    try {
      const choice = new BootChoice(flash);
      const found = choice.start();
      if (!oneOf(wanted, found)) wrong.push(`life ${life}: ${keyOf(found)} of ${wanted.map(keyOf).join(", ")}`);
      possible = [found];
      for (let turn = chance.below(3); turn > 0; turn--) {
        const next: Choice = {
          slot: chance.below(2) === 0 ? 0 : 1,
          stage: chance.below(2) === 0 ? "settled" : "untried",
        };
        wanted = [next];
        if (choice.put(next)) possible = wanted;
      }
    } catch (error) {
      if (!(error instanceof PowerCut)) throw error;
      cuts++;
      possible = [...possible, ...wanted];
    }
  }
  return { wrong, cuts };
}

test("after any train of power cuts a start takes what was chosen before the last cut or by it", () => {
  let cuts = 0;
  for (let seed = 0; seed < 1_500; seed++) {
    const train = playTrain(seed);
    expect({ seed, wrong: train.wrong }).toEqual({ seed, wrong: [] });
    cuts += train.cuts;
  }
  console.info(`power cuts in boot choices: ${cuts}`);
  expect(cuts).toBeGreaterThan(5_000);
});
