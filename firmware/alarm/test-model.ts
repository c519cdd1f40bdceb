/**
 * For tests only: what people expect of their alarms, without sessions, rounds or messages. It knows who pressed what and
 * whether anybody listens; the machine must agree with it after every step.
 */

/** One alarm as its wearer sees it. */
export interface Expected {
  /** `button`, `fall` or `key`, and whose. */
  readonly series: string;
  presses: number;
  at: "delayed" | "calling" | "open" | "over";
  /** When the delay, or the two minutes of an open alarm, are over. */
  untilMs: number;
}

const openMs = 120_000;

export class AlarmModel {
  readonly alarms: Expected[];
  listening: boolean;
  private readonly delayMs: number;
  private readonly fallDelayMs: number;

  constructor(delayMs: number, fallDelayMs: number) {
    this.alarms = [];
    this.listening = true;
    this.delayMs = delayMs;
    this.fallDelayMs = fallDelayMs;
  }

  /** Time is now `nowMs`, and everything that had to happen by then has. */
  pass(nowMs: number): void {
    for (const alarm of this.alarms) {
      if (alarm.at === "delayed" && nowMs >= alarm.untilMs) this.call(alarm, alarm.untilMs);
      if (alarm.at === "open" && nowMs >= alarm.untilMs) alarm.at = "over";
    }
  }

  pressed(nowMs: number, series: string): void {
    const open = this.openOf(series);
    if (open !== undefined) {
      open.presses++;
      if (open.at === "delayed") this.call(open, nowMs);
      return;
    }
    const delayMs = series.charAt(0) === "f" ? this.fallDelayMs : this.delayMs;
    const alarm: Expected = { series, presses: 1, at: "delayed", untilMs: nowMs + delayMs };
    this.alarms.push(alarm);
    if (delayMs === 0) this.call(alarm, nowMs);
  }

  /** A button's own cancel ends its newest alarm, pressed or fallen. */
  cancelled(button: number): void {
    for (let i = this.alarms.length - 1; i >= 0; i--) {
      const alarm = this.alarms[i] as Expected;
      const isOwn = alarm.series === `button ${button}` || alarm.series === `fall ${button}`;
      if (!isOwn || alarm.at === "over") continue;
      alarm.at = "over";
      return;
    }
  }

  keyCancelled(): void {
    for (const alarm of this.alarms) if (alarm.at === "delayed") alarm.at = "over";
  }

  /** Every receiver answers from now on, or none does. Whoever calls is heard in the next round. */
  listens(nowMs: number, listening: boolean): void {
    this.listening = listening;
    if (!listening) return;
    for (const alarm of this.alarms) if (alarm.at === "calling") this.call(alarm, nowMs);
  }

  /** What was delayed is sent at once; an open alarm is over, so that the next press is one of its own. */
  restarted(nowMs: number): void {
    for (const alarm of this.alarms) {
      if (alarm.at === "delayed" || alarm.at === "calling") this.call(alarm, nowMs);
      else if (alarm.at === "open") alarm.at = "over";
    }
  }

  private call(alarm: Expected, atMs: number): void {
    alarm.at = this.listening ? "open" : "calling";
    alarm.untilMs = atMs + openMs;
  }

  private openOf(series: string): Expected | undefined {
    for (const alarm of this.alarms) if (alarm.series === series && alarm.at !== "over") return alarm;
    return undefined;
  }
}
