/**
 * Fresh counters: whatever a device of the radio seals, it seals under a counter that it has never used for anything else (radio
 * 2.2): a nonce that comes twice gives the key's work away. A frame that goes out again is the same to the byte.
 */
import { decodeEnvelope, isFromUnit } from "../../protocol/radio/envelope.ts";
import { requestCode } from "../../protocol/radio/pairing.ts";
import type { CheckerVerdict } from "../record/run-result.ts";
import { type Checker, Findings, instant } from "./checker.ts";

export const freshCountersCheck = "fresh-counters";

/** Frames of one device and address that are still known; older ones cannot be compared any more. */
const followedLimit = 256;

export class FreshCounters implements Checker {
  /** By sender, direction and address: what was sealed under each counter, as text. */
  private readonly sealed: Map<string, Map<number, string>>;
  private readonly findings: Findings;

  constructor() {
    this.sealed = new Map();
    this.findings = new Findings();
  }

  radioed(atMs: number, sender: string, bytes: Uint8Array): void {
    const header = decodeEnvelope(bytes);
    if (!header.ok || !isSealed(header.value.code)) return;
    const { address, code, counter } = header.value;
    const key = `${sender} ${isFromUnit(code)} ${address}`;
    const known = this.sealed.get(key) ?? new Map<number, string>();
    this.sealed.set(key, known);
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
    const before = known.get(counter);
    if (before !== undefined && before !== text)
      this.findings.add(`${sender}, ${instant(atMs)}: counter ${counter} sealed a second content`);
    known.set(counter, text);
    if (known.size > followedLimit) known.delete(known.keys().next().value as number);
  }

  verdict(): CheckerVerdict {
    return this.findings.verdict(freshCountersCheck, "no device of the radio seals two contents under one counter");
  }
}

/** What belongs to pairing travels in the open, or under keys of its own. Bit 7 is the direction. */
function isSealed(code: number): boolean {
  return (code & 0x7f) < requestCode;
}
