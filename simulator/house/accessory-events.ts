/** What an accessory tells beside its check-ins: each kind of happening is a row of calls of its own, told until it is acknowledged (radio 5.4). */
import type { ButtonRadio } from "../../firmware/button/button-radio.ts";
import { seriesMs, waitBeforeCopy } from "../../firmware/button/copy-schedule.ts";
import type { Timer } from "../../firmware/ports/clock.ts";
import { type AccessoryCondition, accessoryEventFrame } from "../../protocol/radio/accessory-event.ts";
import type { AccessoryType, Happening } from "../../protocol/radio/accessory-types.ts";
import { distanceTo } from "../../protocol/radio/names.ts";

export interface AccessoryEventsOptions {
  readonly radio: ButtonRadio;
  readonly kind: AccessoryType;
  readonly nowMs: () => number;
  readonly wait: (leastMs: number, mostMs: number, callback: () => void) => Timer;
  readonly reading: () => {
    readonly batteryMv: number;
    readonly low: boolean;
    readonly condition: AccessoryCondition;
  };
}

/** One row under way. */
interface Row {
  readonly happening: Happening;
  readonly oldestMs: number;
  newestMs: number;
  times: number;
  /** Frames since the newest one happened. */
  tries: number;
  /** Counter of its first frame; 0 until that was sent. */
  name: number;
  timer: Timer | undefined;
}

const hourMs = 3_600_000;
const alarms: readonly Happening[] = ["alarm", "alarm-low", "alarm-too-long"];
const tryLimit = 3;
const nextTry = { leastMs: 4_000, mostMs: 8_000 };
/** What nobody heard in ten minutes is told so often from then on. */
const ride = { leastMs: 540_000, mostMs: 660_000 };
const mostTimes = 7;
const mostAgeS = 0xffff;
const activityPerHour = 2;

export class AccessoryEvents {
  private readonly options: AccessoryEventsOptions;
  private rows: Row[];
  /** When movement was told in the last hour. */
  private activityMs: number[];

  constructor(options: AccessoryEventsOptions) {
    this.options = options;
    this.rows = [];
    this.activityMs = [];
  }

  /** Whether an alarm waits to be acknowledged. */
  get isAlarming(): boolean {
    return this.rows.some(({ happening }) => alarms.includes(happening));
  }

  happen(happening: Happening): void {
    const nowMs = this.options.nowMs();
    if (happening === "activity" && !this.mayTellActivity(nowMs)) return;
    const running = this.rows.find((row) => row.happening === happening);
    if (running !== undefined) {
      running.timer?.cancel();
      running.newestMs = nowMs;
      running.times = Math.min(mostTimes, running.times + 1);
      running.tries = 0;
      running.name = 0;
      this.send(running);
      return;
    }
    const row: Row = { happening, oldestMs: nowMs, newestMs: nowMs, times: 1, tries: 0, name: 0, timer: undefined };
    this.rows.push(row);
    this.send(row);
  }

  /** A unit has this call in its journal. Answers which happening that was. */
  told(name: number): Happening | undefined {
    const row = this.rows.find((each) => each.name === name && name !== 0);
    if (row === undefined) return undefined;
    this.end(row);
    return row.happening;
  }

  close(): void {
    for (const row of [...this.rows]) this.end(row);
  }

  private send(row: Row): void {
    const { radio, kind, reading, nowMs } = this.options;
    const counter = radio.nextCounter();
    const isAlarm = alarms.includes(row.happening);
    const room = radio.roomNow(nowMs());
    if (counter !== 0 && (isAlarm ? room !== "none" : room === "free" || room === "thin")) {
      if (row.name === 0) row.name = counter;
      const ageS = Math.min(mostAgeS, Math.floor((nowMs() - row.oldestMs) / 1_000));
      radio.sendNew(accessoryEventFrame, counter, {
        nameDistance: distanceTo(counter, row.name),
        ageS,
        ...reading(),
        type: kind,
        happening: row.happening,
        times: row.times,
      });
      radio.listenForAnswer();
    }
    row.tries++;
    this.plan(row, isAlarm, room !== "free");
  }

  /** Movement is told once; what else is no alarm is left to the next check-in after three tries. */
  private plan(row: Row, isAlarm: boolean, thinned: boolean): void {
    if (row.happening === "activity" || (!isAlarm && row.tries >= tryLimit)) {
      this.end(row);
      return;
    }
    const sinceMs = this.options.nowMs() - row.newestMs;
    const alarmWait = sinceMs >= seriesMs ? ride : waitBeforeCopy(row.tries, sinceMs, thinned);
    const { leastMs, mostMs } = isAlarm ? alarmWait : nextTry;
    row.timer = this.options.wait(leastMs, mostMs, () => this.send(row));
  }

  private end(row: Row): void {
    row.timer?.cancel();
    this.rows = this.rows.filter((other) => other !== row);
  }

  private mayTellActivity(nowMs: number): boolean {
    this.activityMs = this.activityMs.filter((atMs) => nowMs - atMs < hourMs);
    if (this.activityMs.length >= activityPerHour) return false;
    this.activityMs.push(nowMs);
    return true;
  }
}
