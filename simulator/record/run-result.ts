/**
 * What one played scenario leaves behind: plain data, written as `report.json` and read by every report. All instants
 * are virtual milliseconds since the start of the run; `null` means "has not happened", so that every key is always there.
 */

import type { ReportKind } from "../../firmware/alarm/report.ts";
import type { ModemLevel } from "../coarse/modem-level.ts";
import type { RegistryUnit } from "../monitor/registry.ts";
import type { OutageRecord } from "../outage/outage-record.ts";
import type { ScenarioFault } from "../scenario/fault.ts";

export const runResultVersion = 1;

export interface RunResult extends RunFacts {
  /** Passed when every checker and every expectation held. Interrupted: stopped from outside, and no expectation judged. */
  readonly verdict: "passed" | "failed" | "interrupted";
  readonly expectations: readonly ExpectationVerdict[];
}

/** What the world saw, before the scenario's expectations are judged (`judgeRun` in report/expectations.ts). */
export interface RunFacts {
  readonly formatVersion: typeof runResultVersion;
  readonly scenario: RunScenario;
  readonly seed: number;
  /** "sockets": a coarse run, in which datagrams pass beside the modems' lines. */
  readonly modem: ModemLevel;
  /** Hexadecimal; equal for equal seed, scenario and commit. */
  readonly digest: string;
  /** How far it was played. */
  readonly virtualMs: number;
  /** The instant at which somebody stopped the run; null: it was played to its end. */
  readonly interruptedMs: number | null;
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
  /** By number: the record of every outage that the monitor told of. */
  readonly outages: readonly OutageRecord[];
  /** Who has what, as the people who watch know it. */
  readonly registry: readonly RegistryUnit[];
  readonly receivers: readonly ReceiverIntake[];
  readonly pathless: readonly PathlessInterval[];
  /** User alarms stored and not yet accepted in the whole fleet: one entry at each change, the first at 0. */
  readonly pending: readonly PendingCount[];
  readonly checks: readonly CheckerVerdict[];
  /** How the messages of each alarm fared, by the instant of the first; at most `mostJourneys`. */
  readonly journeys: readonly Journey[];
  /** Everything but presses that units had to tell, by instant raised; at most `mostRows`. */
  readonly reports: readonly RunReport[];
  /** Reports beyond that, by name. */
  readonly reportsLeftOut: Readonly<Record<string, number>>;
  /** What people saw and heard of their units and buttons, by instant; at most `mostRows`. */
  readonly signals: readonly RunSignal[];
  readonly signalsLeftOut: number;
  /** When units were without any power, or dead for another reason. */
  readonly off: readonly OffInterval[];
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
  /** That file and all that it includes. */
  readonly files: readonly string[];
  /** Parameters set for this run, as given ("homes=400"). */
  readonly set: readonly string[];
  /** Wall clock at virtual 0, ms since 1970 (UTC). */
  readonly startWallMs: number;
  /** How long it lasts when nobody stops it. */
  readonly durationMs: number;
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
  /** A message that tells of it left the unit for the first time. */
  readonly sentMs: number | null;
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
  /** Why no unit could hear it; null where one did, or where the button still tries. */
  readonly unheard: Unheard | null;
}

/** The messages about one alarm: the first tries and the last ones. */
export interface Journey {
  readonly unit: string;
  /** As in `RunPress`; null: no message of it has ever left the unit. */
  readonly stem: string | null;
  /** The unit ordered the first message. */
  readonly beganMs: number;
  readonly tries: readonly JourneyTry[];
  /** Tries between the first and the last ones that are counted only. */
  readonly leftOut: number;
}

/** One SCAIP MESSAGE over one route to one receiver, with its answers. null: that did not happen. */
export interface JourneyTry {
  /** SCAIP `mty`: the alarm, an update of it, its withdrawal. */
  readonly what: "ME" | "IN" | "RE";
  readonly route: "mobile" | "broadband";
  readonly receiver: string;
  /** The unit ordered it. */
  readonly startedMs: number;
  /** It left the unit, or its modem, for the network. */
  readonly sentMs: number | null;
  /** How often it left: SIP repeats what nobody answers (RFC 3261 17.1.2.2). */
  readonly packets: number;
  /** It came to the receiver's address, whatever became of it there. */
  readonly heardMs: number | null;
  /** The unit had the final SIP answer. */
  readonly carriedMs: number | null;
  /** That answer's status code: 200, 486, ... */
  readonly status: number | null;
  /** The receiver's application sent its `mrs`. */
  readonly repliedMs: number | null;
  /** Its status number: 0 accepts. */
  readonly snu: number | null;
  /** The unit had that `mrs`. */
  readonly answeredMs: number | null;
}

