/** All pairs of power cuts: one at each step of a short life, and one more at each step of the recovery from it. */
import { afterAll, expect, test } from "vitest";
import { Stream } from "../../simulator/core/prng.ts";
import type { NorFlash } from "../../simulator/flash.ts";
import { blankChip, type Chip, CutTrial, chips, drawScript } from "../../simulator/journal-cuts.ts";
import { Journal } from "./journal.ts";
import { headerLength, recordLength } from "./record.ts";

const seed = Number(process.env["LIVLINA_SEED"]);
const quota = 35_000;

let cuts = 0;
let tookMs = 0;
afterAll(() => {
  const perSecond = Math.round((cuts * 1000) / tookMs);
  console.log(`journal: ${cuts} cuts in pairs, ${perSecond} a second, 0 alarms lost, 0 falsely accepted`);
});

test("a commit that wavers, while the sector before it is half erased, brings no half of an area into force", () => {
  const flash = blankChip(chips[0] as Chip, seed);
  const journal = new Journal(flash);
  // More than one sector holds, so that the commit stands in another one than the first values.
  const keys = [0, 1, 2, 3, 4, 5];
  for (const key of keys) expect(journal.write(1, key, new Uint8Array(200).fill(key + 1))).toBe(true);
  journal.compact();
  const copiesTake = 2 * headerLength + keys.length * recordLength(200, 1);
  // Only a commit that lacks a few bits of its end can read as whole at one time and not at another.
  const lastByte = flash.steps + copiesTake + recordLength(0, 1) - 1;
  let pairs = 0;
  let lost = 0;
  const open = (torn: NorFlash): void => {
    const found = new Journal(torn);
    for (const key of keys) if (found.read(1, key)?.[0] !== key + 1) lost++;
  };
  flash.visitCuts(20, (torn) => {
    if (flash.steps !== lastByte) return;
    torn.visitCuts(1, (again) => {
      pairs++;
      // Opened twice: what wavers may read otherwise the second time.
      open(again);
      open(again);
    });
    open(torn);
  });
  journal.compact();
  expect(lost).toBe(0);
  expect(pairs).toBeGreaterThan(2_000);
});

test.each(chips)(
  "two cuts in a row at any two steps lose nothing confirmed ($sectorCount sectors, unit $programUnit)",
  (chip) => {
    const chance = new Stream(seed, "pairs", chip.programUnit);
    let done = 0;
    for (let life = 0; done < quota; life++) {
      const trial = new CutTrial(1, drawScript(chance, 2, 12));
      const script = drawScript(chance, 3, 12);
      if (life % 2 === 1) script.push({ type: "compact" });
      const beganMs = performance.now();
      trial.exhaust(chip, life, script, 2);
      tookMs += performance.now() - beganMs;
      expect(trial.totals).toEqual({ cuts: trial.totals.cuts, lost: 0, falselyAccepted: 0, changed: 0 });
      done += trial.totals.cuts;
    }
    cuts += done;
  },
);
