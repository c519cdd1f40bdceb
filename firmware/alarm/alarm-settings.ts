/** What provisioning may set of the alarms. */

export interface AlarmSettings {
  /** So long, in s, a press may be taken back at the unit before anybody hears of it; 0: it is sent at once. */
  readonly preAlarmS: number;
  /** The same for a fall, which the wearer may take back at the button too. */
  readonly fallDelayS: number;
}

/** Both are off unless somebody asks for them. */
export const alarmDefaults: AlarmSettings = { preAlarmS: 0, fallDelayS: 0 };

/** What is offered to whoever turns a delay on, in s; and the longest. */
export const usualDelayS = 10;
export const longestDelayS = 30;

/** What is wrong with the settings, in words, or undefined. */
export function alarmFault(settings: AlarmSettings): string | undefined {
  if (!isDelay(settings.preAlarmS)) return "the pre-alarm delay must be 0 to 30 s";
  if (!isDelay(settings.fallDelayS)) return "the delay of a fall must be 0 to 30 s";
  return undefined;
}

function isDelay(seconds: number): boolean {
  return seconds >= 0 && seconds <= longestDelayS && seconds === Math.floor(seconds);
}
