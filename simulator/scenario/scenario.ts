/**
 * A scenario as the world plays it: names resolved, all times in virtual milliseconds from the start, all shares in
 * parts per million, so that nothing is left to interpret. `readScenario` in scenario-file.ts makes it from YAML.
 */

import type { CallReply } from "../../firmware/voice/call-plan.ts";
import type { VoiceMode } from "../peers/operator-modes.ts";
import type { ReceiverMode } from "../peers/receiver-modes.ts";
import type { Expectation } from "./expectation.ts";
import type { Generation, ScenarioFault } from "./fault.ts";
import type { FleetGroup, MobilePlace } from "./fleet.ts";
import type { TimelineStep } from "./timeline.ts";
import type { Wearers } from "./wearers.ts";

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
  /** This file and all that it includes; this file first. */
  readonly files: readonly string[];
  /** Parameters that this run sets, as given ("homes=400"); what is not among them has its default. */
  readonly set: readonly string[];
  /** Wall clock at virtual 0, ms since 1970 (UTC). */
  readonly startWallMs: number;
  readonly durationMs: number;
  readonly world: ScenarioWorld;
  readonly fleet: readonly FleetGroup[];
  /** Of all groups that have none of their own. */
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
  /** Minutes that it asks for between two heartbeats (SCAIP `hbi`); absent: nothing is asked for. */
  readonly heartbeatMin?: number | undefined;
  /** What its application can do; undefined: whatever comes. */
  readonly capacity: ScenarioCapacity | undefined;
  /** What it asks for where an accepted alarm offers a call; undefined: nothing. */
  readonly call: CallReply | undefined;
  /** Who speaks there, over SIP and at a telephone number; undefined: nobody. */
  readonly operators: ScenarioOperators | undefined;
}

/** An application behind a front: it handles so much, the rest waits, and what finds the queue full is turned away. */
export interface ScenarioCapacity {
  readonly messagesPerThousandSeconds: number;
  readonly queueLimit: number;
  readonly whenFull: "busy" | "refuse";
}

/** How many people speak at these local hours, [from, to) in minutes of the day. */
export interface Shift {
  readonly fromMinute: number;
  readonly toMinute: number;
  readonly count: number;
}

export interface ScenarioOperators {
  /** At hours that no shift has. */
  readonly count: number;
  readonly shifts: readonly Shift[];
  readonly voice: VoiceMode;
  /** How long one speaks with somebody. */
  readonly talkMs: number;
}

/** Mains that goes with its power area, and what stands in for it. */
export interface Backup {
  readonly area: string;
  /** 0: none. */
  readonly batteryMs: number;
  /** From the cut until a generator has taken over; undefined: none comes. */
  readonly generatorAfterMs: number | undefined;
}

export interface ScenarioOperator {
  readonly name: string;
  readonly generations: readonly Generation[];
  /** One way. */
  readonly delay: Span;
  readonly lossPpm: number;
  /** How far the time that it tells is off, ahead is above 0; undefined: it tells none. */
  readonly clockErrorMs: number | undefined;
}

export interface ScenarioCell {
  readonly name: string;
  readonly operator: string;
  readonly generations: readonly Generation[];
  /** AT+CSQ value 0–31. */
  readonly signal: number;
  /** Undefined: its mains never goes. */
  readonly mains: Backup | undefined;
  /** Datagrams a second, both ways together; undefined: as many as come. */
  readonly capacityPerSecond: number | undefined;
}

export interface ScenarioBroadband {
  readonly name: string;
  /** One way. */
  readonly delay: Span;
  readonly lossPpm: number;
  /** From the return of a router's power until it carries, drawn for each home; undefined: at once. */
  readonly routerStart: Span | undefined;
  /** The mobile network behind its routers; undefined: a line. */
  readonly uplink: MobilePlace | undefined;
  /** Of its cabinet in the street; undefined: its mains never goes. */
  readonly mains: Backup | undefined;
}
