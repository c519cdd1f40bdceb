/** SIP and SIPS addresses (RFC 3261 19.1 and 25.1; IPv6 references with the tolerance of RFC 5118 4.5 and 4.10). */
import type { Result } from "../result.ts";
import { bad, ok } from "../result.ts";
import { textOf } from "../text/utf8.ts";
import type { Param } from "./scan.ts";
import { decimal, isToken } from "./scan.ts";

export interface SipUri {
  /** "sip" or "sips". */
  readonly scheme: string;
  /** With its escapes resolved; undefined where there is no @. */
  readonly user: string | undefined;
  /** A name or address in lower case; IPv6 without its brackets. */
  readonly host: string;
  readonly port: number | undefined;
  /** As written, escapes unresolved. */
  readonly params: readonly Param[];
  /** The part behind `?`, as written. */
  readonly headers: readonly Param[];
}

export interface HostPort {
  /** IPv6 without its brackets. */
  readonly host: string;
  readonly port: number | undefined;
}

const portLimit = 65535;
const partLimit = 32;

/** Reads a sip: or sips: address. A fault's `at` is an offset in `text`. */
export function parseUri(text: string): Result<SipUri> {
  const colon = text.indexOf(":");
  const scheme = colon < 0 ? "" : text.substring(0, colon).toLowerCase();
  if (scheme !== "sip" && scheme !== "sips")
    return bad({ kind: "unknown-value", at: 0, field: "URI scheme", value: scheme });
  const wrong = unfit(text, 0);
  if (wrong >= 0) return bad({ kind: "malformed", at: wrong, what: "a character that no URI may hold" });
  const sign = text.indexOf("@", colon);
  const hostStart = sign < 0 ? colon + 1 : sign + 1;
  const hostEnd = partEnd(text, hostStart);
  const hostPort = readHostPort(text, hostStart, hostEnd);
  if (hostPort === undefined) return bad({ kind: "malformed", at: hostStart, what: "the host of a URI" });
  const user = sign < 0 ? undefined : unescaped(text.substring(colon + 1, sign));
  if (sign >= 0 && (user === undefined || user === ""))
    return bad({ kind: "malformed", at: colon + 1, what: "the user of a URI" });
  const question = text.indexOf("?", hostEnd);
  const params = splitPairs(text, hostEnd + 1, question < 0 ? text.length : question, ";");
  const headers = question < 0 ? [] : splitPairs(text, question + 1, text.length, "&");
  if (params === undefined || headers === undefined)
    return bad({ kind: "malformed", at: hostEnd, what: "the parameters of a URI" });
  return ok({ scheme, user, host: hostPort.host.toLowerCase(), port: hostPort.port, params, headers });
}

/** Whether `text` can stand where a message wants a URI: of any scheme; a SIP one must have a well-formed host. */
export function isUri(text: string): boolean {
  const colon = text.indexOf(":");
  if (colon < 1 || colon === text.length - 1 || unfit(text, 0) >= 0) return false;
  if (!isSip(text, colon)) return isScheme(text, colon);
  const start = text.indexOf("@", colon) + 1 || colon + 1;
  return start !== colon + 2 && readHostPort(text, start, partEnd(text, start)) !== undefined;
}

/** Whether `text` can be a Request-URI: a SIP one carries no headers there (RFC 3261 19.1.1). */
export function isRequestUri(text: string): boolean {
  return isUri(text) && (text.indexOf("?", text.indexOf("@") + 1) < 0 || !isSip(text, text.indexOf(":")));
}

