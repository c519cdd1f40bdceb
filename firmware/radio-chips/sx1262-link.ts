/** Carries commands to an SX1262 one at a time: each waits until BUSY is low (Semtech DS.SX1261-2.W.APP 8.3), with patience for all of them together. */
import type { Clock, Timer } from "../ports/clock.ts";
import type { ChipWires, LevelInput, Spi } from "../ports/spi.ts";
import type { ChipCommand, ChipReply } from "./sx1262-commands.ts";
import { command, fill, newReply, opcodes, takeAnswer } from "./sx1262-commands.ts";
import type { ChipFault } from "./sx1262-state.ts";

/** Waking, calibrating and the start of a TCXO together take below 20 ms. */
const patienceMs = 100;
const resetMs = 1;
const scratchBytes = 64;

export interface LinkOptions {
  readonly wires: ChipWires;
  readonly clock: Clock;
  /** All commands of the task have gone out and the chip has taken the last. */
  readonly onDone: (reply: ChipReply) => void;
  /** The task is over: BUSY stayed high, or nobody speaks on the bus. */
  readonly onFault: (fault: ChipFault) => void;
  /** DIO1 rose. */
  readonly onInterrupt: () => void;
}

export class Sx1262Link {
  private readonly options: LinkOptions;
  private readonly spi: Spi;
  private readonly busy: LevelInput;
  private readonly interrupt: LevelInput;
  private readonly heard: Uint8Array;
  private readonly nudge: ChipCommand;
  private reply: ChipReply;
  private commands: readonly ChipCommand[];
  private next: number;
  private timer: Timer | undefined;
  /** The chip may sleep: BUSY is high then, and selecting it wakes it. */
  private asleep: boolean;
  private at: "idle" | "resetting" | "running";
  private advancing: boolean;

  constructor(options: LinkOptions) {
    this.options = options;
    this.heard = new Uint8Array(scratchBytes);
    this.nudge = command([opcodes.getStatus, 0]);
    this.reply = newReply();
    this.commands = [];
    this.next = 0;
    this.timer = undefined;
    this.asleep = false;
    this.at = "idle";
    this.advancing = false;
    const wires = options.wires;
    this.spi = wires.openSpi();
    this.busy = wires.openBusy({ onChange: (high) => this.settled(high) });
    this.interrupt = wires.openInterrupt({
      onChange: (high) => {
        if (high) options.onInterrupt();
      },
    });
  }

  /** Whether DIO1 stands, told or not. */
  get isInterrupted(): boolean {
    return this.interrupt.isHigh();
  }

  /** Carries out these commands. Throws while others are under way. */
  run(commands: readonly ChipCommand[]): void {
    this.begin(commands);
    this.at = "running";
    if (this.asleep) {
      this.asleep = false;
      this.spi.transfer(this.nudge.bytes, this.heard);
    }
    this.advance();
  }

  /** Resets the chip, then carries out these commands. */
  reset(commands: readonly ChipCommand[]): void {
    this.begin(commands);
    this.at = "resetting";
    this.asleep = false;
    this.options.wires.holdReset(true);
    this.timer = this.options.clock.after(resetMs, () => {
      this.timer = undefined;
      this.options.wires.holdReset(false);
      this.at = "running";
      this.advance();
    });
  }

  close(): void {
    this.stop();
    this.options.wires.holdReset(true);
    this.busy.close();
    this.interrupt.close();
    this.spi.close();
  }

  private begin(commands: readonly ChipCommand[]): void {
    if (this.at !== "idle") throw new Error("sx1262: two tasks at once");
    this.commands = commands;
    this.next = 0;
    this.reply = newReply();
  }

  private settled(high: boolean): void {
    if (!high && this.at === "running") this.advance();
  }

  /** A bus whose BUSY follows at once calls back from inside a transfer: the loop is the only one that goes on. */
  private advance(): void {
    if (this.advancing) return;
    this.advancing = true;
    const fault = this.carry();
    this.advancing = false;
    if (fault !== undefined) {
      this.stop();
      this.options.onFault(fault);
    } else if (this.next === this.commands.length && (this.fallsAsleep() || !this.busy.isHigh())) {
      this.asleep = this.fallsAsleep();
      this.stop();
      this.options.onDone(this.reply);
    } else if (this.timer === undefined) {
      this.timer = this.options.clock.after(patienceMs, () => {
        this.timer = undefined;
        this.stop();
        this.options.onFault("busy");
      });
    }
  }

  private carry(): ChipFault | undefined {
    while (this.next < this.commands.length && !this.busy.isHigh()) {
      const due = this.commands[this.next] as ChipCommand;
      fill(due, this.reply);
      this.spi.transfer(due.bytes, this.heard);
      this.next++;
      if (!takeAnswer(due, this.heard, this.reply)) return "dead";
    }
    return undefined;
  }

  /** Asleep, also by turns, a chip is busy: nothing more is to be waited for. */
  private fallsAsleep(): boolean {
    const last = this.commands[this.commands.length - 1] as ChipCommand;
    return last.bytes[0] === opcodes.setSleep || last.bytes[0] === opcodes.setRxDutyCycle;
  }

  private stop(): void {
    if (this.timer !== undefined) this.timer.cancel();
    this.timer = undefined;
    this.at = "idle";
  }
}
