/** The laptop of service people on a unit's service line (protocol/console): it opens the lock with the unit's key, and gives one order at a time. */
import type { Clock } from "../../firmware/ports/clock.ts";
import type { OpenSerial } from "../../firmware/ports/serial.ts";
import { encodeFrame, FrameReader, latestMs, sequenceAfter } from "../../protocol/console/frame.ts";
import { type ConsoleCommand, type ConsoleEvent, decodeEvent, encodeCommand } from "../../protocol/console/messages.ts";
import type { ConsoleOrder } from "../../protocol/console/orders.ts";
import { unlockProof } from "../../protocol/console/unlock.ts";
import type { EventQueue } from "../core/event-queue.ts";
import type { Stream } from "../core/prng.ts";
import { aesBlock } from "../node-aes.ts";
import { Wire } from "../wire.ts";

export interface ServiceToolOptions {
  readonly queue: Pick<EventQueue, "nowMs">;
  /** The unit's service key, 16 bytes. */
  readonly key: Uint8Array;
  readonly chance: Stream;
  readonly onBytes: (direction: "to-device" | "to-peer", bytes: Uint8Array) => void;
}

interface Order {
  readonly order: ConsoleOrder;
  readonly onEvent: (event: ConsoleEvent) => void;
  at: "greeting" | "unlocking" | "proving" | "ordered";
  /** Number of the line that is to be answered. */
  line: number;
}

export class ServiceTool {
  private readonly options: ServiceToolOptions;
  private wire: Wire | undefined;
  private reader: FrameReader;
  private sequence: number;
  private unit: string;
  private order: Order | undefined;

  constructor(options: ServiceToolOptions) {
    this.options = options;
    this.wire = undefined;
    this.reader = this.newReader();
    this.sequence = 0;
    this.unit = "";
    this.order = undefined;
  }

  /** The line into a life of the unit, on that life's clock; a former one is dead. */
  openLine(clock: Clock): OpenSerial {
    const { chance, onBytes } = this.options;
    this.reader = this.newReader();
    this.wire = new Wire({ clock, random: chance, onBytes }, (bytes) => this.reader.push(bytes));
    return this.wire.openDevice;
  }

  /** Unlocks the line and gives the order; what the unit says from then on is heard until `forget`, or the next order. A dead unit answers nothing. */
  give(order: ConsoleOrder, onEvent: (event: ConsoleEvent) => void): void {
    this.order = { order, onEvent, at: "greeting", line: this.say({ type: "hello" }) };
  }

  /** The next order over the line as the last one has opened it. */
  giveNext(order: ConsoleOrder, onEvent: (event: ConsoleEvent) => void): void {
    this.order = { order, onEvent, at: "ordered", line: this.say(order) };
  }

  forget(): void {
    this.order = undefined;
  }

  private hear(event: ConsoleEvent): void {
    const { order } = this;
    if (order === undefined) return;
    if (order.at === "ordered") {
      if (!("to" in event) || event.to === order.line) order.onEvent(event);
      return;
    }
    if (!("to" in event) || event.to !== order.line) return;
    if (order.at === "greeting" && event.type === "identity") {
      this.unit = event.unit;
      this.goOn(order, "unlocking", { type: "unlock", proof: new Uint8Array(0) });
    } else if (order.at === "unlocking" && event.type === "challenge") {
      const proof = unlockProof(aesBlock(this.options.key), this.unit, event.bytes);
      this.goOn(order, "proving", { type: "unlock", proof });
    } else if (order.at === "proving" && event.type === "unlocked") this.goOn(order, "ordered", order.order);
  }

  private goOn(order: Order, at: Order["at"], command: ConsoleCommand): void {
    order.at = at;
    order.line = this.say(command);
  }

  private say(command: ConsoleCommand): number {
    const { sequence } = this;
    this.sequence = sequenceAfter(sequence);
    const atMs = Math.min(this.options.queue.nowMs, latestMs);
    this.wire?.write(encodeFrame({ speaker: "tool", sequence, atMs, text: encodeCommand(command) }));
    return sequence;
  }

  private newReader(): FrameReader {
    return new FrameReader((_line, frame) => {
      if (!frame.ok || frame.value.speaker !== "unit") return;
      const event = decodeEvent(frame.value.text);
      if (event.ok) this.hear(event.value);
    });
  }
}
