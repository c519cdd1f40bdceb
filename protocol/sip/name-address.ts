/** From and To: `"Name" <uri>;tag=x`, `Name <uri>` or a bare `uri;tag=x` (RFC 3261 20, 20.10 and 25.1). */
import { ascii } from "../text/utf8.ts";
import type { HeadWriter } from "./head-writer.ts";
import type { NameAddress } from "./message.ts";
import type { Param } from "./scan.ts";
import { isTokenCode, quoted, quotedEnd, readParams, skipBlanks, trimmed, unquoted, writeParams } from "./scan.ts";
import { isUri } from "./uri.ts";

const blank = 0x20;
const open = 0x3c;
const close = 0x3e;

/** Reads a header's value; undefined where it is malformed. */
export function readNameAddress(text: string): NameAddress | undefined {
  let display: string | undefined;
  let at = 0;
  if (text.charCodeAt(0) === 0x22) {
    const end = quotedEnd(text, 0);
    if (end < 0) return undefined;
    display = unquoted(text, 0, end);
    at = skipBlanks(text, end);
    if (text.charCodeAt(at) !== 0x3c) return undefined;
  } else {
    const bracket = text.indexOf("<");
    if (bracket < 0) return withParams(undefined, text, 0, bareEnd(text));
    if (!isWords(text, bracket)) return undefined;
    if (bracket > 0) display = trimmed(text, 0, bracket);
    at = bracket;
  }
  const end = text.indexOf(">", at);
  if (end < 0) return undefined;
  return withParams(display, text, at + 1, end);
}

/** Writes the value, always with angle brackets. */
export function writeNameAddress(value: NameAddress, to: HeadWriter): void {
  if (value.display !== undefined) {
    to.text(quoted(value.display));
    to.sign(blank);
  }
  to.sign(open);
  to.text(value.uri);
  to.sign(close);
  if (value.tag !== undefined) {
    to.word(tagName);
    to.text(value.tag);
  }
  writeParams(value.params, to);
}

/** Without brackets, what follows a semicolon belongs to the header, and the URI has neither comma nor question mark. */
function bareEnd(text: string): number {
  let i = 0;
  for (; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 0x2c || code === 0x3f) return -1;
    if (code === 0x3b || code <= 0x20) break;
  }
  return i;
}

/** The grammar wants tokens; letters beyond ASCII are let through, as a name decides nothing and a refused answer would. */
function isWords(text: string, end: number): boolean {
  for (let i = 0; i < end; i++) {
    const code = text.charCodeAt(i);
    if (!isTokenCode(code) && code !== 0x20 && code !== 0x09 && code < 0x80) return false;
  }
  return true;
}

function withParams(display: string | undefined, text: string, start: number, end: number): NameAddress | undefined {
  if (end < 0) return undefined;
  const uri = text.substring(start, end);
  const all: Param[] = [];
  if (!isUri(uri) || !readParams(text, start > 0 ? end + 1 : end, all)) return undefined;
  let tag: string | undefined;
  const params: Param[] = [];
  for (const param of all) {
    if (param.name !== "tag" && param.name.toLowerCase() !== "tag") params.push(param);
    else if (tag !== undefined || param.value === undefined) return undefined;
    else tag = param.value;
  }
  return {
    display: display === "" && start > 0 && text.charCodeAt(0) !== 0x22 ? undefined : display,
    uri,
    tag,
    params,
  };
}

const tagName = ascii(";tag=");
