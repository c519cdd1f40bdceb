/** The few kinds of values that several schemas share. */
import { z } from "zod";

export function whole(least: number, most = Number.MAX_SAFE_INTEGER) {
  return z.int().min(least).max(most);
}

/** Bytes as hexadecimal text; `byteCount` where it is fixed. */
export function hex(byteCount?: number) {
  return z.string().regex(byteCount === undefined ? /^(?:[0-9a-f]{2})*$/ : new RegExp(`^[0-9a-f]{${2 * byteCount}}$`));
}

export function word<const T extends readonly string[]>(words: T) {
  return z.enum(words);
}
