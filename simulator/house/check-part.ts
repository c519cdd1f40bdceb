/** What a board finds when it checks itself: each check takes its time, and any of them can be made to fail or never to answer. */
import type { SelfCheckPort } from "../../firmware/ports/self-check.ts";
import type { CheckName, Finding } from "../../firmware/supervision/faults.ts";
import type { EventQueue, Handle } from "../core/event-queue.ts";
import type { Note } from "./notes.ts";

/** How long each takes: checksums over a whole program and a tone through the room are the slow ones. */
const takesMs: Readonly<Record<CheckName, number>> = {
  program: 900,
  settings: 120,
  memory: 700,
  clock: 400,
  radio: 250,
  modem: 300,
  sim: 200,
  "speech-loop": 1_500,
  battery: 150,
  temperature: 100,
};

export class CheckPart implements SelfCheckPort {
  private readonly queue: EventQueue;
  private readonly note: Note;
  private readonly natural: (check: CheckName) => Finding;
  private readonly planted: Map<CheckName, Finding | "silence">;
  private running: Handle | undefined;

  /** `natural`: what a check finds where nothing was planted. */
  constructor(queue: EventQueue, note: Note, natural: (check: CheckName) => Finding) {
    this.queue = queue;
    this.note = note;
    this.natural = natural;
    this.planted = new Map();
    this.running = undefined;
  }

  /** From now on this check finds that, or never answers; undefined: it finds what is the case. */
  plant(check: CheckName, finding: Finding | "silence" | undefined): void {
    if (finding === undefined) this.planted.delete(check);
    else this.planted.set(check, finding);
  }

  begin(check: CheckName, onFound: (finding: Finding) => void): void {
    if (this.running !== undefined) throw new Error(`self-check: "${check}" into another check`);
    this.note("self-check", { type: "begin", check });
    this.running = this.queue.after(takesMs[check], () => {
      const finding = this.planted.get(check) ?? this.natural(check);
      if (finding === "silence") return;
      this.running = undefined;
      this.note("self-check", { type: "found", check, finding });
      onFound(finding);
    });
  }

  stop(): void {
    if (this.running === undefined) return;
    this.note("self-check", { type: "stop" });
    this.queue.cancel(this.running);
    this.running = undefined;
  }
}
