/** For tests only: a unit's context without a unit. What was raised and said is listed; the power can go at any act. */

import type { PhraseName } from "../feedback/phrases.ts";
import type { Flash } from "../ports/flash.ts";
import type { OpenPower, PowerOptions, PowerSupply } from "../ports/power.ts";
import { HandClock } from "../sip/test-bench.ts";
import { Journal } from "../storage/journal.ts";
import type { RaiseOrder, UnitContext } from "../unit-context.ts";
import { WallClock } from "../wall-clock.ts";

/** Thrown in the place of an act: what stands above it has lost its memory. */
export class Cut {}

export const minuteMs = 60_000;
export const hourMs = 3_600_000;
export const dayMs = 86_400_000;
/** 2026-03-02 06:00 UTC. */
export const startS = 1_772_431_200;

/** Flash without faults; each program counts as an act. */
class PlainFlash implements Flash {
  readonly sectorSize = 4096;
  readonly sectorCount = 4;
  readonly programUnit = 4;
  readonly bytes = new Uint8Array(4 * 4096).fill(0xff);
  private readonly act: () => void;

  constructor(act: () => void) {
    this.act = act;
  }

  erase(sector: number): boolean {
    this.act();
    this.bytes.fill(0xff, sector * this.sectorSize, (sector + 1) * this.sectorSize);
    return true;
  }

  program(address: number, bytes: Uint8Array): boolean {
    this.act();
    for (let i = 0; i < bytes.length; i++)
      this.bytes[address + i] = (this.bytes[address + i] as number) & (bytes[i] as number);
    return true;
  }

  read(address: number, into: Uint8Array): void {
    into.set(this.bytes.subarray(address, address + into.length));
  }
}

export class Bench {
  clock = new HandClock();
  wallClock = new WallClock();
  readonly raised: (RaiseOrder & { readonly atMs: number })[] = [];
  readonly said: PhraseName[] = [];
  /** Timer callbacks so far. */
  wakeUps = 0;
  /** World time at which this life began. */
  bornMs = 0;
  /** Acts until the power goes; Infinity: it stays. */
  actsLeft = Number.POSITIVE_INFINITY;
  private readonly flash = new PlainFlash(() => this.act());
  context: UnitContext = this.newLife();

  /** A new life on the same flash, `laterMs` of dark time after now. */
  newLife(laterMs?: number): UnitContext {
    this.bornMs += this.clock.nowMs() + (laterMs ?? 0);
    this.actsLeft = Number.POSITIVE_INFINITY;
    const clock = new HandClock();
    this.clock = clock;
    this.wallClock = new WallClock();
    this.context = {
      clock: {
        nowMs: () => clock.nowMs(),
        after: (delayMs, callback) =>
          clock.after(delayMs, () => {
            this.wakeUps++;
            callback();
          }),
      },
      wallClock: this.wallClock,
      secrets: { random: (into) => into.fill(7), aes: () => () => {} },
      records: new Journal(this.flash),
      observe: undefined,
      raise: (order) => {
        this.act();
        this.raised.push(Object.assign({}, order, { atMs: this.worldMs }));
        return this.raised.length;
      },
      say: (phrase) => this.said.push(phrase),
    };
    return this.context;
  }

  get worldMs(): number {
    return this.bornMs + this.clock.nowMs();
  }

  /** The network tells the time. */
  setWall(): void {
    this.wallClock.set(startS * 1000 + this.worldMs, this.clock.nowMs());
  }

  pass(ms: number): void {
    this.clock.runTo(this.clock.nowMs() + ms);
  }

  /** Status codes raised so far. */
  get codes(): number[] {
    return this.raised.map((order) => order.stc);
  }

  /** Whether these bytes stand anywhere on the flash. */
  flashHolds(bytes: Uint8Array): boolean {
    for (let at = 0; at + bytes.length <= this.flash.bytes.length; at++) {
      let same = 0;
      while (same < bytes.length && this.flash.bytes[at + same] === bytes[same]) same++;
      if (same === bytes.length) return true;
    }
    return false;
  }

  private act(): void {
    if (this.actsLeft-- <= 0) throw new Cut();
  }
}

/** Mains and battery under a test's hand. */
export class SupplyStandIn implements PowerSupply {
  mainsAtStart = true;
  batteryAtStart = true;
  coldStart = false;
  mv = 4_170;
  /** What the voltage falls to under the test load. */
  loadedMv = 3_900;
  loaded = false;
  lamp = true;
  readings = 0;
  loads = 0;
  readonly open: OpenPower;
  private options: PowerOptions | undefined;

  constructor() {
    this.open = (options) => {
      this.options = options;
      return this;
    };
  }

  mains(present: boolean): void {
    this.mainsAtStart = present;
    if (this.options !== undefined) this.options.onMains(present);
  }

  plug(connected: boolean): void {
    this.batteryAtStart = connected;
    if (this.options !== undefined) this.options.onBattery(connected);
  }

  batteryMv(): number {
    this.readings++;
    return this.loaded ? this.loadedMv : this.mv;
  }

  load(on: boolean): void {
    if (on) this.loads++;
    this.loaded = on;
  }

  showMains(present: boolean): void {
    this.lamp = present;
  }

  close(): void {
    this.options = undefined;
  }
}
