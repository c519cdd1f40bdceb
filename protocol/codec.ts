/** One binary message: both directions in view of each other. */
import type { Reader } from "./bytes/reader.ts";
import type { Writer } from "./bytes/writer.ts";
import type { Result } from "./result.ts";

export interface Codec<T> {
  /** Writes a value whose fields are within their bounds; the writer remembers an overrun. */
  encode(value: T, to: Writer): void;
  /** Reads one message; every wrong byte is a fault, never an exception. */
  decode(from: Reader): Result<T>;
}
