/**
 * Power cuts at every step of what a journal does to its flash. After each: every confirmed alarm is found, what was cut
 * is old or new, nothing else is there, although torn cells read differently each time. Pairs of cuts: journal-pairs.test.ts.
 */
import { afterAll, expect, test } from "vitest";
import { Stream } from "../../simulator/core/prng.ts";
import { type Chip, CutTrial, chips, drawScript, type Operation } from "../../simulator/journal-cuts.ts";

/** Of the whole run, so that a fresh run cuts other lives than the fixed one. */
const seed = Number(process.env["LIVLINA_SEED"]);
const quota = 20_000;
const sound = { lost: 0, falselyAccepted: 0, changed: 0 };

let cuts = 0;
let tookMs = 0;
afterAll(() => {
  const perSecond = Math.round((cuts * 1000) / tookMs);
  console.log(`journal: ${cuts} single cuts and trains, ${perSecond} a second, 0 alarms lost, 0 falsely accepted`);
});

/** Plays, counts and asks that nothing was lost; answers the number of cuts. */
function held(trial: CutTrial, play: () => void): number {
  const beganMs = performance.now();
  play();
  tookMs += performance.now() - beganMs;
  cuts += trial.totals.cuts;
  expect(trial.totals).toEqual({ cuts: trial.totals.cuts, ...sound });
  return trial.totals.cuts;
}

function write(kind: number, key: number, length: number, fill: number): Operation {
  const bytes = new Uint8Array(length).fill(fill);
  bytes[0] = 1;
  return { type: "write", kind, key, bytes };
}

for (const chip of chips) {
  const title = `${chip.sectorCount} sectors, unit ${chip.programUnit}`;

  test(`a single cut at any step of opening or of any operation loses nothing confirmed (${title})`, () => {
    const chance = new Stream(seed, "script", chip.programUnit);
    for (let done = 0, life = 0; done < quota; life++) {
      const trial = new CutTrial(2, drawScript(chance, 2, 40));
      const script = drawScript(chance, 12 * chip.programUnit + 16, 60);
      done += held(trial, () => trial.exhaust(chip, life, script, 1));
    }
  });

  test(`trains of cuts, also while it recovers, lose nothing confirmed (${title})`, () => {
    const trial = new CutTrial(1, []);
    held(trial, () => {
      for (let life = 0; life < 60; life++) trial.train(chip, life);
    });
    expect(trial.totals.cuts).toBeGreaterThan(400);
  });
}

const hardships: readonly { readonly title: string; readonly chip: Chip; readonly valueLimit: number }[] = [
  { title: "a chip that is full", chip: { sectorSize: 1024, sectorCount: 2, programUnit: 4 }, valueLimit: 190 },
  {
    title: "a chip that wears out meanwhile",
    chip: { sectorSize: 1024, sectorCount: 4, programUnit: 4, eraseLimit: 3 },
    valueLimit: 120,
  },
];

for (const { title, chip, valueLimit } of hardships)
  test(`a cut at any step loses nothing confirmed on ${title}`, () => {
    const chance = new Stream(seed, "hardship", valueLimit);
    for (let life = 0; life < 4; life++) {
      const trial = new CutTrial(1, drawScript(chance, 3, valueLimit));
      held(trial, () => trial.exhaust(chip, life, drawScript(chance, 60, valueLimit), 1));
    }
  });

test("a value of ones, torn at its checksum, spoils nothing that is written after it", () => {
  const chip = { sectorSize: 1024, sectorCount: 2, programUnit: 1 };
  const ones = (kind: number, key: number): Operation => write(kind, key, 60, 0xff);
  const trial = new CutTrial(20, [ones(2, 0), ones(2, 1), ones(2, 2)]);
  held(trial, () => trial.exhaust(chip, 1, [write(1, 0, 1, 0), ones(1, 1)], 1));
});

test("an area whose erase was cut is erased again before it is used, however blank it looks", () => {
  const chip = { sectorSize: 1024, sectorCount: 2, programUnit: 4 };
  const values = [write(2, 0, 40, 0xf1), write(2, 1, 40, 0xf2), write(2, 2, 40, 0xf3)];
  const trial = new CutTrial(100, [{ type: "compact" }, ...values]);
  held(trial, () => trial.exhaust(chip, 5, [...values, { type: "compact" }], 1));
});
