/**
 * Questions to a name server and its answers (RFC 1035 4.1): addresses of both kinds (RFC 3596) and servers of a service (RFC 2782). As much
 * as a unit asks, and no more: what it did not ask for is skipped.
 */
import { Reader } from "../bytes/reader.ts";
import { Writer } from "../bytes/writer.ts";
import { bad, ok, type Result } from "../result.ts";

/** `A`, `AAAA` and `SRV` records. */
export type NameRecordType = "address" | "address6" | "service";

export interface AddressRecord {
  readonly type: "address" | "address6";
  readonly address: string;
  readonly ttlS: number;
}

export interface ServiceRecord {
  readonly type: "service";
  readonly priority: number;
  readonly weight: number;
  readonly port: number;
  /** "." where the service is not to be had. */
  readonly host: string;
  readonly ttlS: number;
}

export type NameRecord = AddressRecord | ServiceRecord;

/** A name with its labels' lengths and the final zero (RFC 1035 2.3.4). */
const longestName = 255;
const longestLabel = 63;
const headerLength = 12;
const questionEnd = 4;
/** Records that are told of one answer; more names of servers than anybody tries. */
export const mostNameRecords = 16;
const mostPointers = 16;
const internet = 1;
const noSuchName = 3;
const dot = 0x2e;

/** Undefined where the name is none: a label empty or longer than 63, the whole longer than 255, or a byte beyond ASCII. */
export function encodeNameQuestion(id: number, name: string, type: NameRecordType): Uint8Array | undefined {
  const to = new Writer(new Uint8Array(headerLength + longestName + questionEnd));
  to.u16(id);
  // A standard query; the server is asked to go on asking (RD).
  to.u16(0x0100);
  to.u16(1);
  to.u16(0);
  to.u16(0);
  to.u16(0);
  if (!putName(name, to)) return undefined;
  to.u16(codeOf(type));
  to.u16(internet);
  return to.overrun ? undefined : to.written();
}

/** The records of the asked type, none where the name or such records do not exist. Faults where it is no answer to that question. */
export function decodeNameAnswer(
  bytes: Uint8Array,
  id: number,
  name: string,
  type: NameRecordType,
): Result<readonly NameRecord[]> {
  const from = new Reader(bytes, 0, bytes.length);
  const heardId = from.u16();
  const flags = from.u16();
  const questions = from.u16();
  const answers = from.u16();
  from.u16();
  from.u16();
  if (from.overrun) return bad({ kind: "truncated", at: from.at });
  if (heardId !== id || flags < 0x8000) return bad({ kind: "not-authentic", at: 0, what: "the answer" });
  const code = flags & 15;
  if (code !== 0 && code !== noSuchName)
    return bad({ kind: "unknown-value", at: 2, field: "response code", value: code });
  const asked = questions === 1 ? takeName(bytes, from) : undefined;
  const isThat = asked !== undefined && asked.toLowerCase() === name.toLowerCase() && from.u16() === codeOf(type);
  if (!isThat || from.u16() !== internet) return bad({ kind: "not-authentic", at: headerLength, what: "the question" });
  const records: NameRecord[] = [];
  for (let i = 0; i < answers && records.length < mostNameRecords; i++) {
    const at = from.at;
    const isRead = takeRecord(bytes, from, type, records);
    if (!isRead) return bad({ kind: "truncated", at });
  }
  return ok(records);
}

/** One record of an answer; kept where it is of the asked type. False where it does not end. */
function takeRecord(bytes: Uint8Array, from: Reader, type: NameRecordType, into: NameRecord[]): boolean {
  if (takeName(bytes, from) === undefined) return false;
  const code = from.u16();
  from.u16();
  const ttlS = from.u32();
  const length = from.u16();
  const end = from.at + length;
  if (from.overrun || end > bytes.length) return false;
  if (code === codeOf(type)) {
    const record = type === "service" ? serviceOf(bytes, from, ttlS) : addressOf(from.view(length), type, ttlS);
    if (record !== undefined) into.push(record);
  }
  from.at = end;
  return true;
}

function serviceOf(bytes: Uint8Array, from: Reader, ttlS: number): NameRecord | undefined {
  const priority = from.u16();
  const weight = from.u16();
  const port = from.u16();
  const host = takeName(bytes, from);
  if (host === undefined) return undefined;
  return { type: "service", priority, weight, port, host: host === "" ? "." : host, ttlS };
}

function addressOf(bytes: Uint8Array, type: "address" | "address6", ttlS: number): NameRecord | undefined {
  if (bytes.length !== (type === "address" ? 4 : 16)) return undefined;
  let address = "";
  if (type === "address") {
    for (let i = 0; i < 4; i++) address += (i === 0 ? "" : ".") + bytes[i];
  } else {
    for (let i = 0; i < 16; i += 2) {
      const group = ((bytes[i] as number) << 8) | (bytes[i + 1] as number);
      address += (i === 0 ? "" : ":") + group.toString(16);
    }
  }
  return { type, address, ttlS };
}

function codeOf(type: NameRecordType): number {
  return type === "address" ? 1 : type === "address6" ? 28 : 33;
}

function putName(name: string, to: Writer): boolean {
  let from = 0;
  for (let i = 0; i <= name.length; i++) {
    if (i < name.length && name.charCodeAt(i) !== dot) continue;
    const length = i - from;
    if (length < 1 || length > longestLabel) return false;
    to.u8(length);
    for (let j = from; j < i; j++) {
      const code = name.charCodeAt(j);
      if (code > 0x7e) return false;
      to.u8(code);
    }
    from = i + 1;
  }
  to.u8(0);
  return !to.overrun;
}

/** The name at the reader, whose place is behind it afterwards; pointers back are followed (RFC 1035 4.1.4). */
function takeName(bytes: Uint8Array, from: Reader): string | undefined {
  let name = "";
  let at = from.at;
  let pointers = 0;
  while (at < bytes.length) {
    const length = bytes[at] as number;
    if (length === 0) {
      if (pointers === 0) from.at = at + 1;
      return name;
    }
    if (length > longestLabel) {
      const low = bytes[at + 1];
      if (length < 0xc0 || low === undefined || pointers >= mostPointers) return undefined;
      if (pointers === 0) from.at = at + 2;
      pointers++;
      at = ((length & 0x3f) << 8) | low;
      continue;
    }
    if (at + 1 + length > bytes.length || name.length + 1 + length > longestName) return undefined;
    if (name !== "") name += ".";
    for (let i = 1; i <= length; i++) name += String.fromCharCode(bytes[at + i] as number);
    at += 1 + length;
  }
  return undefined;
}
