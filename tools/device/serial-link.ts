/** A real serial line, or a pseudo-terminal, as the Serial port that the rest of the code knows. */
import { statSync } from "node:fs";
import { SerialPort } from "serialport";
import type { Serial, SerialOptions } from "../../firmware/ports/serial.ts";
import { UserError } from "../user-error.ts";

export interface SerialLinkOptions extends SerialOptions {
  /** Such as /dev/ttyUSB0 or COM3. */
  readonly path: string;
  /** The line is gone, and not because it was closed: unplugged, renumbered, taken away. Nothing comes after it. */
  readonly onLost: (why: string) => void;
}

/** Levels of the control lines; true: asserted. */
export interface ControlLines {
  readonly dtr: boolean;
  readonly rts: boolean;
}

export interface SerialLink extends Serial {
  /** False where the line has none, such as a pseudo-terminal. */
  setControl(lines: ControlLines): Promise<boolean>;
  /** False where the other end keeps its own. */
  setBaud(baud: number): Promise<boolean>;
  /** Resolves when the system has let the line go. */
  closed(): Promise<void>;
}

/** Bytes that wait for being sent; to write more is a mistake of the caller, and throws. */
export const unsentLimit = 65_536;
/** Bytes that wait for being read; beyond, the newest are dropped, as a chip does. */
export const unreadLimit = 65_536;

/** How often it is looked whether the device is still there. */
const watchMs = 100;

/** A program that has just ended may still hold the line for a moment, and a line that has just come may not be found at once. */
const openTries = 10;
const openPauseMs = 100;

/** Opens the line at 8 bits, no parity. Rejects with UserError (3) where it cannot be had. */
export async function openSerialLink(options: SerialLinkOptions): Promise<SerialLink> {
  for (let trial = 1; ; trial++) {
    const port = new SerialPort({ path: options.path, baudRate: options.baud, autoOpen: false });
    const error = await new Promise<Error | null>((resolve) => port.open(resolve));
    if (error === null) return new OpenLink(port, options);
    if (!isPassing(error.message, options.path) || trial === openTries)
      throw new UserError(`cannot open ${options.path}: ${plainReason(error.message)}`, hintFor(error.message), 3);
    await new Promise((resolve) => setTimeout(resolve, openPauseMs));
  }
}

function isPassing(message: string, path: string): boolean {
  return isHeld(message) || (/no such file/i.test(message) && deviceAt(path) !== undefined);
}

function isHeld(message: string): boolean {
  return /lock|busy/i.test(message);
}

function hintFor(message: string): string {
  if (/denied|EACCES/i.test(message)) return "add this user to the group that owns the line (dialout on Debian)";
  if (isHeld(message)) return "end the other program that holds it";
  return "is it plugged in? `livlina devices --all` lists the lines that this machine has";
}

/** The library says "Error: REASON, cannot open PATH". */
function plainReason(message: string): string {
  return message.replace(/^Error: /, "").replace(/, cannot open .*$/, "");
}

class OpenLink implements SerialLink {
  private readonly port: SerialPort;
  private readonly onLost: (why: string) => void;
  private readonly ended: Promise<void>;
  private readonly watch: NodeJS.Timeout;
  private unread: Buffer[];
  private unreadCount: number;
  private over: boolean;

  constructor(port: SerialPort, options: SerialLinkOptions) {
    this.port = port;
    this.onLost = options.onLost;
    this.unread = [];
    this.unreadCount = 0;
    this.over = false;
    const opened = deviceAt(options.path);
    // A line that was taken away reads as an empty one on Linux, and serialport goes on reading: the path tells it.
    this.watch = setInterval(() => {
      if (deviceAt(options.path) !== opened) this.lose(`${options.path} is gone`);
    }, watchMs).unref();
    port.on("data", (bytes: Buffer) => {
      if (this.over || this.unreadCount + bytes.length > unreadLimit) return;
      this.unread.push(bytes);
      this.unreadCount += bytes.length;
      options.onReadable(this.unreadCount);
    });
    port.on("error", (error) => this.lose(error.message));
    this.ended = new Promise((resolve) => {
      port.on("close", () => {
        this.lose("the line was closed from outside");
        resolve();
      });
    });
  }

  read(): Uint8Array | undefined {
    if (this.over || this.unreadCount === 0) return undefined;
    const all = new Uint8Array(Buffer.concat(this.unread));
    this.unread = [];
    this.unreadCount = 0;
    return all;
  }

  write(bytes: Uint8Array): void {
    if (this.over) return;
    if (this.port.writableLength + bytes.length > unsentLimit)
      throw new Error(`serial link: more than ${unsentLimit} bytes unsent`);
    this.port.write(Buffer.from(bytes));
  }

  setControl(lines: ControlLines): Promise<boolean> {
    return new Promise((resolve) => this.port.set({ ...lines }, (error) => resolve(error === null)));
  }

  setBaud(baud: number): Promise<boolean> {
    return new Promise((resolve) => this.port.update({ baudRate: baud }, (error) => resolve(error === null)));
  }

  close(): void {
    this.over = true;
    clearInterval(this.watch);
    if (this.port.isOpen) this.port.close();
  }

  closed(): Promise<void> {
    return this.ended;
  }

  private lose(why: string): void {
    if (this.over) return;
    this.close();
    this.onLost(why);
  }
}

/** What stands at a path, so that another device under the same name is not taken for it; undefined where nothing does. */
function deviceAt(path: string): string | undefined {
  const found = statSync(path, { throwIfNoEntry: false });
  return found === undefined ? undefined : `${found.dev} ${found.ino} ${found.rdev}`;
}
