/**
 * Records all lists anew from their stories, or those whose names hold a word: `npx tsx tools/engines/record.ts [word]`.
 * `--check` writes nothing and ends with 1 where a list is not what its story records now.
 */
import { mkdirSync } from "node:fs";
import { parseArgs } from "node:util";
import {
  listFolder,
  listText,
  readDigests,
  readLists,
  removeList,
  ToldDigest,
  writeDigests,
  writeList,
} from "./lists.ts";
import { recordStory } from "./recorder.ts";
import { stories } from "./stories.ts";

const { values, positionals } = parseArgs({ options: { check: { type: "boolean" } }, allowPositionals: true });
const [word = ""] = positionals;
const isCheck = values.check === true;

mkdirSync(listFolder, { recursive: true });
const kept = new Map(readLists(listFolder).map((list) => [list.head.name, listText(list)]));
const digests = new Map(Object.entries(readDigests(listFolder)));
let bytes = 0;
const recorded = new Set<string>();
const stale: string[] = [];
for (const story of stories) {
  if (!story.takes.some(({ list }) => list.includes(word))) continue;
  for (const list of await recordStory(story)) {
    const { name } = list.head;
    const digest = new ToldDigest();
    for (const told of list.told) digest.add(told);
    const value = digest.value();
    recorded.add(name);
    if (kept.get(name) !== listText(list) || digests.get(name) !== value) stale.push(name);
    digests.set(name, value);
    if (!isCheck) bytes += writeList(listFolder, list);
  }
}
if (isCheck) {
  for (const name of stale) console.error(`${name}: not what its story records now; npx tsx tools/engines/record.ts`);
  if (stale.length > 0) process.exitCode = 1;
  else console.info(`${recorded.size} lists are what their stories record`);
} else {
  for (const name of kept.keys())
    if (word === "" && !recorded.has(name)) {
      removeList(listFolder, name);
      digests.delete(name);
    }
  writeDigests(listFolder, Object.fromEntries(digests));
  console.info(`${recorded.size} lists, ${Math.round(bytes / 1024)} kB, ${stale.length} changed`);
}
