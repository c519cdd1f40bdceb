/** How a unit is supervised; provisioning may change it. What is absent is off. */
import { isWithin } from "../department.ts";
import { type JobWindow, windowFault } from "../time/daily-jobs.ts";

export interface SupervisionSettings {
  /** The daily test message: when, and to which receiver (its place in the list, -1: as any other report). */
  readonly autolarm: JobWindow | undefined;
  readonly autolarmReceiver: number;
  /** The daily look at the unit itself and at the monthly press; by day, since it may be heard. */
  readonly dailyCheck: JobWindow | undefined;
  readonly remindAfterDays: number;
  readonly listAfterDays: number;
  /** Test mode ends by itself after so long. */
  readonly testModeMs: number;
}

export const supervisionDefaults: SupervisionSettings = {
  autolarm: { fromS: 3_600, toS: 18_000 },
  autolarmReceiver: -1,
  dailyCheck: { fromS: 36_000, toS: 39_600 },
  remindAfterDays: 28,
  listAfterDays: 35,
  testModeMs: 900_000,
};

/** No daily job, no wake-up. */
export const supervisionOff: SupervisionSettings = {
  autolarm: undefined,
  autolarmReceiver: -1,
  dailyCheck: undefined,
  remindAfterDays: 28,
  listAfterDays: 35,
  testModeMs: 900_000,
};

/** What is wrong with the settings, in words, or undefined. */
export function supervisionFault(settings: SupervisionSettings, receiverCount: number): string | undefined {
  if (settings.autolarmReceiver < -1 || settings.autolarmReceiver >= receiverCount) {
    return "the receiver of the daily test is not in the list";
  }
  if (!isWithin(settings.remindAfterDays, 1, 365)) return "a press is asked for after 1 to 365 days";
  if (!isWithin(settings.listAfterDays, settings.remindAfterDays + 1, 400)) return "the list comes after the reminder";
  if (!isWithin(settings.testModeMs, 60_000, 3_600_000)) return "test mode lasts 1 to 60 minutes";
  for (const window of [settings.autolarm, settings.dailyCheck]) {
    const fault = window === undefined ? undefined : windowFault(window);
    if (fault !== undefined) return fault;
  }
  return undefined;
}
