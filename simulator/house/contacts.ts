/** The contacts of a unit that people touch: its keys, and the one behind its lid. They are there without power, too. */
import type { KeyName, KeysOptions, OpenKeys } from "../../firmware/ports/keys.ts";
import type { InputOptions, OpenInput } from "../../firmware/ports/pin.ts";
import type { EventQueue } from "../core/event-queue.ts";
import type { Stream } from "../core/prng.ts";
import { flip, type Hold, touch } from "./finger.ts";
import type { Note } from "./notes.ts";

export class KeysPart {
  readonly open: OpenKeys;
  private readonly queue: EventQueue;
  private readonly note: Note;
  private port: KeysOptions | undefined;

  constructor(queue: EventQueue, note: Note) {
    this.queue = queue;
    this.note = note;
    this.port = undefined;
    this.open = (port) => {
      this.port = port;
      return { close: () => (this.port = undefined) };
    };
  }

  press(key: KeyName, hold: Hold, fingers: Stream): void {
    touch(this.queue, fingers, hold, (closed) => this.contact(key, closed));
  }

  /** Its contact closes or opens, as under an actuator. */
  contact(key: KeyName, closed: boolean): void {
    this.note("keys", { type: "level", key, closed });
    this.port?.onChange(key, closed);
  }
}

export class LidPart {
  readonly open: OpenInput;
  private readonly queue: EventQueue;
  private readonly note: Note;
  private port: InputOptions | undefined;

  constructor(queue: EventQueue, note: Note) {
    this.queue = queue;
    this.note = note;
    this.port = undefined;
    this.open = (port) => {
      this.port = port;
      return { close: () => (this.port = undefined) };
    };
  }

  /** Somebody takes the case apart, or puts it together. */
  lift(open: boolean): void {
    flip(this.queue, open, (closed) => {
      this.note("lid", { type: "level", closed });
      this.port?.onChange(closed);
    });
  }
}
