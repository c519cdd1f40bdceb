import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { hunt, soundOutcomes } from "./hunt.ts";
import { huntTable } from "./hunt-table.ts";
import { plantedBugs } from "./list.ts";
import { swarmBlind } from "./swarm-blind.ts";
import { bugsLeft, bugsTold } from "./swarm-table.ts";
import { root } from "./trial.ts";

const options = { firstSeed: 1, count: 4, minutes: 5, shrinkRuns: 0 };

test("a bug that ends every story at once is found by the first, planted by the loader of worker processes", async () => {
  const sound = await soundOutcomes(options, 1);
  const bug = {
    name: "no message is ever carried",
    file: "firmware/alarm/answer.ts",
    line: "const report = reportOf(turn, answer.number);",
    instead: 'throw new Error("planted");',
    tests: [],
  };
  const found = await hunt(bug, sound, options);
  expect(found).toMatchObject({ bug: bug.name, changed: expect.any(Number), found: { by: "thrown", text: "planted" } });
  await expect(hunt({ ...bug, line: "this stands nowhere" }, sound, options)).rejects.toThrow(
    "its line stands 0 times",
  );
}, 240_000);

test("the table tells found, missed and blind apart, and counts what is left", () => {
  const found = { seed: 3, by: "lost-alarms", text: "u", size: 2 };
  const table = huntTable(
    [
      { bug: "one", seeds: 3, changed: 2, found },
      { bug: "two", seeds: 300, changed: 12, found: undefined },
    ],
    ["one", "two", "three"],
  );
  expect(table.split("\n").slice(2)).toEqual([
    "| one | 3 | 2 | lost-alarms |",
    "| two | 300 | | not found; 12 stories came to its line |",
    "",
    "1 found, 1 not found, 1 not hunted yet",
  ]);
});

test("each bug of the list stands in the README as told or as not found yet, or is blind with a reason, and nowhere twice", () => {
  const text = readFileSync(join(root, "simulator", "README.md"), "utf8");
  const all = [...bugsTold(text).map(({ name }) => name), ...bugsLeft(text), ...Object.keys(swarmBlind)];
  expect(all.toSorted()).toEqual(plantedBugs.map(({ name }) => name).toSorted());
  expect(text).toContain(`Of the ${plantedBugs.length} planted bugs ${Object.keys(swarmBlind).length} cannot`);
  expect(text).toContain(`these ${bugsTold(text).length} were told`);
  expect(() => bugsTold("no table")).toThrow("the table of the swarm is not there");
});

test("each row of the README still tells its bug: at its seed, by its checker", async () => {
  const rows = bugsTold(readFileSync(join(root, "simulator", "README.md"), "utf8"));
  const seeds = [...new Set(rows.map(({ seed }) => seed))].toSorted((a, b) => a - b);
  const sound = await soundOutcomes({ ...options, firstSeed: 0, count: seeds.length, seeds }, 2);
  const told: string[] = [];
  const lane = async (): Promise<void> => {
    for (let row = rows.shift(); row !== undefined; row = rows.shift()) {
      const bug = plantedBugs.find(({ name }) => name === row?.name);
      if (bug === undefined) throw new Error(`no planted bug: ${row.name}`);
      const { found } = await hunt(bug, sound, { ...options, firstSeed: row.seed, count: 1 });
      if (found?.by !== row.by) told.push(`${row.name}, seed ${row.seed}: ${found?.by ?? "nothing"} tells it`);
    }
  };
  await Promise.all([lane(), lane()]);
  expect(told).toEqual([]);
}, 900_000);

test("what only a device test can show is a bug of the list, with a reason", () => {
  const names = plantedBugs.map(({ name }) => name);
  for (const [name, reason] of Object.entries(swarmBlind)) {
    expect(names).toContain(name);
    expect(reason.length).toBeGreaterThan(20);
  }
});
