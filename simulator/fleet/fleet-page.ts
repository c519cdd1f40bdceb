/** The report of a fleet as one HTML file that opens without a network, in the dress of a run's report. */

import { ticksOf } from "../report/figures.ts";
import { usualWidth } from "../report/page.ts";
import { framed } from "../report/page-frame.ts";
import { quoted } from "../report/replay.ts";
import { spreadOfTimes } from "../report/statistics.ts";
import type { FleetCost } from "./fleet-cost.ts";
import type { FleetResult } from "./fleet-result.ts";
import { body } from "./page/body.ts";
import { catalogue } from "./page/texts.ts";
import type { FleetView } from "./page/view.ts";

const mostProcesses = 20;
const mostBroken = 100;

export function fleetPage(result: FleetResult, cost: FleetCost): string {
  const view = viewOfFleet(result, cost);
  const texts = catalogue("en");
  return framed({
    title: `${view.fleet.name}: ${texts.verdicts[view.verdict]}`,
    content: body(view, texts, usualWidth),
    view,
    script: new URL("page/client.js", import.meta.url),
  });
}

export function viewOfFleet(result: FleetResult, cost: FleetCost): FleetView {
  const { fleet, stepMs, waits, withoutPath, waiting, broken } = result;
  const { durationMs, startWallMs } = fleet;
  return {
    ...result,
    command: commandOf(result),
    broken: broken.slice(0, mostBroken),
    spread: spreadOfTimes(waits),
    ticks: ticksOf({ virtualMs: durationMs, scenario: { startWallMs } }),
    withoutPath: curveOf(withoutPath, stepMs, durationMs),
    waiting: curveOf(waiting, stepMs, durationMs),
    cost: { ...cost, processes: cost.processes.slice(0, mostProcesses) },
  };
}

function commandOf({ fleet: { path, seed, towns, set, modem } }: FleetResult): string {
  const more = modem === "bytes" ? "" : ` --modem ${modem}`;
  const given = set.map((each) => ` --set ${quoted(each)}`).join("");
  return `npx livlina fleet run ${quoted(path)} --seed ${seed} --towns ${towns}${given}${more}`;
}

/** Sums of steps as a line of means; steps with none are at 0. Equal neighbours are one point. */
function curveOf(steps: FleetResult["waiting"], stepMs: number, durationMs: number): [number, number][] {
  const sums = new Map(steps);
  const points: [number, number][] = [];
  for (let step = 0; step * stepMs < durationMs; step++) {
    const lengthMs = Math.min(stepMs, durationMs - step * stepMs);
    const mean = Math.round(((sums.get(step) ?? 0) * 1_000) / lengthMs) / 1_000;
    if (mean !== points.at(-1)?.[1]) points.push([step * stepMs, mean]);
  }
  return points;
}
