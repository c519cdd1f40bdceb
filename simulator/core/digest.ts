/**
 * The fingerprint of a run: every byte on every wire with its instant, and every effect. Each lane (a unit, a button, a
 * receiver, the world) is hashed by itself, so that playing units in batches or on several processes changes nothing.
 */
import { createHash } from "node:crypto";

/** What is left of a lane at the end; plain, so that worker processes can hand it over. */
export interface LaneResult {
  readonly name: string;
  /** Two 32-bit halves of the hash. */
  readonly high: number;
  readonly low: number;
  /** How many bytes() and effect() calls went in. */
  readonly count: number;
}

const deepest = 16;
const twoTo32 = 2 ** 32;
const tag = { bytes: 1, effect: 2, whole: 3, fraction: 4, text: 5, yes: 6, no: 7, none: 8, list: 9, object: 10 };

/** One lane. Two 32-bit hashes run side by side; each step can be undone, so that one word changed always shows. */
export class Lane {
  readonly name: string;
  private high: number;
  private low: number;
  private count: number;

  constructor(name: string) {
    this.name = name;
    this.high = 0x6a09e667;
    this.low = 0x3c6ef372;
    this.count = 0;
  }

  /** These bytes passed on `wire` (such as "modem line, to modem") at this instant. */
  bytes(instantMs: number, wire: string, bytes: Uint8Array): void {
    this.count += 1;
    this.word(tag.bytes);
    this.whole(instantMs);
    this.text(wire);
    this.raw(bytes);
  }

  /** `machine` gave this effect at this instant. Plain values only; throws on nesting beyond 16. */
  effect(instantMs: number, machine: string, effect: object): void {
    this.count += 1;
    this.word(tag.effect);
    this.whole(instantMs);
    this.text(machine);
    this.value(effect, 0);
  }

  result(): LaneResult {
    return { name: this.name, high: this.high >>> 0, low: this.low >>> 0, count: this.count };
  }

  private word(word: number): void {
    const high = Math.imul(this.high ^ word, 0x9e3779b1);
    const low = Math.imul(this.low ^ word, 0x85ebca6b);
    this.high = (high << 13) | (high >>> 19);
    this.low = (((low << 17) | (low >>> 15)) + this.high) | 0;
  }

  private whole(value: number): void {
    this.word(value);
    this.word(Math.floor(value / twoTo32));
  }

  private text(text: string): void {
    const length = text.length;
    this.word(length);
    let i = 0;
    for (; i + 1 < length; i += 2) this.word(text.charCodeAt(i) | (text.charCodeAt(i + 1) << 16));
    if (i < length) this.word(text.charCodeAt(i));
  }

  private raw(bytes: Uint8Array): void {
    const length = bytes.length;
    this.word(length);
    let high = this.high;
    let low = this.low;
    for (let i = 0; i < length; i += 4) {
      let word = bytes[i] as number;
      if (i + 3 < length) {
        word |= ((bytes[i + 1] as number) << 8) | ((bytes[i + 2] as number) << 16) | ((bytes[i + 3] as number) << 24);
      } else {
        if (i + 1 < length) word |= (bytes[i + 1] as number) << 8;
        if (i + 2 < length) word |= (bytes[i + 2] as number) << 16;
      }
      high = Math.imul(high ^ word, 0x9e3779b1);
      low = Math.imul(low ^ word, 0x85ebca6b);
      high = (high << 13) | (high >>> 19);
      low = (((low << 17) | (low >>> 15)) + high) | 0;
    }
    this.high = high;
    this.low = low;
  }

  private value(value: unknown, depth: number): void {
    switch (typeof value) {
      case "number":
        if (Number.isSafeInteger(value)) {
          this.word(tag.whole);
          this.whole(value);
        } else {
          this.word(tag.fraction);
          scratch[0] = value;
          this.raw(scratchBytes);
        }
        return;
      case "string":
        this.word(tag.text);
        this.text(value);
        return;
      case "boolean":
        this.word(value ? tag.yes : tag.no);
        return;
      case "undefined":
      case "function": // part of the program: the commit says which
        this.word(tag.none);
        return;
      case "object":
        if (value !== null) {
          this.nested(value, depth);
          return;
        }
    }
    throw new Error(`digest: ${value === null ? "null" : typeof value} is not a plain value`);
  }

  private nested(value: object, depth: number): void {
    if (depth >= deepest) throw new Error(`digest: nested deeper than ${deepest}`);
    if (value instanceof Uint8Array) {
      this.word(tag.bytes);
      this.raw(value);
    } else if (Array.isArray(value)) {
      this.word(tag.list);
      this.word(value.length);
      for (let i = 0; i < value.length; i++) this.value(value[i], depth + 1);
    } else {
      this.word(tag.object);
      for (const key in value) {
        this.text(key);
        this.value((value as Record<string, unknown>)[key], depth + 1);
      }
      this.word(-1); // no key is that long, so that the next value is never taken for a further key
    }
  }
}

const scratch = new Float64Array(1);
const scratchBytes = new Uint8Array(scratch.buffer);

export class Digest {
  private readonly lanes: Map<string, Lane>;
  private readonly absorbed: LaneResult[];

  constructor() {
    this.lanes = new Map();
    this.absorbed = [];
  }

  /** The lane of this name, made when first asked for. Keep it: it is quicker to hold than to look up. */
  lane(name: string): Lane {
    let lane = this.lanes.get(name);
    if (lane === undefined) {
      lane = new Lane(name);
      this.lanes.set(name, lane);
    }
    return lane;
  }

  /**
   * Takes in the lanes that another process has played. A shared object may come from several, if all saw the same;
   * two lanes of one name that differ are a mistake in the cut, and value() throws.
   */
  absorb(results: readonly LaneResult[]): void {
    for (const result of results) this.absorbed.push(result);
  }

  /** Every lane so far, ordered by name (UTF-16 code units). */
  results(): readonly LaneResult[] {
    const all = [...this.absorbed];
    for (const lane of this.lanes.values()) all.push(lane.result());
    return all.sort((one, other) => (one.name < other.name ? -1 : one.name > other.name ? 1 : 0));
  }

  /** SHA-256 over all lanes in the order of their names, 64 hex digits. A lane that nothing went into does not count. */
  value(): string {
    const hash = createHash("sha256");
    let before = "";
    for (const { name, high, low, count } of this.results()) {
      if (count === 0) continue;
      const line = `${name.length} ${name} ${high} ${low} ${count}\n`;
      if (line === before) continue;
      if (before.startsWith(`${name.length} ${name} `)) throw new Error(`digest: two different lanes ${name}`);
      before = line;
      hash.update(line);
    }
    return hash.digest("hex");
  }
}
