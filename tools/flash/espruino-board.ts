/**
 * An image on an Espruino board: its script, a label that says what it is, and a line that starts it. The line comes last and goes
 * first, so that a board that was left half written comes up in its console and nowhere else.
 */
import type { Image } from "../build/image.ts";
import { UserError } from "../user-error.ts";
import { type DeviceFacts, type DeviceLabel, labelOf, readLabel } from "./checks.ts";
import { type ConsolePatience, EspruinoConsole, usualPatience } from "./espruino-console.ts";
import {
  eraseFile,
  holds,
  type PutOutcome,
  putFile,
  readSmall,
  type StorageFile,
  storedFile,
} from "./espruino-storage.ts";
import type { SerialLine } from "./serial-line.ts";

export const labelName = "livlina.json";
export const bootName = ".bootcde";
/** Forced flashes, a line each: Storage's own kind of file that can be appended to. */
const noteName = "livlina.note";
/**
 * The firmware starts a second after power. Until then the console answers, whatever the firmware makes of its line afterwards: no
 * release can lock the flasher out.
 */
const bootDelayMs = 1_000;
const lookMs = 100;
/** What a file of Storage costs beside its bytes. */
const fileHead = 32;

export interface BoardPatience extends ConsolePatience {
  /** Silence after which a reset, and a start, have said what they had to say. */
  readonly resetMs: number;
  readonly bootMs: number;
}

export const boardPatience: BoardPatience = { ...usualPatience, resetMs: 400, bootMs: bootDelayMs + 600 };

export interface EspruinoFacts extends DeviceFacts {
  /** Of the chip. */
  readonly serial: string;
  readonly label: DeviceLabel | undefined;
  readonly freeBytes: number;
}

export interface Differences {
  /** Names of files that are not as they should be; empty: all is right. */
  readonly wrong: readonly string[];
  readonly label: DeviceLabel | undefined;
}

/** In the order in which they are written. */
export function filesOf({ manifest, contents }: Image): readonly StorageFile[] {
  const [script] = contents;
  const name = manifest.storageName;
  if (script === undefined || name === undefined)
    throw new UserError(`the image of ${manifest.board} is none for Espruino`, `livlina build ${manifest.board}`, 2);
  const boot = `setTimeout('eval(require("Storage").read("${name}"))',${bootDelayMs})`;
  return [
    { name, bytes: script },
    { name: labelName, bytes: Buffer.from(JSON.stringify(labelOf(manifest))) },
    { name: bootName, bytes: Buffer.from(boot) },
  ];
}

export class EspruinoBoard {
  readonly console: EspruinoConsole;
  private readonly line: SerialLine;
  private readonly patience: BoardPatience;

  constructor(line: SerialLine, patience: BoardPatience = boardPatience) {
    this.line = line;
    this.patience = patience;
    this.console = new EspruinoConsole(line, patience);
  }

  /** Whether its console answers; what runs goes on. */
  answers(): Promise<boolean> {
    return this.console.isThere();
  }

  /**
   * Waits for the second after power in which a console answers whatever the firmware does, and keeps the firmware from starting.
   * Rejects with UserError (3) when it does not come.
   */
  async awaitPower(withinMs: number): Promise<void> {
    const endMs = performance.now() + withinMs;
    while (performance.now() < endMs) {
      const answer = await this.console.look("(clearTimeout(),1)", lookMs);
      if (answer.ok) return;
    }
    throw new UserError(
      `${this.line.path}: no Espruino console answered within ${Math.round(withinMs / 1000)} s`,
      "is it this board's port? Switch its power off and on while this command waits; --wait SECONDS waits longer",
      3,
    );
  }

  /** Reads what it is; nothing is changed. */
  async facts(): Promise<EspruinoFacts> {
    const [target, engine, serial] = await this.console.value<[string, string, string]>(
      "[process.env.BOARD,process.env.VERSION,process.env.SERIAL||getSerial()]",
    );
    const label = readLabel(await readSmall(this.console, labelName));
    const freeBytes = await this.console.value<number>('require("Storage").getFree()');
    return { target, engine, serial, label, freeBytes };
  }

  /** What the firmware that runs has against it: a button that calls, by the global that its host leaves in the console. */
  async objections(): Promise<readonly string[]> {
    const pending = await this.console.value<number>(
      'typeof livlina=="object"&&livlina.state?livlina.state().pending:0',
    );
    return pending > 0 ? ["its wearer has called, and nobody has accepted that yet"] : [];
  }

  /** Compares what is there with an image. */
  async differences(image: Image): Promise<Differences> {
    const wrong: string[] = [];
    for (const file of filesOf(image)) if (!(await holds(this.console, file))) wrong.push(file.name);
    return { wrong, label: readLabel(await readSmall(this.console, labelName)) };
  }

  /** Throws UserError (1) where Storage has no room. */
  async checkRoom(image: Image, freeBytes: number): Promise<void> {
    let need = 0;
    let there = 0;
    for (const file of filesOf(image)) {
      need += file.bytes.length + fileHead;
      there += Math.max(0, (await storedFile(this.console, file.name)).length);
    }
    if (need <= freeBytes + there) return;
    throw new UserError(
      `${this.line.path}: Storage has room for ${freeBytes + there} bytes, and the image needs ${need}; nothing was erased`,
      'erase other files: require("Storage").eraseAll() on its console, then the same command',
      1,
    );
  }

  /** A forced flash is written down on the device too, and stays there. */
  async note(text: string): Promise<void> {
    const quoted = JSON.stringify(Buffer.from(`${text}\n`).toString("base64"));
    await this.console.value(`(require("Storage").open("${noteName}","a").write(atob(${quoted})),1)`);
  }

  /** Stops the firmware, writes what is not there, and compares. `onProgress` hears how many bytes are right. */
  async write(
    image: Image,
    onProgress: (done: number) => void,
    onTrouble: (text: string) => void,
  ): Promise<PutOutcome> {
    const files = filesOf(image);
    const boot = files.at(-1) as StorageFile;
    let kept = 0;
    let written = 0;
    let repeats = 0;
    if (!(await this.differences(image)).wrong.length) return { kept: totalOf(files), written, repeats };
    await eraseFile(this.console, boot.name);
    await this.console.restart("reset()", this.patience.resetMs);
    await this.console.wake();
    let before = 0;
    for (const file of files) {
      const done = before;
      const outcome = await putFile(this.console, file, { onProgress: (bytes) => onProgress(done + bytes), onTrouble });
      kept += outcome.kept;
      written += outcome.written;
      repeats += outcome.repeats;
      before += file.bytes.length;
    }
    return { kept, written, repeats };
  }

  /** Starts what is stored, and answers what it printed. Throws UserError (1) where it failed at once. */
  async boot(): Promise<string> {
    const text = await this.console.restart("load()", this.patience.bootMs);
    const fault = /(Uncaught[^\r\n]*|ERROR:[^\r\n]*|OUT OF MEMORY[^\r\n]*)/.exec(text)?.[1];
    if (fault !== undefined)
      throw new UserError(
        `${this.line.path}: what was written does not start: ${fault}`,
        "livlina build, then flash again; or an older image",
        1,
      );
    return text;
  }
}

export function totalOf(files: readonly StorageFile[]): number {
  return files.reduce((sum, file) => sum + file.bytes.length, 0);
}
