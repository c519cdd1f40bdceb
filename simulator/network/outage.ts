/**
 * Calendars of faults: what is wrong with a shared object, and when. Known beforehand, so that units can be played in
 * batches; and what faults do to a link that carries datagrams.
 */
import type { EventQueue, Handle } from "../core/event-queue.ts";
import type { BroadbandFault, MobileFault } from "../scenario/fault.ts";
import type { Span } from "../scenario/scenario.ts";

/** From `fromMs` on and before `toMs`, in ms of virtual time; without `toMs` for good. */
export interface FaultWindow {
  readonly fromMs: number;
  readonly toMs: number | undefined;
}

/** A foreign transmitter in a building. */
export interface JamWindow extends FaultWindow {
  /** Packets that it destroys, and the share of the time that it sends; undefined: all. */
  readonly lossPpm?: number | undefined;
}

/** A fault of a link, as scenario files tell it. */
export interface LinkWindow extends FaultWindow {
  /**
   * Three exist on mobile links alone: `denied` (the network turns modems away), `stale-sessions` (sessions that were
   * there at its start carry nothing, though all looks well; those started later work), and `wrong-time`.
   */
  readonly fault: BroadbandFault | MobileFault;
  /** For slow and congested: added to each datagram, one way. */
  readonly extraDelayMs: number;
  /** For lossy and congested: in place of the link's own. */
  readonly lossPpm: number;
  /** For wrong-time: how far the network's clock is off. */
  readonly clockErrorMs?: number | undefined;
}

export const mostWindows = 1024;
const nothing: readonly never[] = [];

export class Calendar<W extends FaultWindow> {
  private windows: W[];
  private readonly listeners: Set<() => void>;
  /** Instants at which anything begins or ends, rising; `during[i]` holds from `changes[i]` to `changes[i + 1]`. */
  private changes: number[];
  private during: (readonly W[])[];
  private upToDate: boolean;
  /** Where the last question was answered: time mostly goes on from there. */
  private lastAt: number;

  constructor(windows: readonly W[] = []) {
    this.windows = [];
    this.listeners = new Set();
    this.changes = [];
    this.during = [];
    this.upToDate = true;
    this.lastAt = -1;
    for (const window of windows) this.add(window);
  }

  /** Throws when the window ends before it begins, and beyond 1,024 windows. An empty window is left out. */
  add(window: W): void {
    if (!Number.isSafeInteger(window.fromMs) || (window.toMs !== undefined && !(window.toMs >= window.fromMs))) {
      throw new Error(`calendar: no window from ${window.fromMs} to ${window.toMs}`);
    }
    if (window.toMs === window.fromMs) return;
    if (this.windows.length >= mostWindows) throw new Error(`calendar: more than ${mostWindows} windows`);
    this.windows.push(window);
    this.edited();
  }

  /** What began at `fromMs` ends at `atMs`, whatever was planned. */
  end(fromMs: number, atMs: number): void {
    this.windows = this.windows.map((window) => (window.fromMs === fromMs ? { ...window, toMs: atMs } : window));
    this.edited();
  }

  /** The world heals: what is on ends at `atMs`, also what was for good, and what lies ahead does not come. */
  endAll(atMs: number): void {
    const kept: W[] = [];
    for (const window of this.windows) {
      if (window.fromMs >= atMs) continue;
      kept.push(window.toMs !== undefined && window.toMs <= atMs ? window : { ...window, toMs: atMs });
    }
    this.windows = kept;
    this.edited();
  }

  /** What is on at `atMs`, in the order it was added. The same array as long as nothing begins or ends. */
  active(atMs: number): readonly W[] {
    if (this.windows.length === 0) return nothing;
    const segment = this.segmentOf(atMs);
    return segment < 0 ? nothing : (this.during[segment] as readonly W[]);
  }

  isActive(atMs: number): boolean {
    return this.active(atMs).length > 0;
  }

  /** The first instant after `afterMs` at which anything begins or ends; undefined when nothing changes any more. */
  nextChange(afterMs: number): number | undefined {
    if (this.windows.length === 0) return undefined;
    const segment = this.segmentOf(afterMs);
    return this.changes[segment + 1];
  }

  /** Calls back after every edit, until the answer is called. A listener that is there already hears last from now on. */
  onEdit(listener: () => void): () => void {
    this.listeners.delete(listener);
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private edited(): void {
    this.upToDate = false;
    for (const listener of [...this.listeners]) listener();
  }

  /** Index of the last change at or before `atMs`; -1 before the first. */
  private segmentOf(atMs: number): number {
    if (!this.upToDate) this.rebuild();
    const { changes, lastAt } = this;
    if (lastAt >= 0 && (changes[lastAt] as number) <= atMs) {
      const end = changes[lastAt + 1];
      if (end === undefined || atMs < end) return lastAt;
    }
    let low = 0;
    let high = changes.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((changes[middle] as number) <= atMs) low = middle + 1;
      else high = middle;
    }
    this.lastAt = low - 1;
    return low - 1;
  }

