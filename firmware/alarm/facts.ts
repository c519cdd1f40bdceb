/**
 * The facts of a report as they go into its first message and its record: time, origin and the unit's own state are put
 * together once, and texts are cut to what both hold (SS 91100 table 1).
 */
import type { ButtonForm } from "../../protocol/radio/button-flags.ts";
import { pressedText } from "../../protocol/scaip/pressed.ts";
import type { Turn } from "./alarm-state.ts";
import type { ReportKind } from "./report.ts";

/** Who or what it came from: enough for the one who answers to know whom to ask for, and where. */
export interface Origin {
  /** Person slot from 1; 0 for none. */
  readonly person: number;
  readonly form: ButtonForm | "none";
  /** Where it hangs or who wears it, up to 20 characters; empty where nobody said. */
  readonly where: string;
  /** Component of the device (SS 91100 annex B); 0 for none. */
  readonly dco: number;
  /** Battery of the device in steps of 20 mV, up to 5,100; 0 for unknown. */
  readonly batteryMv: number;
  readonly low: boolean;
}

/** How the unit stands when something happens. None of it hides or delays an alarm: the message says so, that is all. */
export interface Marks {
  readonly suspended: boolean;
  readonly returned: boolean;
  readonly testMode: boolean;
  readonly onBattery: boolean;
}

/** What happened, as it stands in the first `mrq` for ever, with texts cut to what fits. */
export interface Facts {
  readonly kind: ReportKind;
  /** SCAIP device type and status code (SS 91100 annexes A and C). */
  readonly dty: number;
  readonly stc: number;
  /** Device identity, up to 8 characters; empty for the unit itself. */
  readonly did: string;
  /** Status text, empty for none. */
  readonly stt: string;
  /** The place in the table of bonds it came from, or -1. */
  readonly bond: number;
  /** Whether seconds count from 1970 (UTC) or, the wall clock being unknown, from the unit's start. */
  readonly clock: "wall" | "start";
  readonly seconds: number;
  /** The last time of what was joined while the report waited, by the same clock; -1 for none. */
  readonly untilS: number;
  /** How many orders were joined into it, the first included; of an alarm, how many presses its message tells of. */
  readonly times: number;
  /** The status code whose end it tells of, or -1. */
  readonly restores: number;
  /** `unstable`: it changes time and again; `rested`: it has stopped doing so. */
  readonly stability: "usual" | "unstable" | "rested";
  readonly origin: Origin;
  readonly marks: Marks;
}

/** Status codes (SS 91100 annex C). */
export const alarmAutomatic = 9;
export const alarmByHand = 10;
/** Component `button 1` (SS 91100 annex B); the unit's further keys follow it. */
export const firstButton = 2;

/** Characters that `stt` may have, and bytes that each text of a report may have in its record. */
export const textLimit = 32;
export const textByteLimit = 40;
export const whereLimit = 20;
const didLimit = 8;
const clockEndS = 0xffffffff;
const startEndS = 0x7fffffff;
const countEnd = 0xffff;

/** What is told; the machine adds when it was and how the unit stood. */
export interface Told {
  readonly kind: ReportKind;
  readonly dty: number;
  readonly stc: number;
  readonly did: string;
  readonly stt: string;
  readonly bond: number;
  readonly restores: number;
}

/** Facts of what happened `ageS` seconds ago. */
export function factsOf(turn: Turn, told: Told, origin: Origin, ageS: number): Facts {
  const wall = turn.wallStartS >= 0;
  return {
    kind: told.kind,
    dty: told.dty,
    stc: told.stc,
    did: cleanDid(told.did),
    stt: cleanText(told.stt, textLimit),
    bond: told.bond,
    clock: wall ? "wall" : "start",
    seconds: instantS(turn, turn.nowMs - ageS * 1000),
    untilS: -1,
    times: 1,
    restores: told.restores,
    stability: "usual",
    origin: Object.assign({}, origin, { where: cleanText(origin.where, whereLimit) }),
    marks: turn.marks,
  };
}

/** A monotonic instant by the clock that is known: seconds since 1970, or since the unit's start, of a press before it below 0. */
export function instantS(turn: Turn, atMs: number): number {
  const sinceStartS = Math.floor(atMs / 1000);
  if (turn.wallStartS < 0) return Math.min(Math.max(sinceStartS, -startEndS), startEndS);
  return Math.min(Math.max(turn.wallStartS + sinceStartS, 0), clockEndS);
}

