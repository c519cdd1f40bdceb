/** Mains that many homes hang on: one cut darkens all of them, and their broadband routers with them. */
import type { EventQueue } from "../core/event-queue.ts";
import { Calendar, CalendarWatch, type LinkWindow } from "../network/outage.ts";

export class PowerArea {
  readonly name: string;
  /** When there is no mains; to a link whose router hangs on it that is "down". */
  readonly calendar: Calendar<LinkWindow>;
  private readonly queue: EventQueue;
  private readonly listeners: Set<() => void>;
  private wasOn: boolean;

  constructor(queue: EventQueue, name: string) {
    this.name = name;
    this.calendar = new Calendar();
    this.queue = queue;
    this.listeners = new Set();
    this.wasOn = true;
    new CalendarWatch(queue, [this.calendar], () => this.tell());
  }

  get isOn(): boolean {
    return !this.calendar.isActive(this.queue.nowMs);
  }

  /** No mains from `fromMs` on and before `toMs`; without `toMs` for good. */
  cut(fromMs: number, toMs: number | undefined): void {
    this.calendar.add({ fromMs, toMs, fault: "down", extraDelayMs: 0, lossPpm: 0 });
  }

  /** Calls back whenever the mains came or went. Listeners hear in the order they came. */
  listen(onChange: () => void): void {
    this.listeners.add(onChange);
  }

  private tell(): void {
    const on = this.isOn;
    if (on === this.wasOn) return;
    this.wasOn = on;
    for (const listener of this.listeners) listener();
  }
}
