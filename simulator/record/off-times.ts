/** When units had no power at all, and which buttons are dead: whoever presses then is heard by nobody. */
import type { Resident } from "../residents.ts";
import { mostRows, type OffInterval } from "./run-result.ts";
import type { Witness } from "./witness.ts";

export class OffTimes implements Witness {
  private readonly residents: readonly Resident[];
  /** By unit: since when it is off. */
  private readonly offSince: (number | undefined)[];
  /** "unit button" of those whose battery is used up. */
  private readonly flat: Set<string>;
  private readonly over: OffInterval[];
  private readonly limit: number;

  constructor(residents: readonly Resident[], limit: number = mostRows) {
    this.residents = residents;
    this.limit = limit;
    this.offSince = residents.map(() => undefined);
    this.flat = new Set();
    this.over = [];
  }

  started(atMs: number, unit: number): void {
    const fromMs = this.offSince[unit];
    if (fromMs === undefined) return;
    this.offSince[unit] = undefined;
    if (this.over.length < this.limit) this.over.push({ unit: this.nameOf(unit), fromMs, toMs: atMs });
  }

  stopped(atMs: number, unit: number): void {
    this.offSince[unit] ??= atMs;
  }

  wentFlat(_atMs: number, unit: number, button: number): void {
    if (button > 0) this.flat.add(`${unit} ${button}`);
  }

  batteryFitted(_atMs: number, unit: number, button: number): void {
    this.flat.delete(`${unit} ${button}`);
  }

  isOff(unit: number): boolean {
    return this.offSince[unit] !== undefined;
  }

  isFlat(unit: number, button: number): boolean {
    return this.flat.has(`${unit} ${button}`);
  }

  /** By their beginning; those that last have no end. Beyond the limit later ones are missing, but for those that last. */
  intervals(): readonly OffInterval[] {
    const lasting = this.offSince.flatMap((fromMs, unit) =>
      fromMs === undefined ? [] : [{ unit: this.nameOf(unit), fromMs, toMs: null }],
    );
    return [...this.over, ...lasting].sort((a, b) => a.fromMs - b.fromMs);
  }

  private nameOf(unit: number): string {
    return this.residents[unit]?.name ?? "";
  }
}
