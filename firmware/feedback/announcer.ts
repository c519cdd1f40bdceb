/** The unit's voice: turns phrases into utterances, in the language and within the quiet hours of its settings. */
import { observerOf, wallSeconds } from "../department.ts";
import type { OpenSpeech, Speech } from "../ports/speech.ts";
import { Runner } from "../runner.ts";
import type { UnitContext } from "../unit-context.ts";
import { Wake } from "../wake.ts";
import { phraseOf } from "./phrase-texts.ts";
import type { PhraseName } from "./phrases.ts";
import { isQuiet } from "./quiet-hours.ts";
import type { FeedbackSettings } from "./settings.ts";
import { type SpeechEffect, type SpeechEvent, type SpeechState, speechAtStart, stepSpeech } from "./speech-machine.ts";

export class Announcer {
  private readonly context: UnitContext;
  private readonly settings: FeedbackSettings;
  private readonly wake: Wake;
  private readonly machine: Runner<SpeechState, SpeechEvent, SpeechEffect>;
  private readonly speech: Speech | undefined;

  /** `open` is absent where the board has no voice: then nothing is said. */
  constructor(context: UnitContext, settings: FeedbackSettings, open: OpenSpeech | undefined) {
    this.context = context;
    this.settings = settings;
    this.wake = new Wake(context.clock, () => this.dispatch("due"));
    this.machine = new Runner(
      stepSpeech,
      speechAtStart,
      (effect) => this.perform(effect),
      observerOf(context, "speech"),
    );
    this.speech = open === undefined ? undefined : open({ onSpoken: () => this.dispatch("spoken") });
  }

  /** Unasked: silent in the quiet hours. */
  say(phrase: PhraseName): void {
    this.ask(phrase, false);
  }

  /** To somebody who asked by a key: spoken at any hour. */
  answer(phrase: PhraseName): void {
    this.ask(phrase, true);
  }

  /** While a call is up only what cannot wait for its end is said. */
  talking(talking: boolean): void {
    this.dispatch(talking ? "call-started" : "call-ended");
  }

  private ask(phrase: PhraseName, answer: boolean): void {
    if (this.speech === undefined) return;
    this.machine.dispatch({ type: "asked", nowMs: this.context.clock.nowMs(), quiet: this.quiet(), phrase, answer });
  }

  private dispatch(type: "due" | "spoken" | "call-started" | "call-ended"): void {
    if (this.speech === undefined) return;
    this.machine.dispatch({ type, nowMs: this.context.clock.nowMs(), quiet: this.quiet() });
  }

  private quiet(): boolean {
    return isQuiet(this.settings.quiet, wallSeconds(this.context));
  }

  private perform(effect: SpeechEffect): void {
    switch (effect.type) {
      case "speak":
        this.speak(effect.phrase);
        return;
      case "hush":
        if (this.speech !== undefined) this.speech.hush();
        return;
      case "wake":
        this.wake.set(effect.atMs);
        return;
    }
  }

  private speak(name: PhraseName): void {
    if (this.speech === undefined) return;
    const phrase = phraseOf(name);
    const language = this.settings.language;
    const own = name === "where-to-turn" && this.settings.whereToTurn !== "";
    this.speech.speak({ number: phrase.number, language, text: own ? this.settings.whereToTurn : phrase[language] });
  }
}
