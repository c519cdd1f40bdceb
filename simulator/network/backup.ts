/** When something whose mains is cut falls all the same: its battery is empty, and no generator has come. */
import type { Backup } from "../scenario/scenario.ts";

/** From `fromMs` on and before `toMs`. */
export interface Cut {
  readonly fromMs: number;
  readonly toMs: number;
}

/**
 * The times without any power, from the cuts of the mains. A battery is charged as fast as it is spent, so that cuts in
 * a row find it ever shorter; a generator runs until the mains is back.
 */
export function timesWithout(cuts: readonly Cut[], backup: Pick<Backup, "batteryMs" | "generatorAfterMs">): Cut[] {
  const { batteryMs, generatorAfterMs } = backup;
  const times: Cut[] = [];
  let leftMs = batteryMs;
  let backMs = 0;
  for (const { fromMs, toMs } of joined(cuts)) {
    leftMs = Math.min(batteryMs, leftMs + fromMs - backMs);
    const generatorMs = generatorAfterMs === undefined ? toMs : Math.min(toMs, fromMs + generatorAfterMs);
    const emptyMs = fromMs + leftMs;
    if (emptyMs < generatorMs) times.push({ fromMs: emptyMs, toMs: generatorMs });
    leftMs = Math.max(0, leftMs - (generatorMs - fromMs));
    backMs = generatorMs;
  }
  return times;
}

/** The same times with what a router needs after each to carry again. */
export function withStart(times: readonly Cut[], startMs: number): readonly Cut[] {
  return startMs === 0 ? times : joined(times.map(({ fromMs, toMs }) => ({ fromMs, toMs: toMs + startMs })));
}

/** By their beginning, with those that touch or overlap made one. */
export function joined(cuts: readonly Cut[]): Cut[] {
  const whole: { fromMs: number; toMs: number }[] = [];
  for (const { fromMs, toMs } of [...cuts].sort((a, b) => a.fromMs - b.fromMs)) {
    const last = whole.at(-1);
    if (last !== undefined && fromMs <= last.toMs) last.toMs = Math.max(last.toMs, toMs);
    else whole.push({ fromMs, toMs });
  }
  return whole;
}
