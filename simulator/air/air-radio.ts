/** The Radio port of one device on the simulated air: packets that wait, the windows in which it listens, what it heard. */
import type { Radio, RadioOptions, RadioPacket } from "../../firmware/ports/radio.ts";
import type { Air, AirDevice, Transmission } from "./air.ts";
import { BusyEar } from "./busy-ear.ts";

export const largestPacket = 40;
export const mostWaiting = 4;
export const mostHeard = 4;

export class AirRadio implements Radio {
  private readonly air: Air;
  private readonly device: AirDevice;
  private readonly onReadable: (packetCount: number) => void;
  private readonly ear: BusyEar | undefined;
  private readonly heard: RadioPacket[];
  private readonly waiting: Uint8Array[];
  private sending: Transmission | undefined;
  private listensFromMs: number;
  private listensUntilMs: number;
  private closed: boolean;

  constructor(air: Air, device: AirDevice, options: RadioOptions) {
    this.air = air;
    this.device = device;
    this.onReadable = options.onReadable;
    const { onBusy } = options;
    this.ear = onBusy === undefined ? undefined : new BusyEar(air.queue, air.jamming(device.building), onBusy);
    this.heard = [];
    this.waiting = [];
    this.sending = undefined;
    this.listensFromMs = 0;
    this.listensUntilMs = 0;
    this.closed = false;
  }

  /** Copies the bytes. A packet is dropped where four wait already, as in a transceiver whose buffer is full. */
  send(bytes: Uint8Array): void {
    if (this.closed) return;
    if (bytes.length < 1 || bytes.length > largestPacket) throw new Error(`air: a packet of ${bytes.length} bytes`);
    if (this.sending === undefined) this.start(bytes.slice());
    else if (this.waiting.length < mostWaiting) this.waiting.push(bytes.slice());
  }

  /** A window that is still open is prolonged or cut, not begun anew. */
  listen(forMs: number): void {
    if (this.closed) return;
    if (!Number.isSafeInteger(forMs) || forMs < -1) throw new Error(`air: cannot listen for ${forMs} ms`);
    const nowMs = this.air.queue.nowMs;
    if (this.listensUntilMs < nowMs) this.listensFromMs = nowMs;
    this.listensUntilMs = forMs < 0 ? Number.MAX_SAFE_INTEGER : nowMs + forMs;
  }

  read(): RadioPacket | undefined {
    return this.heard.shift();
  }

  /** The transmission that is under way breaks off, and those that wait are forgotten. */
  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.ear?.close();
    this.device.radio = undefined;
    this.waiting.length = 0;
    this.heard.length = 0;
    if (this.sending === undefined) return;
    this.sending.cut = true;
    this.sending.endUs = Math.min(this.sending.endUs, this.air.queue.nowMs * 1000);
  }

  /** For Air: whether a packet with these bounds lay wholly in a window. */
  listenedThroughout(startUs: number, endUs: number): boolean {
    return this.listensFromMs * 1000 <= startUs && endUs <= this.listensUntilMs * 1000;
  }

  /** For Air: a packet has come in. What is beyond four unread ones is dropped. */
  hear(packet: RadioPacket): void {
    if (this.heard.length >= mostHeard) return;
    this.heard.push(packet);
    this.onReadable(this.heard.length);
  }

  private start(bytes: Uint8Array): void {
    this.sending = this.air.transmit(this.device, bytes, () => this.next());
  }

  private next(): void {
    this.sending = undefined;
    const bytes = this.waiting.shift();
    if (bytes !== undefined) this.start(bytes);
  }
}
