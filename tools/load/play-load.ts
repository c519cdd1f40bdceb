/** Plays a load at a steady rate, and searches the highest rate at which nothing is lost or sent again. */
import type { LoadUnits } from "./load-units.ts";
import type { LoadSecond, LoadTotal, Tally } from "./tally.ts";

export interface LoadOrder {
  /** Messages a second, of all units. */
  readonly rate: number;
  readonly forMs: number;
  /** Once it is true nothing more is sent, and nothing waited for. */
  readonly isStopped: () => boolean;
  readonly onSecond: (second: LoadSecond, openCount: number) => void;
}

export interface Played extends LoadTotal {
  /** As asked for. */
  readonly rate: number;
  /** As sent; less where this machine could not, or too much was open. */
  readonly offeredRate: number;
  readonly tookMs: number;
}

/** Above it every turn of the event loop sends what is due; below it a timer does, which leaves the processor to others. */
const hurriedRate = 4_000;
const secondMs = 1_000;
const tickMs = 10;
/** Messages sent at once, so that answers are read between. */
const batchLimit = 64;
/** A sender that falls behind further than this is itself what is measured. */
const keptShare = 0.97;

/** Sends at the rate, then waits until every message is answered or lost. */
export async function playLoad(units: LoadUnits, tally: Tally, order: LoadOrder): Promise<Played> {
  const { rate, forMs, isStopped } = order;
  const startMs = performance.now();
  const total = Math.max(1, Math.round((rate * forMs) / 1000));
  const clock = new SecondClock(startMs, tally, units, order);
  let sent = 0;
  while (sent < total && !isStopped()) {
    const due = Math.min(total, sent + batchLimit, Math.floor(((performance.now() - startMs) * rate) / 1000) + 1);
    for (; sent < due; sent++) units.send();
    clock.tick();
    await (rate > hurriedRate ? nextTurn() : rest(Math.min(tickMs, 1000 / rate)));
  }
  const tookMs = performance.now() - startMs;
  while (units.openCount > 0 && !isStopped()) {
    clock.tick();
    await rest(tickMs);
  }
  clock.end();
  const totals = tally.totals();
  const offeredRate = tookMs === 0 ? 0 : (totals.sent / Math.max(tookMs, (sent * 1000) / rate)) * 1000;
  return { rate, offeredRate, tookMs, ...totals };
}

/** Nothing was lost, refused, sent again or held back. */
export function isClean({ lost, refused, again, unsent }: Played): boolean {
  return lost + refused + again + unsent === 0;
}

/** The sender could not offer what was asked of it: nothing is said of the receiver. */
export function isSenderLimited({ rate, offeredRate }: Played): boolean {
  return offeredRate < rate * keptShare;
}

export interface SearchOrder {
  readonly rates: readonly number[];
  /** Plays one rate with fresh units. */
  readonly play: (rate: number) => Promise<Played>;
  readonly isStopped: () => boolean;
}

export interface Found {
  /** The highest that was clean, 0 where none was. */
  readonly cleanRate: number;
  readonly limit: "receiver" | "sender" | "last-rate" | "stopped";
  readonly steps: readonly Played[];
}

/** Rate after rate until the first that is twice not clean (once may be this machine's own hiccup), or that this sender cannot offer. */
export async function searchCleanRate({ rates, play, isStopped }: SearchOrder): Promise<Found> {
  const steps: Played[] = [];
  let cleanRate = 0;
  for (const rate of rates) {
    let played = await play(rate);
    steps.push(played);
    if (!isClean(played) && !isStopped()) {
      played = await play(rate);
      steps.push(played);
    }
    if (isStopped()) return { cleanRate, limit: "stopped", steps };
    if (!isClean(played)) return { cleanRate, limit: "receiver", steps };
    if (isSenderLimited(played)) return { cleanRate: Math.floor(played.offeredRate), limit: "sender", steps };
    cleanRate = rate;
  }
  return { cleanRate, limit: "last-rate", steps };
}

/** Ends each second of the tally in its time, and lets the units send again. */
class SecondClock {
  private readonly tally: Tally;
  private readonly units: LoadUnits;
  private readonly order: LoadOrder;
  private nextSecondMs: number;
  private nextTickMs: number;

  constructor(startMs: number, tally: Tally, units: LoadUnits, order: LoadOrder) {
    this.tally = tally;
    this.units = units;
    this.order = order;
    this.nextSecondMs = startMs + secondMs;
    this.nextTickMs = startMs;
  }

  tick(): void {
    const nowMs = performance.now();
    if (nowMs >= this.nextTickMs) {
      this.nextTickMs = nowMs + tickMs;
      this.units.tick();
    }
    for (; nowMs >= this.nextSecondMs; this.nextSecondMs += secondMs)
      this.order.onSecond(this.tally.turn(), this.units.openCount);
  }

  /** What is left of the last second. */
  end(): void {
    this.units.close();
    this.order.onSecond(this.tally.turn(), 0);
  }
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function rest(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
