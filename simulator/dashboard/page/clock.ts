/** Instants of a story as Swedish clocks show them, and how long things took, as the report says it. */
import { formatOf } from "../../report/page/format.ts";
import { localDate, localTime } from "../../scenario/scenario-clock.ts";
import type { Texts } from "../texts/english.ts";

const formats = { en: formatOf("en"), sv: formatOf("sv") };

/** "08:00:05". */
export function timeText(wallMs: number): string {
  return localTime(wallMs);
}

/** "2026-01-14". */
export function dayText(wallMs: number): string {
  return localDate(wallMs);
}

/** "5 min 3 s". */
export function tookText(ms: number, { language }: Texts): string {
  return formats[language === "sv" ? "sv" : "en"].duration(Math.max(0, ms));
}
