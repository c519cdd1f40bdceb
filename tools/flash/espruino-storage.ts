/**
 * Puts files into Espruino's Storage and compares what is there (espruino.com/Reference#Storage). Each piece bears its CRC and is
 * written only where that holds, since a packet has none; a file counts once the CRC of the whole is right on the device.
 * What an earlier try left behind is found by its longest right beginning, and the rest is written behind it.
 */
import { crc32 } from "../../protocol/bytes/crc.ts";
import { UserError } from "../user-error.ts";
import { type ConsoleAnswer, type EspruinoConsole, faultText } from "./espruino-console.ts";

export interface StorageFile {
  /** At most 28 characters: letters, digits, full stop, hyphen. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** What the device has under a file's name. */
export interface StoredFile {
  /** -1: nothing. */
  readonly length: number;
  /** CRC-32 of all of it; 0 where there is nothing. */
  readonly crc: number;
}

export interface PutOptions {
  /** Bytes that are there and right, of this file. */
  readonly onProgress?: (done: number) => void;
  /** Something went wrong and is tried again. */
  readonly onTrouble?: (text: string) => void;
}

export interface PutOutcome {
  /** Bytes that were there already. */
  readonly kept: number;
  readonly written: number;
  /** Pieces that had to be sent again. */
  readonly repeats: number;
}

/** Bytes of one piece: with its code around it, it fits a packet in base64. */
export const pieceLength = 264;
/** So many troubles in a row, with nothing written between, and it is given up. */
const troubleLimit = 5;
const namePattern = /^[\w.-]{1,28}$/;

export async function storedFile(at: EspruinoConsole, name: string): Promise<StoredFile> {
  const [length, crc] = await at.value<[number, number]>(
    `((d)=>d===undefined?[-1,0]:[d.length,E.CRC32(d)])(require("Storage").read(${quoted(name)}))`,
  );
  return { length, crc };
}

/** The text of a small file; undefined where there is none. */
export async function readSmall(at: EspruinoConsole, name: string): Promise<string | undefined> {
  const text = await at.value<string>(`require("Storage").read(${quoted(name)})||""`);
  return text === "" ? undefined : text;
}

export async function eraseFile(at: EspruinoConsole, name: string): Promise<void> {
  await at.value(`(require("Storage").erase(${quoted(name)}),1)`);
}

/** Whether the device has exactly these bytes. */
export async function holds(at: EspruinoConsole, file: StorageFile): Promise<boolean> {
  const found = await storedFile(at, file.name);
  return found.length === file.bytes.length && found.crc === crcOf(file.bytes, file.bytes.length);
}

/**
 * Writes one file unless it is there already. Rejects with UserError (3) where the device does not take it, and with
 * LineLost; what was written stays, and the next call goes on behind it.
 */
export async function putFile(at: EspruinoConsole, file: StorageFile, options: PutOptions = {}): Promise<PutOutcome> {
  const { bytes, name } = file;
  let kept: number | undefined;
  let written = 0;
  let troubles = 0;
  let repeats = 0;
  for (let fresh = 0; fresh < 3; ) {
    let done = await rightBeginning(at, file);
    kept ??= done;
    options.onProgress?.(done);
    while (done < bytes.length) {
      const end = Math.min(done + pieceLength, bytes.length);
      const answer = await at.evaluate(pieceCode(file, done, end));
      if (!answer.ok || answer.value !== "true") {
        repeats++;
        if (++troubles > troubleLimit)
          throw new UserError(
            wordsOf(at, answer, name, done),
            "another cable or port; then the same command once more",
            3,
          );
        options.onTrouble?.(wordsOf(at, answer, name, done));
        await awake(at, wordsOf(at, answer, name, done));
        const found = await rightBeginning(at, file);
        if (found <= done && !(await canGoOn(at, file, found))) break;
        done = found;
        continue;
      }
      troubles = 0;
      written += end - done;
      done = end;
      options.onProgress?.(done);
    }
    if (done === bytes.length && (await holds(at, file))) return { kept, written, repeats };
    fresh++;
    options.onTrouble?.(`${name} is not what was sent: it is written anew`);
    await eraseFile(at, name);
  }
  throw new UserError(
    `${at.line.path}: ${name} does not read back as it was written`,
    "another board: this one's flash is worn or its supply too weak",
    3,
  );
}

/** Rejects with UserError (3) that says what went before, where nobody answers any more. */
async function awake(at: EspruinoConsole, words: string): Promise<void> {
  try {
    await at.wake();
  } catch (thrown) {
    if (!(thrown instanceof UserError)) throw thrown;
    throw new UserError(
      `${words}, and its console does not come back`,
      "give it power again, then the same command once more: what is there already is not written again",
      3,
    );
  }
}

/** How many of its first bytes the device has. A file of another length counts for nothing: it is made anew. */
async function rightBeginning(at: EspruinoConsole, file: StorageFile): Promise<number> {
  const { bytes, name } = file;
  const found = await storedFile(at, name);
  if (found.length !== bytes.length) return 0;
  if (found.crc === crcOf(bytes, bytes.length)) return bytes.length;
  let right = 0;
  let wrong = bytes.length;
  while (wrong - right > 1) {
    const middle = (right + wrong) >>> 1;
    const crc = await at.value<number>(`E.CRC32(require("Storage").read(${quoted(name)},0,${middle}))`);
    if (crc === crcOf(bytes, middle)) right = middle;
    else wrong = middle;
  }
  // An erased byte that ours happens to be as well is not written yet: it must come with what follows.
  while (right > 0 && bytes[right - 1] === 0xff) right--;
  if (await canGoOn(at, file, right)) return right;
  await eraseFile(at, name);
  return 0;
}

/** Whether everything behind is blank: flash is not written over. */
async function canGoOn(at: EspruinoConsole, file: StorageFile, from: number): Promise<boolean> {
  const left = file.bytes.length - from;
  if (from === 0) return true;
  const crc = await at.value<number>(`E.CRC32(require("Storage").read(${quoted(file.name)},${from},${left}))`);
  return crc === crcOf(new Uint8Array(left).fill(0xff), left);
}

/** Writes a piece if it came whole: `true`; `false` where its CRC does not hold. */
function pieceCode({ bytes, name }: StorageFile, from: number, end: number): string {
  const piece = bytes.subarray(from, end);
  const write = `require("Storage").write(${quoted(name)},d,${from},${bytes.length})`;
  return `((d)=>E.CRC32(d)==${crcOf(piece, piece.length)}&&${write})(atob("${Buffer.from(piece).toString("base64")}"))`;
}

function wordsOf(at: EspruinoConsole, answer: ConsoleAnswer, name: string, done: number): string {
  const where = `while ${name} was being written, at byte ${done}`;
  if (answer.ok) return `${at.line.path}: a piece came changed or was not taken, ${where}`;
  return `${faultText(at.line.path, answer)}, ${where}`;
}

function crcOf(bytes: Uint8Array, length: number): number {
  return crc32(bytes, 0, length, 0);
}

function quoted(name: string): string {
  if (!namePattern.test(name)) throw new Error(`espruino: no name for a file: ${name}`);
  return `"${name}"`;
}