/** Reads `host[:port]`, where blanks may stand around the colon; undefined where it is neither a name nor an address. */
export function readHostPort(text: string, start: number, end: number): HostPort | undefined {
  let hostEnd = start;
  let host: string;
  if (text.charCodeAt(start) === 0x5b) {
    const close = text.indexOf("]", start);
    if (close < 0 || close >= end || !isAddress6(text, start + 1, close)) return undefined;
    host = text.substring(start + 1, close);
    hostEnd = close + 1;
  } else {
    while (hostEnd < end && isHostCode(text.charCodeAt(hostEnd))) hostEnd++;
    if (hostEnd === start) return undefined;
    host = text.substring(start, hostEnd);
  }
  if (hostEnd === end) return { host, port: undefined };
  while (text.charAt(hostEnd) === " ") hostEnd++;
  if (text.charCodeAt(hostEnd) !== 0x3a) return undefined;
  hostEnd++;
  while (text.charAt(hostEnd) === " ") hostEnd++;
  const port = decimal(text, hostEnd, end, portLimit);
  return port < 1 ? undefined : { host, port };
}

/** `host[:port]` as it is written: IPv6 gets its brackets back. */
export function hostPortText(host: string, port: number | undefined): string {
  const written = host.indexOf(":") < 0 ? host : "[" + host + "]";
  return port === undefined ? written : written + ":" + port;
}

/** The text that `%` escapes of UTF-8 bytes stand for; undefined where one is not two hexadecimal digits. */
export function unescaped(text: string): string | undefined {
  if (text.indexOf("%") < 0) return text;
  const bytes = new Uint8Array(text.length);
  let length = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code !== 0x25) {
      bytes[length++] = code;
      continue;
    }
    const high = hexDigit(text.charCodeAt(i + 1));
    const low = hexDigit(text.charCodeAt(i + 2));
    if (high < 0 || low < 0) return undefined;
    bytes[length++] = high * 16 + low;
    i += 2;
  }
  return textOf(bytes, 0, length);
}

/** The offset of the first character from `from` on that no URI may hold, or -1. */
function unfit(text: string, from: number): number {
  for (let i = from; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code <= 0x20 || code >= 0x7f || code === 0x22 || code === 0x3c || code === 0x3e) return i;
  }
  return -1;
}

function isSip(text: string, colon: number): boolean {
  if (colon !== 3 && colon !== 4) return false;
  const same =
    (text.charCodeAt(0) | 0x20) === 0x73 &&
    (text.charCodeAt(1) | 0x20) === 0x69 &&
    (text.charCodeAt(2) | 0x20) === 0x70;
  return same && (colon === 3 || (text.charCodeAt(3) | 0x20) === 0x73);
}

function isScheme(text: string, end: number): boolean {
  const first = text.charCodeAt(0) | 0x20;
  return first >= 0x61 && first <= 0x7a && isToken(text, 0, end);
}

function partEnd(text: string, from: number): number {
  for (let i = from; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 0x3b || code === 0x3f) return i;
  }
  return text.length;
}

function isHostCode(code: number): boolean {
  return (
    (code >= 0x61 && code <= 0x7a) ||
    (code >= 0x30 && code <= 0x39) ||
    code === 0x2e ||
    code === 0x2d ||
    (code >= 0x41 && code <= 0x5a)
  );
}

function isAddress6(text: string, start: number, end: number): boolean {
  let colons = 0;
  for (let i = start; i < end; i++) {
    const code = text.charCodeAt(i);
    if (code === 0x3a) colons++;
    else if (code !== 0x2e && hexDigit(code) < 0) return false;
  }
  return colons >= 2;
}

function hexDigit(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const letter = code | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}

function splitPairs(text: string, start: number, end: number, separator: string): Param[] | undefined {
  const pairs: Param[] = [];
  for (let at = start; at < end; ) {
    const found = text.indexOf(separator, at);
    const stop = found < 0 || found > end ? end : found;
    const equals = text.indexOf("=", at);
    const nameEnd = equals < 0 || equals > stop ? stop : equals;
    if (nameEnd === at || pairs.length >= partLimit) return undefined;
    pairs.push({
      name: text.substring(at, nameEnd),
      value: nameEnd === stop ? undefined : text.substring(nameEnd + 1, stop),
    });
    at = stop + 1;
  }
  return pairs;
}
