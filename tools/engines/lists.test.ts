import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type EventList, listFolder, listText, readDigests, readLists, ToldDigest } from "./lists.ts";
import { nodeEngine } from "./node-engine.ts";
import { recordStory } from "./recorder.ts";
import { differingLists, vectorsOn } from "./runs.ts";
import { scriptOf } from "./scripts.ts";
import { stories } from "./stories.ts";
import { vectorQuestions } from "./vectors.ts";

const anew = "the firmware or the simulator has changed: npx tsx tools/engines/record.ts";
const lists = readLists(listFolder);

function listOf(name: string): EventList {
  const list = lists.find(({ head }) => head.name === name);
  if (list === undefined) throw new Error(`there is no list ${name}: ${anew}`);
  return list;
}

test("each list that a story records is there, and none that no story records; all of them are small", () => {
  const wanted = stories.flatMap(({ takes }) => takes.map(({ list }) => list));
  expect(lists.map(({ head }) => head.name)).toEqual(wanted.sort());
  expect(new Set(wanted).size).toBe(wanted.length);
  expect(wanted.length).toBeGreaterThan(20);
  const bytes = readdirSync(listFolder).map((file) => statSync(join(listFolder, file)).size);
  expect(bytes.reduce((sum, size) => sum + size, 0)).toBeLessThan(1_500_000);
});

// The others take minutes of a home's life and seconds of ours: `npx tsx tools/engines/record.ts --check` records them all.
const brief = stories.filter(({ scenario }) => /^duration: \d{1,2}m$/m.test(scenario));

test.each(brief.map((story) => [story.takes.map(({ list }) => list).join(", "), story] as const))(
  "recorded anew it has the same bytes: %s",
  async (_names, story) => {
    for (const recorded of await recordStory(story)) {
      const { name } = recorded.head;
      expect(listText(recorded) === listText(listOf(name)), `${name}: ${anew}`).toBe(true);
      const digest = new ToldDigest();
      for (const told of recorded.told) digest.add(told);
      expect(digest.value(), name).toBe(readDigests(listFolder)[name]);
    }
  },
);

test("the devices' scripts on Node do what the firmware did in the simulator as the lists were recorded", async () => {
  const scripts = { unit: await scriptOf("unit", "xsnap"), button: await scriptOf("button", "xsnap"), vector: "" };
  expect(await differingLists(nodeEngine(), scripts, lists, listFolder), anew).toEqual([]);
});

test("a device that does something else reaches another digest", async () => {
  const script = await scriptOf("button", "xsnap");
  const other = script.replace('show("received")', 'show("accepted")').replace('"radio.listen"', '"radio.listens"');
  expect(other).not.toBe(script);
  const pressed = [listOf("press-button")];
  const scripts = { unit: "", button: other, vector: "" };
  expect(await differingLists(nodeEngine(), scripts, pressed, listFolder)).toMatchObject([{ list: "press-button" }]);
});

test("all golden vectors are answered as they want by a script that a device could run", async () => {
  const questions = vectorQuestions();
  expect(questions.length).toBeGreaterThan(150);
  expect((await vectorsOn(nodeEngine(), await scriptOf("vector", "xsnap"), questions)).wrong).toEqual([]);
});

test("a vector that is answered wrongly is named", async () => {
  const script = (await scriptOf("vector", "xsnap")).replace("rounds = 10", "rounds = 9");
  const wrong = (await vectorsOn(nodeEngine(), script, vectorQuestions())).wrong;
  expect(wrong).toContain("radio RFC 3610 packet vector 1");
  expect(wrong).not.toContain("scaip user alarm from the wrist button");
});
