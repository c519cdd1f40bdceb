/** What every checker is: somebody who watches the world and at the end says whether a promise was kept. */
import type { Flash } from "../../firmware/ports/flash.ts";
import type { Receiver } from "../peers/receiver.ts";
import type { CheckerVerdict } from "../record/run-result.ts";
import type { Witness } from "../record/witness.ts";

export interface Checker extends Witness {
  verdict(end: RunEnd): CheckerVerdict;
}

/** What is left when a run is over. */
export interface RunEnd {
  readonly endMs: number;
  readonly receivers: readonly Receiver[];
  /** The chip of a unit, by its name; undefined where it was never switched on. Absent: no chip can be read. */
  readonly flashOf?: (unit: string) => Flash | undefined;
}

const mostFound = 10;

/** Collects violations: all are counted, the first ten are told. */
export class Findings {
  private readonly found: string[];
  private violations: number;

  constructor() {
    this.found = [];
    this.violations = 0;
  }

  add(text: string): void {
    this.violations++;
    if (this.found.length < mostFound) this.found.push(text);
  }

  verdict(checker: string, rule: string): CheckerVerdict {
    return { checker, rule, held: this.violations === 0, violations: this.violations, found: this.found };
  }
}

/** An instant for people: hours, minutes and seconds since the start of the run. */
export function instant(atMs: number): string {
  const seconds = Math.floor(atMs / 1000);
  const two = (value: number): string => String(value).padStart(2, "0");
  return `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
}
