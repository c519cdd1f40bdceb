/** What a unit tells of itself, asked over its line: devices, reasons, checks, paths, and the press that somebody has accepted. */

import { decodeLogEntry, type LogEntry } from "../../firmware/storage/log-entry.ts";
import { checks } from "../../firmware/supervision/faults.ts";
import { logReadLimit } from "../../protocol/console/orders.ts";
import { UserError } from "../user-error.ts";
import type { EventOf, ServiceLink } from "./service-link.ts";

const checksMs = 60_000;
const pathsMs = 60_000;
/** Checks come together, at the end of their round. */
const nextCheckMs = 2_000;
/** What a line carries at 115,200 baud, and the length of one with an event of the log. */
const bytesPerMs = 10;
const entryLineLength = 125;
/** Answers without any event that was asked for. */
const missLimit = 3;
const lastPlace = 31;
const placesAfterLast = lastPlace + 1;

/** Everything in the table of bonds. */
export async function devicesOf(link: ServiceLink): Promise<readonly EventOf<"device">[]> {
  const devices: EventOf<"device">[] = [];
  for (let from = 0; from < placesAfterLast; ) {
    link.forget("device");
    const end = await link.ask({ type: "devices", from }, "devices-end");
    devices.push(...link.taken("device"));
    from = end.next;
  }
  return devices;
}

export function reasonsOf(link: ServiceLink): Promise<readonly EventOf<"reason">[]> {
  return link.list({ type: "reasons" }, "reason");
}

/** One self-check of every part. Throws UserError (1) where it does not end within a minute. */
export async function checksOf(link: ServiceLink): Promise<readonly EventOf<"check">[]> {
  link.forget("check");
  await link.order({ type: "self-check" });
  const found: EventOf<"check">[] = [];
  for (let waitMs = checksMs; found.length < checks.length; waitMs = nextCheckMs) {
    const check = await link.next("check", waitMs);
    if (check === undefined) break;
    found.push(check);
  }
  if (found.length > 0) return found;
  throw new UserError(
    "the self-check did not end within a minute",
    "an alarm puts it off: livlina diagnose shows whether one waits",
    1,
  );
}

/** Each of so many paths, tried now. */
export async function pathsOf(link: ServiceLink, count: number): Promise<readonly EventOf<"path">[]> {
  link.forget("path");
  await link.order({ type: "path-test" });
  const found: EventOf<"path">[] = [];
  const endMs = performance.now() + pathsMs;
  while (found.length < count && performance.now() < endMs) {
    const path = await link.next("path", found.length === 0 ? pathsMs : nextCheckMs);
    if (path === undefined) break;
    found.push(path);
  }
  return found;
}

/** The log from that event on, at most so many; what a later version has added is left out. */
export async function logFrom(
  link: ServiceLink,
  from: number,
  most: number,
): Promise<{ readonly entries: readonly LogEntry[]; readonly next: number }> {
  const entries: LogEntry[] = [];
  const startMs = performance.now();
  let heardBytes = 0;
  let at = from;
  for (let misses = 0; ; ) {
    // A line that is faster than its baud rate, such as a pseudo-terminal, would outrun the unit, which drops what it has no room for.
    await pause(heardBytes / bytesPerMs - (performance.now() - startMs));
    const end = await link.ask({ type: "log-read", from: at, count: logReadLimit }, "log-end");
    const read = link.taken("entry").filter(({ to }) => to === end.to);
    heardBytes += (read.length + 1) * entryLineLength;
    // A first event behind a gap is the oldest that is kept; a gap between two is a line that was lost, and is asked for again.
    let next = read.length === 0 ? at : sequenceOf(read[0]?.bytes);
    for (const { bytes } of read) {
      if (sequenceOf(bytes) !== next) break;
      const entry = decodeLogEntry(bytes);
      if (entry.ok) entries.push(entry.value);
      next++;
    }
    misses = next === at ? misses + 1 : 0;
    if (next >= end.next || entries.length >= most || misses > missLimit)
      return { entries: entries.slice(0, most), next: end.next };
    at = next;
  }
}

/** The number that the next event of the log will have. */
export async function logEnd(link: ServiceLink): Promise<number> {
  return (await link.ask({ type: "log-read", from: 0, count: 0 }, "log-end")).next;
}

export interface AcceptedPress {
  readonly number: number;
  readonly part: number;
  readonly route: string;
  readonly receiver: number;
  /** From the first sign of it to its acceptance, as this machine saw it. */
  readonly afterMs: number;
}

/**
 * The next press that a receiver accepts: of the button at that place, or where `place` is -1 of the key on the unit. Undefined where none
 * does within so many ms. `hands.ready` is told when it may be pressed, `hands.heard` of each press as it is stored.
 */
export async function acceptedPress(
  link: ServiceLink,
  place: number,
  withinMs: number,
  hands: { readonly ready: () => void; readonly heard: (number: number) => void },
): Promise<AcceptedPress | undefined> {
  const from = await logEnd(link);
  link.forget("log");
  hands.ready();
  const endMs = performance.now() + withinMs;
  const storedMs = new Map<number, number>();
  for (let leftMs = withinMs; leftMs > 0; leftMs = endMs - performance.now()) {
    const log = await link.next("log", leftMs);
    if (log === undefined) return undefined;
    if (log.what === "stored" && !storedMs.has(log.number)) {
      storedMs.set(log.number, performance.now());
      hands.heard(log.number);
    }
    if (log.what !== "accepted" || log.receiver < 1) continue;
    const { entries } = await logFrom(link, from, 2_000);
    const heard = entries.find(({ what, number }) => what === "heard" && number === log.number);
    const isIt = place < 0 ? heard === undefined && isAlarm(entries, log.number) : heard?.detail === place;
    if (!isIt) continue;
    const afterMs = Math.round(performance.now() - (storedMs.get(log.number) ?? performance.now()));
    return { number: log.number, part: log.part, route: log.route, receiver: log.receiver, afterMs };
  }
  return undefined;
}

/** Alarms of people are logged step by step, the unit's own reports are not. */
function isAlarm(entries: readonly LogEntry[], number: number): boolean {
  return entries.some((entry) => entry.what === "sent" && entry.number === number);
}

function sequenceOf(bytes: Uint8Array | undefined): number {
  return bytes === undefined ? 0 : new DataView(bytes.buffer, bytes.byteOffset).getUint32(5);
}

function pause(forMs: number): Promise<void> {
  return forMs <= 0 ? Promise.resolve() : new Promise((resolve) => setTimeout(resolve, forMs));
}
