/** What the vocabulary of scenario files is made of: texts, numbers and lists whose sentence is documentation and error message at once. */
import { z } from "zod";
import { clockPattern, durationPattern, sharePattern, spanPattern } from "./scenario-units.ts";

const namePattern = /^[\p{Ll}\p{N}][\p{Ll}\p{N}-]{0,39}$/u;
const instantPattern = new RegExp(`${durationPattern.source}|${clockPattern.source}`);
const numberPattern = /^\+?\d{3,15}$/;

/** A text of one kind; the same sentence serves as documentation and as the error. */
export function text(pattern: RegExp, expected: string) {
  return z.string({ error: expected }).regex(pattern, { error: expected });
}
export function whole(least: number, most: number) {
  const error = `a whole number from ${least} to ${most}`;
  return z.int({ error }).min(least, { error }).max(most, { error });
}
export function prose(most: number) {
  const error = `text of at most ${most} characters`;
  return z.string({ error }).min(1, { error }).max(most, { error });
}
export function list<T extends z.ZodType>(of: T, least: number, most: number) {
  const error = `a list of ${least} to ${most} entries`;
  return z.array(of, { error }).min(least, { error }).max(most, { error });
}
export function word<const T extends readonly string[]>(words: T) {
  return z.enum(words, { error: `one of ${words.join(", ")}` });
}

export const name = () => text(namePattern, "a name in small letters, digits and hyphens");
export const duration = () => text(durationPattern, 'a time with its unit, such as "300ms", "5m" or "12h"');
export const span = () => text(spanPattern, 'a time or a span of times, such as "300ms" or "200ms to 1.5s"');
export const share = () => text(sharePattern, 'a share such as "10 %"');
export const telephoneNumber = () => text(numberPattern, 'a telephone number such as "+4670123456"');
export const instant = () =>
  text(instantPattern, 'a time since the start with its unit, such as "5m", or a time of day such as "08:00"');
