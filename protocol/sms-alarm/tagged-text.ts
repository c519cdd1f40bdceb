/**
 * A line of words that ends in a tag only who knows the key can make: AES-CMAC (RFC 4493) over all that stands before it, as
 * ASCII, its 16 bytes as 32 large hexadecimal digits. Fits one short message of the GSM 7-bit alphabet (3GPP 23.038 6.2.1).
 */
import type { BlockCipher } from "../radio/block-cipher.ts";
import { cmac } from "../radio/cmac.ts";
import type { Result } from "../result.ts";
import { bad, ok } from "../result.ts";
import { ascii } from "../text/utf8.ts";

/** Letters of one short message. */
export const textLimit = 160;
const tagDigits = 32;
const hexDigits = "0123456789ABCDEF";

/** The line with its tag behind it. */
export function withTag(line: string, cipher: BlockCipher): string {
  return line + " " + tagOf(line, cipher);
}

/**
 * The words of a line whose tag fits; blanks and line ends around it are no part of it. Faults: too-long, malformed where
 * the line has another number of words or a letter beyond ASCII, not-authentic where the tag is another.
 */
export function wordsOf(text: string, wordCount: number, cipher: BlockCipher): Result<string[]> {
  if (text.length > textLimit) return bad({ kind: "too-long", at: 0, what: "message", limit: textLimit });
  const line = text.trim();
  const end = line.length - tagDigits - 1;
  const words = line.split(" ");
  if (words.length !== wordCount + 1 || end < 0 || line.charAt(end) !== " ")
    return bad({ kind: "malformed", at: 0, what: "the message has other words" });
  for (let i = 0; i < end; i++)
    if (line.charCodeAt(i) > 126) return bad({ kind: "malformed", at: i, what: "a letter beyond ASCII" });
  if (!isSame(words.pop() as string, tagOf(line.substring(0, end), cipher)))
    return bad({ kind: "not-authentic", at: end + 1, what: "the tag" });
  return ok(words);
}

/** A whole number without sign or leading zeros, from `least` to `most`; -1 where it is none. */
export function numberIn(word: string, least: number, most: number): number {
  if (word === "" || word.length > 9 || !isDigits(word)) return -1;
  if (word.length > 1 && word.charAt(0) === "0") return -1;
  const value = parseInt(word, 10);
  return value < least || value > most ? -1 : value;
}

export function isDigits(text: string): boolean {
  for (let i = 0; i < text.length; i++) if ("0123456789".indexOf(text.charAt(i)) < 0) return false;
  return text !== "";
}

/** Both as long as a tag; in a time that says nothing about where they differ. */
function isSame(a: string, b: string): boolean {
  let difference = 0;
  for (let i = 0; i < b.length; i++) difference |= a.charCodeAt(i) ^ b.charCodeAt(i);
  return difference === 0;
}

function tagOf(line: string, cipher: BlockCipher): string {
  const tag = cmac(cipher, ascii(line));
  let text = "";
  for (let i = 0; i < tag.length; i++) {
    const byte = tag[i] as number;
    text += hexDigits.charAt(byte >> 4) + hexDigits.charAt(byte & 15);
  }
  return text;
}
