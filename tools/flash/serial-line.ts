/** The serial line that the flashing tools speak over: bytes out, bytes in within a time, and word of a cable that was pulled. */
import { type ControlLines, openSerialLink, type SerialLink } from "../device/serial-link.ts";

export interface SerialLine {
  /** Such as /dev/ttyUSB0 or COM3. */
  readonly path: string;
  /** Why the line is gone; undefined while it is there. */
  readonly lost: string | undefined;
  /** Throws LineLost once the line is gone. */
  write(bytes: Uint8Array): void;
  /** What has come, at once where something waits; undefined after so long a silence. Rejects with LineLost. One at a time. */
  read(withinMs: number): Promise<Uint8Array | undefined>;
  /** False where the line has no control lines, such as a pseudo-terminal. */
  setControl(lines: ControlLines): Promise<boolean>;
  setBaud(baud: number): Promise<boolean>;
  close(): Promise<void>;
}

/** The line was taken away: unplugged, renumbered, power cut. `message` says which and how. */
export class LineLost extends Error {
  constructor(why: string) {
    super(why);
    this.name = "LineLost";
  }
}

/** 8 bits, no parity. Rejects with UserError (3) where it cannot be had. */
export async function openSerialLine(path: string, baud: number): Promise<SerialLine> {
  const line = new OpenLine(path);
  line.attach(
    await openSerialLink({
      path,
      baud,
      onReadable: () => line.wake(),
      onLost: (why) => line.lose(why),
    }),
  );
  return line;
}

class OpenLine implements SerialLine {
  readonly path: string;
  lost: string | undefined;
  private link: SerialLink | undefined;
  private waiting: (() => void) | undefined;

  constructor(path: string) {
    this.path = path;
    this.lost = undefined;
    this.link = undefined;
    this.waiting = undefined;
  }

  attach(link: SerialLink): void {
    this.link = link;
  }

  wake(): void {
    this.waiting?.();
  }

  lose(why: string): void {
    this.lost = why.includes(this.path) ? why : `${this.path} is gone (${why})`;
    this.wake();
  }

  write(bytes: Uint8Array): void {
    if (this.lost !== undefined) throw new LineLost(this.lost);
    this.link?.write(bytes);
  }

  async read(withinMs: number): Promise<Uint8Array | undefined> {
    const here = this.link?.read();
    if (here !== undefined) return here;
    if (this.lost !== undefined) throw new LineLost(this.lost);
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, withinMs);
      this.waiting = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.waiting = undefined;
    const late = this.link?.read();
    if (late === undefined && this.lost !== undefined) throw new LineLost(this.lost);
    return late;
  }

  setControl(lines: ControlLines): Promise<boolean> {
    return this.lost === undefined ? (this.link?.setControl(lines) ?? Promise.resolve(false)) : Promise.resolve(false);
  }

  setBaud(baud: number): Promise<boolean> {
    return this.lost === undefined ? (this.link?.setBaud(baud) ?? Promise.resolve(false)) : Promise.resolve(false);
  }

  async close(): Promise<void> {
    const link = this.link;
    this.link = undefined;
    if (link === undefined) return;
    link.close();
    await link.closed();
  }
}
