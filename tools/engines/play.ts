/**
 * Plays all lists and golden vectors on the engines that are here: `npx tsx tools/engines/play.ts`. Each engine must reach the
 * digests that were recorded, and XS must stay within the budgets of the boards it stands for. Ends with 1 where one does not.
 *   --engine NAME   node or xs; more than once; all that are here unless said
 *   --list WORD     only lists whose names hold it, and no vectors
 *   --coverage      how many branches lists and vectors take (on Node), with the files that miss most
 */
import { parseArgs } from "node:util";
import { readBoard } from "../boards.ts";
import type { Engine as Target } from "../build/engines.ts";
import { beyondBudget, budgetBoards, costText } from "./budgets.ts";
import { BranchCounter, countByFile, countUnder, together } from "./coverage.ts";
import type { Engine } from "./engine.ts";
import { listFolder, readLists } from "./lists.ts";
import { nodeEngine } from "./node-engine.ts";
import { dearest, differingLists, type Scripts, vectorsOn, whereTheyDiffer } from "./runs.ts";
import { bundleOf, scriptOf } from "./scripts.ts";
import { vectorQuestions } from "./vectors.ts";
import { xsEngine } from "./xs-engine.ts";
import { xsIsHere } from "./xs-worker.ts";

const { values } = parseArgs({
  options: {
    engine: { type: "string", multiple: true },
    list: { type: "string", default: "" },
    coverage: { type: "boolean", default: false },
  },
});
const lists = readLists(listFolder).filter(({ head }) => head.name.includes(values.list));
const questions = values.list === "" ? vectorQuestions() : [];
const missesShown = 20;
let faults = 0;

function complain(text: string): void {
  faults++;
  console.error(text);
}

async function scriptsFor(target: Target): Promise<Scripts> {
  const [unit, button, vector] = [
    await scriptOf("unit", target),
    await scriptOf("button", target),
    await scriptOf("vector", target),
  ];
  return { unit, button, vector };
}

async function run(engine: Engine, scripts: Scripts): Promise<void> {
  const began = performance.now();
  const differing = await differingLists(engine, scripts, lists, listFolder);
  const reference = await scriptsFor("xsnap");
  for (const { list: name, wanted, reached } of differing) {
    const list = lists.find(({ head }) => head.name === name);
    if (list === undefined) continue;
    const { device } = list.head;
    const where = await whereTheyDiffer([nodeEngine(), reference[device]], [engine, scripts[device]], list);
    complain(`${engine.name}: ${name}: ${reached}, recorded ${wanted}; ${where}`);
  }
  const answered = await vectorsOn(engine, scripts.vector, questions);
  for (const name of answered.wrong) complain(`${engine.name}: wrong answer to the vector ${name}`);
  const seconds = ((performance.now() - began) / 1_000).toFixed(1);
  console.info(
    `${engine.name}: ${lists.length - differing.length} of ${lists.length} lists with equal digests, ` +
      `${questions.length - answered.wrong.length} of ${questions.length} vectors (${answered.digest}), ${seconds} s`,
  );
}

async function runNode(): Promise<void> {
  if (!values.coverage) return run(nodeEngine(), await scriptsFor("xsnap"));
  const counter = new BranchCounter();
  for (const device of ["unit", "button"] as const) {
    const session = await nodeEngine(`${device}.js`).open(await scriptOf(device, "xsnap"));
    for (const list of lists.filter(({ head }) => head.device === device)) {
      await session.start(list, "whole");
      for (const line of list.lines) await session.hear(line);
    }
  }
  await vectorsOn(nodeEngine("vector.js"), await scriptOf("vector", "xsnap"), questions);
  const branchesOf = await counter.stop();
  const names = questions.length > 0 ? (["unit", "button", "vector"] as const) : (["unit", "button"] as const);
  const all = together(
    await Promise.all(names.map(async (name) => branchesOf(`${name}.js`, await bundleOf(name, "xsnap")))),
  );
  for (const [path, { taken, all: count }] of countByFile(all).slice(0, missesShown))
    console.info(`  ${path} ${taken}/${count}`);
  for (const folder of ["firmware/", "protocol/"]) {
    const { taken, all: count } = countUnder(all, folder);
    console.info(`${folder} ${taken} of ${count} branches, ${((100 * taken) / count).toFixed(1)} %`);
  }
}

async function runXs(): Promise<void> {
  if (!xsIsHere()) return complain("xs is not here: npm ci --prefix tools/engines/xs (compiles for a minute)");
  const scripts = await scriptsFor("xsnap");
  await run(xsEngine, scripts);
  for (const device of ["unit", "button"] as const) {
    const own = lists.filter(({ head }) => head.device === device);
    if (own.length === 0) continue;
    const cost = await dearest(xsEngine, scripts[device], own);
    const board = readBoard(budgetBoards[device]);
    console.info(costText(device, cost, board));
    for (const complaint of beyondBudget(cost, board)) complain(complaint);
  }
}

const wanted = values.engine ?? ["node", ...(xsIsHere() ? ["xs"] : [])];
if (wanted.includes("node")) await runNode();
if (wanted.includes("xs")) await runXs();
process.exitCode = faults === 0 ? 0 : 1;
