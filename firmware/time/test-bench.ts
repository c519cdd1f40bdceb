/** For tests only: a department's surroundings. Time moves by hand, the journal is a real one and outlives a restart. */
import type { PhraseName } from "../feedback/phrases.ts";
import type { Clock, Timer } from "../ports/clock.ts";
import type { Flash } from "../ports/flash.ts";
import type { Secrets } from "../ports/secrets.ts";
import { HandClock } from "../sip/test-bench.ts";
import { Journal } from "../storage/journal.ts";
import type { RaiseOrder, UnitContext } from "../unit-context.ts";
import { WallClock } from "../wall-clock.ts";

/** Counts the wake-ups that reach the firmware. */
export class CountingClock implements Clock {
  wakeUps: number;
  private readonly hand: HandClock;

  constructor(hand: HandClock) {
    this.wakeUps = 0;
    this.hand = hand;
  }

  nowMs(): number {
    return this.hand.nowMs();
  }

  after(delayMs: number, callback: () => void): Timer {
    return this.hand.after(delayMs, () => {
      this.wakeUps++;
      callback();
    });
  }
}

/** Flash that never fails. */
class PlainFlash implements Flash {
  readonly sectorSize: number;
  readonly sectorCount: number;
  readonly programUnit: number;
  private readonly bytes: Uint8Array;

  constructor() {
    this.sectorSize = 4_096;
    this.sectorCount = 4;
    this.programUnit = 1;
    this.bytes = new Uint8Array(this.sectorSize * this.sectorCount).fill(255);
  }

  erase(sector: number): boolean {
    this.bytes.fill(255, sector * this.sectorSize, (sector + 1) * this.sectorSize);
    return true;
  }

  program(address: number, bytes: Uint8Array): boolean {
    for (let i = 0; i < bytes.length; i++)
      this.bytes[address + i] = (this.bytes[address + i] as number) & (bytes[i] as number);
    return true;
  }

  read(address: number, into: Uint8Array): void {
    into.set(this.bytes.subarray(address, address + into.length));
  }
}

export class ContextBench implements UnitContext {
  readonly hand: HandClock;
  readonly clock: CountingClock;
  readonly wallClock: WallClock;
  readonly secrets: Secrets;
  readonly records: Journal;
  readonly observe: undefined;
  readonly raised: RaiseOrder[];
  readonly said: PhraseName[];
  /** What chance gives, byte for byte. */
  drawn: number;
  private readonly flash: Flash;

  /** `former`: the life before the last restart; its journal is still there. */
  constructor(former: ContextBench | undefined) {
    this.hand = new HandClock();
    this.clock = new CountingClock(this.hand);
    this.wallClock = new WallClock();
    this.drawn = 7;
    this.secrets = { random: (into) => into.fill(this.drawn), aes: () => () => {} };
    this.flash = former === undefined ? new PlainFlash() : former.flash;
    this.records = new Journal(this.flash);
    this.observe = undefined;
    this.raised = [];
    this.said = [];
  }

  /** The report's number is its place in `raised`. */
  raise(order: RaiseOrder): number {
    this.raised.push(order);
    return this.raised.length - 1;
  }

  say(phrase: PhraseName): void {
    this.said.push(phrase);
  }

  /** Somebody tells the time: UTC since 1970, in ms. */
  tellTime(wallMs: number): void {
    this.wallClock.set(wallMs, this.hand.nowMs());
  }

  pass(ms: number): void {
    this.hand.runTo(this.hand.nowMs() + ms);
  }
}
