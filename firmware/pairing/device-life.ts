/** What the unit knows of a bonded device's life beside its keys: one record, so that a restart tells nothing twice (radio 6). */
import { Reader } from "../../protocol/bytes/reader.ts";
import { Writer } from "../../protocol/bytes/writer.ts";
import type { Records } from "../radio-counters.ts";
import { deviceLifeKind } from "../storage/record-kinds.ts";

export interface DeviceLife {
  /** Told of as silent. */
  readonly missing: boolean;
  /** Told of as low. */
  readonly low: boolean;
  /** How an accessory stands, as it was told. */
  readonly alarm: boolean;
  readonly fault: boolean;
  readonly tamper: boolean;
  /** When a new battery was last seen, in seconds since 1970 (UTC); 0 where that is not known. */
  readonly batteryAtS: number;
}

export const freshLife: DeviceLife = {
  missing: false,
  low: false,
  alarm: false,
  fault: false,
  tamper: false,
  batteryAtS: 0,
};

/** What changes of a life; what is absent stays. */
export interface LifeChange {
  readonly missing?: boolean;
  readonly low?: boolean;
  readonly alarm?: boolean;
  readonly fault?: boolean;
  readonly tamper?: boolean;
  readonly batteryAtS?: number;
}

const lifeLength = 5;

export class DeviceLives {
  private readonly records: Records;
  private readonly lives: (DeviceLife | undefined)[];

  constructor(records: Records) {
    this.records = records;
    this.lives = [];
  }

  lifeOf(place: number): DeviceLife {
    const known = this.lives[place];
    if (known !== undefined) return known;
    const bytes = this.records.read(deviceLifeKind, place);
    const life = bytes === undefined || bytes.length < lifeLength ? freshLife : decodeLife(bytes);
    this.lives[place] = life;
    return life;
  }

  /** Writes only what is new. */
  change(place: number, change: LifeChange): void {
    const before = this.lifeOf(place);
    const after: DeviceLife = Object.assign({}, before, change);
    const same = after.missing === before.missing && after.low === before.low && after.batteryAtS === before.batteryAtS;
    if (same && after.alarm === before.alarm && after.fault === before.fault && after.tamper === before.tamper) return;
    this.lives[place] = after;
    this.records.write(deviceLifeKind, place, encodeLife(after));
  }

  /** Another device has the place now. */
  renew(place: number): void {
    this.change(place, freshLife);
  }
}

function encodeLife(life: DeviceLife): Uint8Array {
  const bytes = new Uint8Array(lifeLength);
  const to = new Writer(bytes);
  const state = (life.alarm ? 4 : 0) + (life.fault ? 8 : 0) + (life.tamper ? 16 : 0);
  to.u8((life.missing ? 1 : 0) + (life.low ? 2 : 0) + state);
  to.u32(life.batteryAtS);
  return bytes;
}

function decodeLife(bytes: Uint8Array): DeviceLife {
  const from = new Reader(bytes, 0, bytes.length);
  const flags = from.u8();
  return {
    missing: (flags & 1) !== 0,
    low: (flags & 2) !== 0,
    alarm: (flags & 4) !== 0,
    fault: (flags & 8) !== 0,
    tamper: (flags & 16) !== 0,
    batteryAtS: from.u32(),
  };
}
