/**
 * Short messages as a modem in PDU mode gives and takes them (3GPP 23.040 9.2.2.1 SMS-DELIVER, 9.2.2.2 SMS-SUBMIT), with the
 * service centre in front (27.005 3.1).
 */
import type { Reader } from "../bytes/reader.ts";
import { readerOf } from "../bytes/reader.ts";
import { Writer } from "../bytes/writer.ts";
import type { Result } from "../result.ts";
import { bad, ok } from "../result.ts";
import { packSeptets, septetsOf, textOfSeptets, textOfUcs2, ucs2, unpackSeptets } from "./sms-alphabet.ts";
import {
  isNumber,
  isSmsAddress,
  minutesOf,
  readAddress,
  readCenter,
  readStamp,
  validityOf,
  writeAddress,
  writeCenter,
  writeStamp,
} from "./sms-fields.ts";

/** One of several messages that make one text (23.040 9.2.3.24.1 and .8). */
export interface SmsPart {
  /** 0 to 255; what is decoded may be up to 65,535. */
  readonly reference: number;
  readonly count: number;
  /** From 1 on. */
  readonly index: number;
}

export interface SmsDeliver {
  readonly kind: "deliver";
  /** The service centre, "+46..." or "". */
  readonly center: string;
  /** A number with or without "+", or a name of letters. */
  readonly from: string;
  /** When the service centre took it, in ms since 1970, and its zone in quarter hours. */
  readonly sentMs: number;
  /** Letters; of a message of plain bytes one character a byte. */
  readonly text: string;
  readonly part: SmsPart | undefined;
}

export interface SmsSubmit {
  readonly kind: "submit";
  readonly center: string;
  readonly to: string;
  /** 0 to 255; a modem puts its own in place of 0. */
  readonly reference: number;
  /** The service centre gives up after this time; undefined leaves it to the network. */
  readonly validMinutes: number | undefined;
  readonly reportWanted: boolean;
  readonly text: string;
  readonly part: SmsPart | undefined;
}

export type SmsMessage = SmsDeliver | SmsSubmit;

type Alphabet = "gsm" | "bytes" | "ucs2";

interface UserData {
  readonly text: string;
  readonly part: SmsPart | undefined;
}

const longestPdu = 176;
const dataLimit = 140;
const septetLimit = 160;
const partHeader = 6;

/** Its bytes; too-long where the text does not fit into one message, unknown-value where an address cannot be written. */
export function encodeSms(message: SmsMessage): Result<Uint8Array> {
  const to = new Writer(new Uint8Array(longestPdu));
  const address = message.kind === "deliver" ? message.from : message.to;
  if (message.center !== "" && (!isNumber(message.center) || message.center.length > 21))
    return bad({ kind: "unknown-value", at: 0, field: "center", value: message.center });
  if (!isSmsAddress(address)) return bad({ kind: "unknown-value", at: 0, field: "address", value: address });
  writeCenter(message.center, to);
  const hasHeader = message.part === undefined ? 0 : 0x40;
  if (message.kind === "deliver") {
    to.u8(0x04 | hasHeader);
    writeAddress(address, to);
  } else {
    to.u8(0x01 | hasHeader | (message.validMinutes === undefined ? 0 : 0x10) | (message.reportWanted ? 0x20 : 0));
    to.u8(message.reference);
    writeAddress(address, to);
  }
  const septets = septetsOf(message.text);
  to.u8(0);
  to.u8(septets === undefined ? 8 : 0);
  if (message.kind === "deliver") writeStamp(message.sentMs, 0, to);
  else if (message.validMinutes !== undefined) to.u8(validityOf(message.validMinutes));
  return writeUserData(message, septets, to);
}

function writeUserData(message: SmsMessage, septets: Uint8Array | undefined, to: Writer): Result<Uint8Array> {
  const part = message.part;
  const header = part === undefined ? 0 : partHeader;
  const headerSeptets = part === undefined ? 0 : 7;
  const data = septets === undefined ? ucs2(message.text) : packSeptets(septets, header === 0 ? 0 : 1);
  const limit = septets === undefined ? Math.floor((dataLimit - header) / 2) : septetLimit - headerSeptets;
  if ((septets === undefined ? message.text.length : septets.length) > limit)
    return bad({ kind: "too-long", at: 0, what: "text", limit });
  to.u8(septets === undefined ? header + data.length : headerSeptets + septets.length);
  if (part !== undefined) {
    to.u8(partHeader - 1);
    to.u8(0);
    to.u8(3);
    to.u8(part.reference);
    to.u8(part.count);
    to.u8(part.index);
  }
  to.put(data);
  return ok(to.written());
}

/** Octets without the service centre, as AT+CMGS counts them (27.005 4.3). */
export function lengthForModem(pdu: Uint8Array): number {
  return pdu.length - 1 - (pdu[0] as number);
}

