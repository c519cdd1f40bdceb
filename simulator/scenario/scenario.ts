/**
 * A scenario as the world plays it: names resolved, all times in virtual milliseconds from the start, all shares in
 * parts per million, so that nothing is left to interpret. `readScenario` in scenario-file.ts makes it from YAML.
 */

import type { CallReply } from "../../firmware/voice/call-plan.ts";
import type { VoiceMode } from "../peers/operator-modes.ts";
import type { ReceiverMode } from "../peers/receiver-modes.ts";
import type { Expectation } from "./expectation.ts";
import type { ScenarioFault } from "./fault.ts";
import type { FleetGroup, TimelineStep, Wearers } from "./fleet.ts";

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
