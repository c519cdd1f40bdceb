/** Shows the network between, and a registrar that watches its flows, that a way is still used (RFC 5626 3.5.1; an empty line keeps a NAT's binding of UDP as well). */
import type { Clock, Timer } from "../ports/clock.ts";

export class KeepAlive {
  private readonly clock: Clock;
  private readonly ping: () => void;
  private timer: Timer | undefined;
  private pauseMs: number;

  constructor(clock: Clock, ping: () => void) {
    this.clock = clock;
    this.ping = ping;
    this.timer = undefined;
    this.pauseMs = 0;
  }

  /** At that distance from now on; 0: no more. */
  set(pauseMs: number): void {
    if (pauseMs === this.pauseMs) return;
    this.pauseMs = pauseMs;
    if (this.timer !== undefined) this.timer.cancel();
    this.timer = pauseMs > 0 ? this.next() : undefined;
  }

  private next(): Timer {
    return this.clock.after(this.pauseMs, () => {
      this.timer = this.next();
      this.ping();
    });
  }
}
