/**
 * The service line of a virtual unit: a pseudo-terminal that takes as long for its bytes as a wire, can be pulled, comes back under
 * another number, and lets through what its filters let through. The unit's own end stays: it does not notice that nobody listens.
 */
import type { OpenSerial, Serial, SerialOptions } from "../../firmware/ports/serial.ts";
import { openPty, type Pty } from "../../tools/device/pty.ts";
import type { BenchClock } from "../bench/bench.ts";

/** What becomes of bytes on their way. */
export type Filter = (bytes: Uint8Array) => Uint8Array;

/** Start bit, eight bits, stop bit. */
const bitsEach = 10;

export class VirtualPort {
  readonly openDevice: OpenSerial;
  /** From the unit, and to it. */
  onSaid: Filter;
  onHeard: Filter;
  private readonly clock: BenchClock;
  private device: SerialOptions | undefined;
  private pty: Pty | undefined;
  private formerPath: string;
  private near: Serial | undefined;
  /** Until then the wire carries what was said before. */
  private busyUntilMs: number;

  /** Plugged in. Throws UserError (3) where this machine has no pseudo-terminals. */
  constructor(clock: BenchClock) {
    this.openDevice = (options) => this.open(options);
    this.onSaid = (bytes) => bytes;
    this.onHeard = (bytes) => bytes;
    this.clock = clock;
    this.device = undefined;
    this.pty = undefined;
    this.formerPath = "";
    this.near = undefined;
    this.busyUntilMs = 0;
    this.plug();
  }

  /** Where it is found now; undefined while it is pulled. */
  get path(): string | undefined {
    return this.pty?.path;
  }

  /** Under another number than before. */
  plug(): void {
    if (this.pty !== undefined) return;
    const first = openPty();
    const isFormer = first.path === this.formerPath;
    this.pty = isFormer ? openPty() : first;
    if (isFormer) first.close();
    this.formerPath = this.pty.path;
    this.listen();
  }

  /** What is on the wire is lost. */
  pull(): void {
    this.pty?.close();
    this.pty = undefined;
    this.near = undefined;
    this.busyUntilMs = 0;
  }

  private open(options: SerialOptions): Serial {
    this.device = options;
    this.listen();
    const isOurs = (): boolean => this.device === options;
    return {
      read: () => (isOurs() ? this.read() : undefined),
      write: (bytes) => {
        if (isOurs()) this.carry(bytes.slice(), options.baud);
      },
      close: () => {
        if (isOurs()) this.device = undefined;
      },
    };
  }

  private listen(): void {
    const { device, pty } = this;
    if (device !== undefined && pty !== undefined)
      this.near = pty.openDevice({ baud: device.baud, onReadable: (count) => this.device?.onReadable(count) });
  }

  private carry(bytes: Uint8Array, baud: number): void {
    const { pty, clock } = this;
    const nowMs = clock.nowMs();
    this.busyUntilMs = Math.max(this.busyUntilMs, nowMs) + (1_000 * bitsEach * bytes.length) / baud;
    clock.after(this.busyUntilMs - nowMs, () => {
      if (pty === undefined || this.pty !== pty) return;
      const passed = this.onSaid(bytes);
      if (passed.length > 0) this.near?.write(passed);
    });
  }

  private read(): Uint8Array | undefined {
    for (let bytes = this.near?.read(); bytes !== undefined; bytes = this.near?.read()) {
      const passed = this.onHeard(bytes);
      if (passed.length > 0) return passed;
    }
    return undefined;
  }
}
