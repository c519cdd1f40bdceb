/** One binary message: both directions in view of each other. */
import type { Reader } from "./bytes/reader.ts";
import type { Writer } from "./bytes/writer.ts";
import type { Result } from "./result.ts";

/** What a device needs of a message that it only sends. */
export interface Encoder<T> {
  /** Writes a value whose fields are within their bounds; the writer remembers an overrun. */
  encode(value: T, to: Writer): void;
}

/** What a device needs of a message that it only hears. */
export interface Decoder<T> {
  /** Reads one message; every wrong byte is a fault, never an exception. */
  decode(from: Reader): Result<T>;
}

export interface Codec<T> extends Encoder<T>, Decoder<T> {}
