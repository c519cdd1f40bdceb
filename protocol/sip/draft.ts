/** A message while it is read: its first line and its headers, one after the other (RFC 3261 7.1 to 7.3, 8.1.1 and 20). */
import type { Fault } from "../result.ts";
import type { Head } from "./head.ts";
import { lineText } from "./head.ts";
import { canonicalName } from "./header-names.ts";
import type { Header, NameAddress, Via } from "./message.ts";
import { readNameAddress } from "./name-address.ts";
import { decimal, isToken, sameText, skipBlanks, tokenEnd, trimmed } from "./scan.ts";
import { isRequestUri } from "./uri.ts";
import { readVias } from "./via.ts";

/** Most hops that are read. */
export const viaLimit = 8;
const cseqLimit = 0x7fffffff;
const lengthLimit = 0x7fffffff;

/** The fields found so far; a request has `status` 0. */
export interface Draft {
  method: string;
  uri: string;
  status: number;
  reason: string;
  readonly via: Via[];
  maxForwards: number | undefined;
  from: NameAddress | undefined;
  to: NameAddress | undefined;
  callId: string | undefined;
  cseq: number | undefined;
  cseqMethod: string;
  contentType: string | undefined;
  contentLength: number | undefined;
  readonly headers: Header[];
}

export function newDraft(): Draft {
  return {
    method: "",
    uri: "",
    status: 0,
    reason: "",
    via: [],
    maxForwards: undefined,
    from: undefined,
    to: undefined,
    callId: undefined,
    cseq: undefined,
    cseqMethod: "",
    contentType: undefined,
    contentLength: undefined,
    headers: [],
  };
}

/** Request-Line and Status-Line (RFC 3261 7.1 and 7.2): single blanks, no others. `at` is where it starts. */
export function takeFirstLine(draft: Draft, line: string, at: number): Fault | undefined {
  const firstBlank = line.indexOf(" ");
  if (firstBlank > 0 && sameText(line.substring(0, firstBlank), "SIP/2.0")) {
    const codeEnd = firstBlank + 4;
    draft.status = decimal(line, firstBlank + 1, codeEnd, 699);
    if (draft.status < 100 || (line.length > codeEnd && line.charCodeAt(codeEnd) !== 0x20))
      return { kind: "malformed", at, what: "the status line" };
    draft.reason = line.substring(codeEnd + 1);
    return undefined;
  }
  const lastBlank = line.lastIndexOf(" ");
  const method = line.substring(0, firstBlank);
  const uri = line.substring(firstBlank + 1, lastBlank);
  if (lastBlank <= firstBlank || !isToken(method, 0, method.length) || !isRequestUri(uri))
    return { kind: "malformed", at, what: "the request line" };
  const version = line.substring(lastBlank + 1);
  if (!sameText(version, "SIP/2.0")) {
    if (!sameText(version.substring(0, 4), "SIP/")) return { kind: "malformed", at, what: "the request line" };
    return { kind: "unknown-value", at, field: "SIP version", value: version };
  }
  draft.method = method;
  draft.uri = uri;
  return undefined;
}

/** Takes one header, from the start of its name to its line end; a fault names the start of the line. */
export function takeHeader(draft: Draft, text: string, at: number, end: number, head: Head): Fault | undefined {
  const nameEnd = tokenEnd(text, at);
  const colon = skipBlanks(text, nameEnd);
  if (nameEnd === at || text.charCodeAt(colon) !== 0x3a)
    return { kind: "malformed", at: head.start + at, what: "a header line" };
  const name = canonicalName(text.substring(at, nameEnd));
  const value = lineText(text, colon + 1, end, head.wide);
  if (name === "Via") {
    if (!readVias(value, draft.via)) return { kind: "malformed", at: head.start + at, what: name };
    if (draft.via.length <= viaLimit) return undefined;
    return { kind: "too-long", at: head.start + at, what: "the list of Via hops", limit: viaLimit };
  }
  return takeField(draft, name, value) ? undefined : { kind: "malformed", at: head.start + at, what: name };
}

/** Those that may stand once only are refused the second time: no reading of such a message is safe. */
function takeField(draft: Draft, name: string, value: string): boolean {
  switch (name) {
    case "From":
      if (draft.from !== undefined) return false;
      draft.from = readNameAddress(value);
      return draft.from !== undefined;
    case "To":
      if (draft.to !== undefined) return false;
      draft.to = readNameAddress(value);
      return draft.to !== undefined;
    case "Call-ID":
      if (draft.callId !== undefined || !isCallId(value)) return false;
      draft.callId = value;
      return true;
    case "CSeq":
      return draft.cseq === undefined && takeCseq(draft, value);
    case "Content-Type":
      if (draft.contentType !== undefined || value === "") return false;
      draft.contentType = value;
      return true;
    case "Content-Length":
      if (draft.contentLength !== undefined) return false;
      draft.contentLength = decimal(value, 0, value.length, lengthLimit);
      return draft.contentLength >= 0;
    case "Max-Forwards":
      if (draft.status === 0) {
        if (draft.maxForwards !== undefined) return false;
        draft.maxForwards = decimal(value, 0, value.length, 255);
        return draft.maxForwards >= 0;
      }
  }
  draft.headers.push({ name, value });
  return true;
}

function takeCseq(draft: Draft, value: string): boolean {
  const blank = value.indexOf(" ");
  const tab = blank < 0 ? value.indexOf("\t") : blank;
  if (tab < 0) return false;
  const method = trimmed(value, tab, value.length);
  draft.cseq = decimal(value, 0, tab, cseqLimit);
  draft.cseqMethod = method;
  return draft.cseq >= 0 && isToken(method, 0, method.length);
}

function isCallId(value: string): boolean {
  for (let i = 0; i < value.length; i++) {
    const code = value.charCodeAt(i);
    if (code <= 0x20 || code >= 0x7f) return false;
  }
  return value !== "";
}
