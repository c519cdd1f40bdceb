/** What can be wrong with a unit, who sees to it, and what it says to people: the code stands in the report, the texts in the tools. */
import { environmentMonitor, linkMonitor, localUnit, powerSupply, radioUnit } from "../department.ts";

export type CheckName =
  /** Checksums of the program and of the settings, and a pattern test of memory that is not in use. */
  | "program"
  | "settings"
  | "memory"
  /** Whether the monotonic clock keeps step with a second oscillator, or with what the network tells. */
  | "clock"
  /** Whether the radio receiver still hears: a frame of its own, or noise within limits. */
  | "radio"
  | "modem"
  | "sim"
  /** A tone from the loudspeaker is heard by the microphone. */
  | "speech-loop"
  | "battery"
  | "temperature";

export type FaultName =
  | "program-damaged"
  | "settings-damaged"
  | "memory-faulty"
  | "clock-unknown"
  | "clock-drifting"
  | "radio-deaf"
  | "modem-silent"
  | "no-network"
  | "sim-missing"
  | "sim-locked"
  | "sim-refused"
  | "speech-weak"
  | "speech-silent"
  | "battery-worn"
  | "battery-missing"
  | "too-hot"
  | "too-cold"
  /** Made by the unit itself where a check brings no result in time. */
  | "check-unanswered";

/** What a check brought; "absent" where the board has no such part. */
export type Finding = "passed" | "absent" | FaultName;

/** Whom a fault is for: who visits the home, the operator or subscription, or the workshop. */
export type FaultClass = "field" | "network" | "repair";

export interface Fault {
  /** Stands in the report as the device identity: one letter and two digits, never given twice. */
  readonly code: string;
  /** The check that finds it, and whose passing ends it; undefined for any check. */
  readonly check: CheckName | undefined;
  readonly kind: FaultClass;
  /** SCAIP device type (SS 91100 annex A). */
  readonly dty: number;
  /** Status text of the report, at most 32 characters. */
  readonly brief: string;
  /** What is wrong and what to do. */
  readonly sv: string;
  readonly en: string;
}

/** In the order in which they are made; what all others rest on comes first. */
export const checks: readonly CheckName[] = [
  "program",
  "settings",
  "memory",
  "clock",
  "radio",
  "modem",
  "sim",
  "battery",
  "temperature",
  "speech-loop",
];

export function faultOf(name: FaultName): Fault {
  return faults[name];
}

