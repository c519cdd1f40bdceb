/** The bytes a command is given: a file, stdin, or hexadecimal text in either, bounded. */
import { closeSync, existsSync, openSync, readSync } from "node:fs";
import { systemReason } from "../system-reason.ts";
import { UserError } from "../user-error.ts";

/** Of what is decoded; no message of any protocol here comes near it. */
export const inputByteLimit = 65_536;
/** Two digits a byte, and a separator. */
const hexByteLimit = 3 * inputByteLimit;

export interface Input {
  /** For messages: the file's name, or "stdin". */
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** `-` or nothing is stdin; with `hex` the argument may be the hexadecimal text itself. Throws UserError: 3 unreadable, 2 too long or not hexadecimal. */
export async function readInput(
  file: string | undefined,
  hex: boolean,
  stdin: AsyncIterable<Uint8Array>,
): Promise<Input> {
  if (hex && file !== undefined && isHex(file) && !existsSync(file))
    return { name: "the argument", bytes: hexBytes(file) };
  const limit = hex ? hexByteLimit : inputByteLimit;
  const fromStdin = file === undefined || file === "-";
  const name = fromStdin ? "stdin" : file;
  const bytes = fromStdin ? await readStream(stdin, limit) : readFile(file, limit);
  if (bytes.length > limit)
    throw new UserError(`${name} is longer than ${inputByteLimit} bytes`, "cut one message out of it", 2);
  return { name, bytes: hex ? hexBytes(bytes.toString("latin1")) : bytes };
}

/** Bytes of hexadecimal digits, two by two; blanks, colons and line ends may stand between them. Throws UserError, exit code 2. */
export function hexBytes(text: string): Uint8Array {
  const digits = text.replace(/[\s:]/g, "");
  const wrong = /[^0-9a-fA-F]/.exec(digits);
  if (wrong !== null)
    throw new UserError(
      `"${wrong[0]}" is no hexadecimal digit`,
      "digits as in 21 00 0a: 0-9 a-f, blanks between bytes",
      2,
    );
  if (digits.length % 2 === 1)
    throw new UserError("an odd number of hexadecimal digits", "two digits for each byte", 2);
  return new Uint8Array(Buffer.from(digits, "hex"));
}

function isHex(text: string): boolean {
  return /^[0-9a-fA-F\s:]+$/.test(text);
}

async function readStream(stream: AsyncIterable<Uint8Array>, limit: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of stream) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > limit) break;
  }
  return Buffer.concat(chunks);
}

/** One byte more than the limit at most, so that the caller sees that there is more. */
function readFile(path: string, limit: number): Buffer {
  const buffer = Buffer.alloc(limit + 1);
  let handle: number | undefined;
  try {
    handle = openSync(path, "r");
    let length = 0;
    for (let got = 1; got > 0 && length < buffer.length; length += got)
      got = readSync(handle, buffer, length, buffer.length - length, null);
    return buffer.subarray(0, length);
  } catch (thrown) {
    throw new UserError(`${path} cannot be read: ${systemReason(thrown)}`, "a file's path, or - for stdin", 3);
  } finally {
    if (handle !== undefined) closeSync(handle);
  }
}
