/** No false "accepted": nobody is shown that help is coming before an `mrs` with `snu` 0 for that very alarm has come. */
import type { Resident } from "../residents.ts";
import { type CheckerVerdict, falseAcceptedCheck } from "../run-result.ts";
import type { AlarmSight } from "./alarm-sight.ts";
import { type Checker, Findings, instant } from "./checker.ts";

/** The unit shows it in the very step in which the `mrs` came; a modem line takes a moment from the air to the unit. */
const lineMs = 2_000;

export class FalseAccepted implements Checker {
  private readonly sight: AlarmSight;
  private readonly residents: readonly Resident[];
  private readonly newestPressMs: Map<string, number>;
  private readonly findings: Findings;

  constructor(sight: AlarmSight, residents: readonly Resident[]) {
    this.sight = sight;
    this.residents = residents;
    this.newestPressMs = new Map();
    this.findings = new Findings();
  }

  pressed(atMs: number, unit: number, button: number): void {
    this.newestPressMs.set(`${unit} ${button}`, atMs);
  }

  /** The button speaks of its newest press: the answer must have come since that was made. */
  buttonShowed(atMs: number, unit: number, button: number, signal: string): void {
    if (signal !== "accepted") return;
    const pressMs = this.newestPressMs.get(`${unit} ${button}`) ?? atMs;
    if (!this.wasAccepted(unit, (of) => of === button, pressMs, atMs)) this.blame(atMs, unit, `button ${button}`);
  }

  unitShowed(atMs: number, unit: number, signal: string): void {
    if (signal !== "accepted") return;
    if (!this.wasAccepted(unit, () => true, atMs - lineMs, atMs)) this.blame(atMs, unit, "the unit's lamp");
  }

  verdict(): CheckerVerdict {
    return this.findings.verdict(
      falseAcceptedCheck,
      '"accepted" is shown only after a receiver has accepted that alarm',
    );
  }

  private wasAccepted(unit: number, ofButton: (button: number) => boolean, fromMs: number, untilMs: number): boolean {
    const alarms = this.sight.alarms[unit] ?? [];
    return alarms.some(
      ({ button, acceptedMs }) => ofButton(button) && acceptedMs.some((atMs) => atMs >= fromMs && atMs <= untilMs),
    );
  }

  private blame(atMs: number, unit: number, who: string): void {
    this.findings.add(
      `${this.residents[unit]?.name ?? ""}, ${instant(atMs)}: ${who} showed "accepted", and no receiver had accepted`,
    );
  }
}
