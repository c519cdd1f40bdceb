/** What becomes of a unit's calls, told as it happens: a reading of the voice machine's own steps (SS 91100 7 and table 2). */
import type { CallEnd, SpeechMode, VoiceMedium } from "../../firmware/ports/voice.ts";
import type { VoiceEffect, VoiceEvent } from "../../firmware/voice/voice-state.ts";
import { stemOf } from "../../protocol/scaip/stem.ts";

export interface CallNews {
  /**
   * `promised`: a receiver will call; `ringing`: somebody calls; `key`: the far side pressed one; `told`: the receiver hears
   * of the call's outcome; `closed`: the alarms of the call need stay open no more; the others as they say.
   */
  readonly what: "promised" | "dialling" | "ringing" | "refused" | "answered" | "key" | "told" | "ended" | "closed";
  /** Real ms since the unit's start. */
  readonly t: number;
  /** What carries the call; null where none is meant. */
  readonly medium: VoiceMedium | null;
  /** Who is called, or calls; null where that is withheld, or no call is meant. */
  readonly number: string | null;
  /** Who is heard from now on; null while nobody is. */
  readonly mode: SpeechMode | null;
  readonly key: string | null;
  /** How it ended; `hung-up`: by the unit itself. */
  readonly reason: CallEnd | "hung-up" | null;
  readonly text: string | null;
  /** The alarms it is about. */
  readonly stems: readonly string[];
}

interface Call {
  readonly medium: VoiceMedium;
  readonly number: string | null;
  readonly mode: SpeechMode | null;
  readonly at: "dialling" | "ringing" | "talking";
}

const nothing = { medium: null, number: null, mode: null, key: null, reason: null, text: null } as const;

export class LiveCalls {
  private readonly prefix: string;
  private readonly tell: (news: CallNews) => void;
  private call: Call | undefined;
  private stems: readonly string[];
  private isSwitchedOff: boolean;

  /** `prefix`: the first five characters of the unit's stems. */
  constructor(prefix: string, tell: (news: CallNews) => void) {
    this.prefix = prefix;
    this.tell = tell;
    this.call = undefined;
    this.stems = [];
    this.isSwitchedOff = false;
  }

  /** From now on a call is lost because the unit is switched off: it has hung up. */
  switchedOff(): void {
    this.isSwitchedOff = true;
  }

  /** One step of the voice machine at `t`. */
  step(t: number, event: VoiceEvent, effects: readonly VoiceEffect[]): void {
    this.heard(t, event, effects);
    for (const effect of effects) this.ordered(t, event, effect);
  }

  private heard(t: number, event: VoiceEvent, effects: readonly VoiceEffect[]): void {
    switch (event.type) {
      case "granted":
        if (event.plan.who === "centre") this.promised(t, event.number);
        return;
      case "incoming":
        if (this.call === undefined) this.begin(t, event.medium, event.from, "ringing", null);
        return;
      case "answered":
        if (this.call?.at === "dialling") this.talk(t, this.call.mode);
        return;
      case "key":
        if (this.call?.at === "talking") this.pressed(t, event.key, effects);
        return;
      case "ended":
        this.end(t, this.isSwitchedOff ? "hung-up" : event.reason);
        return;
    }
  }

  private ordered(t: number, event: VoiceEvent, effect: VoiceEffect): void {
    switch (effect.type) {
      case "hold-open":
        this.stems = [...new Set([...this.stems, ...effect.numbers.map((number) => stemOf(this.prefix, number))])];
        return;
      case "dial":
        this.begin(t, effect.medium, effect.number, "dialling", effect.mode);
        return;
      case "answer":
        this.talk(t, effect.mode);
        return;
      case "hang-up":
        this.hungUp(t, event);
        return;
      case "learn":
        this.say(t, "told", { text: effect.text, stems: [stemOf(this.prefix, effect.number)] });
        return;
      case "let-close":
        this.say(t, "closed", {});
        this.stems = [];
        return;
    }
  }

  private promised(t: number, number: number): void {
    this.say(t, "promised", { stems: [stemOf(this.prefix, number)] });
  }

  private begin(
    t: number,
    medium: VoiceMedium,
    number: string,
    at: "dialling" | "ringing",
    mode: SpeechMode | null,
  ): void {
    this.call = { medium, number: number === "" ? null : number, mode, at };
    this.say(t, at, {});
  }

  private talk(t: number, mode: SpeechMode | null): void {
    if (this.call === undefined) return;
    this.call = { ...this.call, at: "talking", mode };
    this.say(t, "answered", {});
  }

  private pressed(t: number, key: string, effects: readonly VoiceEffect[]): void {
    for (const effect of effects)
      if (effect.type === "speak" && this.call !== undefined) this.call = { ...this.call, mode: effect.mode };
    this.say(t, "key", { key });
  }

  private hungUp(t: number, event: VoiceEvent): void {
    if (this.call?.at === "ringing") {
      this.say(t, "refused", {});
      this.call = undefined;
    } else this.end(t, this.call?.at === "dialling" && event.type === "due" ? "no-answer" : "hung-up");
  }

  private end(t: number, reason: CallNews["reason"]): void {
    if (this.call === undefined) return;
    this.call = { ...this.call, mode: null };
    this.say(t, "ended", { reason });
    this.call = undefined;
  }

  private say(t: number, what: CallNews["what"], more: Partial<CallNews>): void {
    const { medium, number, mode } = this.call ?? nothing;
    this.tell({ what, t, ...nothing, medium, number, mode, stems: this.stems, ...more });
  }
}
