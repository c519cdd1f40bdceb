/** All pairs of power cuts: one at each step of a short life, and one more at each step of the recovery from it. */
import { afterAll, expect, test } from "vitest";
import { Stream } from "../../simulator/core/prng.ts";
import { CutTrial, chips, drawScript } from "../../simulator/journal-cuts.ts";

const seed = Number(process.env["LIVLINA_SEED"]);
const quota = 35_000;

let cuts = 0;
let tookMs = 0;
afterAll(() => {
  const perSecond = Math.round((cuts * 1000) / tookMs);
  console.log(`journal: ${cuts} cuts in pairs, ${perSecond} a second, 0 alarms lost, 0 falsely accepted`);
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
