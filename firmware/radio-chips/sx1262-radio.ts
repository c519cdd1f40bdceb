/** The Radio port over an SX1262: holds the chip's wires, its machine, and the packets that came in. */
import { seedOf } from "../dice.ts";
import type { Clock } from "../ports/clock.ts";
import type { OpenRadio, Radio, RadioOptions, RadioPacket } from "../ports/radio.ts";
import type { Secrets } from "../ports/secrets.ts";
import type { ChipWires } from "../ports/spi.ts";
import { Runner } from "../runner.ts";
import { Wake } from "../wake.ts";
import type { ChipReply } from "./sx1262-commands.ts";
import { Sx1262Link } from "./sx1262-link.ts";
import { stepSx1262 } from "./sx1262-machine.ts";
import type { Sx1262Settings } from "./sx1262-settings.ts";
import { sx1262Fault } from "./sx1262-settings.ts";
import type { ChipFault, Sx1262Effect, Sx1262Event, Sx1262State } from "./sx1262-state.ts";
import { sx1262AtStart } from "./sx1262-state.ts";
import { largestPacket, Sx1262Tasks } from "./sx1262-tasks.ts";

export interface Sx1262Options {
  readonly wires: ChipWires;
  readonly clock: Clock;
  /** For the waits before a channel that is taken. */
  readonly secrets: Secrets;
  readonly settings: Sx1262Settings;
  /** The chip failed, so many times in a row; it is started anew by itself. */
  readonly onFault?: ((fault: ChipFault, failures: number) => void) | undefined;
  readonly observe?: ((event: Sx1262Event, effects: readonly Sx1262Effect[]) => void) | undefined;
}

export const mostHeard = 4;

/** The port that a device's host offers. Throws on settings that are not sound. */
export function openSx1262(options: Sx1262Options): OpenRadio {
  const fault = sx1262Fault(options.settings);
  if (fault !== undefined) throw new Error("sx1262: " + fault);
  return (radioOptions) => new Sx1262Radio(options, radioOptions);
}

class Sx1262Radio implements Radio {
  private readonly options: Sx1262Options;
  private readonly radioOptions: RadioOptions;
  private readonly tasks: Sx1262Tasks;
  private readonly link: Sx1262Link;
  private readonly wake: Wake;
  private readonly machine: Runner<Sx1262State, Sx1262Event, Sx1262Effect>;
  private heard: RadioPacket[];
  private packetDbm: number;
  private closed: boolean;

  constructor(options: Sx1262Options, radioOptions: RadioOptions) {
    this.options = options;
    this.radioOptions = radioOptions;
    this.heard = [];
    this.packetDbm = 0;
    this.closed = false;
    const settings = options.settings;
    this.tasks = new Sx1262Tasks(settings);
    this.wake = new Wake(options.clock, () => this.tell({ type: "due", nowMs: this.nowMs() }));
    this.link = new Sx1262Link({
      wires: options.wires,
      clock: options.clock,
      onDone: (reply) => this.done(reply),
      onFault: (fault) => this.tell({ type: "faulted", nowMs: this.nowMs(), fault }),
      onInterrupt: () => this.tell({ type: "interrupted", nowMs: this.nowMs() }),
    });
    this.machine = new Runner(
      (state, event) => stepSx1262(settings, state, event),
      sx1262AtStart(this.nowMs(), seedOf(options.secrets)),
      (effect) => this.perform(effect),
      options.observe,
    );
    this.tell({ type: "due", nowMs: this.nowMs() });
  }

  /** Copies the bytes. Throws where they are none or more than 40: no device of ours makes such a packet. */
  send(bytes: Uint8Array): void {
    if (bytes.length < 1 || bytes.length > largestPacket)
      throw new Error("sx1262: a packet of " + bytes.length + " bytes");
    this.tell({ type: "handed", nowMs: this.nowMs(), bytes: new Uint8Array(bytes) });
  }

  listen(forMs: number): void {
    this.tell({ type: "asked", nowMs: this.nowMs(), forMs });
  }

  read(): RadioPacket | undefined {
    return this.heard.shift();
  }

  /** The chip is held in reset from then on. */
  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.heard = [];
    this.link.close();
  }

  private nowMs(): number {
    return this.options.clock.nowMs();
  }

  private tell(event: Sx1262Event): void {
    if (!this.closed) this.machine.dispatch(event);
  }

  private done(reply: ChipReply): void {
    this.tell({ type: "done", nowMs: this.nowMs(), found: reply, raised: this.link.isInterrupted });
  }

  private perform(effect: Sx1262Effect): void {
    const link = this.link;
    const tasks = this.tasks;
    switch (effect.type) {
      case "run":
        if (effect.task === "start") link.reset(tasks.start);
        else link.run(tasks[effect.task]);
        return;
      case "load":
        link.run(tasks.load(effect.bytes));
        return;
      case "send":
        link.run(tasks.send(effect.byteCount));
        return;
      case "fetch":
        this.packetDbm = effect.packetDbm;
        link.run(tasks.fetch(effect.start, effect.byteCount));
        return;
      case "deliver":
        this.deliver(effect.bytes);
        return;
      case "busy":
        if (this.radioOptions.onBusy !== undefined) this.radioOptions.onBusy(effect.forMs);
        return;
      case "tell":
        if (this.options.onFault !== undefined) this.options.onFault(effect.fault, effect.failures);
        return;
      case "drop":
        return;
      case "wake":
        this.wake.set(effect.atMs);
        return;
    }
  }

  private deliver(bytes: Uint8Array): void {
    if (this.heard.length >= mostHeard) return;
    this.heard.push({ bytes, rssiDbm: this.packetDbm });
    this.radioOptions.onReadable(this.heard.length);
  }
}
