/** Datagrams between being read and being worked off, so that a burst waits here and not in the system's small buffer, where it would be lost. */
import type { Datagram } from "../../firmware/ports/socket.ts";

/** Datagrams that wait; the newest are dropped beyond. */
export const queueLimit = 10_000;

/** Fewer than Node reads at a time (32), so that under load reading is ahead. */
const sliceLength = 16;

export class DatagramQueue {
  /** How many were dropped. */
  droppedCount: number;
  private readonly work: (datagram: Datagram) => void;
  private waiting: Datagram[];
  /** Of `waiting`, how many are done. */
  private done: number;
  private planned: NodeJS.Immediate | undefined;

  constructor(work: (datagram: Datagram) => void) {
    this.droppedCount = 0;
    this.work = work;
    this.waiting = [];
    this.done = 0;
    this.planned = undefined;
  }

  add(datagram: Datagram): void {
    if (this.waiting.length - this.done >= queueLimit) {
      this.droppedCount++;
      return;
    }
    this.waiting.push(datagram);
    this.planned ??= setImmediate(() => this.step());
  }

  /** Nothing that waits is worked off any more. */
  clear(): void {
    clearImmediate(this.planned);
    this.planned = undefined;
    this.waiting = [];
    this.done = 0;
  }

  private step(): void {
    this.planned = undefined;
    // Whoever works may clear.
    for (let i = 0; i < sliceLength && this.done < this.waiting.length; i++)
      this.work(this.waiting[this.done++] as Datagram);
    if (this.done >= queueLimit || this.done === this.waiting.length) {
      this.waiting = this.waiting.slice(this.done);
      this.done = 0;
    }
    if (this.waiting.length > 0) this.planned ??= setImmediate(() => this.step());
  }
}
