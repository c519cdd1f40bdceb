/**
 * The unit's end of a modem line on a real serial port: opened anew whenever it was lost. While it is away nothing is heard and
 * what is said goes nowhere, as with a modem that was pulled out.
 */
import type { OpenSerial, Serial, SerialOptions } from "../../firmware/ports/serial.ts";
import { openSerialLink, type SerialLink } from "./serial-link.ts";

const retryMs = 1_000;
const baud = 115_200;

export interface ModemLine {
  readonly openLine: OpenSerial;
  /** Lets the port go; nothing comes after it. */
  close(): void;
}

/** Rejects with UserError (3) where the port cannot be had now. `onNews` gets one line for people when it goes or comes back. */
export async function openModemLine(path: string, onNews: (text: string) => void): Promise<ModemLine> {
  const line = new ReopenedLine(path, onNews);
  await line.start();
  return line;
}

class ReopenedLine implements ModemLine {
  readonly openLine: OpenSerial;
  private readonly path: string;
  private readonly onNews: (text: string) => void;
  private link: SerialLink | undefined;
  private device: SerialOptions | undefined;
  private retry: NodeJS.Timeout | undefined;
  private isOver: boolean;

  constructor(path: string, onNews: (text: string) => void) {
    this.path = path;
    this.onNews = onNews;
    this.openLine = (options) => this.open(options);
    this.link = undefined;
    this.device = undefined;
    this.retry = undefined;
    this.isOver = false;
  }

  async start(): Promise<void> {
    const link = await openSerialLink({
      path: this.path,
      baud,
      onReadable: (count) => this.device?.onReadable(count),
      onLost: (why) => this.lose(why),
    });
    if (this.isOver) link.close();
    else this.link = link;
  }

  close(): void {
    this.isOver = true;
    clearTimeout(this.retry);
    this.device = undefined;
    this.link?.close();
  }

  private open(options: SerialOptions): Serial {
    this.device = options;
    const isOurs = (): boolean => this.device === options;
    return {
      read: () => (isOurs() ? this.link?.read() : undefined),
      write: (bytes) => {
        if (isOurs()) this.link?.write(bytes);
      },
      close: () => {
        if (isOurs()) this.device = undefined;
      },
    };
  }

  private lose(why: string): void {
    this.link = undefined;
    this.onNews(`the modem line is gone: ${why}`);
    this.wait();
  }

  private wait(): void {
    if (this.isOver) return;
    this.retry = setTimeout(() => {
      this.start().then(
        () => this.onNews(`the modem line is back: ${this.path}`),
        () => this.wait(),
      );
    }, retryMs).unref();
  }
}
