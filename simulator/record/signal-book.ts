/** Puts down what people see and hear of their units and buttons: lamps, sentences, and a button's own signals. */

import { phraseTexts } from "../../firmware/feedback/phrase-texts.ts";
import type { PhraseName } from "../../firmware/feedback/phrases.ts";
import type { Utterance } from "../../firmware/ports/speech.ts";
import type { ButtonSignal, LampSignal } from "../../firmware/signals.ts";
import type { Resident } from "../residents.ts";
import { mostRows, type RunSignal } from "./run-result.ts";
import type { Witness } from "./witness.ts";

/** Sentences by the number that a recording of them has. */
const phraseNames = new Map(
  (Object.keys(phraseTexts) as PhraseName[]).map((name) => [phraseTexts[name].number, name] as const),
);

export const lampSignals = [
  "ready",
  "one-path-lost",
  "no-path",
  "sending",
  "accepted",
  "not-accepted",
  "fault",
  "talking",
] as const satisfies readonly LampSignal[];
export const buttonSignals = [
  "sent",
  "received",
  "accepted",
  "given-up",
  "joining",
  "joined",
  "of-no-use",
  "fall-felt",
] as const satisfies readonly ButtonSignal[];

/** Every sign that somebody can be given, by what gives it. */
export const signalNames: Readonly<Record<RunSignal["by"], readonly string[]>> = {
  lamp: lampSignals,
  voice: [...phraseNames.values()],
  button: buttonSignals,
};

export class SignalBook implements Witness {
  readonly rows: RunSignal[];
  /** Those for which there was no room. */
  leftOut: number;
  private readonly residents: readonly Resident[];
  private readonly limit: number;

  constructor(residents: readonly Resident[], limit: number = mostRows) {
    this.rows = [];
    this.leftOut = 0;
    this.residents = residents;
    this.limit = limit;
  }

  unitShowed(atMs: number, unit: number, signal: LampSignal): void {
    this.add(atMs, unit, "lamp", 0, signal);
  }

  spoke(atMs: number, unit: number, utterance: Utterance): void {
    this.add(atMs, unit, "voice", 0, phraseNames.get(utterance.number) ?? String(utterance.number));
  }

  buttonShowed(atMs: number, unit: number, button: number, signal: ButtonSignal): void {
    this.add(atMs, unit, "button", button, signal);
  }

  private add(atMs: number, unit: number, by: RunSignal["by"], button: number, what: string): void {
    if (this.rows.length >= this.limit) this.leftOut++;
    else this.rows.push({ atMs, unit: this.residents[unit]?.name ?? "", by, button, what });
  }
}