/** The unit had no power or was dead; the button's battery is; the button has tried as long as it does and said so. */
export type Unheard = "unit-off" | "button-dead" | "given-up";

/** Rows of reports and of signals that a run keeps; beyond it they are counted. */
export const mostRows = 100_000;

/** Something that a unit had to tell and that is no press of a button. */
export interface RunReport {
  readonly unit: string;
  /** A word of `report-names.ts`, or "dty/stc". */
  readonly name: string;
  readonly kind: ReportKind;
  /** SS 91100 annexes A and C. */
  readonly dty: number;
  readonly stc: number;
  /** Status text; may be empty. */
  readonly text: string;
  /** Identity of the device that it is about (SCAIP `did`); empty for the unit itself. */
  readonly device: string;
  /** The report is in the unit's journal. */
  readonly raisedMs: number;
  /** A receiver has sent its `mrs` with `snu` 0 for the first time. */
  readonly acceptedMs: number | null;
  readonly acceptedBy: string | null;
  readonly route: "mobile" | "broadband" | null;
  /** The 12 characters that name it in every SCAIP reference; null until it is accepted. */
  readonly stem: string | null;
  /** Taken back by the wearer before anybody had accepted it. */
  readonly withdrawn: boolean;
}

/** One sign to people: a lamp, a spoken sentence, a button's own signal. */
export interface RunSignal {
  readonly atMs: number;
  readonly unit: string;
  readonly by: "lamp" | "voice" | "button";
  /** Number of the button, from 1; 0 for the unit itself. */
  readonly button: number;
  /** "no-path", "battery-low", "given-up" ... as the firmware names it. */
  readonly what: string;
}

export interface OffInterval {
  readonly unit: string;
  readonly fromMs: number;
  /** null: still so at the end. */
  readonly toMs: number | null;
}

export interface RunFault {
  readonly fromMs: number;
  /** End of the run where the fault outlives it. */
  readonly toMs: number;
  readonly object: ScenarioFault["object"];
  readonly name: string;
  /** "silent-after-200", "down", ... as in the scenario file. */
  readonly fault: string;
  /** Units that it hits where it hits units and not an object that many share; null: whoever uses the object. */
  readonly units: readonly string[] | null;
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
  /** 1, 2, 3 ...: what is said of one outage bears one number. */
  readonly outage: number;
}

/** Messages per minute of the run; index 0 is the first minute. All arrays are equally long. */
export interface ReceiverIntake {
  readonly name: string;
  /** New MESSAGEs that its front heard, repeated packets not counted. */
  readonly messages: number;
  /** The second of the run with most of them; null where there was none. */
  readonly busiest: { readonly atMs: number; readonly messages: number } | null;
  /** Messages in the busiest second of each minute, repeated packets not counted. */
  readonly peakPerMinute: readonly number[];
  /** What its application can handle in a thousand seconds, as the scenario says; null: whatever comes. */
  readonly limitPerThousandSeconds: number | null;
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
  /** Nobody could hear them: they are neither pending nor lost. */
  readonly unheard: number;
}

/** The seven numbers that a run is judged by. Throws when one of the three checkers has not run: a report must not guess. */
export function tallyOf(facts: RunFacts): Tally {
  const lost = violationsOf(facts, lostAlarmsCheck);
  const accepted = facts.presses.filter((press) => press.acceptedMs !== null).length;
  const unheard = facts.presses.filter((press) => press.unheard !== null).length;
  return {
    presses: facts.presses.length,
    accepted,
    pending: Math.max(0, facts.presses.length - accepted - unheard - lost),
    lost,
    falseAccepted: violationsOf(facts, falseAcceptedCheck),
    duplicates: violationsOf(facts, duplicateCasesCheck),
    unheard,
  };
}

function violationsOf(facts: RunFacts, checker: string): number {
  const verdict = facts.checks.find((check) => check.checker === checker);
  if (verdict === undefined) throw new Error(`run result: the checker ${checker} has not run`);
  return verdict.violations;
}
