/** Values out of the parts of a message that `plain-form.ts` has found to be well-formed (RFC 3261 20.20, 20.39 and 20.42). */
import { narrowText, textAs } from "../text/utf8.ts";
import { canonicalName } from "./header-names.ts";
import type { Header, NameAddress, Via } from "./message.ts";
import {
  branchParam,
  digitsEnd,
  hostByte,
  numberIn,
  receivedParam,
  runEnd,
  tokenByte,
  uriEnd,
  viaParamAt,
  viaParamEnd,
  viaValueStart,
} from "./plain-form.ts";
import { trimmed } from "./scan.ts";

const colon = 0x3a;
const semicolon = 0x3b;
const tagLength = 5; // ;tag=
const protocolLength = 8; // SIP/2.0/

/** The hop whose `SIP/2.0/` begins at `start`. */
export function viaOf(bytes: Uint8Array, start: number): Via {
  const transportStart = start + protocolLength;
  const transportEnd = runEnd(bytes, transportStart, tokenByte);
  const hostStart = transportEnd + 1;
  const hostEnd = runEnd(bytes, hostStart, hostByte);
  const hasPort = bytes[hostEnd] === colon;
  const portEnd = hasPort ? digitsEnd(bytes, hostEnd + 1) : hostEnd;
  let branch = "";
  let received: string | undefined;
  let rport: number | undefined;
  for (let at = portEnd; bytes[at] === semicolon; ) {
    const which = viaParamAt(bytes, at + 1);
    const valueStart = viaValueStart(bytes, at + 1, which);
    at = viaParamEnd(bytes, at + 1, which);
    if (which === branchParam) branch = narrowText(bytes, valueStart, at);
    else if (which === receivedParam) received = narrowText(bytes, valueStart, at);
    else rport = numberIn(bytes, valueStart, at);
  }
  return {
    transport: textAs(bytes, transportStart, transportEnd, "UDP"),
    host: narrowText(bytes, hostStart, hostEnd),
    port: hasPort ? numberIn(bytes, hostEnd + 1, portEnd) : undefined,
    branch,
    received,
    rport,
    params: [],
  };
}

/** The address whose `<` stands at `start`. */
export function addressOf(bytes: Uint8Array, start: number): NameAddress {
  const end = uriEnd(bytes, start + 1);
  const tagStart = end + 1 + tagLength;
  return {
    display: undefined,
    uri: narrowText(bytes, start + 1, end),
    tag: bytes[end + 1] === semicolon ? narrowText(bytes, tagStart, runEnd(bytes, tagStart, tokenByte)) : undefined,
    params: [],
  };
}

/** The headers whose lines start and end at these offsets, one pair after the other. */
export function headersOf(bytes: Uint8Array, lines: readonly number[] | undefined): readonly Header[] {
  const headers: Header[] = [];
  if (lines === undefined) return headers;
  for (let i = 0; i + 1 < lines.length; i += 2) {
    const nameEnd = runEnd(bytes, lines[i] as number, tokenByte);
    const name = canonicalName(narrowText(bytes, lines[i] as number, nameEnd));
    const value = narrowText(bytes, nameEnd + 1, lines[i + 1] as number);
    headers.push({ name, value: trimmed(value, 0, value.length) });
  }
  return headers;
}

/** Whether a name of that length and first letter can be, in some spelling, one of those with a field of their own. */
export function mayHaveField(bytes: Uint8Array, at: number, length: number): boolean {
  switch ((bytes[at] as number) | 0x20) {
    case 0x76: // Via
      return length === 3;
    case 0x66: // From
      return length === 4;
    case 0x74: // To
      return length === 2;
    case 0x6d: // Max-Forwards
      return length === 12;
    case 0x63: // Call-ID, CSeq, Content-Type, Content-Length
      return length === 7 || length === 4 || length === 12 || length === 14;
  }
  return false;
}
