/** What a case on a bench is, what it is given, and the five results that it can have, none of which stands for another. */

/**
 * `flaky`: it failed or was blocked, and passed when it was run once more. `blocked`: the rig could not tell, so nothing is known
 * of the device. `skipped`: this bench or this run does not have what it needs. Only `pass` is a pass.
 */
export type Verdict = "pass" | "fail" | "flaky" | "blocked" | "skipped";

/** A figure with the limits that it must keep; one that breaks them fails its case, at the end. */
export interface Measurement {
  /** Such as "press to accepted". */
  readonly name: string;
  readonly value: number;
  /** Such as "ms". */
  readonly unit: string;
  readonly least?: number;
  readonly most?: number;
}

/** Where a case comes from, for annotations: a path from the repository's root, lines from 1. */
export interface Place {
  readonly file: string;
  readonly line: number;
}

/** How long loops are: an hour of nobody waiting, or a night. */
type Depth = "quick" | "nightly";

/** What an attempt at a case is given. `B` is the bench. */
export interface CaseContext<B> {
  readonly bench: B;
  /** A folder of this attempt alone, for its logs; it is kept unless the attempt passes. */
  readonly folder: string;
  /** Aborted when the time limit has passed, or the user has ended the run: whatever waits ends soon after. */
  readonly signal: AbortSignal;
  /** Whatever is drawn is drawn from it. */
  readonly seed: number;
  readonly depth: Depth;
  /** A line in the run's log, and in the artefacts of a failure. */
  note(text: string): void;
  measure(measurement: Measurement): void;
}

/**
 * One thing that is proven on a bench. `run` returns: passed. It throws a CaseBlocked, or any error with `verdict: "unknown"`,
 * `verdict: "blocked"` or `exitCode: 3`: blocked. It throws a CaseSkipped: skipped. It throws an error with `exitCode: 4`: the run ends, refused. Whatever
 * else it throws: failed.
 */
export interface HilCase<B> {
  /** Small letters, digits and hyphens; suite, slash and name are its id, such as "press/accepted". */
  readonly suite: string;
  readonly name: string;
  /** A true sentence, as a test's title. */
  readonly proves: string;
  readonly at: Place;
  /** Roles and actuators, such as "unit", "button", "mains"; where the bench lacks one the case is skipped, and says so. */
  readonly needs: readonly string[];
  /** For one attempt; past it the case has failed. */
  readonly limitMs: number;
  /** Too long for anything but a night. */
  readonly isNightly?: boolean;
  run(context: CaseContext<B>): Promise<void>;
}

/** The rig could not tell: nothing is known of the device. */
export class CaseBlocked extends Error {
  readonly verdict = "unknown";

  constructor(why: string) {
    super(why);
    this.name = "CaseBlocked";
  }
}

/** What it needs is not there, as is found out only on the way. */
export class CaseSkipped extends Error {
  constructor(why: string) {
    super(why);
    this.name = "CaseSkipped";
  }
}

export function caseId({ suite, name }: Pick<HilCase<never>, "suite" | "name">): string {
  return `${suite}/${name}`;
}
