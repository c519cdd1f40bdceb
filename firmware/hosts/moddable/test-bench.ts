/** Doubles of the engine's modules, as strict as the engine: time that a test turns, flash that only clears bits, pins. For tests alone. */
import type { TimeModule, TimerModule } from "./clock.ts";
import type { DigitalIo, DigitalIoOptions, DigitalPin, FlashIo, FlashPartition } from "./ecma419.ts";

export interface Planned {
  readonly atMs: number;
  readonly run: () => void;
}

/** The engine's time: its counter has 32 bits, its timers come `coarseMs` early at worst. */
export class BenchTime implements TimeModule, TimerModule<Planned> {
  nowMs: number;
  private readonly firstTicks: number;
  private readonly coarseMs: number;
  private planned: Planned[];

  constructor(firstTicks: number, coarseMs: number) {
    this.nowMs = 0;
    this.firstTicks = firstTicks;
    this.coarseMs = coarseMs;
    this.planned = [];
  }

  get ticks(): number {
    return (this.firstTicks + this.nowMs) | 0;
  }

  delta(start: number, end: number): number {
    return (end - start) | 0;
  }

  set(run: () => void, delayMs: number): Planned {
    const waitMs = delayMs > this.coarseMs ? delayMs - this.coarseMs : delayMs;
    const planned = { atMs: this.nowMs + waitMs, run };
    this.planned.push(planned);
    return planned;
  }

  clear(timer: Planned): void {
    this.planned = this.planned.filter((each) => each !== timer);
  }

  get waiting(): number {
    return this.planned.length;
  }

  /** Fires what is due, one instant after the other. */
  run(forMs: number): void {
    const endMs = this.nowMs + forMs;
    for (let next = this.earliest(endMs); next !== undefined; next = this.earliest(endMs)) {
      this.clear(next);
      this.nowMs = Math.max(this.nowMs, next.atMs);
      next.run();
    }
    this.nowMs = endMs;
  }

  private earliest(endMs: number): Planned | undefined {
    let best: Planned | undefined;
    for (const each of this.planned)
      if (each.atMs <= endMs && (best === undefined || each.atMs < best.atMs)) best = each;
    return best;
  }
}

/** Partitions by their names, blank at first. Those in `failing` throw as the engine does. */
export class BenchFlash implements FlashIo {
  readonly contents: Record<string, Uint8Array>;
  failing: boolean;
  private readonly blockLength: number;

  constructor(blockLength: number, sizes: Readonly<Record<string, number>>) {
    this.contents = {};
    this.failing = false;
    this.blockLength = blockLength;
    for (const name of Object.keys(sizes)) this.contents[name] = new Uint8Array(sizes[name] as number).fill(0xff);
  }

  open(options: { readonly path: string; readonly mode: "r" | "r+" }): FlashPartition {
    const cells = this.contents[options.path];
    if (cells === undefined) throw new Error("can't find partition");
    const blockLength = this.blockLength;
    const check = (): void => {
      if (this.failing) throw new Error("write failed");
    };
    return {
      eraseBlock: (block) => {
        check();
        cells.fill(0xff, block * blockLength, (block + 1) * blockLength);
      },
      read: (into, byteOffset) => into.set(cells.subarray(byteOffset, byteOffset + into.length)),
      write: (bytes, byteOffset) => {
        check();
        for (let i = 0; i < bytes.length; i++)
          cells[byteOffset + i] = (cells[byteOffset + i] as number) & (bytes[i] as number);
      },
      status: () => ({ size: cells.length, blockLength, blocks: cells.length / blockLength }),
      close: () => {},
    };
  }
}

/** Pins by number: what was last written, and inputs that a test moves. */
export interface BenchPins {
  readonly io: DigitalIo;
  readonly opened: BenchPin[];
  pin(number: number): BenchPin;
}
export class BenchPin implements DigitalPin {
  readonly options: DigitalIoOptions;
  level: number;
  closed: boolean;

  constructor(options: DigitalIoOptions) {
    this.options = options;
    this.level = options.mode === "pull-up" ? 1 : (options.initialValue ?? 0);
    this.closed = false;
  }

  read(): number {
    return this.level;
  }

  write(value: number): void {
    if (this.options.mode !== "output") throw new Error("unimplemented");
    this.level = value;
  }

  close(): void {
    this.closed = true;
  }

  /** Somebody outside moves it. */
  move(level: number): void {
    this.level = level;
    if (!this.closed && this.options.onReadable !== undefined) this.options.onReadable();
  }
}
export function benchPins(): BenchPins {
  const opened: BenchPin[] = [];
  function Pin(options: DigitalIoOptions): DigitalPin {
    const pin = new BenchPin(options);
    opened.push(pin);
    return pin;
  }
  const modes = { Input: "input", InputPullUp: "pull-up", InputPullDown: "pull-down", Output: "output" };
  return {
    io: Object.assign(Pin, modes, { Rising: 1, Falling: 2 }) as unknown as DigitalIo,
    opened,
    pin: (number) => {
      const found = opened.filter((each) => each.options.pin === number);
      return found[found.length - 1] as BenchPin;
    },
  };
}
