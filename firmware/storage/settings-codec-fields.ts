/** How single values stand in a unit's settings: numbers, texts, choices, each refused where it has no place. */
import type { Reader } from "../../protocol/bytes/reader.ts";
import type { Writer } from "../../protocol/bytes/writer.ts";
import { textOf, utf8 } from "../../protocol/text/utf8.ts";

/** Of one text, in bytes. */
const textLimit = 128;
/** Of one list of telephone numbers. */
const numbersLimit = 16;
/** What is added to a number that may be less than nothing. */
const bias = 0x8000;

/** A whole number of `size` bytes; another one spoils the piece, since it would be read as a different number. */
export function putWhole(to: Writer, value: number, size: 1 | 2 | 4): void {
  const most = size === 1 ? 0xff : size === 2 ? 0xffff : 0xffff_ffff;
  if (value !== Math.floor(value) || value < 0 || value > most) to.overrun = true;
  else if (size === 1) to.u8(value);
  else if (size === 2) to.u16(value);
  else to.u32(value);
}

/** A whole number from -32,768 to 32,767. */
export function putSigned(to: Writer, value: number): void {
  putWhole(to, value + bias, 2);
}

export function takeSigned(from: Reader): number {
  return from.u16() - bias;
}

export function putFlag(to: Writer, flag: boolean): void {
  to.u8(flag ? 1 : 0);
}

/** Any other byte spoils the piece. */
export function takeFlag(from: Reader): boolean {
  const byte = from.u8();
  if (byte > 1) from.overrun = true;
  return byte === 1;
}

/** By its place in the list. */
export function putChoice<T>(to: Writer, choices: readonly T[], choice: T): void {
  putWhole(to, choices.indexOf(choice), 1);
}

/** A place outside the list spoils the piece. */
export function takeChoice<T>(from: Reader, choices: readonly T[]): T {
  const choice = choices[from.u8()];
  if (choice === undefined) from.overrun = true;
  return choice ?? (choices[0] as T);
}

/** A text that is too long spoils the piece: there is no half of an address. */
export function putText(to: Writer, text: string): void {
  const bytes = utf8(text);
  if (bytes.length > textLimit) {
    to.overrun = true;
    return;
  }
  to.u8(bytes.length);
  to.put(bytes);
}

export function takeText(from: Reader): string {
  const length = from.u8();
  if (length > textLimit) from.overrun = true;
  const bytes = from.view(Math.min(length, textLimit));
  return textOf(bytes, 0, bytes.length);
}

/** A text that people are told, of at most `limit` bytes. */
export function putLongText(to: Writer, text: string, limit: number): void {
  const bytes = utf8(text);
  if (bytes.length > limit) {
    to.overrun = true;
    return;
  }
  to.u16(bytes.length);
  to.put(bytes);
}

export function takeLongText(from: Reader, limit: number): string {
  const length = from.u16();
  if (length > limit) from.overrun = true;
  const bytes = from.view(Math.min(length, limit));
  return textOf(bytes, 0, bytes.length);
}

export function putNumbers(to: Writer, numbers: readonly string[]): void {
  if (numbers.length > numbersLimit) to.overrun = true;
  to.u8(numbers.length);
  for (const number of numbers) putText(to, number);
}

export function takeNumbers(from: Reader): string[] {
  const count = from.u8();
  if (count > numbersLimit) from.overrun = true;
  const numbers: string[] = [];
  for (let i = 0; i < count && !from.overrun; i++) numbers.push(takeText(from));
  return numbers;
}
