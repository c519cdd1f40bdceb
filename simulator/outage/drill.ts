/**
 * The monthly drill: on the 1st, or the next working day, everyone is to press once so that the whole way is proven. Who has
 * not is reminded on the third day and again on the fourth, and stands on the phone list from the fifth or the next working
 * day on, until a press of theirs is accepted.
 */
import { dayNumber } from "../../firmware/time/civil-date.ts";
import { workingDayFrom } from "../../firmware/time/working-days.ts";
import type { RegistryUnit } from "../monitor/registry.ts";

/** Days since 1970 in Swedish local time, as all days here. */
export interface DrillDays {
  readonly drill: number;
  readonly reminder: number;
  readonly secondReminder: number;
  readonly phoneList: number;
  /** The first day that belongs to the next drill. */
  readonly next: number;
}

export type DrillState = "not-due" | "confirmed" | "waiting" | "reminded" | "reminded-again" | "phone-list";

export interface DrillRow {
  readonly unit: string;
  readonly cid: string;
  readonly provider: string;
  readonly state: DrillState;
  /** Its first accepted press from the day of the drill on, in ms since 1970; null: none. */
  readonly confirmedWallMs: number | null;
}

/** An accepted press, as the receivers have it. */
export interface AcceptedPress {
  readonly cid: string;
  readonly acceptedWallMs: number;
  /** Swedish date. */
  readonly day: number;
}

export interface Drill {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  readonly days: DrillDays;
  /** The day on which the states are as told. */
  readonly today: number;
  readonly rows: readonly DrillRow[];
}

const remindAfterDays = 3;
const remindAgainAfterDays = 4;
const listAfterDays = 5;

export function drillDays(year: number, month: number): DrillDays {
  const drill = workingDayFrom(dayNumber(year, month, 1));
  const next = month === 12 ? dayNumber(year + 1, 1, 1) : dayNumber(year, month + 1, 1);
  return {
    drill,
    reminder: drill + remindAfterDays,
    secondReminder: drill + remindAgainAfterDays,
    phoneList: workingDayFrom(drill + listAfterDays),
    next: workingDayFrom(next),
  };
}

/** Rows by urgency: the phone list first, those who have pressed last. */
export function drillOf(
  year: number,
  month: number,
  units: readonly RegistryUnit[],
  presses: readonly AcceptedPress[],
  today: number,
): Drill {
  const days = drillDays(year, month);
  const first = new Map<string, number>();
  for (const { cid, acceptedWallMs, day } of presses) {
    if (day < days.drill || day >= days.next || day > today) continue;
    first.set(cid, Math.min(first.get(cid) ?? acceptedWallMs, acceptedWallMs));
  }
  const rows = units.map(({ unit, cid, provider }): DrillRow => {
    const confirmedWallMs = first.get(cid) ?? null;
    return {
      unit,
      cid,
      provider,
      confirmedWallMs,
      state: confirmedWallMs === null ? stateOn(today, days) : "confirmed",
    };
  });
  rows.sort((a, b) => order.indexOf(a.state) - order.indexOf(b.state) || (a.unit < b.unit ? -1 : 1));
  return { year, month, days, today, rows };
}

const order: readonly DrillState[] = ["phone-list", "reminded-again", "reminded", "waiting", "not-due", "confirmed"];

function stateOn(today: number, { drill, reminder, secondReminder, phoneList }: DrillDays): DrillState {
  if (today < drill) return "not-due";
  if (today >= phoneList) return "phone-list";
  if (today >= secondReminder) return "reminded-again";
  return today >= reminder ? "reminded" : "waiting";
}
