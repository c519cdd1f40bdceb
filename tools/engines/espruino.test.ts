import { expect, test } from "vitest";
import { found } from "../config/requires.ts";
import { espruinoEngine, espruinoProgram } from "./espruino-engine.ts";
import { listFolder, readLists } from "./lists.ts";
import { nodeEngine } from "./node-engine.ts";
import { digestOf } from "./playing.ts";
import { vectorsOn } from "./runs.ts";
import { scriptOf } from "./scripts.ts";
import { vectorQuestions } from "./vectors.ts";

const program = espruinoProgram() ?? "";
const reason =
  "LIVLINA_ESPRUINO names no Espruino interpreter for this machine, built without its assertions (RELEASE=1)";
const espruino = found("espruino", program !== "", reason);
const lists = readLists(listFolder);
const buttonLists = lists.filter(({ head }) => head.device === "button");
/** Of the unit's, since each line takes some 0.3 s there: a press from start to acceptance, and a start after a power cut. */
const unitLists = lists.filter(({ head }) => ["press-unit", "power-cut-after"].includes(head.name));

const onEspruino = (title: string, run: () => Promise<void>): void =>
  test(title, { timeout: 900_000 }, async (context) => {
    if (!espruino.here) context.skip(espruino.reason);
    await run();
  });

for (const [device, own] of [
  ["button", buttonLists],
  ["unit", unitLists],
] as const)
  onEspruino(
    `booted from Storage on Espruino, lists of the ${device} bring the digests they have on Node`,
    async () => {
      const script = await scriptOf(device, "espruino");
      const [ours, theirs] = [await nodeEngine().open(script), await espruinoEngine(program).open(script)];
      try {
        const loaded = await theirs.live();
        for (const list of own) expect(await digestOf(theirs, list), list.head.name).toBe(await digestOf(ours, list));
        console.info(`${device}: ${loaded} JsVars with the script alone, ${await theirs.live()} in the end`);
      } finally {
        await theirs.close();
      }
    },
  );

onEspruino("the golden vectors of radio frames are answered on Espruino as they want", async () => {
  const questions = vectorQuestions().filter(({ kind }) => kind === "frame");
  const answered = await vectorsOn(espruinoEngine(program), await scriptOf("vector", "espruino"), questions);
  expect(answered.wrong).toEqual([]);
});

onEspruino("over its longest list a button's JsVars stay below twice what it takes after the start", async () => {
  const [longest] = [...buttonLists].sort((one, other) => other.lines.length - one.lines.length);
  if (longest === undefined) throw new Error("there is no list of a button");
  const session = await espruinoEngine(program).open(await scriptOf("button", "espruino"));
  try {
    const script = await session.live();
    await session.start(longest, "quiet");
    const boot = (await session.live()) - script;
    let peak = boot;
    let end = boot;
    for (const line of longest.lines) {
      await session.hear(line);
      end = (await session.live()) - script;
      peak = Math.max(peak, end);
    }
    console.info(`JsVars beside ${script} of the script: ${boot} after the start, ${peak} at most, ${end} in the end`);
    expect(peak).toBeLessThan(boot * 2);
  } finally {
    await session.close();
  }
});
