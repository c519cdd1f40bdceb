/**
 * True hours: a call for help that says when it was made says so rightly, by the unit's own clock or by wall time. Where a
 * network told the unit a wrong time, that error is its own. Buttons count their age in whole seconds, and from their start on
 * where they got a new battery meanwhile. A frame that a stranger held back bears an age that it has outlived: homes whose air is
 * played back are not judged.
 */
import type { CheckerVerdict } from "../record/run-result.ts";
import type { Resident } from "../residents.ts";
import type { AlarmSight } from "./alarm-sight.ts";
import { type Checker, Findings, instant, type RunEnd } from "./checker.ts";
import type { Hindrances } from "./hindrances.ts";

export const trueHoursCheck = "true-hours";

const slackMs = 15_000;
/** For so long a fall may be taken back before its button calls. */
const takeBackMs = 15_000;

export class TrueHours implements Checker {
  private readonly sight: AlarmSight;
  private readonly residents: readonly Resident[];
  private readonly hindrances: Hindrances;
  /** By unit: when somebody or something there asked for help. */
  private readonly asked: number[][];

  constructor(sight: AlarmSight, residents: readonly Resident[], hindrances: Hindrances) {
    this.sight = sight;
    this.residents = residents;
    this.hindrances = hindrances;
    this.asked = residents.map(() => []);
  }

  pressed(atMs: number, unit: number): void {
    this.asked[unit]?.push(atMs);
  }

  batteryFitted(atMs: number, unit: number): void {
    this.asked[unit]?.push(atMs);
  }

  fell(atMs: number, unit: number): void {
    this.asked[unit]?.push(atMs, atMs + takeBackMs);
  }

  keyTouched(atMs: number, unit: number): void {
    this.asked[unit]?.push(atMs);
  }

  accessoryActed(atMs: number, unit: number): void {
    this.asked[unit]?.push(atMs);
  }

  verdict({ endMs }: RunEnd): CheckerVerdict {
    const findings = new Findings();
    for (const resident of this.residents) {
      const errors = [0, ...this.hindrances.clockErrorsMs(resident, endMs)];
      for (const { stem, pressedMs, firstSentMs } of this.sight.alarms[resident.index] ?? []) {
        if (pressedMs === undefined || this.hindrances.isPlayedBack(resident, firstSentMs)) continue;
        const isTrue = (this.asked[resident.index] ?? []).some((atMs) =>
          errors.some((errorMs) => Math.abs(pressedMs - atMs - errorMs) <= slackMs),
        );
        if (!isTrue)
          findings.add(`${resident.name}, alarm ${stem}: says ${instant(pressedMs)}, and nobody asked for help then`);
      }
    }
    return findings.verdict(trueHoursCheck, "a call for help that says when it was made says so rightly");
  }
}
