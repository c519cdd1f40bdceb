import { expect, test } from "vitest";
import type { Home } from "./home.ts";
import { foundOf, playSmall, type SmallWorld } from "./play-bench.ts";
import type { RunPress } from "./record/run-result.ts";
import type { World } from "./world.ts";

const pressMs = 180_000;
const deadMs = 2_500;
/** The alarm's own life: from the finger to the acceptance, and the work after it. */
const aliveMs = 45_000;
const small: SmallWorld = {
  duration: "7m",
  receivers: ["primary", "secondary"],
  presses: ["at: 3m, press: u"],
};

interface Cut {
  readonly press: RunPress;
  readonly found: readonly string[];
  /** Whether the power went before the alarm's time was over. */
  readonly cut: boolean;
}

type Plan = (home: Home, onCut: () => void) => void;

async function playCut(world: SmallWorld, plan: Plan): Promise<Cut> {
  let cut = false;
  const prepare = (world: World): void => {
    const { queue } = world;
    queue.at(pressMs - 1, () => {
      const unit = world.home("u") as Home;
      plan(unit, () => {
        cut = true;
        queue.after(deadMs, () => unit.restorePower());
      });
      queue.after(aliveMs, () => unit.cutPowerAfter(Number.POSITIVE_INFINITY, () => {}));
    });
  };
  const result = await playSmall(world, 1, undefined, prepare);
  return { press: result.presses[0] as RunPress, found: foundOf(result), cut };
}

async function everyCut(world: SmallWorld, planOf: (count: number) => Plan): Promise<number> {
  for (let count = 0; ; count++) {
    const { press, found, cut } = await playCut(world, planOf(count));
    expect({ count, found }).toEqual({ count, found: [] });
    expect({ count, cases: press.cases, accepted: press.acceptedMs !== null }).toEqual({
      count,
      cases: 1,
      accepted: true,
    });
    if (!cut) return count;
  }
}

/** What may be going on when the power goes. */
const stories: Readonly<Record<string, SmallWorld>> = {
  "both receivers well": small,
  "the first receiver carries and says nothing, so the second accepts and the first is owed a withdrawal": {
    ...small,
    primary: "silent-after-200",
  },
  "the first receiver answers late": { ...small, primary: "late" },
  "broadband only, and a copy of each answer": {
    ...small,
    home: "policy: broadband-only, broadband: fibre",
    primary: "duplicate",
  },
};

for (const [story, world] of Object.entries(stories)) {
  test(`${story}: whichever act of the unit a power cut replaces, the press is accepted in the end, once`, async () => {
    const cuts = await everyCut(world, (count) => (home, onCut) => home.cutPowerAfter(count, onCut));
    console.info(`power cuts between acts: ${cuts}`);
    expect(cuts).toBeGreaterThan(10);
  });

  test(`${story}: whichever step of its flash a power cut tears, the press is accepted in the end, once`, async () => {
    const cuts = await everyCut(world, (count) => (home, onCut) => home.cutFlashAfter(count, onCut));
    console.info(`power cuts inside flash steps: ${cuts}`);
    expect(cuts).toBeGreaterThan(10);
  });
}