  private rebuild(): void {
    const instants = new Set<number>();
    for (const { fromMs, toMs } of this.windows) {
      instants.add(fromMs);
      if (toMs !== undefined) instants.add(toMs);
    }
    this.changes = [...instants].sort((one, other) => one - other);
    this.during = this.changes.map((atMs) =>
      this.windows.filter(({ fromMs, toMs }) => fromMs <= atMs && (toMs === undefined || atMs < toMs)),
    );
    this.lastAt = -1;
    this.upToDate = true;
  }
}

/** Calls back at every instant at which anything on these calendars begins or ends, and after every edit. */
export class CalendarWatch {
  private readonly queue: EventQueue;
  private readonly calendars: readonly Calendar<FaultWindow>[];
  private readonly changed: () => void;
  private forget: readonly (() => void)[];
  private planned: Handle | undefined;

  constructor(queue: EventQueue, calendars: readonly Calendar<FaultWindow>[], onChange: () => void) {
    this.queue = queue;
    this.calendars = calendars;
    this.changed = () => {
      this.plan();
      onChange();
    };
    this.forget = [];
    this.plan();
  }

  close(): void {
    for (const forget of this.forget) forget();
    if (this.planned !== undefined) this.queue.cancel(this.planned);
    this.planned = undefined;
  }

  private plan(): void {
    // What is edited while the world runs comes to all in the order in which it would have come had it been planned.
    this.forget = this.calendars.map((calendar) => calendar.onEdit(this.changed));
    if (this.planned !== undefined) this.queue.cancel(this.planned);
    let nextMs: number | undefined;
    for (const calendar of this.calendars) {
      const changeMs = calendar.nextChange(this.queue.nowMs);
      if (changeMs !== undefined && (nextMs === undefined || changeMs < nextMs)) nextMs = changeMs;
    }
    this.planned = nextMs === undefined ? undefined : this.queue.at(nextMs, this.changed);
  }
}

/** What a link does to a datagram on its way. */
export interface Link {
  /** One way: half of a round trip. */
  readonly delay: Span;
  readonly lossPpm: number;
}

/** A link with all that hangs on it: each calendar, its own or of what it depends on, can make it worse. */
export class FaultyLink {
  readonly calendars: readonly Calendar<LinkWindow>[];
  private readonly sound: Link;
  private readonly lastActive: (readonly LinkWindow[])[];
  private last: Link | undefined;

  constructor(sound: Link, calendars: readonly Calendar<LinkWindow>[]) {
    this.sound = sound;
    this.calendars = calendars;
    this.lastActive = calendars.map(() => nothing);
    this.last = sound;
  }

  /** How it is at this instant; undefined where nothing passes. The same object as long as nothing changes. */
  at(atMs: number): Link | undefined {
    let same = true;
    for (let i = 0; i < this.calendars.length; i++) {
      const active = (this.calendars[i] as Calendar<LinkWindow>).active(atMs);
      if (active === this.lastActive[i]) continue;
      same = false;
      this.lastActive[i] = active;
    }
    if (!same) this.last = underFaults(this.sound, this.lastActive.flat());
    return this.last;
  }

  /** Whether this fault is on. */
  has(fault: LinkWindow["fault"], atMs: number): boolean {
    return this.window(fault, atMs) !== undefined;
  }

  /** The first window of this fault that is on. */
  window(fault: LinkWindow["fault"], atMs: number): LinkWindow | undefined {
    for (const calendar of this.calendars)
      for (const window of calendar.active(atMs)) if (window.fault === fault) return window;
    return undefined;
  }

  /** Whether there is a link that the devices on it can see. */
  isUp(atMs: number): boolean {
    return !this.calendars.some((calendar) => calendar.active(atMs).some(isDown));
  }
}

/** A fault that devices notice by themselves: the link is not there. */
export function isDown(window: LinkWindow): boolean {
  return window.fault === "down" || window.fault === "gone" || window.fault === "no-address";
}

function underFaults(sound: Link, windows: readonly LinkWindow[]): Link | undefined {
  let extraMs = 0;
  let lossPpm = sound.lossPpm;
  for (const window of windows) {
    if (isDown(window) || window.fault === "no-data") return undefined;
    if (window.fault === "slow" || window.fault === "congested") extraMs += window.extraDelayMs;
    if (window.fault === "lossy" || window.fault === "congested") lossPpm = Math.max(lossPpm, window.lossPpm);
  }
  if (extraMs === 0 && lossPpm === sound.lossPpm) return sound;
  return { delay: { leastMs: sound.delay.leastMs + extraMs, mostMs: sound.delay.mostMs + extraMs }, lossPpm };
}
