/** The common shape of challenges and credentials: a scheme and its parameters, several with commas between (RFC 7235 2.1 and 4.1). */
import type { Result } from "../result.ts";
import { bad, ok } from "../result.ts";
import { quotedEnd, sameText, skipBlanks, tokenEnd, unquoted } from "./scan.ts";

export interface AuthParam {
  readonly name: string;
  /** Without quotes and escapes. */
  readonly value: string;
}

/** One scheme with its parameters. */
export interface AuthPart {
  /** Offset of the scheme in the header's value. */
  readonly at: number;
  readonly scheme: string;
  readonly params: readonly AuthParam[];
}

const paramLimit = 24;

/** Reads at least one and at most `limit` parts. A fault's `at` is an offset in `text`. */
export function readAuthParts(text: string, limit: number): Result<readonly AuthPart[]> {
  const parts: AuthPart[] = [];
  let params: AuthParam[] = [];
  let at = skipBlanks(text, 0);
  while (at < text.length) {
    const start = at;
    const end = tokenEnd(text, at);
    if (end === at) return bad({ kind: "malformed", at, what: "an authentication parameter" });
    const word = text.substring(at, end);
    at = skipBlanks(text, end);
    if (text.charCodeAt(at) !== 0x3d) {
      if (parts.length >= limit) return bad({ kind: "too-long", at, what: "the list of challenges", limit });
      params = [];
      parts.push({ at: start, scheme: word, params });
      continue;
    }
    at = skipBlanks(text, at + 1);
    const wasQuoted = text.charCodeAt(at) === 0x22;
    const valueEnd = wasQuoted ? quotedEnd(text, at) : bareEnd(text, at);
    if (valueEnd <= at || parts.length === 0) return bad({ kind: "malformed", at, what: "an authentication value" });
    if (params.length >= paramLimit)
      return bad({ kind: "too-long", at, what: "the list of authentication parameters", limit: paramLimit });
    if (has(params, word)) return bad({ kind: "malformed", at, what: "an authentication parameter given twice" });
    params.push({ name: word, value: wasQuoted ? unquoted(text, at, valueEnd) : text.substring(at, valueEnd) });
    at = skipBlanks(text, valueEnd);
    if (at < text.length && text.charCodeAt(at) !== 0x2c)
      return bad({ kind: "malformed", at, what: "a missing comma" });
    while (text.charCodeAt(at) === 0x2c) at = skipBlanks(text, at + 1);
  }
  return parts.length > 0 ? ok(parts) : bad({ kind: "truncated", at });
}

/** The value of a parameter of any case, or undefined. */
export function authValue(part: AuthPart, name: string): string | undefined {
  for (const param of part.params) if (sameText(param.name, name)) return param.value;
  return undefined;
}

function has(params: readonly AuthParam[], name: string): boolean {
  for (const param of params) if (sameText(param.name, name)) return true;
  return false;
}

/** A value without quotes: some senders leave them out around a URI or a nonce. */
function bareEnd(text: string, at: number): number {
  let i = at;
  for (; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 0x2c || code <= 0x20 || code === 0x22) break;
  }
  return i;
}
