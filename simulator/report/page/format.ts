/** Numbers, times and lengths of time as people read them: Swedish takes a comma where English takes a point. */
import { localDate, localTime } from "../../scenario/scenario-clock.ts";

export interface Format {
  /** "340 ms", "12.3 s", "2 h 5 min". */
  duration(ms: number): string;
  /** 1,234 or 1 234. */
  count(value: number): string;
  /** One decimal, none where it is 0. */
  decimal(value: number): string;
  /** Millionths as "99.87 %". */
  percent(ppm: number): string;
}

const dayMs = 86_400_000;
const narrow = "\u202f";

export function formatOf(language: "en" | "sv"): Format {
  const point = language === "en" ? "." : ",";
  const group = language === "en" ? "," : narrow;
  const days = language === "en" ? "d" : "dygn";
  const decimal = (value: number): string => String(Math.round(value * 10) / 10).replace(".", point);
  const two = (large: number, largeUnit: string, small: number, smallUnit: string): string =>
    small === 0 ? `${large} ${largeUnit}` : `${large} ${largeUnit} ${small} ${smallUnit}`;
  const duration = (ms: number): string => {
    if (ms < 1_000) return `${Math.round(ms)} ms`;
    if (ms < 60_000) return `${decimal(ms / 1_000)} s`;
    const seconds = Math.round(ms / 1_000);
    if (seconds < 3_600) return two(Math.floor(seconds / 60), "min", seconds % 60, "s");
    const minutes = Math.round(ms / 60_000);
    if (minutes < 2_880) return two(Math.floor(minutes / 60), "h", minutes % 60, "min");
    return two(Math.floor(minutes / 1_440), days, Math.floor((minutes % 1_440) / 60), "h");
  };
  return {
    // A number and its unit stay on one line.
    duration: (ms) => duration(ms).replace(/ /g, "\u00a0"),
    count: (value) => String(value).replace(/\B(?=(\d{3})+$)/g, group),
    decimal,
    percent: (ppm) => `${(Math.floor(ppm / 10) / 1_000).toFixed(3).replace(".", point)}\u00a0%`,
  };
}

/** Swedish local time of an instant of the run; with the date where the run is longer than a day. */
export function clockOf(startWallMs: number, atMs: number, virtualMs: number): string {
  const wallMs = startWallMs + atMs;
  return virtualMs > dayMs ? `${localDate(wallMs).slice(5)} ${localTime(wallMs)}` : localTime(wallMs);
}
