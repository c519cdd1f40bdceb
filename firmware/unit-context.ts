/** What the unit's departments (power, household, supervision, bonds ...) are given: the shared ports, and the ways to tell somebody. */
import type { ReportKind } from "./alarm/report.ts";
import type { PhraseName } from "./feedback/phrases.ts";
import type { Clock } from "./ports/clock.ts";
import type { Observe } from "./ports/host.ts";
import type { Secrets } from "./ports/secrets.ts";
import type { Journal } from "./storage/journal.ts";
import type { WallClock } from "./wall-clock.ts";

/** One report to be made; codes as in SS 91100 annexes A and C. */
export interface RaiseOrder {
  readonly kind: ReportKind;
  readonly dty: number;
  readonly stc: number;
  /** Device identity, up to 8 characters; empty for the unit itself. */
  readonly did: string;
  /** Status text; empty for none. */
  readonly stt: string;
  /** Place in the table of bonds, or -1. */
  readonly bond: number;
  /** Reports with a shared cause wait a random time up to this; 0: at once. */
  readonly spreadMs: number;
  /** The status code whose end this report tells of, or -1: a loss that still waits becomes one report with its return. */
  readonly restores: number;
}

export interface UnitContext {
  readonly clock: Clock;
  readonly wallClock: WallClock;
  readonly secrets: Secrets;
  readonly records: Journal;
  readonly observe: Observe | undefined;
  /** The report's number; the department hears of its acceptance under this number. */
  raise(order: RaiseOrder): number;
  /** Quiet hours and language are seen to behind it. */
  say(phrase: PhraseName): void;
}