export const faults: Record<FaultName, Fault> = {
  "program-damaged": {
    code: "E11",
    check: "program",
    kind: "repair",
    dty: localUnit,
    brief: "programmet är skadat",
    sv: "Programmets kontrollsumma stämmer inte. Byt larmet och skicka det på reparation.",
    en: "The program's checksum is wrong. Replace the unit and send it for repair.",
  },
  "settings-damaged": {
    code: "E12",
    check: "settings",
    kind: "field",
    dty: localUnit,
    brief: "inställningarna är skadade",
    sv: "Inställningarnas kontrollsumma stämmer inte. Programmera om larmet på plats.",
    en: "The settings' checksum is wrong. Provision the unit again on site.",
  },
  "memory-faulty": {
    code: "E13",
    check: "memory",
    kind: "repair",
    dty: localUnit,
    brief: "fel i minnet",
    sv: "Arbetsminnet är felaktigt. Byt larmet och skicka det på reparation.",
    en: "The working memory is faulty. Replace the unit and send it for repair.",
  },
  "clock-unknown": {
    code: "E21",
    check: "clock",
    kind: "network",
    dty: localUnit,
    brief: "klockan är inte ställd",
    sv: "Ingen har talat om vad klockan är. Kontrollera anslutningen till larmcentralen.",
    en: "Nobody has told the time. Check the connection to the alarm centre.",
  },
  "clock-drifting": {
    code: "E22",
    check: "clock",
    kind: "repair",
    dty: localUnit,
    brief: "klockan går fel",
    sv: "Klockan går fel. Byt larmet och skicka det på reparation.",
    en: "The clock runs wrong. Replace the unit and send it for repair.",
  },
  "radio-deaf": {
    code: "E31",
    check: "radio",
    kind: "repair",
    dty: radioUnit,
    brief: "radiomottagaren hör inget",
    sv: "Radiomottagaren hör inte larmknappen. Byt larmet genast och skicka det på reparation.",
    en: "The radio receiver does not hear the button. Replace the unit at once and send it for repair.",
  },
  "modem-silent": {
    code: "E41",
    check: "modem",
    kind: "repair",
    dty: linkMonitor,
    brief: "modemet svarar inte",
    sv: "Modemet svarar inte, inte heller efter omstart. Byt larmet och skicka det på reparation.",
    en: "The modem does not answer, not even after a restart. Replace the unit and send it for repair.",
  },
  "no-network": {
    code: "E42",
    check: "modem",
    kind: "network",
    dty: linkMonitor,
    brief: "inget mobilnät",
    sv: "Modemet får inget nät. Kontrollera täckning och driftstörningar hos operatören.",
    en: "The modem finds no network. Check coverage and the operator's outages.",
  },
  "sim-missing": {
    code: "E43",
    check: "sim",
    kind: "field",
    dty: linkMonitor,
    brief: "SIM-kort saknas",
    sv: "SIM-kortet saknas eller sitter fel. Sätt i det på nytt.",
    en: "The SIM card is missing or not seated. Insert it again.",
  },
  "sim-locked": {
    code: "E44",
    check: "sim",
    kind: "network",
    dty: linkMonitor,
    brief: "SIM-kortet är låst",
    sv: "SIM-kortet är låst. Begär upplåsning av operatören.",
    en: "The SIM card is locked. Ask the operator to unlock it.",
  },
  "sim-refused": {
    code: "E45",
    check: "sim",
    kind: "network",
    dty: linkMonitor,
    brief: "abonnemanget nekas",
    sv: "Nätet nekar abonnemanget. Kontakta operatörens kundtjänst.",
    en: "The network refuses the subscription. Contact the operator's customer service.",
  },
  "speech-weak": {
    code: "E51",
    check: "speech-loop",
    kind: "field",
    dty: localUnit,
    brief: "högtalaren hörs svagt",
    sv: "Högtalaren hörs svagt. Se efter att inget täcker larmet.",
    en: "The loudspeaker is faint. See that nothing covers the unit.",
  },
  "speech-silent": {
    code: "E52",
    check: "speech-loop",
    kind: "repair",
    dty: localUnit,
    brief: "högtalare eller mikrofon är tyst",
    sv: "Högtalare eller mikrofon är trasig. Byt larmet och skicka det på reparation.",
    en: "Loudspeaker or microphone is broken. Replace the unit and send it for repair.",
  },
  "battery-worn": {
    code: "E61",
    check: "battery",
    kind: "field",
    dty: powerSupply,
    brief: "batteriet är slitet",
    sv: "Batteriet orkar inte som det ska. Byt batteri.",
    en: "The battery does not last as it should. Replace the battery.",
  },
  "battery-missing": {
    code: "E62",
    check: "battery",
    kind: "field",
    dty: powerSupply,
    brief: "batteriet saknas",
    sv: "Batteriet är inte anslutet. Anslut det.",
    en: "The battery is not connected. Connect it.",
  },
  "too-hot": {
    code: "E71",
    check: "temperature",
    kind: "field",
    dty: environmentMonitor,
    brief: "larmet är för varmt",
    sv: "Larmet är för varmt. Flytta det från värmekällor och solljus.",
    en: "The unit is too hot. Move it away from heat and sunlight.",
  },
  "too-cold": {
    code: "E72",
    check: "temperature",
    kind: "field",
    dty: environmentMonitor,
    brief: "larmet är för kallt",
    sv: "Larmet är för kallt. Flytta det till ett uppvärmt rum.",
    en: "The unit is too cold. Move it to a heated room.",
  },
  "check-unanswered": {
    code: "E91",
    check: undefined,
    kind: "repair",
    dty: localUnit,
    brief: "självtestet fick inget svar",
    sv: "En del av larmet svarade inte på självtestet. Byt larmet och skicka det på reparation.",
    en: "A part of the unit did not answer the self-check. Replace the unit and send it for repair.",
  },
};