/** A message that a modem has received. */
export function decodeDeliver(pdu: Uint8Array): Result<SmsDeliver> {
  const from = readerOf(pdu);
  const center = readCenter(from);
  const first = from.u8();
  const address = readAddress(from);
  if (center === undefined || address === undefined) return tooLong(from, "address");
  if (!from.overrun && (first & 3) !== 0) return unknownKind(from, first);
  from.u8();
  const coding = from.u8();
  const sentMs = readStamp(from);
  if (from.overrun) return bad({ kind: "truncated", at: from.at });
  if (sentMs === undefined) return bad({ kind: "malformed", at: from.at, what: "the time stamp is no date" });
  const data = readUserData(from, coding, (first & 0x40) !== 0);
  if (!data.ok) return data;
  return ok({ kind: "deliver", center, from: address, sentMs, text: data.value.text, part: data.value.part });
}

/** A message that a device hands to its modem; a validity of another form than the relative one is read over. */
export function decodeSubmit(pdu: Uint8Array): Result<SmsSubmit> {
  const from = readerOf(pdu);
  const center = readCenter(from);
  const first = from.u8();
  const reference = from.u8();
  const address = readAddress(from);
  if (center === undefined || address === undefined) return tooLong(from, "address");
  if (!from.overrun && (first & 3) !== 1) return unknownKind(from, first);
  from.u8();
  const coding = from.u8();
  const form = (first >> 3) & 3;
  const validMinutes = form === 2 ? minutesOf(from.u8()) : undefined;
  if (form === 1 || form === 3) from.view(7);
  if (from.overrun) return bad({ kind: "truncated", at: from.at });
  const data = readUserData(from, coding, (first & 0x40) !== 0);
  if (!data.ok) return data;
  return ok({
    kind: "submit",
    center,
    to: address,
    reference,
    validMinutes,
    reportWanted: (first & 0x20) !== 0,
    text: data.value.text,
    part: data.value.part,
  });
}

function tooLong<T>(from: Reader, what: string): Result<T> {
  return bad({ kind: "too-long", at: from.at, what, limit: 20 });
}

function unknownKind<T>(from: Reader, first: number): Result<T> {
  return bad({ kind: "unknown-value", at: from.at, field: "message type", value: first & 3 });
}

/** The data coding scheme (23.038 4); undefined where it is compressed or reserved. */
function alphabetOf(coding: number): Alphabet | undefined {
  const group = coding >> 4;
  if (group < 8) {
    if ((coding & 0x20) !== 0) return undefined;
    const alphabet = (coding >> 2) & 3;
    return alphabet === 0 ? "gsm" : alphabet === 1 ? "bytes" : alphabet === 2 ? "ucs2" : undefined;
  }
  if (group === 15) return (coding & 4) === 0 ? "gsm" : "bytes";
  return group === 14 ? "ucs2" : group >= 12 ? "gsm" : undefined;
}

function readUserData(from: Reader, coding: number, hasHeader: boolean): Result<UserData> {
  const alphabet = alphabetOf(coding);
  if (alphabet === undefined) return bad({ kind: "unknown-value", at: from.at, field: "data coding", value: coding });
  const length = from.u8();
  const isGsm = alphabet === "gsm";
  const limit = isGsm ? septetLimit : dataLimit;
  if (length > limit) return bad({ kind: "too-long", at: from.at, what: "user data", limit });
  const bytes = from.view(isGsm ? Math.floor((length * 7 + 7) / 8) : length);
  if (from.overrun) return bad({ kind: "truncated", at: from.at });
  const header = hasHeader && bytes.length > 0 ? 1 + (bytes[0] as number) : 0;
  if (header > bytes.length) return bad({ kind: "malformed", at: from.at, what: "the header is longer than the data" });
  const part = header === 0 ? undefined : partOf(bytes.subarray(1, header));
  if (!isGsm) {
    const rest = bytes.subarray(header);
    return ok({ text: alphabet === "ucs2" ? textOfUcs2(rest) : plainText(rest), part });
  }
  // Letters begin at the next whole septet behind the header.
  const headerSeptets = Math.floor((header * 8 + 6) / 7);
  const fillBits = headerSeptets * 7 - header * 8;
  const count = Math.max(0, length - headerSeptets);
  return ok({ text: textOfSeptets(unpackSeptets(bytes.subarray(header), count, fillBits)), part });
}

function plainText(bytes: Uint8Array): string {
  let text = "";
  for (let i = 0; i < bytes.length; i++) text += String.fromCharCode(bytes[i] as number);
  return text;
}

/** The element that says which part this is, with a reference of one byte (0) or two (8); others are read over. */
function partOf(elements: Uint8Array): SmsPart | undefined {
  let at = 0;
  while (at + 2 <= elements.length) {
    const kind = elements[at] as number;
    const length = elements[at + 1] as number;
    const wide = kind === 8 ? 1 : 0;
    if ((kind === 0 || kind === 8) && length === 3 + wide && at + 2 + length <= elements.length) {
      const first = elements[at + 2] as number;
      const reference = wide === 0 ? first : (first << 8) | (elements[at + 3] as number);
      return {
        reference,
        count: elements[at + 3 + wide] as number,
        index: elements[at + 4 + wide] as number,
      };
    }
    at += 2 + length;
  }
  return undefined;
}
