/** No press lost: a press that a unit has taken over (its button showed "received") is accepted, or still being sent. */
import type { Resident } from "../residents.ts";
import { type CheckerVerdict, lostAlarmsCheck } from "../run-result.ts";
import type { AlarmSight, SeenAlarm } from "./alarm-sight.ts";
import { type Checker, Findings, instant, type RunEnd } from "./checker.ts";

interface Taken {
  readonly unit: number;
  readonly button: number;
  readonly atMs: number;
  received: boolean;
}

/** A press time in a message is in whole seconds, and its age was counted in whole seconds by the button. */
const timeSlackMs = 3_000;
/** An accepted alarm takes in presses of the same button for so long. */
const openMs = 120_000;
/** The longest pause between two rounds, with the round itself. */
const longestSilenceMs = 11 * 60_000;

export class LostAlarms implements Checker {
  private readonly sight: AlarmSight;
  private readonly residents: readonly Resident[];
  private readonly presses: Taken[];
  private readonly waiting: Map<string, Taken[]>;

  constructor(sight: AlarmSight, residents: readonly Resident[]) {
    this.sight = sight;
    this.residents = residents;
    this.presses = [];
    this.waiting = new Map();
  }

  pressed(atMs: number, unit: number, button: number): void {
    const press: Taken = { unit, button, atMs, received: false };
    this.presses.push(press);
    const key = `${unit} ${button}`;
    const waiting = this.waiting.get(key);
    if (waiting === undefined) this.waiting.set(key, [press]);
    else waiting.push(press);
  }

  buttonShowed(_atMs: number, unit: number, button: number, signal: string): void {
    if (signal !== "received" && signal !== "accepted") return;
    const key = `${unit} ${button}`;
    for (const press of this.waiting.get(key) ?? []) press.received = true;
    this.waiting.delete(key);
  }

  verdict({ endMs }: RunEnd): CheckerVerdict {
    const findings = new Findings();
    for (const press of this.presses) {
      if (!press.received || this.isCovered(press, endMs)) continue;
      const unit = this.residents[press.unit]?.name ?? "";
      findings.add(
        `${unit}, button ${press.button}, pressed at ${instant(press.atMs)}: taken over, not accepted, no longer sent`,
      );
    }
    return findings.verdict(lostAlarmsCheck, "every press that a unit has taken over is accepted or still being sent");
  }

  private isCovered(press: Taken, endMs: number): boolean {
    const alarms = this.sight.alarms[press.unit] ?? [];
    return alarms.some((alarm) => alarm.button === press.button && covers(alarm, press.atMs, endMs));
  }
}

function covers(alarm: SeenAlarm, pressMs: number, endMs: number): boolean {
  if (alarm.pressedMs !== undefined && alarm.pressedMs > pressMs + timeSlackMs) return false;
  const first = alarm.acceptedMs[0];
  if (first === undefined) return endMs - alarm.lastSentMs <= longestSilenceMs;
  if (pressMs <= first) return true;
  const told = alarm.acceptedMs.some((acceptedMs) => acceptedMs >= pressMs);
  return pressMs <= first + openMs + timeSlackMs && (told || endMs - pressMs <= timeSlackMs);
}
