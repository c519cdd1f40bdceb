/** How a planted bug is shown to turn the right checker red, and nothing without it. */
import { beforeEach, expect, test } from "vitest";
import { foundOf, playSmall, redOf, type SmallWorld } from "../play-bench.ts";
import type { World } from "../world.ts";

export interface Plant {
  readonly bug: string;
  readonly world: SmallWorld;
  /** What no scenario file says. */
  readonly prepare?: (world: World) => void;
  /** The one checker that must turn red, and any other that rightly does. */
  readonly red: string;
  readonly also?: readonly string[];
  /** What it must say: which unit, and when or what. */
  readonly says: RegExp;
}

/** A test for each: `planted.bug` switches a bug on where the test file has put it around a module of the firmware. */
export function testPlants(planted: { bug: string }, plants: readonly Plant[]): void {
  beforeEach(() => {
    planted.bug = "none";
  });
  for (const { bug, world, prepare, red, also = [], says } of plants) {
    const where = `${world.primary ?? "normal"}, ${world.presses?.length ?? 1} press`;
    test(`${red} turns red, and only it, when ${bug} (${where})`, async () => {
      const sound = await playSmall(world, 1, undefined, prepare);
      expect(foundOf(sound)).toEqual([]);
      planted.bug = bug;
      const result = await playSmall(world, 1, undefined, prepare);
      expect(redOf(result)).toEqual([red, ...also]);
      expect(result.verdict).toBe("failed");
      expect(foundOf(result)).toContainEqual(expect.stringMatching(says));
    });
  }
}
