/** What a listening transceiver measures of energy that gives no packet: here the jamming of its building (firmware/ports/radio.ts). */
import type { EventQueue, Handle } from "../core/event-queue.ts";
import { type Calendar, CalendarWatch, type JamWindow } from "../network/outage.ts";

/** While energy lasts it is told of this often. */
const tellEachMs = 5_000;

export class BusyEar {
  private readonly queue: EventQueue;
  private readonly jamming: Calendar<JamWindow>;
  private readonly onBusy: (forMs: number) => void;
  private readonly watch: CalendarWatch;
  private sinceMs: number | undefined;
  /** How much of the time there is energy, in parts per million, since then. */
  private sharePpm: number;
  private planned: Handle | undefined;

  constructor(queue: EventQueue, jamming: Calendar<JamWindow>, onBusy: (forMs: number) => void) {
    this.queue = queue;
    this.jamming = jamming;
    this.onBusy = onBusy;
    this.sinceMs = jamming.isActive(queue.nowMs) ? queue.nowMs : undefined;
    this.sharePpm = this.shareNow();
    this.planned = undefined;
    this.watch = new CalendarWatch(queue, [jamming], () => this.look());
    this.plan();
  }

  close(): void {
    this.watch.close();
    if (this.planned !== undefined) this.queue.cancel(this.planned);
    this.planned = undefined;
  }

  /** Tells of what has been since the last time, and begins anew where the energy is still there. */
  private look(): void {
    const { nowMs } = this.queue;
    const whileMs = this.sinceMs === undefined ? 0 : nowMs - this.sinceMs;
    const forMs = Math.floor((whileMs * this.sharePpm) / 1_000_000);
    this.sinceMs = this.jamming.isActive(nowMs) ? nowMs : undefined;
    this.sharePpm = this.shareNow();
    this.plan();
    if (forMs > 0) this.onBusy(forMs);
  }

  /** A jammer that pauses is there for a share of the time. */
  private shareNow(): number {
    let most = 0;
    for (const { lossPpm = 1_000_000 } of this.jamming.active(this.queue.nowMs)) most = Math.max(most, lossPpm);
    return most;
  }

  private plan(): void {
    if (this.planned !== undefined) this.queue.cancel(this.planned);
    this.planned =
      this.sinceMs === undefined
        ? undefined
        : this.queue.after(tellEachMs, () => {
            this.planned = undefined;
            this.look();
          });
  }
}
