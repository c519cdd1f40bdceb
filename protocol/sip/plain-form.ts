/**
 * The plain form of a message's parts (RFC 3261 25.1): the form in which we write them, and most others do too. It is a part
 * of the grammar that can be walked over its bytes without a text being made. Each function answers the offset behind its
 * part, or -1 where the part is missing, wrong, or merely written in another way: then `draft.ts` reads the whole message.
 */
import { ascii } from "../text/utf8.ts";

const blank = 0x20;
const percent = 0x25;
const dot = 0x2e;
const zero = 0x30;
const colon = 0x3a;
const semicolon = 0x3b;
const open = 0x3c;
const close = 0x3e;
const at = 0x40;
const portLimit = 65535;

/** What a byte may be part of; each a bit. */
export const tokenByte = 1;
export const hostByte = 2;
export const userByte = 4;
const uriParamByte = 8;
/** Anything that can be seen, and no blank. */
export const visibleByte = 16;

/** The offset behind the bytes of one kind that begin at `from`, which is `from` itself where there is none. */
export function runEnd(bytes: Uint8Array, from: number, kind: number): number {
  let i = from;
  while (i < bytes.length && ((kinds[bytes[i] as number] as number) & kind) !== 0) i++;
  return i;
}

/** The offset behind `word`, or -1 where something else stands at `from`. */
export function wordEnd(bytes: Uint8Array, from: number, word: Uint8Array): number {
  for (let i = 0; i < word.length; i++) if (bytes[from + i] !== word[i]) return -1;
  return from + word.length;
}

/** The offset behind up to nine digits. */
export function digitsEnd(bytes: Uint8Array, from: number): number {
  let i = from;
  while (i < bytes.length && isDigit(bytes[i] as number)) i++;
  return i > from && i - from <= 9 ? i : -1;
}

/** The number that the digits between two offsets say. */
export function numberIn(bytes: Uint8Array, start: number, end: number): number {
  let value = 0;
  for (let i = start; i < end; i++) value = value * 10 + (bytes[i] as number) - zero;
  return value;
}

/** `sip:user@host:port;parameters`, the user, the port and the parameters left out or not (19.1); `sips` and IPv6 are not plain. */
export function uriEnd(bytes: Uint8Array, from: number): number {
  const start = wordEnd(bytes, from, sipScheme);
  if (start < 0) return -1;
  const sign = runEnd(bytes, start, userByte);
  const hasUser = sign > start && bytes[sign] === at;
  const end = hostPortEnd(bytes, hasUser ? sign + 1 : start);
  if (end < 0 || bytes[end] !== semicolon) return end;
  return runEnd(bytes, end + 1, uriParamByte);
}

/** `host` or `host:port`, the host a name or an IPv4 address. */
export function hostPortEnd(bytes: Uint8Array, from: number): number {
  const end = runEnd(bytes, from, hostByte);
  if (end === from) return -1;
  if (bytes[end] !== colon) return end;
  const behind = digitsEnd(bytes, end + 1);
  if (behind < 0) return -1;
  const port = numberIn(bytes, end + 1, behind);
  return port > 0 && port <= portLimit ? behind : -1;
}

/** `<uri>` or `<uri>;tag=token`: From and To (20.20, 20.39). */
export function addressEnd(bytes: Uint8Array, from: number): number {
  if (bytes[from] !== open) return -1;
  const end = uriEnd(bytes, from + 1);
  if (end < 0 || bytes[end] !== close) return -1;
  if (bytes[end + 1] !== semicolon) return end + 1;
  const tag = wordEnd(bytes, end + 1, tagParam);
  if (tag < 0) return -1;
  const behind = runEnd(bytes, tag, tokenByte);
  return behind === tag ? -1 : behind;
}

/** `SIP/2.0/UDP host:port` with `rport`, `branch` and `received` in any order, each once at most: one hop of Via (20.42, RFC 3581). */
export function viaEnd(bytes: Uint8Array, from: number): number {
  const transport = wordEnd(bytes, from, viaProtocol);
  if (transport < 0) return -1;
  const host = runEnd(bytes, transport, tokenByte);
  if (host === transport || bytes[host] !== blank) return -1;
  let end = hostPortEnd(bytes, host + 1);
  let met = 0;
  while (end >= 0 && bytes[end] === semicolon) {
    const which = viaParamAt(bytes, end + 1);
    if (which === 0 || (met & which) !== 0) return -1;
    met |= which;
    end = viaParamEnd(bytes, end + 1, which);
  }
  return end;
}

/** The parameters of Via that are plain; each a bit. */
export const rportParam = 1;
export const branchParam = 2;
export const receivedParam = 4;

/** Which parameter begins at `from`; 0 for any other. */
export function viaParamAt(bytes: Uint8Array, from: number): number {
  if (wordEnd(bytes, from, branchMark) >= 0) return branchParam;
  if (wordEnd(bytes, from, rportMark) >= 0) return rportParam;
  return wordEnd(bytes, from, receivedMark) >= 0 ? receivedParam : 0;
}

/** Where the value of that parameter begins: behind its `=`. A `rport` may have none: then this is its end. */
export function viaValueStart(bytes: Uint8Array, from: number, which: number): number {
  if (which === branchParam) return from + branchMark.length;
  if (which === receivedParam) return from + receivedMark.length;
  const end = from + rportMark.length;
  return bytes[end] === equals ? end + 1 : end;
}

/** The offset behind that parameter. */
export function viaParamEnd(bytes: Uint8Array, from: number, which: number): number {
  const start = viaValueStart(bytes, from, which);
  if (which === rportParam) {
    if (bytes[start - 1] !== equals) return isParamEnd(bytes[start]) ? start : -1;
    const end = digitsEnd(bytes, start);
    return end >= 0 && numberIn(bytes, start, end) <= portLimit ? end : -1;
  }
  const end = runEnd(bytes, start, tokenByte);
  return end === start ? -1 : end;
}

const equals = 0x3d;

function isParamEnd(byte: number | undefined): boolean {
  return byte === semicolon || byte === 0x0d;
}

function isDigit(byte: number): boolean {
  return byte >= zero && byte <= zero + 9;
}

function isLetter(byte: number): boolean {
  const small = byte | 0x20;
  return small >= 0x61 && small <= 0x7a;
}

function kindsOf(byte: number): number {
  if (byte <= blank || byte >= 0x7f) return 0;
  let kind = visibleByte;
  const isName = isLetter(byte) || isDigit(byte);
  if (isName || byte === 0x2d || byte === dot) kind |= hostByte;
  if (isName || tokenMarks.indexOf(String.fromCharCode(byte)) >= 0) kind |= tokenByte | userByte | uriParamByte;
  if (byte === percent || byte === semicolon || byte === equals) kind |= uriParamByte;
  return kind;
}

function kindTable(): Uint8Array {
  const table = new Uint8Array(256);
  for (let byte = 0; byte < table.length; byte++) table[byte] = kindsOf(byte);
  return table;
}

const tokenMarks = "-.!%*_+`'~";
const kinds = kindTable();
const sipScheme = ascii("sip:");
const tagParam = ascii(";tag=");
const viaProtocol = ascii("SIP/2.0/");
const branchMark = ascii("branch=");
const rportMark = ascii("rport");
const receivedMark = ascii("received=");
