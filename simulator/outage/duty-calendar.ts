/**
 * Who is told of technical events: the office on working days from 07:45 to 17:00, in June to August to 16:00, otherwise who
 * is on call. The hours are those that a Swedish municipality has written into its routine for technical alarms.
 */
import { dateOf } from "../../firmware/time/civil-date.ts";
import { isWorkingDay } from "../../firmware/time/working-days.ts";
import { swedishOffsetMs } from "../scenario/scenario-clock.ts";

export type Duty = "office" | "on-call";

const minuteMs = 60_000;
const dayMs = 86_400_000;
const opensMin = 7 * 60 + 45;
const closesMin = 17 * 60;
const closesInSummerMin = 16 * 60;
const firstSummerMonth = 6;
const lastSummerMonth = 8;

/** `wallMs`: ms since 1970 (UTC). */
export function dutyAt(wallMs: number): Duty {
  const day = localDay(wallMs);
  const minute = Math.floor((localMs(wallMs) - day * dayMs) / minuteMs);
  const { month } = dateOf(day);
  const isSummer = month >= firstSummerMonth && month <= lastSummerMonth;
  const isOpen = minute >= opensMin && minute < (isSummer ? closesInSummerMin : closesMin);
  return isOpen && isWorkingDay(day) ? "office" : "on-call";
}

/** The Swedish date of an instant, in days since 1970. */
export function localDay(wallMs: number): number {
  return Math.floor(localMs(wallMs) / dayMs);
}

/** `2026-12-01` of a day. */
export function dayText(day: number): string {
  return new Date(day * dayMs).toISOString().slice(0, 10);
}

function localMs(wallMs: number): number {
  return wallMs + swedishOffsetMs(wallMs);
}
