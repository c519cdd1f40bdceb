/** One place of the table of bonds as the radio sees it: one key, or two while a pairing is on trial (radio 7.3), and what was heard under each. */
import { Reader } from "../../protocol/bytes/reader.ts";
import { Writer } from "../../protocol/bytes/writer.ts";
import type { BlockCipher } from "../../protocol/radio/block-cipher.ts";
import { keyCheck } from "../../protocol/radio/bond-frame.ts";
import type { Secrets } from "../ports/secrets.ts";
import type { Records } from "../radio-counters.ts";
import { bondHeardKind } from "../storage/record-kinds.ts";
import type { AnswerRank } from "./answer-queue.ts";
import type { Bond, BondMemory } from "./bonds.ts";
import { bondLimit, noMemory, pressSeries, remembered } from "./bonds.ts";
import type { HeardFrame } from "./heard-frame.ts";
import { openHeard } from "./heard-frame.ts";

export interface HeldKey {
  readonly cipher: BlockCipher;
  /** Tells this address under this key from any other, without telling the key. */
  readonly check: number;
  /** Not called under yet. */
  readonly fresh: boolean;
  memory: BondMemory;
}

export interface OpenedFrame {
  readonly key: HeldKey;
  readonly frame: HeardFrame;
}

export class RadioPlace {
  readonly bond: Bond;
  /** The fresh one first. */
  readonly keys: readonly HeldKey[];
  /** The key of the newest frame: answers go out under it. */
  under: HeldKey;
  /** When the newest frame of this life ended, and what kind of answer it waits for. */
  heardAtMs: number | undefined;
  rank: AnswerRank;
  revokedToldAtMs: number | undefined;
  private readonly records: Records;
  private readonly place: number;

  /** What was heard under a key that `before` holds too goes on; of any other key, what the journal says. */
  constructor(place: number, bond: Bond, secrets: Secrets, records: Records, before: RadioPlace | undefined) {
    this.place = place;
    this.bond = bond;
    this.records = records;
    const current = this.hold(bond.key, false, secrets, before);
    this.keys = bond.freshKey === undefined ? [current] : [this.hold(bond.freshKey, true, secrets, before), current];
    this.under = current;
    const same = before !== undefined && before.bond.address === bond.address;
    this.heardAtMs = same ? before.heardAtMs : undefined;
    this.rank = same ? before.rank : 0;
    this.revokedToldAtMs = same ? before.revokedToldAtMs : undefined;
    if (same) for (const key of this.keys) if (key.check === before.under.check) this.under = key;
  }

  /** Undefined where no key of this place proves the frame. */
  open(bytes: Uint8Array): OpenedFrame | undefined {
    for (const key of this.keys) {
      const frame = openHeard(key.cipher, bytes);
      if (frame.ok) return { key, frame: frame.value };
    }
    return undefined;
  }

  /** Writes down what was heard under the key of the newest frame: check, counter, name of the press; then code and name of each other series. */
  keep(): void {
    const memory = this.under.memory;
    const bytes = new Uint8Array(headLength + memory.series.length * rowLength);
    const to = new Writer(bytes);
    to.u32(this.under.check);
    to.u32(memory.counter);
    let pressName = 0;
    for (const series of memory.series) if (series.code === pressSeries) pressName = series.name;
    to.u32(pressName);
    for (const series of memory.series) {
      if (series.code === pressSeries || series.step === undefined) continue;
      to.u8(series.code);
      to.u32(series.name);
    }
    this.records.write(bondHeardKind, keyOf(this.place, this.under.fresh), to.written());
  }

  private hold(key: Uint8Array, fresh: boolean, secrets: Secrets, before: RadioPlace | undefined): HeldKey {
    const cipher = secrets.aes(key);
    const check = keyCheck(cipher, this.bond.address);
    if (before !== undefined)
      for (const known of before.keys) if (known.check === check) return { cipher, check, fresh, memory: known.memory };
    const memory = this.recall(keyOf(this.place, fresh), check) ?? this.recall(keyOf(this.place, !fresh), check);
    return { cipher, check, fresh, memory: memory ?? noMemory };
  }

  /** A device that was paired anew has a new key and may count from 1 again, so the record of its former key does not count. */
  private recall(recordKey: number, check: number): BondMemory | undefined {
    const stored = this.records.read(bondHeardKind, recordKey);
    if (stored === undefined || stored.length < headLength) return undefined;
    const from = new Reader(stored, 0, stored.length);
    if (from.u32() !== check) return undefined;
    const counter = from.u32();
    const pressName = from.u32();
    let memory =
      pressName === 0 ? { counter, series: [] } : remembered(noMemory, counter, pressSeries, pressName, "received");
    while (from.left >= rowLength) {
      const code = from.u8();
      memory = remembered(memory, counter, code, from.u32(), "received");
    }
    return memory;
  }
}

const headLength = 12;
const rowLength = 5;

/** Key of the record: the place, and as many above for a key on trial. */
function keyOf(place: number, fresh: boolean): number {
  return fresh ? place + bondLimit : place;
}
