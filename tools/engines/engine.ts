/** What every engine under test is to its runner: something that loads a script and plays lists with it. */
import type { Telling } from "./guest/replay.ts";
import type { EventList } from "./lists.ts";

export interface Answer {
  /** What the device did, lines with their ends. */
  readonly told: string;
  /** Steps of the engine's own count (XS: computrons); 0 where it counts none. */
  readonly computrons: number;
  /** Slots that this took out of the engine's memory, collected again or not; 0 where it counts none. */
  readonly slots: number;
}

export interface Session {
  /** Starts the list's device. */
  start(list: EventList, telling: Telling): Promise<Answer>;
  /** Plays the list's line. */
  hear(line: string): Promise<Answer>;
  /** Plays golden vectors: what the guest for vectors answers to a text. */
  vectors(kind: string, text: string): Promise<string>;
  /** Memory that is in use after a collection, in the engine's own units: slots, JsVars; 0 where it counts none. */
  live(): Promise<number>;
  close(): Promise<void>;
}

export interface Engine {
  readonly name: string;
  /** A fresh engine with this script loaded. */
  open(script: string): Promise<Session>;
}
