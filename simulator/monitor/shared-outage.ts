/** One shared thing (operator, cell, provider, power area) with the units on it, and its outage while it has one. */
import type { SharedSettings } from "./monitor-settings.ts";
import { joined, type Said, said } from "./said.ts";
import { aloneOn, behind, canTellOf, type SharedName, type WatchedUnit } from "./watched-unit.ts";

/** What units on it show now. A unit may count in several. */
export interface Signs {
  /** Units that hang on it alone and are overdue, and those of them that are silent. */
  readonly overdue: number;
  readonly silent: number;
  /** Units that have told of a loss behind which it stands. */
  readonly told: number;
  readonly hit: ReadonlySet<WatchedUnit>;
}

export interface SharedOutage {
  readonly number: number;
  readonly suspectedMs: number;
  confirmed: boolean;
  readonly hit: Set<WatchedUnit>;
  toldMs: number;
  toldCount: number;
  /** Since when hardly anybody is left. */
  calmMs: number | undefined;
}

export class SharedThing {
  readonly name: SharedName;
  readonly members: Set<WatchedUnit>;
  outage: SharedOutage | undefined;
  /** Since when its signs are enough; undefined: they are not. */
  heldMs: number | undefined;
  /** Receivers at which somebody who does not hang on it was heard since. */
  readonly witnessed: Set<string>;
  private alone: number;
  private tellers: number;

  constructor(name: SharedName) {
    this.name = name;
    this.members = new Set();
    this.outage = undefined;
    this.heldMs = undefined;
    this.witnessed = new Set();
    this.alone = 0;
    this.tellers = 0;
  }

  add(unit: WatchedUnit): void {
    this.members.add(unit);
    this.count(unit, 1);
  }

  remove(unit: WatchedUnit): void {
    if (!this.members.delete(unit)) return;
    this.count(unit, -1);
    this.outage?.hit.delete(unit);
  }

  /** Whether these are enough to suspect it. */
  areEnough(signs: Signs, settings: SharedSettings): boolean {
    return this.isToldOf(signs, settings) || this.isMissed(signs, settings);
  }

  /** Whether its own units say so, which needs no witness. */
  isToldOf({ told }: Signs, { units, reportPercent }: SharedSettings): boolean {
    return told >= units && told * 100 >= reportPercent * this.tellers;
  }

  /** In percent: how much of what could be seen is seen. */
  share({ overdue, told }: Signs): number {
    return Math.max(percent(overdue, this.alone), percent(told, this.tellers));
  }

  /** Units that can show that it has failed. */
  get total(): number {
    return this.alone + this.tellers;
  }

  /** Whether most of the units that were hit have a receiver at which others were heard: then it is not the receiver. */
  isWitnessed({ hit }: Signs): boolean {
    const count = [...hit].filter(({ homeName }) => this.witnessed.has(homeName)).length;
    return count * 2 > hit.size;
  }

  /** Whether the unit is still in trouble that this may stand behind. */
  isLeft(unit: WatchedUnit): boolean {
    if (unit.quietMs !== undefined && includes(aloneOn(unit.record), this.name)) return true;
    for (const loss of unit.losses.keys()) if (includes(behind(unit, loss), this.name)) return true;
    return false;
  }

  evidence({ overdue, silent, told }: Signs): Said {
    const parts: Said[] = [];
    if (overdue > silent)
      parts.push(
        said(
          `${overdue} of ${this.alone} units that hang on it alone are overdue`,
          `${overdue} av ${this.alone} larm som bara har den hörs inte i tid`,
        ),
      );
    if (silent > 0)
      parts.push(
        said(
          `${silent} of ${this.alone} units that hang on it alone are silent`,
          `${silent} av ${this.alone} larm som bara har den är tysta`,
        ),
      );
    if (told > 0) {
      const [en, sv] = lossWords[this.name.cause];
      parts.push(
        said(`${told} of ${this.tellers} units report ${en}`, `${told} av ${this.tellers} larm meddelar ${sv}`),
      );
    }
    return joined(parts, "; ");
  }

  private isMissed({ overdue, silent }: Signs, settings: SharedSettings): boolean {
    const { units, overduePercent, silentPercent } = settings;
    if (overdue >= units && overdue * 100 >= overduePercent * this.alone) return true;
    return silent >= units && silent * 100 >= silentPercent * this.alone;
  }

  private count(unit: WatchedUnit, change: number): void {
    if (includes(aloneOn(unit.record), this.name)) this.alone += change;
    if (canTellOf(unit.record, this.name)) this.tellers += change;
  }
}

const lossWords = {
  operator: ["that the mobile network is lost", "att mobilnätet är borta"],
  broadband: ["that broadband is lost", "att bredbandet är borta"],
  "area-power": ["that mains or broadband is lost", "att ström eller bredband är borta"],
} as const;

export function includes(names: readonly SharedName[], { cause, subject }: SharedName): boolean {
  return names.some((name) => name.cause === cause && name.subject === subject);
}

function percent(part: number, whole: number): number {
  return whole === 0 ? 0 : Math.floor((part * 100) / whole);
}
