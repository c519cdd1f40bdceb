/** For tests only: a voice department with telephones whose far sides do as they are told. */

import type { OpenPhone, PhoneOptions } from "../ports/phone.ts";
import type { CallEnd, SpeechMode, VoiceMedium } from "../ports/voice.ts";
import { Bench } from "../power/test-bench.ts";
import { Voice } from "./voice.ts";
import { type VoiceSettings, voiceDefaults } from "./voice-settings.ts";

/** What becomes of a call that the unit makes: who takes it, and how it ends. */
export type FarSide = "talks" | "says nothing" | "busy" | "no answer" | "breaks" | "dead number";

const answerMs = 5_000;
const talkMs = 20_000;

export class PhoneBench extends Bench {
  /** What happened, with its instant in whole seconds. */
  readonly acts: string[] = [];
  readonly learned: string[] = [];
  readonly phones: FarPhone[] = [];
  /** Accepted alarms that are held open. */
  held: readonly number[] = [];
  /** Whether the ways in are kept open. */
  isOpen = false;
  isHeard = true;
  voice: Voice;
  private readonly settings: VoiceSettings;
  private readonly media: readonly VoiceMedium[];

  constructor(media: readonly VoiceMedium[], settings: Partial<VoiceSettings>) {
    super();
    this.media = media;
    this.settings = Object.assign({}, voiceDefaults, settings);
    this.voice = this.begin();
  }

  /** The unit starts anew on the same flash. */
  restart(laterMs: number): void {
    this.newLife(laterMs);
    this.held = [];
    this.voice = this.begin();
  }

  /** From now on a call that is made comes to this. */
  farSideIs(farSide: FarSide): void {
    for (const phone of this.phones) phone.farSide = farSide;
    this.isHeard = farSide !== "says nothing";
  }

  phone(medium: VoiceMedium): FarPhone {
    for (const phone of this.phones) if (phone.medium === medium) return phone;
    throw new Error("no such telephone");
  }

  note(text: string): void {
    this.acts.push(Math.floor(this.clock.nowMs() / 1000) + " " + text);
  }

  private begin(): Voice {
    const voice = new Voice({
      context: this.context,
      settings: this.settings,
      media: this.media,
      sound: {
        tone: () => this.note("tone"),
        wasHeard: () => this.isHeard,
        output: () => this.note("output"),
      },
      receivers: [{ uri: "sip:larm@example.org" }],
      onAlarm: (event) => {
        if (event.type === "learned") this.learned.push(event.text);
        else if (event.type === "call-began") this.held = event.numbers;
        else if (event.type === "call-ended") this.held = [];
      },
      onTalking: () => {},
      onOpen: (on) => {
        this.isOpen = on;
      },
    });
    while (this.phones.length > 0) this.phones.pop();
    for (const medium of this.media) {
      const phone = new FarPhone(this, medium);
      this.phones.push(phone);
      voice.connect(phone.open);
    }
    return voice;
  }
}

export class FarPhone {
  readonly medium: VoiceMedium;
  readonly open: OpenPhone;
  farSide: FarSide = "talks";
  private readonly bench: PhoneBench;
  private port: PhoneOptions | undefined;
  /** Goes up with each call: what an earlier one still had to say is for nobody. */
  private call = 0;

  constructor(bench: PhoneBench, medium: VoiceMedium) {
    this.bench = bench;
    this.medium = medium;
    this.open = (port) => {
      this.port = port;
      return {
        medium,
        dial: (number, mode) => this.dial(number, mode),
        answer: (mode) => bench.note("answers, " + mode),
        speak: (mode) => bench.note(mode),
        volume: (step) => bench.note(step > 0 ? "louder" : "softer"),
        hangUp: () => {
          this.call++;
          bench.note("hangs up " + medium);
        },
        close: () => {
          this.port = undefined;
        },
      };
    };
  }

  rings(from: string): void {
    if (this.port !== undefined) this.port.onIncoming(from);
  }

  key(key: string): void {
    if (this.port !== undefined) this.port.onKey(key);
  }

  private dial(number: string, mode: SpeechMode): void {
    const call = ++this.call;
    this.bench.note("calls " + number + ", " + mode);
    switch (this.farSide) {
      case "dead number":
        this.later(0, call, () => this.end("failed"));
        return;
      case "busy":
        this.later(1_000, call, () => this.end("busy"));
        return;
      case "no answer":
        return;
      default:
        this.later(answerMs, call, () => this.taken());
        this.later(answerMs + talkMs, call, () => this.end(this.farSide === "breaks" ? "lost" : "over"));
    }
  }

  private taken(): void {
    if (this.port !== undefined) this.port.onAnswered();
  }

  private end(reason: CallEnd): void {
    this.call++;
    if (this.port !== undefined) this.port.onEnded(reason);
  }

  private later(afterMs: number, call: number, run: () => void): void {
    this.bench.clock.after(afterMs, () => {
      if (call === this.call) run();
    });
  }
}
