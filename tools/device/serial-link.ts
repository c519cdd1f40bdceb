/** A real serial line, or a pseudo-terminal, as the Serial port that the rest of the code knows. */
import { SerialPort } from "serialport";
import type { Serial, SerialOptions } from "../../firmware/ports/serial.ts";
import { UserError } from "../user-error.ts";

export interface SerialLinkOptions extends SerialOptions {
  /** Such as /dev/ttyUSB0 or COM3. */
  readonly path: string;
  /** The line is gone, and not because it was closed: unplugged, renumbered, taken away. Nothing comes after it. */
  readonly onLost: (why: string) => void;
}

export interface SerialLink extends Serial {
  /** Resolves when the system has let the line go. */
  closed(): Promise<void>;
}

/** Bytes that wait for being sent; to write more is a mistake of the caller, and throws. */
export const unsentLimit = 65_536;
/** Bytes that wait for being read; beyond, the newest are dropped, as a chip does. */
export const unreadLimit = 65_536;

/** Opens the line at 8 bits, no parity. Rejects with UserError (3) where it cannot be had. */
export function openSerialLink(options: SerialLinkOptions): Promise<SerialLink> {
  return new Promise((resolve, reject) => {
    const port = new SerialPort({ path: options.path, baudRate: options.baud, autoOpen: false });
    port.open((error) => {
      if (error === null) resolve(new OpenLink(port, options));
      else reject(new UserError(`cannot open ${options.path}: ${error.message}`, hintFor(error.message), 3));
    });
  });
}

function hintFor(message: string): string {
  if (/denied|EACCES/i.test(message)) return "add this user to the group that owns the line (dialout on Debian)";
  if (/lock|busy/i.test(message)) return "end the other program that holds it";
  return "is it plugged in? list the lines that this machine has";
}

class OpenLink implements SerialLink {
  private readonly port: SerialPort;
  private readonly ended: Promise<void>;
  private unread: Buffer[];
  private unreadCount: number;
  private over: boolean;

  constructor(port: SerialPort, options: SerialLinkOptions) {
    this.port = port;
    this.unread = [];
    this.unreadCount = 0;
    this.over = false;
    port.on("data", (bytes: Buffer) => {
      if (this.over || this.unreadCount + bytes.length > unreadLimit) return;
      this.unread.push(bytes);
      this.unreadCount += bytes.length;
      options.onReadable(this.unreadCount);
    });
    const lose = (why: string): void => {
      if (this.over) return;
      this.over = true;
      options.onLost(why);
    };
    port.on("error", (error) => lose(error.message));
    this.ended = new Promise((resolve) => {
      port.on("close", () => {
        lose("the line is gone");
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

  close(): void {
    this.over = true;
    if (this.port.isOpen) this.port.close();
  }

  closed(): Promise<void> {
    return this.ended;
  }
}
