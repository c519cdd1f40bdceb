/** For tests: a device whose other end is the test, in a time that goes on when the test says so. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encodeFrame } from "../../protocol/console/frame.ts";
import { type ConsoleEvent, encodeEvent } from "../../protocol/console/messages.ts";
import { EventQueue } from "../../simulator/core/event-queue.ts";
import type { BenchClock } from "../bench/bench.ts";
import { FillableDisk } from "../bench/disk.ts";
import { Device } from "./device.ts";
import type { DeviceLineOptions } from "./device-line.ts";

export const serviceKey = new Uint8Array(16).fill(7);

/** A clock on a queue that the test runs. */
export function benchClock(queue: EventQueue): BenchClock {
  return {
    nowMs: () => queue.nowMs,
    after: (ms, run) => {
      const handle = queue.after(ms, run);
      return { cancel: () => queue.cancel(handle) };
    },
    graceMs: 0,
  };
}

export class DeviceBench {
  readonly queue: EventQueue;
  readonly disk: FillableDisk;
  readonly device: Device;
  readonly logPath: string;
  /** Bytes that the device was told, as text. */
  readonly said: string[];
  /** The wire, as `DeviceLine` would tell of it. */
  wire: DeviceLineOptions | undefined;
  isHere: boolean;
  /** Answers what it is told, where it does. */
  onTold: (line: string) => void;
  private sequence: number;

  constructor(atEnd: (end: () => Promise<void>) => void) {
    const folder = mkdtempSync(join(tmpdir(), "livlina-device-"));
    this.queue = new EventQueue();
    this.disk = new FillableDisk();
    this.logPath = join(folder, "talk.log");
    this.said = [];
    this.wire = undefined;
    this.isHere = true;
    this.onTold = () => {};
    this.sequence = 0;
    const clock = benchClock(this.queue);
    const { disk, logPath } = this;
    const locate = async (): Promise<string> => "/dev/ttyTEST";
    this.device = new Device({ name: "unit-1", clock, disk, logPath, serviceKey, locate }, (wire) => {
      this.wire = wire;
      return this.line();
    });
    atEnd(async () => {
      await this.device.close();
      rmSync(folder, { recursive: true });
    });
  }

  /** The device says this. */
  hear(sequence: number, event: ConsoleEvent): void {
    this.sequence = sequence + 1;
    this.hearBytes(encodeFrame({ speaker: "unit", sequence, atMs: 10 * sequence, text: encodeEvent(event) }));
  }

  /** The same under the number that follows. */
  next(event: ConsoleEvent): void {
    this.hear(this.sequence, event);
  }

  hearBytes(bytes: Uint8Array): void {
    this.wire?.onBytes(bytes);
  }

  /** Time goes on, and whoever was woken has spoken. */
  async pass(ms: number): Promise<void> {
    await settled();
    this.queue.runUntil(this.queue.nowMs + ms);
    await settled();
  }

  private line() {
    const bench = this;
    return {
      path: "/dev/ttyTEST",
      get isHere() {
        return bench.isHere;
      },
      open: async () => {},
      write: (bytes: Uint8Array) => {
        const text = Buffer.from(bytes).toString("latin1");
        bench.said.push(text);
        for (const line of text.split("\r\n")) if (line !== "") bench.onTold(line);
      },
      close: async () => {},
    };
  }
}

/** Promises that wait for nothing but each other have gone on. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
