/** What a unit's case does in a call whatever carries it: its tone, its output, and who in the home can be heard. */
import type { CallSound } from "../../firmware/ports/call-sound.ts";
import type { Note } from "./notes.ts";

export class CasePart implements CallSound {
  /** Nobody in the home says a word. */
  isSilent: boolean;
  private readonly note: Note;

  constructor(note: Note) {
    this.isSilent = false;
    this.note = note;
  }

  tone(): void {
    this.note("case", { type: "tone" });
  }

  wasHeard(): boolean {
    return !this.isSilent;
  }

  output(): void {
    this.note("case", { type: "output" });
  }
}
