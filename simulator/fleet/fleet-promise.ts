/** What a fleet file asks of all towns together, judged over their sums. */
import { parseDurationMs, parseSharePpm } from "../scenario/scenario-units.ts";
import type { FleetPromise } from "./fleet-schema.ts";
import { countWithin, type Times } from "./waits.ts";

const million = 1_000_000;

export interface Sums {
  readonly units: number;
  readonly virtualMs: number;
  readonly presses: number;
  readonly unheard: number;
  readonly waits: Times;
  readonly withoutPath: readonly (readonly [step: number, ms: number])[];
  readonly durationMs: number;
}

export interface Promised {
  readonly text: string;
  readonly held: boolean;
  readonly found: string;
}

export function judgePromise(promise: FleetPromise, sums: Sums): Promised {
  return "accepted" in promise ? acceptance(promise, sums) : paths(promise["without-path-at-most"], sums);
}

function acceptance(
  { accepted: share, within: time }: Extract<FleetPromise, { accepted: string }>,
  sums: Sums,
): Promised {
  const heard = sums.presses - sums.unheard;
  const inTime = countWithin(sums.waits, parseDurationMs(time) ?? 0);
  const text = `${share} of all presses that a unit heard are accepted within ${time}`;
  const least = parseSharePpm(share) ?? million;
  return { text, held: inTime * million >= heard * least, found: `${inTime} of ${heard}${shareText(inTime, heard)}` };
}

function paths(most: string, { units, durationMs, withoutPath }: Sums): Promised {
  const awayMs = withoutPath.reduce((sum, [, ms]) => sum + ms, 0);
  const allMs = units * durationMs;
  const text = `of the time of all units at most ${most} without a proven path`;
  return {
    text,
    held: awayMs * million <= allMs * (parseSharePpm(most) ?? 0),
    found: shareText(awayMs, allMs).slice(2),
  };
}

function shareText(part: number, whole: number): string {
  return whole === 0 ? ", none" : `, ${((part * 100) / whole).toFixed(4)} %`;
}
