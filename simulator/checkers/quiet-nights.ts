/**
 * Quiet nights: in the middle of the night a unit says aloud only what somebody asked for or waits for. What it has to tell of
 * itself can wait until the morning. Nobody is blamed who cannot know the hour: a network may tell a wrong one, and a unit that
 * has heard none since it started, from a mobile network or in the Date of a receiver (RFC 3261 20.17), knows none.
 */
import { phraseOf } from "../../firmware/feedback/phrase-texts.ts";
import type { PhraseName } from "../../firmware/feedback/phrases.ts";
import type { Utterance } from "../../firmware/ports/speech.ts";
import type { CheckerVerdict } from "../record/run-result.ts";
import type { Resident } from "../residents.ts";
import { localMinute } from "../scenario/scenario-clock.ts";
import { type Checker, Findings, instant } from "./checker.ts";
import type { Hindrances } from "./hindrances.ts";

const quietNightsCheck = "quiet-nights";

/** Within the quiet hours of 22 to 7, with an hour to either side. */
const nightFrom = "23:00";
const nightTo = "06:00";
const clockMs = 300_000;
/** What somebody did so lately may be answered. */
const answerMs = 600_000;
const dateMark = Buffer.from("\r\nDate:");
const ofItself: readonly PhraseName[] = [
  "ready",
  "no-path",
  "mains-lost",
  "mains-back",
  "battery-low",
  "press-to-test",
  "one-path-lost",
  "path-back",
  "fault",
  "call-service",
  "radio-jammed",
  "away-reminder",
];

export class QuietNights implements Checker {
  private readonly residents: readonly Resident[];
  private readonly startWallMs: number;
  private readonly hindrances: Hindrances;
  private readonly unasked: ReadonlySet<number>;
  /** By unit: when it first heard the hour since its start, and when somebody last did something there. */
  private readonly heardMs: (number | undefined)[];
  private readonly touchedMs: number[];
  private readonly findings: Findings;

  constructor(residents: readonly Resident[], startWallMs: number, hindrances: Hindrances) {
    this.residents = residents;
    this.startWallMs = startWallMs;
    this.hindrances = hindrances;
    this.unasked = new Set(ofItself.map((name) => phraseOf(name).number));
    this.heardMs = residents.map(() => undefined);
    this.touchedMs = residents.map(() => Number.NEGATIVE_INFINITY);
    this.findings = new Findings();
  }

  started(_atMs: number, unit: number): void {
    this.heardMs[unit] = undefined;
  }

  datagram(atMs: number, unit: number, route: string, direction: "sent" | "received", bytes: Uint8Array): void {
    if (direction === "sent" || this.heardMs[unit] !== undefined) return;
    if (route === "mobile" || Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).includes(dateMark))
      this.heardMs[unit] = atMs;
  }

  pressed(atMs: number, unit: number): void {
    this.touchedMs[unit] = atMs;
  }

  keyTouched(atMs: number, unit: number): void {
    this.touchedMs[unit] = atMs;
  }

  accessoryActed(atMs: number, unit: number): void {
    this.touchedMs[unit] = atMs;
  }

  spoke(atMs: number, unit: number, { number, text }: Utterance): void {
    const resident = this.residents[unit];
    if (resident === undefined || !this.unasked.has(number) || !this.isNight(atMs)) return;
    const heardMs = this.heardMs[unit] ?? atMs;
    if (atMs - heardMs < clockMs || atMs - (this.touchedMs[unit] ?? 0) < answerMs) return;
    if (this.hindrances.clockErrorsMs(resident, atMs).length > 0) return;
    this.findings.add(`${resident.name}, ${instant(atMs)} (${localMinute(this.startWallMs + atMs)}): says "${text}"`);
  }

  verdict(): CheckerVerdict {
    return this.findings.verdict(quietNightsCheck, "at night a unit says aloud only what somebody asked or waits for");
  }

  private isNight(atMs: number): boolean {
    const minute = localMinute(this.startWallMs + atMs);
    return minute >= nightFrom || minute < nightTo;
  }
}
