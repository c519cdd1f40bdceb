/**
 * Fresh counters: whatever a device of the radio seals, it seals under a counter that it has never used for anything else (radio
 * 2.2): a nonce that comes twice gives the key's work away. A frame that goes out again is the same to the byte. Unit and device count
 * each for itself, so that no frame of one may open under a nonce of the other; and what a unit seals, its head with it, another
 * library opens. A call that a unit has answered it answers for ten minutes, while its device may still ask (radio 5.4), and all else once: whoever plays
 * it again hears nothing. What came before the newest press that it has answered it never answers again, after a restart neither.
 */

import { accessoryEventFrame } from "../../protocol/radio/accessory-event.ts";
import { buttonPress, sentPress } from "../../protocol/radio/button-press.ts";
import { decodeEnvelope, isFromUnit, openAs } from "../../protocol/radio/envelope.ts";
import { sentFall } from "../../protocol/radio/fall.ts";
import { nameOf } from "../../protocol/radio/names.ts";
import { requestCode } from "../../protocol/radio/pairing.ts";
import { aesBlock } from "../node-aes.ts";
import type { CheckerVerdict } from "../record/run-result.ts";
import type { Resident } from "../residents.ts";
import { type Checker, Findings, instant } from "./checker.ts";
import { opensAs } from "./second-reading.ts";

export const freshCountersCheck = "fresh-counters";

/** Frames of one device and address that are still known; older ones cannot be compared any more. */
const followedLimit = 256;
/** From the beginning of a frame to the last instant at which its answer begins: after that its device listens no longer. */
const listensMs = 450;
const callAnsweredForMs = 600_000;

interface Asked {
  readonly atMs: number;
  readonly counter: number;
  readonly answeredForMs: number;
  /** The press that it tells, by the counter of its first frame; 0: none, or one that nobody here can read. */
  readonly press: number;
}

export class FreshCounters implements Checker {
  /** By sender, direction and address: what was sealed under each counter, as text. */
  private readonly sealed: Map<string, Map<number, string>>;
  /** By address: frames that may just now be answered. */
  private readonly asked: Map<number, readonly Asked[]>;
  /** Units by their names on the air. */
  private readonly places: ReadonlyMap<string, number>;
  /** By unit and address: when each counter was answered first, as far as the unit remembers. */
  private readonly answered: Map<number, Map<number, number>>[];
  /** By unit and address: the newest press that was answered, in whichever of its lives. */
  private readonly presses: Map<number, number>[];
  /** By address: the keys that the homes were given. */
  private readonly keys: ReadonlyMap<number, Uint8Array>;
  /** Addresses that may have been given another key since. */
  private readonly rekeyed: Set<number>;
  private readonly findings: Findings;

  constructor(residents: readonly Pick<Resident, "name" | "bonds">[]) {
    this.sealed = new Map();
    this.asked = new Map();
    this.answered = residents.map(() => new Map());
    this.presses = residents.map(() => new Map());
    this.keys = new Map(residents.flatMap(({ bonds }) => bonds.map(({ address, key }) => [address, key])));
    this.rekeyed = new Set();
    this.places = new Map(residents.map(({ name }, index) => [`unit ${name}`, index]));
    this.findings = new Findings();
  }

  /** Of its devices' counters it knows only what it has kept. */
  started(_atMs: number, unit: number): void {
    this.answered[unit]?.clear();
  }

  radioed(atMs: number, sender: string, bytes: Uint8Array): void {
    const header = decodeEnvelope(bytes);
    if (!header.ok) return;
    const { address, code, counter } = header.value;
    const unit = this.places.get(sender);
    if (!isSealed(code)) {
      // Under a new key a device may begin anew.
      if (unit === undefined) return;
      this.rekeyed.add(address);
      this.answered[unit]?.clear();
      this.presses[unit]?.clear();
      return;
    }
    if (!isFromUnit(code)) {
      const press = code === sentPress.code ? this.pressIn(address, bytes) : 0;
      const frame = { atMs, counter, answeredForMs: answeredForMs(code), press };
      this.asked.set(address, [...this.askedNow(atMs, address), frame]);
    } else if (unit !== undefined) {
      this.answers(atMs, unit, sender, address);
      this.readAgain(atMs, sender, address, counter, bytes);
    }
    const key = `${sender} ${isFromUnit(code)} ${address}`;
    const known = this.sealed.get(key) ?? new Map<number, string>();
    this.sealed.set(key, known);
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
    const before = known.get(counter);
    if (before !== undefined && before !== text)
      this.findings.add(`${sender}, ${instant(atMs)}: counter ${counter} sealed a second content`);
    known.set(counter, text);
    trim(known);
  }

  verdict(): CheckerVerdict {
    return this.findings.verdict(
      freshCountersCheck,
      "no device of the radio seals two contents under one counter, or under another's nonces, and no unit answers what is long over",
    );
  }

  private readAgain(atMs: number, sender: string, address: number, counter: number, bytes: Uint8Array): void {
    const key = this.keys.get(address);
    if (key === undefined) return;
    const what = `${sender}, ${instant(atMs)}: counter ${counter}`;
    if (opensAs("device", key, bytes)) this.findings.add(`${what} is sealed under its device's nonce`);
    else if (!this.rekeyed.has(address) && !opensAs("unit", key, bytes))
      this.findings.add(`${what} does not open, with its head, for another library`);
  }

  private pressIn(address: number, bytes: Uint8Array): number {
    const key = this.keys.get(address);
    if (key === undefined) return 0;
    const press = openAs({ code: sentPress.code, codec: buttonPress }, aesBlock(key), bytes);
    return press.ok ? nameOf(press.value.counter, press.value.value.nameDistance) : 0;
  }

  private askedNow(atMs: number, address: number): readonly Asked[] {
    return (this.asked.get(address) ?? []).filter((frame) => atMs - frame.atMs <= listensMs);
  }

  /** It answers one of the frames that are just now waited upon. */
  private answers(atMs: number, unit: number, sender: string, address: number): void {
    const frames = this.askedNow(atMs, address);
    const known = this.answered[unit]?.get(address) ?? new Map<number, number>();
    this.answered[unit]?.set(address, known);
    const presses = this.presses[unit];
    const newest = presses?.get(address) ?? 0;
    const isOld = ({ counter, answeredForMs }: Asked): boolean =>
      counter < newest || atMs - (known.get(counter) ?? atMs) > answeredForMs;
    if (frames.length > 0 && frames.every(isOld))
      this.findings.add(`${sender}, ${instant(atMs)}: counter ${frames[0]?.counter} is answered once more`);
    for (const { counter } of frames) if (!known.has(counter)) known.set(counter, atMs);
    trim(known);
    const [only] = frames;
    if (frames.length === 1 && only !== undefined) presses?.set(address, Math.max(newest, only.press));
  }
}

/** Copies of a call are answered for a while; what asks or reports is answered as long as its device listens. */
function answeredForMs(code: number): number {
  const isCall = code === sentPress.code || code === sentFall.code || code === accessoryEventFrame.code;
  return isCall ? callAnsweredForMs : listensMs;
}

function trim(known: Map<number, unknown>): void {
  if (known.size > followedLimit) known.delete(known.keys().next().value as number);
}

/** What belongs to pairing travels in the open, or under keys of its own. Bit 7 is the direction. */
function isSealed(code: number): boolean {
  return (code & 0x7f) < requestCode;
}
