/** Keys that the far side presses during a call (SS 91100 7): they change what the unit does by itself, never the call. */
import type { SpeechMode } from "../ports/voice.ts";
import { change, cleared, type VoiceTurn } from "./voice-call.ts";

/** What has no meaning in the standard (2, 5, 6, * and #) is nothing. */
export function key(turn: VoiceTurn, pressed: string): void {
  if (turn.state.at !== "talking") return;
  switch (pressed) {
    case "0":
      cleared(turn);
      return;
    case "1":
      turn.effects.push({ type: "volume", step: -1 });
      return;
    case "3":
      turn.effects.push({ type: "volume", step: 1 });
      return;
    case "4":
      speak(turn, "duplex");
      return;
    case "7":
      speak(turn, "listen");
      return;
    case "8":
      speak(turn, "talk");
      return;
    case "9":
      turn.effects.push({ type: "output" });
      return;
  }
}

/** Whoever begins to listen is announced to the home each time. */
function speak(turn: VoiceTurn, mode: SpeechMode): void {
  if (turn.state.mode === mode) return;
  change(turn, { mode });
  if (mode !== "talk") turn.effects.push({ type: "tone" });
  turn.effects.push({ type: "speak", mode });
}
