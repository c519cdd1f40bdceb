/**
 * Warned before flat: what goes off for lack of battery has said so before, and early enough to be seen to. A button's low
 * battery is told by its unit 28 days ahead in normal use (EN 50134-2), a unit's last words are sent before it goes dark.
 */
import type { ScaipRequest } from "../../protocol/scaip/request.ts";
import type { CheckerVerdict } from "../record/run-result.ts";
import type { Resident } from "../residents.ts";
import type { AlarmSight } from "./alarm-sight.ts";
import { type Checker, Findings, instant } from "./checker.ts";
import type { Hindrances } from "./hindrances.ts";

export const warnedBeforeFlatCheck = "warned-before-flat";

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;
/** Of the 28 days, what is left to somebody who presses and walks about more than is normal. */
const buttonAheadMs = 14 * dayMs;
/** A battery that is low when it is put in is told of with one of the first reports of its button. */
const firstReportMs = 12 * hourMs;
/** The unit reads its battery each ten minutes towards the end, and a message may need a few tries. */
const unitAheadMs = 5 * minuteMs;
/** Whoever lived shorter than that on its battery could tell nothing. */
const leastLifeMs = 90 * minuteMs;

/** Device types, and status codes of a battery that is low or failed, and of last words (SS 91100 annexes A and C). */
const powerSupply = 41;
const localUnit = 2;
const batteryFailed = 14;
const batteryLow = 16;
const stopped = 97;

interface Row {
  startedMs: number;
  /** When it has gone over to its battery; -1: it has mains. */
  onBatteryMs: number;
  /** Its own first warning of this power cut; -1: none. */
  warnedMs: number;
  /** By place of the device: when its battery was put in, and since when the unit has told that it is low. */
  readonly fittedMs: Map<number, number>;
  readonly toldMs: Map<number, number>;
}

export class WarnedBeforeFlat implements Checker {
  private readonly residents: readonly Resident[];
  private readonly hindrances: Hindrances;
  private readonly rows: Row[];
  private readonly findings: Findings;

  constructor(sight: AlarmSight, residents: readonly Resident[], hindrances: Hindrances) {
    this.residents = residents;
    this.hindrances = hindrances;
    this.rows = residents.map(() => ({
      startedMs: -1,
      onBatteryMs: -1,
      warnedMs: -1,
      fittedMs: new Map(),
      toldMs: new Map(),
    }));
    this.findings = new Findings();
    sight.listen((atMs, unit, request) => this.requested(atMs, unit, request));
  }

  started(atMs: number, unit: number): void {
    const row = this.rows[unit];
    if (row !== undefined) row.startedMs = atMs;
  }

  stopped(_atMs: number, unit: number): void {
    const row = this.rows[unit];
    if (row !== undefined) row.startedMs = -1;
  }

  mains(atMs: number, unit: number, present: boolean): void {
    const row = this.rows[unit];
    if (row === undefined) return;
    row.onBatteryMs = present ? -1 : atMs;
    row.warnedMs = -1;
  }

  batteryFitted(atMs: number, unit: number, button: number): void {
    this.rows[unit]?.fittedMs.set(button, atMs);
    this.rows[unit]?.toldMs.delete(button);
  }

  wentFlat(atMs: number, unit: number, button: number): void {
    const row = this.rows[unit];
    const resident = this.residents[unit];
    if (row === undefined || resident === undefined) return;
    if (button === 0) this.unitWentFlat(atMs, resident, row);
    else this.buttonWentFlat(atMs, resident, row, button);
  }

  verdict(): CheckerVerdict {
    return this.findings.verdict(
      warnedBeforeFlatCheck,
      "whatever goes off for lack of battery has told so before, and early enough",
    );
  }

  private requested(atMs: number, unit: number, { mty, dty, stc, did }: ScaipRequest): void {
    const row = this.rows[unit];
    if (row === undefined || mty === "RE" || mty === "IN") return;
    const isOfUnit = (dty === powerSupply && (stc === batteryLow || stc === batteryFailed)) || isLastWord(dty, stc);
    if (isOfUnit && row.warnedMs < 0) row.warnedMs = atMs;
    if (stc !== batteryLow || did === undefined) return;
    const place = 1 + (this.residents[unit]?.bonds.findIndex(({ address }) => hexName(address) === did) ?? -1);
    if (place > 0 && !row.toldMs.has(place)) row.toldMs.set(place, atMs);
  }

  /** Not while mains was there: then it is the test under load that ran the battery down. */
  private unitWentFlat(atMs: number, resident: Resident, row: Row): void {
    if (row.startedMs < 0 || row.onBatteryMs < 0) return;
    const sinceMs = Math.max(row.startedMs, row.onBatteryMs);
    if (atMs - sinceMs < leastLifeMs || this.hindrances.isCutOff(resident, sinceMs, atMs)) return;
    if (row.warnedMs < 0)
      this.blame(atMs, resident, `its battery is used up after ${hours(atMs - sinceMs)}, and it had not told`);
    else if (atMs - row.warnedMs < unitAheadMs)
      this.blame(atMs, resident, `its battery is used up, and it told only at ${instant(row.warnedMs)}`);
  }

  private buttonWentFlat(atMs: number, resident: Resident, row: Row, button: number): void {
    const fittedMs = row.fittedMs.get(button);
    if (fittedMs === undefined || row.startedMs < 0) return;
    // The button was heard all along only if its unit ran.
    const sinceMs = Math.max(fittedMs, row.startedMs);
    if (atMs - sinceMs < firstReportMs || this.hindrances.isCutOff(resident, atMs - firstReportMs, atMs)) return;
    const toldMs = row.toldMs.get(button);
    if (toldMs === undefined)
      this.blame(atMs, resident, `the battery of button ${button} is used up, and nobody was told`);
    else if (toldMs - sinceMs > firstReportMs && atMs - toldMs < buttonAheadMs)
      this.blame(atMs, resident, `the battery of button ${button} is used up, told only at ${instant(toldMs)}`);
  }

  private blame(atMs: number, { name }: Resident, what: string): void {
    this.findings.add(`${name}, ${instant(atMs)}: ${what}`);
  }
}

function isLastWord(dty: number | undefined, stc: number | undefined): boolean {
  return dty === localUnit && stc === stopped;
}

function hours(ms: number): string {
  const tenths = Math.floor(ms / (hourMs / 10));
  return `${Math.floor(tenths / 10)}.${tenths % 10} h`;
}

function hexName(address: number): string {
  return address.toString(16).toUpperCase().padStart(8, "0");
}
