/** The Bluetooth stack of one simulated device: advertising events at their intervals with the delay the standard adds, and a scanner that changes channels. */
import type { Ble, BleOptions, OpenBle } from "../../firmware/ports/ble.ts";
import { legacyCapacity } from "../../firmware/radio-chips/ble-parts.ts";
import type { Air, AirDevice } from "../air/air.ts";
import type { EventQueue, Handle } from "../core/event-queue.ts";
import type { Stream } from "../core/prng.ts";
import type { BleAir, BleEar } from "./ble-air.ts";

/** A scanner stays on one channel for so long. */
const scanIntervalUs = 100_000;
const channels = 3;
/** Up to 10 ms are added to each interval, so that two senders do not meet again and again (Core 5.4 volume 6 part B 4.4.2.2.1). */
const mostDelayUs = 10_000;

export interface SimBleOptions {
  readonly queue: EventQueue;
  readonly air: Air;
  readonly ble: BleAir;
  readonly device: AirDevice;
  /** The stack's own chance. */
  readonly chance: Stream;
  /** Bluetooth 4 stacks take nothing shorter without connections. */
  readonly leastIntervalMs: number;
}

/** Opening it twice without closing throws. */
export function simBle(options: SimBleOptions): OpenBle {
  return (bleOptions) => new SimBle(options, bleOptions);
}

class SimBle implements Ble, BleEar {
  readonly capacity: number;
  private readonly options: SimBleOptions;
  private readonly onHeard: BleOptions["onHeard"];
  private data: Uint8Array | undefined;
  private intervalUs: number;
  private planned: Handle | undefined;
  /** On since then, in µs of the world; undefined: not. */
  private scansFromUs: number | undefined;
  /** Which channel it began on. */
  private firstChannel: number;
  /** Who has heard what is advertised now: told once to whoever watches the air. */
  private newest: Uint8Array | undefined;

  constructor(options: SimBleOptions, { onHeard }: BleOptions) {
    this.capacity = legacyCapacity;
    this.options = options;
    this.onHeard = onHeard;
    this.data = undefined;
    this.intervalUs = 0;
    this.planned = undefined;
    this.scansFromUs = undefined;
    this.firstChannel = 0;
    this.newest = undefined;
    options.ble.join(options.device, this);
  }

  advertise(data: Uint8Array, intervalMs: number): void {
    const { leastIntervalMs, queue, air, device } = this.options;
    if (intervalMs < leastIntervalMs) throw new Error(`ble: this stack advertises at most each ${leastIntervalMs} ms`);
    this.stopAdvertising();
    this.data = data.slice();
    this.intervalUs = intervalMs * 1000;
    air.note("sent", device, this.data);
    this.next(queue.nowMs * 1000);
  }

  stopAdvertising(): void {
    this.data = undefined;
    if (this.planned !== undefined) this.options.queue.cancel(this.planned);
    this.planned = undefined;
  }

  scan(on: boolean): void {
    this.firstChannel = this.options.chance.below(channels);
    this.scansFromUs = on ? this.options.queue.nowMs * 1000 : undefined;
  }

  close(): void {
    this.stopAdvertising();
    this.scansFromUs = undefined;
    this.options.ble.join(this.options.device, undefined);
  }

  /** For BleAir. */
  channelDuring(startUs: number, endUs: number): number | undefined {
    if (this.scansFromUs === undefined || startUs < this.scansFromUs) return undefined;
    const first = Math.floor((startUs - this.scansFromUs) / scanIntervalUs);
    const last = Math.floor((endUs - this.scansFromUs) / scanIntervalUs);
    return first === last ? (this.firstChannel + first) % channels : undefined;
  }

  /** For BleAir. */
  hear(data: Uint8Array, rssiDbm: number): void {
    const { air, device } = this.options;
    if (this.newest === undefined || !data.every((byte, at) => byte === this.newest?.[at])) {
      this.newest = data;
      air.note("heard", device, data);
    }
    this.onHeard(data, rssiDbm);
  }

  private next(atUs: number): void {
    const { queue, ble, device, chance } = this.options;
    const atMs = Math.floor(atUs / 1000);
    this.planned = queue.at(atMs, () => {
      if (this.data === undefined) return;
      ble.event(device, this.data, atUs - atMs * 1000);
      this.next(atUs + this.intervalUs + chance.below(mostDelayUs + 1));
    });
  }
}
