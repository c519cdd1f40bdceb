/** Headers that hold a list, in one line or in many: Contact, Route, Allow, Supported, Require (RFC 3261 7.3.1 and 20), and numbers of seconds (25.1). */
import type { Result } from "../result.ts";
import { bad, ok } from "../result.ts";
import type { SipMessage } from "./message.ts";
import { decimal, isToken, quotedEnd, sameText, trimmed } from "./scan.ts";

/** Most items of one list, over all its lines. */
export const listLimit = 32;
/** Largest number of seconds that a header can say. */
export const secondsLimit = 0xffffffff;

/** The items of all headers `name`, in order; commas in quotes and in angle brackets part nothing. A fault's `at` is an offset in one line's value. */
export function listOf(message: SipMessage, name: string): Result<readonly string[]> {
  const items: string[] = [];
  for (const header of message.headers) {
    if (!sameText(header.name, name)) continue;
    const at = splitList(header.value, items);
    if (at < 0) continue;
    if (items.length > listLimit) return bad({ kind: "too-long", at, what: name, limit: listLimit });
    return bad({ kind: "malformed", at, what: name });
  }
  return ok(items);
}

/** The words of a list of tokens, such as Allow, Supported, Require and Unsupported; empty where there is none. */
export function tokensOf(message: SipMessage, name: string): Result<readonly string[]> {
  const items = listOf(message, name);
  if (!items.ok) return items;
  for (const item of items.value)
    if (!isToken(item, 0, item.length)) return bad({ kind: "malformed", at: 0, what: name });
  return items;
}

/** The words of `required` that are not in `known`: what 420 names in Unsupported (RFC 3261 8.2.2.3). Words of options have no case. */
export function unsupported(required: readonly string[], known: readonly string[]): readonly string[] {
  const missing: string[] = [];
  for (const word of required) if (!hasWord(known, word)) missing.push(word);
  return missing;
}

/** Whether a list holds a word, in any case. */
export function hasWord(words: readonly string[], word: string): boolean {
  for (const one of words) if (sameText(one, word)) return true;
  return false;
}

/** A whole number of seconds, as in Expires, Min-Expires and Min-SE; undefined for anything else. */
export function parseSeconds(text: string): number | undefined {
  const seconds = decimal(text, 0, text.length, secondsLimit);
  return seconds < 0 ? undefined : seconds;
}

/** Puts the items of one line into `items`; -1, or the offset where it is wrong. */
function splitList(text: string, items: string[]): number {
  let start = 0;
  let inBrackets = false;
  for (let i = 0; i <= text.length; i++) {
    const code = i === text.length ? 0x2c : text.charCodeAt(i);
    if (code === 0x22 && !inBrackets) {
      const end = quotedEnd(text, i);
      if (end < 0) return i;
      i = end - 1;
    } else if (code === 0x3c) inBrackets = true;
    else if (code === 0x3e) inBrackets = false;
    else if (code === 0x2c && !inBrackets) {
      const item = trimmed(text, start, i);
      if (item !== "") items.push(item);
      if (items.length > listLimit) return start;
      start = i + 1;
    } else if (i === text.length) return start;
  }
  return -1;
}
