/** What a listening transceiver measures of energy that gives no packet: here the jamming of its building (firmware/ports/radio.ts). */
import type { EventQueue, Handle } from "../core/event-queue.ts";
import { type Calendar, CalendarWatch, type FaultWindow } from "../network/outage.ts";

/** While energy lasts it is told of this often. */
const tellEachMs = 5_000;

export class BusyEar {
  private readonly queue: EventQueue;
  private readonly jamming: Calendar<FaultWindow>;
  private readonly onBusy: (forMs: number) => void;
  private readonly watch: CalendarWatch;
  private sinceMs: number | undefined;
  private planned: Handle | undefined;

  constructor(queue: EventQueue, jamming: Calendar<FaultWindow>, onBusy: (forMs: number) => void) {
    this.queue = queue;
    this.jamming = jamming;
    this.onBusy = onBusy;
    this.sinceMs = jamming.isActive(queue.nowMs) ? queue.nowMs : undefined;
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
    const forMs = this.sinceMs === undefined ? 0 : nowMs - this.sinceMs;
    this.sinceMs = this.jamming.isActive(nowMs) ? nowMs : undefined;
    this.plan();
    if (forMs > 0) this.onBusy(forMs);
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
