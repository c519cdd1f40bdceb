/** No press lost: a press that a unit has taken over (its button showed "received") is accepted, or still being sent. */

import { type CheckerVerdict, lostAlarmsCheck } from "../record/run-result.ts";
import type { Resident } from "../residents.ts";
import { type AlarmSight, isOfButton, type SeenAlarm, toldSinceMs } from "./alarm-sight.ts";
import { type Checker, Findings, instant, type RunEnd } from "./checker.ts";
import type { Hindrances } from "./hindrances.ts";
import { type TakenPress, TakenPresses } from "./taken-presses.ts";

/** A press time in a message is in whole seconds, and its age was counted in whole seconds by the button. */
const timeSlackMs = 3_000;
/** The longest pause between two rounds, with the round itself. */
const longestSilenceMs = 11 * 60_000;
/** A further press of an accepted alarm is told by an update; what is not taken in 20 s goes out as an alarm of its own. */
const updateMs = 30_000;
/** What a dying link still lets out. */
const lastBreathMs = 20_000;

export class LostAlarms implements Checker {
  private readonly sight: AlarmSight;
  private readonly residents: readonly Resident[];
  private readonly hindrances: Hindrances;
  private readonly presses: TakenPresses;
  /** By unit: when it had no power at all; the last `toMs` is Infinity while that lasts. */
  private readonly dark: Map<number, { readonly fromMs: number; toMs: number }[]>;

  constructor(sight: AlarmSight, residents: readonly Resident[], hindrances: Hindrances) {
    this.sight = sight;
    this.residents = residents;
    this.hindrances = hindrances;
    this.presses = new TakenPresses();
    this.dark = new Map();
  }

  started(atMs: number, unit: number): void {
    const last = this.dark.get(unit)?.at(-1);
    if (last !== undefined && atMs < last.toMs) last.toMs = atMs;
  }

  stopped(atMs: number, unit: number): void {
    const times = this.dark.get(unit);
    const time = { fromMs: atMs, toMs: Number.POSITIVE_INFINITY };
    if (times === undefined) this.dark.set(unit, [time]);
    else times.push(time);
  }

  pressed(atMs: number, unit: number, button: number): void {
    this.presses.pressed(atMs, unit, button);
  }

  batteryFitted(atMs: number, unit: number, button: number): void {
    this.presses.batteryFitted(atMs, unit, button);
  }

  buttonShowed(atMs: number, unit: number, button: number, signal: string): void {
    this.presses.buttonShowed(atMs, unit, button, signal);
  }

  verdict({ endMs }: RunEnd): CheckerVerdict {
    const findings = new Findings();
    for (const press of this.presses.all) {
      if (press.takenMs === undefined || this.isCovered(press, endMs) || this.couldNotSend(press, endMs)) continue;
      const unit = this.residents[press.unit]?.name ?? "";
      findings.add(
        `${unit}, button ${press.button}, pressed at ${instant(press.atMs)}: taken over, not accepted, no longer sent`,
      );
    }
    return findings.verdict(lostAlarmsCheck, "every press that a unit has taken over is accepted or still being sent");
  }

  private isCovered(press: TakenPress, endMs: number): boolean {
    return this.alarmsOf(press).some((alarm) =>
      covers(alarm, press.atMs, (fromMs) => this.awakeMs(press.unit, fromMs, endMs)),
    );
  }

  /** For how long since `fromMs` the unit had power: in the dark nobody sends. */
  private awakeMs(unit: number, fromMs: number, endMs: number): number {
    let awakeMs = endMs - fromMs;
    for (const dark of this.dark.get(unit) ?? [])
      awakeMs -= Math.max(0, Math.min(endMs, dark.toMs) - Math.max(fromMs, dark.fromMs));
    return awakeMs;
  }

  /** Alarms of that button that can tell of the press: not those of a later one. */
  private alarmsOf(press: TakenPress): readonly SeenAlarm[] {
    return (this.sight.alarms[press.unit] ?? []).filter(
      (alarm) =>
        isOfButton(alarm, press.button) &&
        (alarm.pressedMs === undefined ||
          alarm.pressedMs <= press.atMs + timeSlackMs ||
          this.isOfNoPress(alarm, press, alarm.pressedMs) ||
          alarm.counts.some((count) => this.isCounted(press, count))),
    );
  }

  /** A frame that was held back on the air bears an age that it has outlived: its time is nobody's, and it tells of the newest press. */
  private isOfNoPress(alarm: SeenAlarm, { unit, button, atMs }: TakenPress, pressedMs: number): boolean {
    let newestMs = -1;
    for (const one of this.presses.all) {
      if (one.unit !== unit || one.button !== button || one.atMs > alarm.firstSentMs) continue;
      if (Math.abs(one.atMs - pressedMs) <= timeSlackMs) return false;
      newestMs = Math.max(newestMs, one.atMs);
    }
    return newestMs === atMs;
  }

  /** An update that tells of so many presses tells of the newest: also of those that its button had kept and whose time is lost. */
  private isCounted({ unit, button, atMs }: TakenPress, count: SeenAlarm["counts"][number]): boolean {
    const times = Number(/^pressed (\d+)/.exec(count.text)?.[1] ?? 0);
    const before = this.presses.all.filter(
      (one) => one.unit === unit && one.button === button && one.atMs <= count.atMs,
    );
    return atMs <= count.atMs && before.slice(-times).some((one) => one.atMs === atMs);
  }

  /** Cut off to the last, and silent in everything: whether the press is kept nobody can tell from outside. */
  private couldNotSend(press: TakenPress, endMs: number): boolean {
    const resident = this.residents[press.unit];
    if (resident === undefined || !this.hindrances.isCutOff(resident, endMs - longestSilenceMs, endMs)) return false;
    let sentMs = press.takenMs ?? press.atMs;
    for (const { acceptedMs, lastSentMs } of this.alarmsOf(press))
      if (acceptedMs.length === 0) sentMs = Math.max(sentMs, lastSentMs);
    return (this.sight.lastSentMs[press.unit] ?? -1) <= sentMs + lastBreathMs;
  }
}

function covers(alarm: SeenAlarm, pressMs: number, awakeSince: (fromMs: number) => number): boolean {
  const toldMs = toldSinceMs(alarm, pressMs);
  if (toldMs !== undefined && alarm.acceptedMs.some((atMs) => atMs >= toldMs)) return true;
  const first = alarm.acceptedMs[0];
  if (first === undefined) return awakeSince(alarm.lastSentMs) <= longestSilenceMs;
  return awakeSince(Math.max(pressMs, first)) <= updateMs;
}
