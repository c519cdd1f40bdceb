/**
 * A scenario as the world plays it: names resolved, all times in virtual milliseconds from the start, all shares in
 * parts per million, so that nothing is left to interpret. `readScenario` in scenario-file.ts makes it from YAML.
 */

import type { KeyName } from "../../firmware/ports/keys.ts";
import type { CallReply } from "../../firmware/voice/call-plan.ts";
import type { MobileCalls } from "../../firmware/voice/voice-settings.ts";
import type { Hold } from "../house/finger.ts";
import type { VoiceMode } from "../peers/operator-modes.ts";
import type { ReceiverMode } from "../peers/receiver-modes.ts";

/** An evenly drawn time between two bounds, both included; equal bounds are a fixed time. */
export interface Span {
  readonly leastMs: number;
  readonly mostMs: number;
}

export interface Scenario {
  readonly name: string;
  /** What the run shall answer, one sentence. */
  readonly question: string;
  /** Where the story comes from. */
  readonly source: string;
  /** As given to readScenario. */
  readonly path: string;
  /** Wall clock at virtual 0, ms since 1970 (UTC). */
  readonly startWallMs: number;
  readonly durationMs: number;
  readonly world: ScenarioWorld;
  readonly fleet: readonly FleetGroup[];
  readonly wearers: Wearers | undefined;
  /** By `fromMs`. Faults of one object never overlap. */
  readonly faults: readonly ScenarioFault[];
  /** By `atMs`. */
  readonly timeline: readonly TimelineStep[];
  readonly expectations: readonly Expectation[];
}

export interface ScenarioWorld {
  /** Share of radio frames between button and unit that are lost. */
  readonly radioLossPpm: number;
  readonly receivers: readonly ScenarioReceiver[];
  readonly operators: readonly ScenarioOperator[];
  readonly cells: readonly ScenarioCell[];
  readonly broadband: readonly ScenarioBroadband[];
  /** Names of the areas that lose their mains as one. */
  readonly power: readonly string[];
}

export interface ScenarioReceiver {
  readonly name: string;
  /** IPv4 address; two receivers with one address share a host. */
  readonly host: string;
  readonly port: number;
  /** From MESSAGE to its `mrs`. */
  readonly latency: Span;
  readonly mode: ReceiverMode;
  /** Whether it asks for digest authentication. */
  readonly digest: boolean;
  /** How units over broadband reach it; over mobile they use UDP. */
  readonly transport: "udp" | "tcp" | "tls";
  /** The name that units know it by; undefined: they know its address. */
  readonly hostName: string | undefined;
  /** What it shows under TLS. */
  readonly certificate: "good" | "expired" | "foreign";
  /** What it asks for where an accepted alarm offers a call; undefined: nothing. */
  readonly call: CallReply | undefined;
  /** Who speaks there, over SIP and at a telephone number; undefined: nobody. */
  readonly operators: ScenarioOperators | undefined;
}

export interface ScenarioOperators {
  readonly count: number;
  readonly voice: VoiceMode;
  /** How long one speaks with somebody. */
  readonly talkMs: number;
}

export interface ScenarioOperator {
  readonly name: string;
  readonly generation: "2g" | "3g" | "4g";
  /** One way. */
  readonly delay: Span;
  readonly lossPpm: number;
}

export interface ScenarioCell {
  readonly name: string;
  readonly operator: string;
  /** AT+CSQ value 0–31. */
  readonly signal: number;
}

export interface ScenarioBroadband {
  readonly name: string;
  /** One way. */
  readonly delay: Span;
  readonly lossPpm: number;
}

export const routePolicies = ["mobile-first", "broadband-first", "mobile-only", "broadband-only"] as const;
export type RoutePolicy = (typeof routePolicies)[number];

export interface FleetGroup {
  readonly name: string;
  readonly provider: string;
  /** Names of its units: the group's name where there is one unit, else `name-001` and so on. */
  readonly units: readonly string[];
  readonly policy: RoutePolicy;
  /** undefined: no modem in use. `cell` undefined: somewhere in the operator's network. */
  readonly mobile: { readonly operator: string; readonly cell: string | undefined } | undefined;
  readonly broadband: string | undefined;
  /** The area that unit and router have their mains from; undefined: it never goes. */
  readonly power: string | undefined;
  /** First choice first. */
  readonly receivers: readonly string[];
  /** Wrist buttons of each unit. */
  readonly buttons: number;
  /** undefined: its units neither call nor are called. */
  readonly telephone: GroupTelephone | undefined;
}