/** The facts of a later order joined with what waits: what it says now, since when, until when, how often. */
export function joinedFacts(before: Facts, later: Facts): Facts {
  return Object.assign({}, later, {
    seconds: before.seconds,
    untilS: later.untilS >= 0 ? later.untilS : later.seconds,
    times: Math.min(Math.max(before.times + 1, later.times), countEnd),
  });
}

/** `stt`: the status text, or how steady the status is. */
export function statusText(facts: Facts): string {
  if (facts.stability === "usual") return facts.stt;
  const steady = facts.stability === "unstable" ? "unstable" : "stable again";
  return facts.stt === "" ? steady : cleanText(facts.stt, textLimit - steady.length - 1) + " " + steady;
}

/** `ite` of the first message: the instant first, then what the one who answers should know (128 characters at most). */
export function factsText(facts: Facts): string {
  const ofPress = facts.kind === "user-alarm";
  const instant = ofPress ? pressedText(facts.clock, facts.seconds) : spanText(facts);
  const known =
    ofPress && facts.times > 1 ? listed(facts.times + " times", circumstances(facts)) : circumstances(facts);
  return known === "" ? instant : instant + " " + known;
}

/** `dte`: who is meant and what they wear, up to 32 characters; empty where neither is known. */
export function deviceText(origin: Origin): string {
  const person = origin.person > 0 ? "person " + origin.person : "";
  const form = origin.form === "none" ? "" : origin.form + " button";
  return person === "" || form === "" ? person + form : person + ", " + form;
}

function spanText(facts: Facts): string {
  if (facts.untilS < 0) return "at " + instantText(facts.clock, facts.seconds);
  const span = "from " + instantText(facts.clock, facts.seconds) + " to " + instantText(facts.clock, facts.untilS);
  const isPair = facts.restores >= 0 && facts.times === 2;
  return isPair ? span : span + ", " + facts.times + " times";
}

function instantText(clock: Facts["clock"], seconds: number): string {
  return pressedText(clock, seconds).substring("pressed ".length);
}

function circumstances(facts: Facts): string {
  const marks = facts.marks;
  const origin = facts.origin;
  let text = marks.returned ? "unit returned" : marks.suspended ? "unit suspended" : "";
  if (marks.testMode) text = listed(text, "test mode");
  if (marks.onBattery) text = listed(text, "on battery");
  if (!origin.low && origin.batteryMv === 0) return text;
  const volts = origin.batteryMv > 0 ? " " + voltText(origin.batteryMv) : "";
  return listed(text, "device battery" + volts + (origin.low ? " low" : ""));
}

function listed(before: string, text: string): string {
  return before === "" || text === "" ? before + text : before + ", " + text;
}

function voltText(batteryMv: number): string {
  const hundredths = Math.floor((batteryMv % 1000) / 10);
  return Math.floor(batteryMv / 1000) + "." + (hundredths < 10 ? "0" : "") + hundredths + " V";
}

/** At most so many characters and `textByteLimit` bytes of UTF-8; a pair of surrogates is never torn. */
export function cleanText(text: string, limit: number): string {
  let bytes = 0;
  let characters = 0;
  let i = 0;
  while (i < text.length && characters < limit) {
    const code = text.charCodeAt(i);
    const isPair = code >= 0xd800 && code < 0xdc00 && isLowSurrogate(text.charCodeAt(i + 1));
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : isPair ? 4 : 3;
    if (bytes > textByteLimit) break;
    characters++;
    i += isPair ? 2 : 1;
  }
  return text.substring(0, i);
}

function isLowSurrogate(code: number): boolean {
  return code >= 0xdc00 && code < 0xe000;
}

function cleanDid(did: string): string {
  let clean = "";
  for (let i = 0; i < did.length && i < didLimit; i++) {
    const code = did.charCodeAt(i);
    clean += code >= 32 && code <= 126 ? did.charAt(i) : "?";
  }
  return clean;
}

/** The unit itself, or a device of which nothing else is known. */
export const noOrigin: Origin = { person: 0, form: "none", where: "", dco: 0, batteryMv: 0, low: false };

export const noMarks: Marks = { suspended: false, returned: false, testMode: false, onBattery: false };
