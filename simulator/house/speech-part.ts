/** A unit's voice: what it says takes its time and its power, and people in the room hear it. */
import type { OpenSpeech, SpeechOptions, Utterance } from "../../firmware/ports/speech.ts";
import type { EventQueue, Handle } from "../core/event-queue.ts";
import type { Note } from "./notes.ts";

const breathMs = 300;
const perCharacterMs = 65;

/** How long it takes to say this. */
export function spokenInMs(utterance: Utterance): number {
  return breathMs + perCharacterMs * utterance.text.length;
}

export interface SpeechPartOptions {
  readonly queue: EventQueue;
  readonly note: Note;
  /** It begins to say this. */
  readonly onSpeak: (utterance: Utterance) => void;
  /** The loudspeaker draws power from now on, or does no more. */
  readonly onLoud: (on: boolean) => void;
}

export class SpeechPart {
  readonly open: OpenSpeech;
  private readonly options: SpeechPartOptions;
  private port: SpeechOptions | undefined;
  private ending: Handle | undefined;

  constructor(options: SpeechPartOptions) {
    this.options = options;
    this.port = undefined;
    this.ending = undefined;
    this.open = (port) => {
      this.port = port;
      return {
        speak: (utterance) => this.speak(utterance),
        hush: () => this.hush(),
        close: () => {
          this.port = undefined;
          this.silence();
        },
      };
    };
  }

  private speak(utterance: Utterance): void {
    const { queue, note, onSpeak, onLoud } = this.options;
    if (this.ending !== undefined) throw new Error(`speech: "${utterance.text}" into another utterance`);
    note("speech", { type: "speak", number: utterance.number, language: utterance.language, text: utterance.text });
    onSpeak(utterance);
    this.ending = queue.after(spokenInMs(utterance), () => {
      this.ending = undefined;
      onLoud(false);
      this.port?.onSpoken();
    });
    onLoud(true);
  }

  private hush(): void {
    if (this.ending === undefined) return;
    this.options.note("speech", { type: "hush" });
    this.silence();
  }

  private silence(): void {
    const { queue, onLoud } = this.options;
    if (this.ending === undefined) return;
    queue.cancel(this.ending);
    this.ending = undefined;
    onLoud(false);
  }
}
