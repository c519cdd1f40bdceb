/**
 * No false "accepted": nobody is shown that help is coming before an `mrs` with `snu` 0 for that very alarm has come. A lamp speaks
 * for its whole home, so it does not show it while another call of that home waits.
 */

import { type CheckerVerdict, falseAcceptedCheck } from "../record/run-result.ts";
import type { Resident } from "../residents.ts";
import { type AlarmSight, isOfButton, type SeenAlarm, toldSinceMs } from "./alarm-sight.ts";
import { type Checker, Findings, instant } from "./checker.ts";

/** What the lamp tells of a call for help until somebody accepts it. */
const pending: readonly string[] = ["sending", "not-accepted"];

/** A call that is taken back while it is still on its way to the unit. */
const onItsWayMs = 2_000;

/** Of a unit: what its lamp told last, and what may be seen again. */
interface Lamp {
  signal: string;
  /** A call has hidden it since. */
  hidden: boolean;
  /** What it told before a call for help that nobody has accepted yet; "" without one. */
  before: string;
  /** When it began to tell of that call, and when somebody last took a call back. */
  sinceMs: number;
  tookBackMs: number;
}

export class FalseAccepted implements Checker {
  private readonly sight: AlarmSight;
  private readonly residents: readonly Resident[];
  /** By unit and button: the newest press, and the newest that the button has taken notice of (it showed "sent"). */
  private readonly newestMs: Map<string, number>;
  private readonly sentMs: Map<string, number>;
  /** By unit: how often lamp and voice have told "accepted". */
  private readonly told: number[];
  private readonly lamps: Lamp[];
  private readonly findings: Findings;

  constructor(sight: AlarmSight, residents: readonly Resident[]) {
    this.sight = sight;
    this.residents = residents;
    this.newestMs = new Map();
    this.sentMs = new Map();
    this.told = residents.map(() => 0);
    this.lamps = residents.map(() => ({
      signal: "",
      hidden: false,
      before: "",
      sinceMs: 0,
      tookBackMs: Number.NEGATIVE_INFINITY,
    }));
    this.findings = new Findings();
  }

  pressed(atMs: number, unit: number, button: number): void {
    this.newestMs.set(`${unit} ${button}`, atMs);
  }

  /** The button speaks of its newest press: something that tells of it must have left, and been accepted since. */
  buttonShowed(atMs: number, unit: number, button: number, signal: string): void {
    const key = `${unit} ${button}`;
    if (signal === "sent") this.sentMs.set(key, this.newestMs.get(key) ?? atMs);
    if (signal !== "accepted") return;
    const pressMs = this.sentMs.get(key) ?? atMs;
    const alarms = this.sight.alarms[unit] ?? [];
    if (!alarms.some((alarm) => isOfButton(alarm, button) && isAccepted(alarm, pressMs)))
      this.blame(atMs, unit, `button ${button}`, "no receiver had accepted");
  }

  keyTouched(atMs: number, unit: number, key: string): void {
    const lamp = this.lamps[unit];
    if (key === "cancel" && lamp !== undefined) lamp.tookBackMs = atMs;
  }

  fell(atMs: number, unit: number, _button: number, taken: "felt" | "taken-back"): void {
    const lamp = this.lamps[unit];
    if (taken === "taken-back" && lamp !== undefined) lamp.tookBackMs = atMs;
  }

  /**
   * Once for each alarm: an acceptance that was told already is no ground for another. What a call has hidden may be seen again,
   * and so may what a call for help has hidden that was taken back.
   */
  unitShowed(atMs: number, unit: number, signal: string): void {
    const lamp = this.lamps[unit];
    if (lamp === undefined) return;
    if (signal === "talking") {
      lamp.hidden = true;
      return;
    }
    const isUncovered = lamp.before === signal && lamp.tookBackMs >= lamp.sinceMs - onItsWayMs;
    const isSeenAgain = isUncovered || (lamp.hidden && lamp.signal === signal);
    if (!pending.includes(signal)) lamp.before = "";
    else if (!pending.includes(lamp.signal)) {
      lamp.before = lamp.signal;
      lamp.sinceMs = atMs;
    }
    lamp.signal = signal;
    lamp.hidden = false;
    if (signal !== "accepted" || isSeenAgain) return;
    const told = (this.told[unit] ?? 0) + 1;
    this.told[unit] = told;
    const alarms = this.sight.alarms[unit] ?? [];
    const accepted = alarms.filter(({ acceptedMs }) => acceptedMs.length > 0).length;
    // Who had refused a call that is taken back need not hear of that.
    const waiting = alarms.find(
      (alarm) =>
        isWaiting(alarm) &&
        alarm.firstSentMs > lamp.tookBackMs + onItsWayMs &&
        !alarms.some((other) => isAnswerTo(other, alarm)),
    );
    if (told > accepted) this.blame(atMs, unit, "the unit's lamp", "no receiver had accepted");
    else if (waiting !== undefined) this.blame(atMs, unit, "the unit's lamp", `${waiting.stem} still waited`);
  }

  verdict(): CheckerVerdict {
    return this.findings.verdict(
      falseAcceptedCheck,
      '"accepted" is shown only after a receiver has accepted that alarm',
    );
  }

  private blame(atMs: number, unit: number, who: string, yet: string): void {
    this.findings.add(`${this.residents[unit]?.name ?? ""}, ${instant(atMs)}: ${who} showed "accepted", and ${yet}`);
  }
}

/** It has left the unit, nobody has accepted it, and nobody has taken it back. */
function isWaiting({ acceptedMs, sessions }: SeenAlarm): boolean {
  return acceptedMs.length === 0 && ![...sessions.values()].includes("withdrawn");
}

/** One press of one button is one call, under however many names it is told. */
function isAnswerTo(other: SeenAlarm, { source, pressedMs }: SeenAlarm): boolean {
  return other.acceptedMs.length > 0 && other.source === source && other.pressedMs === pressedMs;
}

function isAccepted(alarm: SeenAlarm, pressMs: number): boolean {
  const toldMs = toldSinceMs(alarm, pressMs);
  return toldMs !== undefined && alarm.acceptedMs.some((atMs) => atMs >= toldMs && atMs >= pressMs);
}
