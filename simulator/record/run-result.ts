/**
 * What one played scenario leaves behind: plain data, written as `report.json` and read by every report. All instants
 * are virtual milliseconds since the start of the run; `null` means "has not happened", so that every key is always there.
 */

export const runResultVersion = 1;

export interface RunResult extends RunFacts {
  /** Passed when every checker and every expectation held. */
  readonly verdict: "passed" | "failed";
  readonly expectations: readonly ExpectationVerdict[];
}

/** What the world saw, before the scenario's expectations are judged (`judgeRun` in report/expectations.ts). */
export interface RunFacts {
  readonly formatVersion: typeof runResultVersion;
  readonly scenario: RunScenario;
  readonly seed: number;
  /** Hexadecimal; equal for equal seed, scenario and commit. */
  readonly digest: string;
  readonly virtualMs: number;
  /** Real time that the run took. Not part of the digest. */
  readonly wallMs: number;
  /** Events that the queue has run. */
  readonly events: number;
  readonly units: readonly RunUnit[];
  /** By instant pressed. */
  readonly presses: readonly RunPress[];
  readonly faults: readonly RunFault[];
  /** By instant. */
  readonly notices: readonly MonitorNotice[];
  readonly receivers: readonly ReceiverIntake[];
  readonly pathless: readonly PathlessInterval[];
  /** User alarms stored and not yet accepted in the whole fleet: one entry at each change, the first at 0. */
  readonly pending: readonly PendingCount[];
  readonly checks: readonly CheckerVerdict[];
  /** Reports other than user alarms that a receiver accepted, by kind ("technical", "test", ...). */
  readonly otherReports: Readonly<Record<string, number>>;
  readonly beats: BeatCounts;
}

export interface RunScenario {
  readonly name: string;
  readonly question: string;
  readonly source: string;
  /** As given on the command line. */
  readonly path: string;
  /** Wall clock at virtual 0, ms since 1970 (UTC). */
  readonly startWallMs: number;
}

export interface RunUnit {
  /** "hemvard-017". */
  readonly id: string;
  /** Larmkod, the account number (SCAIP `cid`). */
  readonly cid: string;
  /** Group of the fleet in the scenario file. */
  readonly group: string;
  /** Who looks after these people ("Elderly care"). */
  readonly provider: string;
  readonly policy: string;
  /** Names of its receivers, first choice first. */
  readonly receivers: readonly string[];
}

/** One press of one button. A press that joins an open alarm is a row of its own with the same stem. */
export interface RunPress {
  readonly unit: string;
  /** Number of the button on its unit, from 1. */
  readonly button: number;
  readonly pressedMs: number;
  /** The alarm is in the unit's journal. */
  readonly storedMs: number | null;
  /** First SIP 200 or 202 for a message that tells of this press. */
  readonly carriedMs: number | null;
  /** The unit has the `mrs` with `snu` 0 that names this press. */
  readonly acceptedMs: number | null;
  /** Receiver that accepted it. */
  readonly acceptedBy: string | null;
  readonly route: "mobile" | "broadband" | null;
  /** SCAIP MESSAGEs that the unit started for this press, all paths together. */
  readonly attempts: number;
  /** First time the wearer was told that nobody has accepted yet. */
  readonly toldNotAcceptedMs: number | null;
  /** The 12 characters that name the alarm in every SCAIP reference. */
  readonly stem: string | null;
  /** Press time as the accepting receiver read it in `ite` ("2026-01-14T08:10:05Z"). */
  readonly reportedTime: string | null;
  /** Cases that stand for this alarm once duplicates known as such are set aside: 1 is right, 0 is "not yet". */
  readonly cases: number;
}

export interface RunFault {
  readonly fromMs: number;
  /** End of the run where the fault outlives it. */
  readonly toMs: number;
  readonly object: "receiver" | "operator" | "cell" | "broadband" | "power";
  readonly name: string;
  /** "silent-after-200", "down", ... as in the scenario file. */
  readonly fault: string;
}

export type NoticeCause = "server" | "operator" | "area-power" | "broadband" | "single-unit" | "button";

/** What the monitor told its people. Suspected comes before confirmed. */
export interface MonitorNotice {
  readonly atMs: number;
  readonly phase: "suspected" | "confirmed" | "updated" | "closed";
  readonly cause: NoticeCause;
  /** Name of the receiver, operator, ... or unit. */
  readonly subject: string;
  /** Units affected as far as the monitor knows. */
  readonly units: number;
  /** What the monitor goes by, one line. */
  readonly evidence: string;
}

/** Messages per minute of the run; index 0 is the first minute. Both arrays are equally long. */
export interface ReceiverIntake {
  readonly name: string;
  /** MESSAGEs answered 200 or 202. */
  readonly carriedPerMinute: readonly number[];
  /** `mrs` with `snu` 0 sent. */
  readonly acceptedPerMinute: readonly number[];
}

/** A unit without any proven path: the receiver's side has no sign of life within the limit. */
export interface PathlessInterval {
  readonly unit: string;
  readonly fromMs: number;
  /** null: still so at the end. */
  readonly toMs: number | null;
  /** Last proof of life before it. */
  readonly lastProofMs: number | null;
  /** "receiver main answers nothing", "operator a: no contact". */
  readonly why: string;
}

export interface PendingCount {
  readonly atMs: number;
  readonly count: number;
}

/** The checkers that every run has; more may be added under other names. */
export const lostAlarmsCheck = "lost-alarms";
export const falseAcceptedCheck = "false-accepted";
export const duplicateCasesCheck = "duplicate-cases";

export interface CheckerVerdict {
  readonly checker: string;
  /** The rule as a sentence: "every press heard by a unit is accepted or still pending". */
  readonly rule: string;
  readonly held: boolean;
  readonly violations: number;
  /** The first violations in words, at most ten. */
  readonly found: readonly string[];
}

export interface ExpectationVerdict {
  readonly text: string;
  readonly held: boolean;
  readonly found: string;
}

export interface BeatCounts {
  readonly sent: number;
  readonly answered: number;
  readonly missed: number;
}

export interface Tally {
  readonly presses: number;
  readonly accepted: number;
  readonly pending: number;
  readonly lost: number;
  readonly falseAccepted: number;
  readonly duplicates: number;
}

/** The six numbers that a run is judged by. Throws when one of the three checkers has not run: a report must not guess. */
export function tallyOf(facts: RunFacts): Tally {
  const lost = violationsOf(facts, lostAlarmsCheck);
  const accepted = facts.presses.filter((press) => press.acceptedMs !== null).length;
  return {
    presses: facts.presses.length,
    accepted,
    pending: Math.max(0, facts.presses.length - accepted - lost),
    lost,
    falseAccepted: violationsOf(facts, falseAcceptedCheck),
    duplicates: violationsOf(facts, duplicateCasesCheck),
  };
}

function violationsOf(facts: RunFacts, checker: string): number {
  const verdict = facts.checks.find((check) => check.checker === checker);
  if (verdict === undefined) throw new Error(`run result: the checker ${checker} has not run`);
  return verdict.violations;
}
