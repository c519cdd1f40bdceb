/** What people have ticked off on the list: a CSV file that they, or a program of theirs, write (cid, what, by, time). */

import { csvRows } from "../report/csv.ts";
import { fromSwedish } from "../scenario/scenario-clock.ts";
import type { Tick } from "./visit-list.ts";

export interface FiledTick extends Tick {
  /** Account number, or the unit's name. */
  readonly cid: string;
}

export type TicksRead =
  | { readonly ok: true; readonly ticks: readonly FiledTick[] }
  | { readonly ok: false; readonly line: number; readonly why: string };

/** More are not read: somebody has to keep the file short. */
export const tickLimit = 100_000;

/** `what` is rung or visited, `time` is Swedish local ("2026-01-14 08:30"). The instants of the ticks count from `startWallMs`. */
export function readTicks(text: string, startWallMs: number): TicksRead {
  const ticks: FiledTick[] = [];
  for (const { line, cells } of csvRows(text)) {
    const [cid = "", what = "", by = "", time = ""] = cells.map((cell) => cell.trim());
    const isHead = line === 1 && cid.toLowerCase() === "cid";
    if (isHead || cells.every((cell) => cell.trim() === "")) continue;
    const wallMs = wallOf(time);
    if (cid === "") return { ok: false, line, why: "no cid" };
    if (what !== "rung" && what !== "visited") return { ok: false, line, why: `"${what}" is not rung or visited` };
    if (wallMs === undefined) return { ok: false, line, why: `"${time}" is no time like 2026-01-14 08:30` };
    if (ticks.length >= tickLimit) return { ok: false, line, why: `more than ${tickLimit} ticks` };
    ticks.push({ cid, what, by, atMs: wallMs - startWallMs });
  }
  return { ok: true, ticks };
}

function wallOf(text: string): number | undefined {
  const parts = /^(\d{4})-(\d\d)-(\d\d)[ T](\d\d):(\d\d)$/.exec(text);
  if (parts === null) return undefined;
  const [year, month, day, hour, minute] = parts.slice(1).map(Number) as [number, number, number, number, number];
  return fromSwedish(year, month, day, hour, minute);
}
