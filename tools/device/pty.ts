/**
 * A serial line without hardware: a pseudo-terminal whose near end is a Serial port and whose far end any program opens by
 * its path. Like a wire it never holds the writer up: what nobody listens to is lost.
 */
import { closeSync, writeSync } from "node:fs";
import { createRequire } from "node:module";
import { ReadStream } from "node:tty";
import type { OpenSerial, Serial, SerialOptions } from "../../firmware/ports/serial.ts";
import { UserError } from "../user-error.ts";

export interface Pty {
  /** What the other program opens, such as /dev/pts/3. */
  readonly path: string;
  /** The near end. Opening it anew closes the former one. */
  readonly openDevice: OpenSerial;
  /** Bytes lost because nobody read, on either side. */
  lostCount(): number;
  /** The path is gone, and nothing is heard any more. */
  close(): void;
}

/** What waits while the system's own buffer is full; beyond, the newest is lost. */
export const unsentLimit = 8_192;
/** What a near end that never reads leaves waiting; beyond, the newest is lost. */
export const unreadLimit = 65_536;
/** The system has no word for "room again" on this descriptor. */
const retryMs = 5;

/** The native module of @lydell/node-pty; its public opener reads the far end itself and eats the bytes. */
interface NativePty {
  open(columns: number, rows: number): { readonly master: number; readonly slave: number; readonly pty: string };
}

/** Throws UserError (3) where this machine has no pseudo-terminals. */
export function openPty(): Pty {
  const ends = nativePty().open(80, 24);
  return new PtyEnds(ends.master, ends.slave, ends.pty);
}

function nativePty(): NativePty {
  try {
    const from = createRequire(createRequire(import.meta.url).resolve("@lydell/node-pty"));
    return from(`@lydell/node-pty-${process.platform}-${process.arch}/pty.node`) as NativePty;
  } catch {
    throw new UserError(
      `no pseudo-terminals for ${process.platform} on ${process.arch}`,
      "npm ci on this machine, without --omit=optional",
      3,
    );
  }
}

class PtyEnds implements Pty {
  readonly path: string;
  readonly openDevice: OpenSerial;
  private readonly master: number;
  /** Kept open, so that the line outlives each program that opens and closes the far end. */
  private readonly slave: number;
  private readonly stream: ReadStream;
  private device: SerialOptions | undefined;
  private unread: Buffer[];
  private unreadCount: number;
  private unsent: Uint8Array[];
  private unsentCount: number;
  private lost: number;
  private retry: NodeJS.Timeout | undefined;
  private closed: boolean;

  constructor(master: number, slave: number, path: string) {
    this.path = path;
    this.openDevice = (options) => this.open(options);
    this.master = master;
    this.slave = slave;
    this.device = undefined;
    this.unread = [];
    this.unreadCount = 0;
    this.unsent = [];
    this.unsentCount = 0;
    this.lost = 0;
    this.retry = undefined;
    this.closed = false;
    this.stream = new ReadStream(master);
    // Otherwise the terminal sends back what the device says until somebody has set it up.
    this.stream.setRawMode(true);
    this.stream.on("data", (bytes: Buffer) => this.hear(bytes));
    this.stream.on("error", () => this.close());
  }

  lostCount(): number {
    return this.lost;
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    clearTimeout(this.retry);
    this.device = undefined;
    this.unsent = [];
    this.stream.destroy();
    closeSync(this.slave);
  }

  private open(options: SerialOptions): Serial {
    this.device = options;
    this.unread = [];
    this.unreadCount = 0;
    return {
      read: () => (this.device === options ? this.read() : undefined),
      write: (bytes) => {
        if (this.device === options) this.write(bytes);
      },
      close: () => {
        if (this.device === options) this.device = undefined;
      },
    };
  }

  private read(): Uint8Array | undefined {
    if (this.unreadCount === 0) return undefined;
    const all = new Uint8Array(Buffer.concat(this.unread));
    this.unread = [];
    this.unreadCount = 0;
    return all;
  }

  private hear(bytes: Buffer): void {
    if (this.device === undefined || this.unreadCount + bytes.length > unreadLimit) {
      this.lost += bytes.length;
      return;
    }
    this.unread.push(bytes);
    this.unreadCount += bytes.length;
    this.device.onReadable(this.unreadCount);
  }

  private write(bytes: Uint8Array): void {
    if (this.unsentCount + bytes.length > unsentLimit) {
      this.lost += bytes.length;
      return;
    }
    this.unsent.push(bytes.slice());
    this.unsentCount += bytes.length;
    if (this.retry === undefined) this.flush();
  }

  /** The descriptor does not block, so a full buffer costs a later try and never the event loop. */
  private flush(): void {
    this.retry = undefined;
    for (let first = this.unsent[0]; first !== undefined; first = this.unsent[0]) {
      const count = this.writeSome(first);
      this.unsentCount -= count;
      if (count === first.length) this.unsent.shift();
      else {
        this.unsent[0] = first.subarray(count);
        this.retry = setTimeout(() => this.flush(), retryMs).unref();
        return;
      }
    }
  }

  private writeSome(bytes: Uint8Array): number {
    try {
      return writeSync(this.master, bytes);
    } catch (thrown) {
      if ((thrown as NodeJS.ErrnoException).code === "EAGAIN") return 0;
      throw thrown;
    }
  }
}
