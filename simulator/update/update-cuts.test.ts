/** The power goes at every act of an update, and inside every step of each chip: nothing broken is ever started, and the update comes. */
import { expect, test } from "vitest";
import { releaseOf } from "./releases.ts";
import { type Behaviour, hourMs, UpdateBench } from "./update-bench.ts";

type Plan = (bench: UpdateBench, count: number, onCut: () => void) => void;

function playCut(
  behaviour: Behaviour,
  count: number,
  plan: Plan,
): { readonly cut: boolean; readonly bench: UpdateBench } {
  const bench = new UpdateBench(count + 1, { "1.1.0": behaviour });
  bench.server.publish(releaseOf("1.1.0"));
  let cut = false;
  plan(bench, count, () => {
    cut = true;
  });
  bench.run(12 * hourMs);
  return { cut, bench };
}

function everyCut(behaviour: Behaviour, version: string, told: RegExp, plan: Plan): number {
  for (let count = 0; ; count++) {
    const { cut, bench } = playCut(behaviour, count, plan);
    expect({ count, broken: bench.broken }).toEqual({ count, broken: [] });
    expect({ count, version: bench.version }).toEqual({ count, version });
    expect(bench.told.at(-1)).toMatch(told);
    if (!cut) return count;
  }
}

const stories: readonly (readonly [string, Behaviour, string, RegExp])[] = [
  ["a good release is kept", "good", "1.1.0", /^updated to 1\.1\.0$/],
  ["a release that nobody accepts is taken back", "mute", "1.0.0", /^taken back 1\.1\.0: (accept|start)$/],
];

for (const [story, behaviour, version, told] of stories) {
  test(`${story}, whichever act of the unit a power cut replaces`, () => {
    const cuts = everyCut(behaviour, version, told, (bench, count, onCut) => bench.cutPowerAfter(count, onCut));
    console.info(`power cuts between acts: ${cuts}`);
    expect(cuts).toBeGreaterThan(60);
  });

  // The slots are written to before a trial alone, and that is the same for both.
  for (const chip of behaviour === "good"
    ? (["choice", "journal", "slots"] as const)
    : (["choice", "journal"] as const))
    test(`${story}, whichever step of the chip with the ${chip} a power cut tears`, () => {
      const cuts = everyCut(behaviour, version, told, (bench, count, onCut) => bench.cutFlashAfter(chip, count, onCut));
      console.info(`power cuts inside steps of the ${chip}: ${cuts}`);
      expect(cuts).toBeGreaterThan(10);
    });
}
