/** Small scanners over header text: tokens, blanks, quoted strings and numbers of the RFC 3261 25.1 grammar. */

import type { HeadWriter } from "./head-writer.ts";

/** One parameter such as `;lr` or `;tag=a1`; a quoted value keeps its quotes, so that writing it gives the same text. */
export interface Param {
  readonly name: string;
  readonly value: string | undefined;
}

const paramLimit = 32;

/** Whether a character may stand in a token. */
export function isTokenCode(code: number): boolean {
  if (code >= 0x61) return code <= 0x7a || code === 0x7e;
  if (code >= 0x41) return code <= 0x5a || code === 0x5f || code === 0x60;
  if (code >= 0x30) return code <= 0x39;
  return (
    code === 0x2d || code === 0x2e || code === 0x21 || code === 0x25 || code === 0x27 || code === 0x2a || code === 0x2b
  );
}

/** Whether `text` from `start` to `end` is one token of at least one character. */
export function isToken(text: string, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if (!isTokenCode(text.charCodeAt(i))) return false;
  return end > start;
}

/** The offset behind the token that starts at `at`, which is `at` itself where there is none. */
export function tokenEnd(text: string, at: number): number {
  let i = at;
  while (i < text.length && isTokenCode(text.charCodeAt(i))) i++;
  return i;
}

/** The offset of the first character from `at` on that is neither blank nor tab. */
export function skipBlanks(text: string, at: number): number {
  let i = at;
  for (let code = text.charCodeAt(i); code === 0x20 || code === 0x09; code = text.charCodeAt(i)) i++;
  return i;
}

/** `text` from `start` to `end` without blanks and tabs at its ends. */
export function trimmed(text: string, start: number, end: number): string {
  const from = skipBlanks(text, start);
  let to = end;
  while (to > from && isBlank(text.charCodeAt(to - 1))) to--;
  return from < to ? text.substring(from, to) : "";
}

/** The offset behind the quoted string that opens at `at`, or -1 where it never closes. */
export function quotedEnd(text: string, at: number): number {
  for (let i = at + 1; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 0x5c) i++;
    else if (code === 0x22) return i + 1;
  }
  return -1;
}

/** What a quoted string says; `start` is its opening quote, `end` is behind its closing one. */
export function unquoted(text: string, start: number, end: number): string {
  if (text.indexOf("\\", start) < 0) return text.substring(start + 1, end - 1);
  let said = "";
  for (let i = start + 1; i < end - 1; i++) {
    if (text.charCodeAt(i) === 0x5c) i++;
    said += text.charAt(i);
  }
  return said;
}

/** The quoted string that says `text` (RFC 3261 25.1): quotes, backslashes and control characters are escaped. */
export function quoted(text: string): string {
  let out = '"';
  let from = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code >= 0x20 && code !== 0x22 && code !== 0x5c && code !== 0x7f) continue;
    out += text.substring(from, i) + "\\";
    from = i;
  }
  return out + text.substring(from) + '"';
}

/** A number of decimal digits only, at most `limit`; -1 for anything else. */
export function decimal(text: string, start: number, end: number, limit: number): number {
  let value = 0;
  for (let i = start; i < end; i++) {
    const digit = text.charCodeAt(i) - 0x30;
    if (!(digit >= 0 && digit <= 9)) return -1; // also what lies behind the end of the text
    value = value * 10 + digit;
    if (value > limit) return -1;
  }
  return end > start ? value : -1;
}

/** Whether two texts are the same but for the case of their letters. */
export function sameText(one: string, other: string): boolean {
  return one === other || (one.length === other.length && one.toLowerCase() === other.toLowerCase());
}

/**
 * Reads `;name=value` pairs from `at` to the end of `text` into `into`. False where the shape is wrong: no name, a
 * value that is empty or holds blanks, commas or angle brackets, a quote that stays open, or more than 32 of them.
 */
export function readParams(text: string, at: number, into: Param[]): boolean {
  let i = skipBlanks(text, at);
  while (i < text.length) {
    if (text.charCodeAt(i) !== 0x3b || into.length >= paramLimit) return false;
    const start = skipBlanks(text, i + 1);
    const end = tokenEnd(text, start);
    if (end === start) return false;
    const name = text.substring(start, end);
    i = skipBlanks(text, end);
    let value: string | undefined;
    if (text.charCodeAt(i) === 0x3d) {
      const from = skipBlanks(text, i + 1);
      const to = paramValueEnd(text, from);
      if (to <= from) return false;
      value = text.substring(from, to);
      i = skipBlanks(text, to);
    }
    into.push({ name, value });
  }
  return true;
}

/** Writes the parameters. */
export function writeParams(params: readonly Param[], to: HeadWriter): void {
  for (const param of params) {
    to.sign(0x3b);
    to.text(param.name);
    if (param.value === undefined) continue;
    to.sign(0x3d);
    to.text(param.value);
  }
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09;
}

/** A value is a token, a host (with the brackets and colons of IPv6) or a quoted string. */
function paramValueEnd(text: string, at: number): number {
  if (text.charCodeAt(at) === 0x22) return quotedEnd(text, at);
  let i = at;
  for (; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (!isTokenCode(code) && code !== 0x3a && code !== 0x5b && code !== 0x5d && code < 0x80) break;
  }
  return i;
}
