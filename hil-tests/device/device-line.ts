/**
 * The port of a device, over all that happens to it: when it is gone it is looked for, under whatever number it comes back, and
 * opened again. What was said meanwhile is lost, and the numbers of the device's lines tell it.
 */
import type { SerialLink } from "../../tools/device/serial-link.ts";
import { openSerialLink } from "../../tools/device/serial-link.ts";
import { UserError } from "../../tools/user-error.ts";
import type { BenchClock } from "../bench/bench.ts";
import { RigError } from "../bench/rig-error.ts";

const baud = 115_200;
/** How often it is looked for, in ms outside. */
const lookMs = 50;

export interface DeviceLineOptions {
  readonly clock: BenchClock;
  /** Where it is now; undefined: nowhere. */
  readonly locate: () => Promise<string | undefined>;
  /** It counts as gone after so long, in the bench's time. */
  readonly patienceMs: number;
  readonly onBytes: (bytes: Uint8Array) => void;
  readonly onLost: (why: string) => void;
  readonly onBack: (path: string) => void;
  /** It was looked for and did not come. */
  readonly onGone: () => void;
}

/** What a device is spoken to over. */
export interface Line {
  /** "" while it is away. */
  readonly path: string;
  readonly isHere: boolean;
  open(): Promise<void>;
  write(bytes: Uint8Array): void;
  close(): Promise<void>;
}

export class DeviceLine implements Line {
  path: string;
  private readonly options: DeviceLineOptions;
  private link: SerialLink | undefined;
  private isOver: boolean;
  private search: NodeJS.Timeout | undefined;

  constructor(options: DeviceLineOptions) {
    this.path = "";
    this.options = options;
    this.link = undefined;
    this.isOver = false;
    this.search = undefined;
  }

  get isHere(): boolean {
    return this.link !== undefined;
  }

  /** One that goes while it is opened is waited for. Rejects with UserError (3) where it cannot be had. */
  async open(): Promise<void> {
    const { clock, locate, patienceMs } = this.options;
    this.isOver = false;
    const untilMs = clock.nowMs() + patienceMs;
    let path = await locate();
    if (path === undefined) throw new UserError("the device is not plugged in", "livlina devices shows what is", 3);
    for (;;) {
      try {
        await this.take(path);
        return;
      } catch (thrown) {
        const next = await this.placeAfter(path, untilMs);
        if (next === undefined) throw thrown;
        path = next;
      }
    }
  }

  write(bytes: Uint8Array): void {
    this.link?.write(bytes);
  }

  /** Resolves when the system has let the port go. */
  async close(): Promise<void> {
    this.isOver = true;
    clearTimeout(this.search);
    const { link } = this;
    this.link = undefined;
    this.path = "";
    if (link === undefined) return;
    link.close();
    await link.closed();
  }

  /** Where it comes back; undefined where it has not gone from there, or stays away. */
  private async placeAfter(path: string, untilMs: number): Promise<string | undefined> {
    for (;;) {
      const found = await this.options.locate();
      if (found === path || this.options.clock.nowMs() >= untilMs) return undefined;
      if (found !== undefined) return found;
      await new Promise((resolve) => setTimeout(resolve, lookMs));
    }
  }

  private async take(path: string): Promise<void> {
    const link = await openSerialLink({
      path,
      baud,
      onReadable: () => this.drain(),
      onLost: (why) => this.lose(why),
    });
    if (this.isOver) {
      link.close();
      return;
    }
    this.link = link;
    this.path = path;
    this.drain();
  }

  private drain(): void {
    for (let bytes = this.link?.read(); bytes !== undefined; bytes = this.link?.read()) this.options.onBytes(bytes);
  }

  private lose(why: string): void {
    this.link = undefined;
    this.path = "";
    this.options.onLost(why);
    this.look(this.options.clock.nowMs() + this.options.patienceMs);
  }

  private look(untilMs: number): void {
    if (this.isOver) return;
    this.search = setTimeout(() => {
      this.find().then((found) => {
        if (found) this.options.onBack(this.path);
        else if (this.options.clock.nowMs() < untilMs) this.look(untilMs);
        else if (!this.isOver) this.options.onGone();
      });
    }, lookMs);
  }

  private async find(): Promise<boolean> {
    try {
      const path = await this.options.locate();
      if (path === undefined || this.isOver) return false;
      await this.take(path);
      return this.isHere;
    } catch (thrown) {
      if (thrown instanceof UserError || thrown instanceof RigError) return false;
      throw thrown;
    }
  }
}
