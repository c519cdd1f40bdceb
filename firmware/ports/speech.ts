/** The unit's voice: one utterance at a time, from stored recordings or read aloud. */

export type Language = "sv" | "en";

/** What is to be said: a board with recordings goes by the number and the language, a board that reads aloud by the text. */
export interface Utterance {
  /** As in the table of phrases; a number keeps its meaning in every later version. */
  readonly number: number;
  readonly language: Language;
  readonly text: string;
}

export interface SpeechOptions {
  /** The utterance has been said to its end; never from inside speak(), and not after hush(). */
  readonly onSpoken: () => void;
}

export interface Speech {
  /** Begins at once. The unit never speaks twice at a time: it waits for onSpoken or hushes first. */
  speak(utterance: Utterance): void;
  /** Silence at once; allowed when nothing is being said. */
  hush(): void;
  /** After close() no callback comes any more. */
  close(): void;
}

export type OpenSpeech = (options: SpeechOptions) => Speech;
