/**
 * A talk of the SX1262's driver with the model of its chip, as a list: for each thing that came to the driver, what its wires
 * answered meanwhile and what it did. An engine that plays the lines must do the same, byte by byte.
 */
import type { ChipWires, LevelOptions } from "../../firmware/ports/spi.ts";
import { openSx1262 } from "../../firmware/radio-chips/sx1262-radio.ts";
import { sx1262Defaults } from "../../firmware/radio-chips/sx1262-settings.ts";
import { Air } from "../../simulator/air/air.ts";
import { Sx1262Chip } from "../../simulator/chips/sx1262.ts";
import { EventQueue } from "../../simulator/core/event-queue.ts";
import { textOf } from "./guest/parts.ts";

export interface TalkLine {
  readonly at: number;
  readonly kind: "open" | "timer" | "busy" | "dio1" | "listen" | "send" | "read";
  /** Number of the timer, level of the line, time to listen, or length of the packet, which is filled with it. */
  readonly value: number;
  /** What the wires answer, in order: bytes as characters 0 to 255, or "high" and "low". */
  readonly replies: readonly string[];
}

export interface RecordedTalk {
  readonly lines: readonly TalkLine[];
  /** What the driver did at each line, one thing a line. */
  readonly told: readonly string[];
}

class Recorder {
  readonly lines: TalkLine[] = [];
  readonly told: string[] = [];
  private readonly queue: EventQueue;
  private replies: string[] = [];
  /** What the chip does to its lines from inside an exchange, the driver sees by itself. */
  private isInside = false;
  private timers = 0;

  constructor(queue: EventQueue) {
    this.queue = queue;
  }

  tell(what: string): void {
    this.told.push(`${this.told.pop() ?? ""}${what}\n`);
  }

  come(kind: TalkLine["kind"], value: number, run: () => void): void {
    this.replies = [];
    this.lines.push({ at: this.queue.nowMs, kind, value, replies: this.replies });
    this.told.push("");
    run();
  }

  after(delayMs: number, run: () => void) {
    const timer = this.timers++;
    const handle = this.queue.after(delayMs, () => this.come("timer", timer, run));
    return { cancel: () => this.queue.cancel(handle) };
  }

  wires(wires: ChipWires): ChipWires {
    const spi = wires.openSpi();
    return {
      openSpi: () => ({
        transfer: (bytes, into) => {
          this.tell(`spi ${textOf(bytes)}`);
          this.inside(() => spi.transfer(bytes, into));
          this.replies.push(String.fromCharCode(...into.subarray(0, bytes.length)));
        },
        close: () => {},
      }),
      openBusy: this.level("busy", wires.openBusy),
      openInterrupt: this.level("dio1", wires.openInterrupt),
      holdReset: (isHeld) => {
        this.tell(isHeld ? "reset" : "run");
        this.inside(() => wires.holdReset(isHeld));
      },
    };
  }

  private inside(run: () => void): void {
    this.isInside = true;
    run();
    this.isInside = false;
  }

  private level(kind: "busy" | "dio1", open: ChipWires["openBusy"]): ChipWires["openBusy"] {
    return ({ onChange }: LevelOptions) => {
      const line = open({
        onChange: (high) => {
          if (!this.isInside) this.come(kind, high ? 1 : 0, () => onChange(high));
        },
      });
      return {
        isHigh: () => {
          this.tell(`${kind}?`);
          this.replies.push(line.isHigh() ? "high" : "low");
          return line.isHigh();
        },
        close: () => line.close(),
      };
    };
  }
}

/** A unit's evening: it starts, hears a frame and answers, sleeps, sends while another does, and finds its chip reset behind its back. */
export function recordRadioTalk(): RecordedTalk {
  const queue = new EventQueue();
  const air = new Air(queue, { seed: 1, lossPpm: 0, neighbourLossPpm: 0, observe: undefined });
  const join = (name: string) => air.join({ name, building: "house", home: "home" });
  const chip = new Sx1262Chip(queue, air, join("unit"));
  const other = join("other").open({ onReadable: () => {} });
  const recorder = new Recorder(queue);
  const openRadio = openSx1262({
    clock: { nowMs: () => queue.nowMs, after: (delayMs, run) => recorder.after(delayMs, run) },
    wires: recorder.wires(chip.wires),
    secrets: {
      random: (into) => into.fill(7),
      aes: () => {
        throw new Error("a radio ciphers nothing");
      },
    },
    settings: sx1262Defaults,
  });
  const radios: ReturnType<typeof openRadio>[] = [];
  recorder.come("open", 0, () => {
    radios.push(
      openRadio({
        onReadable: (count) => recorder.tell(`readable ${count}`),
        onBusy: (forMs) => recorder.tell(`busy ${forMs}`),
      }),
    );
  });
  const [radio] = radios;
  if (radio === undefined) throw new Error("the radio did not open");
  const at = (atMs: number, kind: "listen" | "send" | "read", value: number, run: () => void) =>
    queue.at(atMs, () => recorder.come(kind, value, run));
  const send = (atMs: number, length: number) =>
    at(atMs, "send", length, () => radio.send(new Uint8Array(length).fill(length)));
  at(50, "listen", -1, () => radio.listen(-1));
  queue.at(100, () => other.send(new Uint8Array(24).fill(0x21)));
  send(110, 22);
  at(300, "read", 0, () => {
    const packet = radio.read();
    if (packet !== undefined) recorder.tell(`packet ${textOf(packet.bytes)} ${packet.rssiDbm}`);
  });
  at(400, "listen", 0, () => radio.listen(0));
  queue.at(500, () => other.send(new Uint8Array(40).fill(0x21)));
  send(500, 40);
  at(500, "listen", 433, () => radio.listen(433));
  queue.at(1_200, () => chip.resetItself());
  at(1_300, "listen", -1, () => radio.listen(-1));
  air.jamming("house").add({ fromMs: 3_000, toMs: 9_000 });
  queue.runUntil(10_000);
  return { lines: recorder.lines, told: recorder.told };
}
