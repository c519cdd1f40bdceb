/** A recorded event list: one life of one device, as a head and a line for each thing that came to it from outside. */
import type { KeyName } from "../../../firmware/ports/keys.ts";
import type { StartCause } from "../../../firmware/ports/starts.ts";
import type { NameAnswer } from "../../../firmware/sip/name-answer.ts";

export const listFormat = 1;

/** Ports that not every board has. */
export type OptionalPart =
  | "broadband"
  | "streams"
  | "names"
  | "modem"
  | "service"
  | "power"
  | "keys"
  | "thermometer"
  | "lid"
  | "speech"
  | "media"
  | "call-sound"
  | "self-check"
  | "starts"
  | "wifi"
  | "fall-sensor"
  | "temperature";

export interface ListHead {
  readonly format: number;
  readonly name: string;
  readonly device: "unit" | "button";
  readonly parts: readonly OptionalPart[];
  readonly cause: StartCause;
  /** Of the device's dice and keys, which are drawn anew on each engine. */
  readonly random: number;
  readonly sectorSize: number;
  readonly sectorCount: number;
  readonly programUnit: number;
  /** What stands in its flash as it starts, by address; all else is erased. */
  readonly flash: readonly (readonly [number, string])[];
  /** What the device is set up with: the arguments of its wiring. */
  readonly setup: unknown;
  /** What its ports answered while it started. */
  readonly answers: readonly number[];
}

/** What came, without its time and answers: a word and what it bears. Bytes are texts of characters 0 to 255. */
export type Input =
  | readonly ["timer", number]
  | readonly ["radio", string, number]
  | readonly ["radio-busy", number]
  | readonly ["socket-ready", number, string, number]
  | readonly ["datagram", number, string, string, number]
  | readonly ["socket-fault", number, string]
  | readonly ["stream-ready", number, string, number, string]
  | readonly ["stream-bytes", number, string]
  | readonly ["stream-fault", number, string]
  | readonly ["name", number, NameAnswer | null]
  | readonly ["serial", "modem" | "service", string]
  | readonly ["mains", boolean]
  | readonly ["battery", boolean]
  | readonly ["key", KeyName, boolean]
  | readonly ["temperature-passed"]
  | readonly ["lid", boolean]
  | readonly ["spoken"]
  | readonly ["media-ready", number, string, number]
  | readonly ["media-key", number, string]
  | readonly ["media-fault", number]
  | readonly ["found", string]
  | readonly ["contact", boolean]
  | readonly ["fell"]
  | readonly ["fall-cancelled"];

export interface ListLine {
  /** On the device's own clock, in ms. */
  readonly at: number;
  readonly input: Input;
}
