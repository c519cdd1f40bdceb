/** Two runs of one scenario held against each other: what is equal passes, one step out of order or late is found and shown. */
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { readScenario } from "../../simulator/scenario/scenario-file.ts";
import { compareStories, sideBySide, usualTolerances } from "./compare.ts";
import { simulate } from "./simulate.ts";
import { type RunStory, type StoryLine, storyOf } from "./story.ts";

const path = fileURLToPath(new URL("../scenarios/two-at-once.yaml", import.meta.url));
const simulated = await simulate(readScenario(path), 1, undefined);
const lines = simulated.lines;
const simulator = storyOf(lines);

/** The same run with each line changed, or left out where the answer is undefined. */
function changed(change: (line: StoryLine) => StoryLine | undefined): RunStory {
  const kept = lines.flatMap((line) => change(line) ?? []);
  return storyOf(kept.sort((a, b) => a.atMs - b.atMs));
}

/** Of the second press's own report. */
function second(type: "stored" | "carried" | "accepted"): StoryLine {
  const accepted = lines.filter((line) => line.type === "accepted")[1] as Extract<StoryLine, { path: string }>;
  return lines.find((line) => line.type === type && line.number === accepted.number) as StoryLine;
}

test("a run that is told twice is the same story, and so is one whose every step comes a little later", () => {
  expect(simulator.alarms.map(({ steps }) => steps.map(({ what }) => what))).toEqual([
    ["pressed", "stored", "carried", "accepted"],
    ["pressed", "stored", "carried", "accepted"],
  ]);
  expect(compareStories(simulator, simulator)).toEqual([]);
  expect(
    compareStories(
      simulator,
      changed((line) => ({ ...line, atMs: line.atMs + 400 })),
    ),
  ).toEqual([]);
});

test("two steps that changed places are found and shown side by side", () => {
  const [carried, accepted] = [second("carried"), second("accepted")];
  const bench = changed((line) => {
    if (line === carried) return { ...line, atMs: accepted.atMs };
    return line === accepted ? { ...line, atMs: carried.atMs } : line;
  });
  const differences = compareStories(simulator, bench);
  expect(differences.map(({ kind }) => kind)).toEqual(["order"]);
  expect(sideBySide(differences[0] as (typeof differences)[0]).split("\n")).toMatchObject([
    "par, press 2 (button 2): carried comes first in the simulator, accepted on the bench",
    expect.stringMatching(/^ {2}simulator +bench$/),
    expect.stringMatching(/^ {2}pressed +66000 ms +pressed +66000 ms$/),
    expect.stringMatching(/^ {2}stored +\+33 ms +stored +\+33 ms$/),
    expect.stringMatching(/^> carried +\+\d+ ms broadband to first +accepted +\+\d+ ms broadband to first$/),
    expect.stringMatching(/^> accepted +\+\d+ ms broadband to first +carried +\+\d+ ms broadband to first$/),
  ]);
});

test.each(["stored", "carried", "accepted"] as const)(
  "a step that is %s too late is found, and at the border is none",
  (type) => {
    const most = usualTolerances.timesMs[type];
    // Those behind it come later too, or the order would change.
    const after = lines.indexOf(second(type));
    const shifted = (byMs: number): RunStory =>
      changed((line) =>
        lines.indexOf(line) >= after && line.type !== "pressed" ? { ...line, atMs: line.atMs + byMs } : line,
      );
    expect(compareStories(simulator, shifted(most))).toEqual([]);
    const [found, ...more] = compareStories(simulator, shifted(most + 1));
    expect(found).toMatchObject({ kind: "time", step: type });
    expect(more).toEqual([]);
    expect(sideBySide(found as NonNullable<typeof found>)).toContain(`\n> ${type}`);
  },
);

test("a press that comes too late, a step that never comes, and an alarm on one side alone are found", () => {
  const moved = changed((line) => ({ ...line, atMs: line.atMs + usualTolerances.timesMs.pressed + 1 }));
  expect(compareStories(simulator, moved).map(({ kind, step }) => [kind, step])).toEqual([
    ["time", "pressed"],
    ["time", "pressed"],
  ]);
  const last = second("accepted");
  const never = compareStories(
    simulator,
    changed((line) => (line === last ? undefined : line)),
  );
  expect(never.map(({ text }) => text)).toEqual(["par, press 2 (button 2): never accepted on the bench"]);
  const less = changed((line) => ("number" in line && line.number === 0 ? line : undefined));
  expect(compareStories(simulator, { ...less, counts: simulator.counts })[0]?.text).toContain("only in the simulator");
  expect(compareStories({ ...less, counts: simulator.counts }, simulator)[0]?.text).toContain("only on the bench");
});

test("another way, and more repeats, beats or other reports than are allowed, are found", () => {
  const one = second("accepted");
  const elsewhere = changed((line) => (line === one ? ({ ...line, path: "mobile to second" } as StoryLine) : line));
  expect(compareStories(simulator, elsewhere)).toMatchObject([{ kind: "path", step: "accepted" }]);
  for (const name of ["repeats", "beats", "others"] as const) {
    const more = (by: number): RunStory => ({
      ...simulator,
      counts: { ...simulator.counts, [name]: simulator.counts[name] + by },
    });
    expect(compareStories(simulator, more(usualTolerances.counts[name]))).toEqual([]);
    expect(compareStories(simulator, more(usualTolerances.counts[name] + 1))).toMatchObject([{ kind: "count" }]);
  }
});

test("what the unit reports of itself is no alarm of anybody", () => {
  const other: readonly StoryLine[] = [
    { atMs: 64_000, type: "stored", unit: "par", number: 900, path: "" },
    { atMs: 65_500, type: "stored", unit: "par", number: 901, path: "" },
    { atMs: 65_600, type: "alarm", unit: "par", receiver: "first", number: 901, dty: 2, stc: 85 },
  ];
  const story = storyOf([...lines, ...other].sort((a, b) => a.atMs - b.atMs));
  expect(story.alarms).toEqual(simulator.alarms);
  expect(story.counts).toEqual({ ...simulator.counts, others: simulator.counts.others + 1 });
});