export const telephones = ["none", "sip", "mobile", "both"] as const;

export interface GroupTelephone {
  readonly sip: boolean;
  readonly mobile: MobileCalls;
  /** Empty: there is none. */
  readonly fallbackNumber: string;
  readonly relatives: readonly string[];
}

export interface Wearers {
  /** Presses per thousand units in one day, all inside the hours below, spread evenly. */
  readonly pressesPerThousandUnitDays: number;
  /** Local minutes of the day, [from, to). */
  readonly fromMinute: number;
  readonly toMinute: number;
}

export const linkFaults = ["down", "no-data", "slow", "lossy", "gone"] as const;
export type LinkFault = (typeof linkFaults)[number];

/** Broadband knows two more: the router has no address, or names cannot be looked up. */
export const broadbandFaults = [...linkFaults, "no-address", "no-names"] as const;
export type BroadbandFault = (typeof broadbandFaults)[number];

/** Mobile links know two more: modems are turned away; sessions that were there at the start carry nothing, new ones do. */
export const mobileFaults = [...linkFaults, "denied", "stale-sessions"] as const;
export type MobileFault = (typeof mobileFaults)[number];

interface FaultWindow {
  readonly name: string;
  readonly fromMs: number;
  /** The end of the run where the file names none, or where the fault is `gone`. */
  readonly toMs: number;
}
interface LinkFaultWindow extends FaultWindow {
  /** Added to each datagram, one way; 0 unless slow. */
  readonly extraDelayMs: number;
  /** In place of the link's own; 0 unless lossy. */
  readonly lossPpm: number;
}
export type ScenarioFault =
  | (FaultWindow & {
      readonly object: "receiver";
      readonly fault: ReceiverMode;
      /** Only those that ask over this route meet it: a fault on the way. */
      readonly over: "mobile" | "broadband" | undefined;
    })
  | (LinkFaultWindow & { readonly object: "operator" | "cell"; readonly fault: MobileFault })
  | (LinkFaultWindow & { readonly object: "broadband"; readonly fault: BroadbandFault })
  | (FaultWindow & { readonly object: "power"; readonly fault: "off" });

export const keyNames = ["help", "cancel", "query", "presence", "away"] as const satisfies readonly KeyName[];
export const holds = ["short", "long"] as const satisfies readonly Hold[];

/** One button of one unit, from 1. */
export interface ButtonOf {
  readonly unit: string;
  readonly button: number;
}

/** Somebody presses a button, presses a key on the unit itself, or puts a new battery into a button. */
export type TimelineStep =
  | { readonly atMs: number; readonly press: ButtonOf }
  | { readonly atMs: number; readonly key: { readonly unit: string; readonly name: KeyName; readonly hold: Hold } }
  | { readonly atMs: number; readonly buttonBattery: ButtonOf };

/** Which alarms an expectation speaks of. */
export interface AlarmChoice {
  readonly alarms: "all" | "with-second-receiver" | "without-second-receiver";
  /** Group of the fleet; undefined: all. */
  readonly group: string | undefined;
  readonly pressed: "any-time" | "during-faults" | "outside-faults";
}

export type Expectation =
  | {
      readonly type: "alarms";
      readonly choice: AlarmChoice;
      /** Share of the alarms that must keep the limit, 100 unless said. */
      readonly percent: number;
      readonly acceptedWithinMs: number | undefined;
      /** Counted from the press or from the end of the fault during which it was made, whichever is later. */
      readonly acceptedAfterRepairWithinMs: number | undefined;
      /** For alarms that were not accepted by then. */
      readonly toldWithinMs: number | undefined;
      readonly route: "mobile" | "broadband" | undefined;
      readonly countAtLeast: number | undefined;
      readonly countAtMost: number | undefined;
    }
  | { readonly type: "tally"; readonly of: "lost" | "falsely-accepted" | "pending-at-end"; readonly count: number }
  | { readonly type: "cases-per-alarm"; readonly count: number }
  | { readonly type: "suspicions-at-most"; readonly count: number }
  | {
      readonly type: "noticed";
      readonly object: "receiver" | "operator" | "broadband";
      readonly name: string;
      /** From the start of each of its faults to the monitor's "suspected". */
      readonly suspectedWithinMs: number | undefined;
      /** From the end of each of its faults to the monitor's "closed". */
      readonly closedWithinMs: number | undefined;
    };
