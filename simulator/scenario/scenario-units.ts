/** The small texts of a scenario file (times, spans, shares, hours) to whole numbers; undefined where one does not fit. */
import type { Span } from "./scenario.ts";

const duration = "(?:\\d{1,12}ms|\\d{1,9}(?:\\.\\d{1,3})?[smhd])";
export const durationPattern = new RegExp(`^${duration}$`);
export const spanPattern = new RegExp(`^${duration}(?: to ${duration})?$`);
/** How far a clock is off. */
export const clockErrorPattern = new RegExp(`^${duration} (?:ahead|behind)$`);
export const networkTimePattern = new RegExp(`^(?:right|none)$|${clockErrorPattern.source}`);
export const sharePattern = /^(\d{1,3})(?:\.(\d{1,4}))? ?%$/;
export const clockPattern = /^([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?$/;
export const hoursPattern = /^(?:[01]\d|2[0-4]):[0-5]\d-(?:[01]\d|2[0-4]):[0-5]\d$/;
export const startPattern = /^(\d{4})-(\d\d)-(\d\d)[ T](\d\d):(\d\d)$/;

const unitMs: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
export const dayMs = 86_400_000;

/** "1.5s" is 1500. */
export function parseDurationMs(text: string): number | undefined {
  if (!durationPattern.test(text)) return undefined;
  const [whole = "", decimals = ""] = (/^[\d.]+/.exec(text)?.[0] ?? "").split(".");
  const each = unitMs[text.slice(text.search(/[a-z]/))] ?? 0;
  return Number(whole) * each + (Number(decimals.padEnd(3, "0")) * each) / 1000;
}

/** "200ms to 1.5s", or one time for both bounds. */
export function parseSpan(text: string): Span | undefined {
  const [least, most] = text.split(" to ");
  const leastMs = parseDurationMs(least ?? "");
  const mostMs = most === undefined ? leastMs : parseDurationMs(most);
  if (leastMs === undefined || mostMs === undefined || mostMs < leastMs) return undefined;
  return { leastMs, mostMs };
}

/** "1h ahead" is 3 600 000, "1h behind" is -3 600 000. */
export function parseClockErrorMs(text: string): number | undefined {
  const [length = "", side] = text.split(" ");
  const ms = clockErrorPattern.test(text) ? parseDurationMs(length) : undefined;
  return ms === undefined || side === "ahead" ? ms : -ms;
}

/** "10 %" is 100 000 parts per million. */
export function parseSharePpm(text: string): number | undefined {
  const match = sharePattern.exec(text);
  if (match === null) return undefined;
  const ppm = Number(match[1]) * 10_000 + Number((match[2] ?? "").padEnd(4, "0"));
  return ppm <= 1_000_000 ? ppm : undefined;
}

/** "08:00" or "08:00:30" as milliseconds of the day. */
export function parseClockMs(text: string): number | undefined {
  const match = clockPattern.exec(text);
  if (match === null) return undefined;
  return Number(match[1]) * 3_600_000 + Number(match[2]) * 60_000 + Number(match[3] ?? "0") * 1_000;
}

/** "06:00-22:00" as minutes of the day. The end comes after the beginning; 24:00 is midnight at the end. */
export function parseHours(text: string): { readonly fromMinute: number; readonly toMinute: number } | undefined {
  if (!hoursPattern.test(text)) return undefined;
  const minuteAt = (offset: number): number =>
    Number(text.slice(offset, offset + 2)) * 60 + Number(text.slice(offset + 3, offset + 5));
  const hours = { fromMinute: minuteAt(0), toMinute: minuteAt(6) };
  return hours.toMinute <= 1440 && hours.fromMinute < hours.toMinute ? hours : undefined;
}

/** "5m", "1h 30m", "12.5s": the same in words that a person reads, rounded to what matters. */
export function durationText(ms: number): string {
  if (ms < 1_000) return `${ms} ms`;
  if (ms < 60_000) return `${Math.round(ms / 100) / 10} s`;
  const seconds = Math.round(ms / 1_000);
  if (seconds < 3_600) return parts([Math.floor(seconds / 60), "min"], [seconds % 60, "s"]);
  const minutes = Math.round(ms / 60_000);
  if (minutes < 48 * 60) return parts([Math.floor(minutes / 60), "h"], [minutes % 60, "min"]);
  return parts([Math.floor(minutes / 1_440), "d"], [Math.floor((minutes % 1_440) / 60), "h"]);
}

function parts(large: readonly [number, string], small: readonly [number, string]): string {
  return small[0] === 0 ? `${large[0]} ${large[1]}` : `${large[0]} ${large[1]} ${small[0]} ${small[1]}`;
}

/** A fleet has more names than can be compared in an instant. */
const mostCandidates = 2_000;

/** The candidate that was probably meant, or undefined where none of the first 2,000 is near. */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  let best: string | undefined;
  let bestDistance = Math.max(1, Math.floor(word.length / 3)) + 1;
  let left = mostCandidates;
  for (const candidate of candidates) {
    if (left-- === 0) break;
    const distance = editDistance(word.slice(0, 64).toLowerCase(), candidate.slice(0, 64).toLowerCase());
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/** Levenshtein with swapped neighbours counted as one change, since that is how people mistype. */
function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let above = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let cost = Math.min((above[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (above[j - 1] ?? 0) + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        cost = Math.min(cost, (before[j - 2] ?? 0) + 1);
      row.push(cost);
    }
    before = above;
    above = row;
  }
  return above[b.length] ?? 0;
}
