import { expect, test } from "vitest";
import { readBoard } from "../boards.ts";
import { found } from "../config/requires.ts";
import { beyondBudget, budgetBoards, costText } from "./budgets.ts";
import { listFolder, readLists } from "./lists.ts";
import { nodeEngine } from "./node-engine.ts";
import { dearest, differingLists, vectorsOn } from "./runs.ts";
import { scriptOf } from "./scripts.ts";
import { vectorQuestions } from "./vectors.ts";
import { xsEngine } from "./xs-engine.ts";
import { XsWorker, xsIsHere } from "./xs-worker.ts";

const xs = found("xs", xsIsHere(), "XS is not here: npm ci --prefix tools/engines/xs (compiles for a minute)");
const lists = readLists(listFolder);

/** The dearest of each device, as `npx tsx tools/engines/play.ts --engine xs` finds them among all. */
const dear = ["press-unit", "press-button", "fault-no-data", "call-last-resort", "service", "power-cut-after"];

const onXs = (title: string, run: () => Promise<void>): void =>
  test(title, { timeout: 240_000 }, async (context) => {
    if (!xs.here) context.skip(xs.reason);
    await run();
  });

onXs("on XS every list brings the digest that it has on Node", async () => {
  const scripts = { unit: await scriptOf("unit", "xsnap"), button: await scriptOf("button", "xsnap"), vector: "" };
  expect(await differingLists(xsEngine, scripts, lists, listFolder)).toEqual([]);
});

onXs("on XS every golden vector is answered as on Node", async () => {
  const script = await scriptOf("vector", "xsnap");
  const answered = await vectorsOn(xsEngine, script, vectorQuestions());
  expect(answered).toEqual(await vectorsOn(nodeEngine(), script, vectorQuestions()));
  expect(answered.wrong).toEqual([]);
});

for (const device of ["unit", "button"] as const)
  onXs(`on XS the ${device} keeps the budgets of its board: computrons and slots of each kind of event`, async () => {
    const own = lists.filter(({ head }) => head.device === device && dear.includes(head.name));
    const cost = await dearest(xsEngine, await scriptOf(device, "xsnap"), own);
    const board = readBoard(budgetBoards[device]);
    console.info(costText(device, cost, board));
    expect(beyondBudget(cost, board)).toEqual([]);
    expect(beyondBudget({ ...cost, peakLive: 1_000_000 }, board)).toHaveLength(1);
  });

onXs("what a script throws on XS comes out as an error, and the engine goes on", async () => {
  const worker = new XsWorker();
  await expect(worker.evaluate('throw new Error("odd")')).rejects.toThrow("odd");
  expect((await worker.evaluate("40 + 2")).computrons).toBeGreaterThan(0);
  await worker.close();
});
