/** What is set up about the home and the unit's place in life. */
import { isWithin } from "../department.ts";
import { type LifeName, lifeNames } from "./life-states.ts";

export interface InactivitySettings {
  readonly mode: "off" | "rolling" | "window";
  /** In `rolling`, and in `window` while the time of day is unknown. */
  readonly periodMs: number;
  /** From the spoken question to the alarm: 60 to 300 s. */
  readonly warnMs: number;
  /** Local minutes of the day; the window may reach over midnight. */
  readonly windowStart: number;
  readonly windowEnd: number;
}

export interface TemperatureSettings {
  /** Tenths of a degree Celsius: below the first it is cold, above the second warm. */
  readonly coldDeciC: number;
  readonly warmDeciC: number;
}

export interface HouseholdSettings {
  readonly inactivity: InactivitySettings;
  readonly temperature: TemperatureSettings;
  /** The life state of a unit whose journal holds none yet. */
  readonly firstLife: LifeName;
  /** A carer who comes within so long after an alarm comes because of it. */
  readonly alarmVisitMs: number;
}

export const householdDefaults: HouseholdSettings = {
  inactivity: { mode: "off", periodMs: 86_400_000, warnMs: 120_000, windowStart: 360, windowEnd: 600 },
  temperature: { coldDeciC: 150, warmDeciC: 320 },
  firstLife: "in-service",
  alarmVisitMs: 14_400_000,
};

const minuteMs = 60_000;
const hourMs = 3_600_000;
/** Room between cold and warm, so that their hysteresis cannot meet. */
const leastSpanDeciC = 50;

/** What is wrong with the settings, in words, or undefined. */
export function householdFault(settings: HouseholdSettings): string | undefined {
  const quiet = settings.inactivity;
  if (quiet.mode !== "off" && quiet.mode !== "rolling" && quiet.mode !== "window")
    return "inactivity must be off, rolling or by a window";
  if (quiet.periodMs !== 12 * hourMs && quiet.periodMs !== 24 * hourMs) return "inactivity must be 12 or 24 h";
  if (!isWithin(quiet.warnMs, minuteMs, 5 * minuteMs))
    return "the question before an inactivity alarm must be 60 to 300 s";
  if (!isWithin(quiet.windowStart, 0, 1_439) || !isWithin(quiet.windowEnd, 0, 1_439))
    return "an inactivity window must lie between 00:00 and 23:59";
  if (quiet.windowStart === quiet.windowEnd) return "an inactivity window must have a length";
  const room = settings.temperature;
  if (!isWithin(room.coldDeciC, -200, 500) || !isWithin(room.warmDeciC, -200, 500))
    return "the room's borders must be -20 to 50 degrees";
  if (room.warmDeciC - room.coldDeciC < leastSpanDeciC) return "cold and warm must be 5 degrees apart";
  if (lifeNames.indexOf(settings.firstLife) < 0) return "the first life state is unknown";
  if (!isWithin(settings.alarmVisitMs, 0, 24 * hourMs)) return "a visit after an alarm must be within 0 to 24 h";
  return undefined;
}
