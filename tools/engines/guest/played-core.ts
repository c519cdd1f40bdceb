/** What every played device has: a clock that shows the list's time, dice and keys, flash, and the short-range radio. */

import { cipherOf } from "../../../firmware/hosts/espruino/own-cipher.ts";
import type { Clock, Timer } from "../../../firmware/ports/clock.ts";
import type { Flash } from "../../../firmware/ports/flash.ts";
import type { OpenRadio, RadioOptions, RadioPacket } from "../../../firmware/ports/radio.ts";
import type { Secrets } from "../../../firmware/ports/secrets.ts";
import type { ListHead } from "./list.ts";
import { bytesOf, type Stage } from "./parts.ts";

interface Planned {
  readonly number: number;
  readonly callback: () => void;
}

/** Timers are numbered as they are planned; the list says which of them go off, and when. */
export class PlayedClock {
  readonly port: Clock;
  atMs: number;
  private readonly planned: Planned[];
  private count: number;

  constructor(stage: Stage) {
    this.atMs = 0;
    this.planned = [];
    this.count = 0;
    this.port = {
      nowMs: () => this.atMs,
      after: (delayMs, callback) => {
        this.count++;
        const number = this.count;
        this.planned.push({ number, callback });
        stage.told("after", [number, delayMs]);
        return this.timer(stage, number);
      },
    };
  }

  /** One that was never planned, or was cancelled, is told and goes no further: this is another device than the recorded one. */
  fire(stage: Stage, number: number): void {
    const callback = this.take(number);
    if (callback === undefined) stage.told("no-such-timer", [number]);
    else callback();
  }

  private timer(stage: Stage, number: number): Timer {
    return {
      cancel: () => {
        if (this.take(number) !== undefined) stage.told("cancel", [number]);
      },
    };
  }

  private take(number: number): (() => void) | undefined {
    for (let i = 0; i < this.planned.length; i++) {
      const each = this.planned[i] as Planned;
      if (each.number !== number) continue;
      this.planned.splice(i, 1);
      return each.callback;
    }
    return undefined;
  }
}

/** Dice that fall alike on every engine (xorshift, 32 bits): a list need not hold what they showed. */
export function playedSecrets(seed: number): Secrets {
  let state = seed | 0;
  const next = (): number => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state & 255;
  };
  return {
    random: (into) => {
      for (let i = 0; i < into.length; i++) into[i] = next();
    },
    aes: cipherOf,
  };
}

/** A chip in memory, a sector at a time as they are written to. Writes are orders, reads are not. */
export class PlayedFlash {
  readonly port: Flash;
  private readonly sectorSize: number;
  private readonly sectors: (Uint8Array | undefined)[];

  constructor(stage: Stage, head: ListHead) {
    this.sectorSize = head.sectorSize;
    this.sectors = [];
    for (let i = 0; i < head.sectorCount; i++) this.sectors.push(undefined);
    for (let i = 0; i < head.flash.length; i++) {
      const piece = head.flash[i] as readonly [number, string];
      this.sectorOf(piece[0]).set(bytesOf(piece[1]), piece[0] % this.sectorSize);
    }
    this.port = {
      sectorSize: head.sectorSize,
      sectorCount: head.sectorCount,
      programUnit: head.programUnit,
      erase: (sector) => {
        stage.told("erase", [sector]);
        this.sectors[sector] = undefined;
        return true;
      },
      program: (address, bytes) => {
        stage.told("program", [address, bytes]);
        this.program(address, bytes);
        return true;
      },
      read: (address, into) => this.read(address, into),
    };
  }

  private program(address: number, bytes: Uint8Array): void {
    for (let i = 0; i < bytes.length; i++) {
      const cells = this.sectorOf(address + i);
      const at = (address + i) % this.sectorSize;
      cells[at] = (cells[at] as number) & (bytes[i] as number);
    }
  }

  private read(address: number, into: Uint8Array): void {
    for (let done = 0; done < into.length; ) {
      const at = (address + done) % this.sectorSize;
      const count = Math.min(into.length - done, this.sectorSize - at);
      const cells = this.sectors[Math.floor((address + done) / this.sectorSize)];
      if (cells === undefined) into.fill(0xff, done, done + count);
      else into.set(cells.subarray(at, at + count), done);
      done += count;
    }
  }

  private sectorOf(address: number): Uint8Array {
    const index = Math.floor(address / this.sectorSize);
    const known = this.sectors[index];
    if (known !== undefined) return known;
    const cells = new Uint8Array(this.sectorSize);
    cells.fill(0xff);
    this.sectors[index] = cells;
    return cells;
  }
}

/** What is heard waits until it is read, as on a board. */
export class PlayedRadio {
  readonly open: OpenRadio;
  private readonly waiting: RadioPacket[];
  private options: RadioOptions | undefined;

  constructor(stage: Stage) {
    this.waiting = [];
    this.options = undefined;
    this.open = (options) => {
      this.options = options;
      stage.told("radio.open", []);
      return {
        send: (bytes) => stage.told("radio.send", [bytes]),
        listen: (forMs) => stage.told("radio.listen", [forMs]),
        read: () => this.waiting.shift(),
        close: () => stage.told("radio.close", []),
      };
    };
  }

  hear(bytes: Uint8Array, rssiDbm: number): void {
    this.waiting.push({ bytes, rssiDbm });
    if (this.options !== undefined) this.options.onReadable(this.waiting.length);
  }

  busy(forMs: number): void {
    if (this.options !== undefined && this.options.onBusy !== undefined) this.options.onBusy(forMs);
  }
}
