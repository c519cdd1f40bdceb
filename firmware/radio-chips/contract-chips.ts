/** What the wires of a radio chip and a Bluetooth stack promise, as named checks beside those of the radio port: for a new board, before its driver runs. */
import type { OpenBle } from "../ports/ble.ts";
import type { Clock } from "../ports/clock.ts";
import { type PortCheck, verdictOf } from "../ports/contract.ts";
import type { ChipWires } from "../ports/spi.ts";
import { legacyCapacity } from "./ble-parts.ts";
import type { ChipCommand, ChipReply } from "./sx1262-commands.ts";
import { irqs, modes } from "./sx1262-commands.ts";
import { Sx1262Link } from "./sx1262-link.ts";
import type { Sx1262Settings } from "./sx1262-settings.ts";
import { Sx1262Tasks, sendMs } from "./sx1262-tasks.ts";

export interface Sx1262Bench {
  readonly clock: Clock;
  readonly wires: ChipWires;
  readonly settings: Sx1262Settings;
}

export interface BleBench {
  readonly clock: Clock;
  readonly openBle: OpenBle;
}

type Done = Parameters<PortCheck<Sx1262Bench>["begin"]>[1];

type Judge = (trial: Trial, reply: ChipReply, task: number) => void;

/** A chip that was reset and started; `judge` gets what each task has read, the start as 0. */
class Trial {
  /** Rises of DIO1 that were told. */
  rises: number;
  readonly tasks: Sx1262Tasks;
  private readonly link: Sx1262Link;
  private readonly done: Done;
  private readonly judge: Judge;
  private task: number;

  constructor(bench: Sx1262Bench, done: Done, judge: Judge) {
    this.done = done;
    this.judge = judge;
    this.rises = 0;
    this.task = 0;
    this.tasks = new Sx1262Tasks(bench.settings);
    this.link = new Sx1262Link({
      wires: bench.wires,
      clock: bench.clock,
      onDone: (reply) => this.judge(this, reply, this.task),
      onFault: (fault) => this.end(false, fault === "busy" ? "BUSY stays high" : "nobody answers on the bus"),
      onInterrupt: () => {
        this.rises++;
      },
    });
    this.link.reset(this.tasks.start);
  }

  run(commands: readonly ChipCommand[]): void {
    this.task++;
    this.link.run(commands);
  }

  end(isHeld: boolean, why: string): void {
    this.link.close();
    this.done(verdictOf(isHeld, why));
  }
}

function hex(value: number): string {
  return "0x" + value.toString(16);
}

export const sx1262Contract: readonly PortCheck<Sx1262Bench>[] = [
  {
    name: "sx1262: starts after a reset, calibrates, and has no fault to tell",
    begin: (bench, done) => {
      new Trial(bench.host, done, (trial, reply) => trial.end(reply.errors === 0, "errors " + hex(reply.errors)));
    },
  },
  {
    name: "sx1262: remembers through a sleep what it was told",
    begin: (bench, done) => {
      new Trial(bench.host, done, (trial, reply, task) => {
        if (task === 0) trial.run(trial.tasks.sleep);
        else if (task === 1) bench.host.clock.after(20, () => trial.run(trial.tasks.listen));
        else trial.end(reply.sync === bench.host.settings.syncWord, "sync word " + hex(reply.sync));
      });
    },
  },
  {
    name: "sx1262: listens, and measures a channel as loud as channels are",
    begin: (bench, done) => {
      new Trial(bench.host, done, (trial, reply, task) => {
        if (task === 0) trial.run(trial.tasks.listen);
        else if (task === 1) bench.host.clock.after(20, () => trial.run(trial.tasks.measure));
        else {
          const isLikely = reply.mode === modes.receiving && reply.rssiDbm >= -127 && reply.rssiDbm <= -30;
          trial.end(isLikely, reply.rssiDbm + " dBm in mode " + reply.mode);
        }
      });
    },
  },
  {
    name: "sx1262: sends a frame in its air time and raises DIO1 at its end",
    begin: (bench, done) => {
      const bytes = new Uint8Array(24);
      bytes.fill(0x55);
      const airMs = sendMs(bytes.length);
      new Trial(bench.host, done, (trial, reply, task) => {
        if (task === 0) trial.run(trial.tasks.load(bytes));
        else if (task === 1) trial.run(trial.tasks.send(bytes.length));
        else if (task === 2) {
          const before = trial.rises;
          bench.host.clock.after(airMs - 5, () => {
            if (trial.rises > before) trial.end(false, "DIO1 rose before the end");
            else bench.host.clock.after(10, () => trial.run(trial.tasks.look));
          });
        } else {
          const isSent = (reply.irq & irqs.txDone) !== 0 && trial.rises === 1;
          trial.end(isSent, "interrupts " + hex(reply.irq) + ", DIO1 rose " + trial.rises + " times");
        }
      });
    },
  },
];

export const bleContract: readonly PortCheck<BleBench>[] = [
  {
    name: "ble: one packet carries a whole frame",
    begin: (bench, done) => {
      const ble = bench.host.openBle({ company: 0xffff, onHeard: () => {} });
      const capacity = ble.capacity;
      ble.close();
      done(verdictOf(capacity >= legacyCapacity, "room for " + capacity + " bytes"));
    },
  },
  {
    name: "ble: advertises and scans side by side; after close nothing comes",
    begin: (bench, done) => {
      let isClosed = false;
      let late = 0;
      const ble = bench.host.openBle({
        company: 0xffff,
        onHeard: () => {
          if (isClosed) late++;
        },
      });
      const data = new Uint8Array(legacyCapacity);
      data.fill(0x21);
      ble.scan(true);
      ble.advertise(data, 100);
      bench.host.clock.after(250, () => {
        ble.advertise(data.subarray(0, 1), 100);
        ble.stopAdvertising();
        ble.close();
        isClosed = true;
        bench.host.clock.after(250, () => done(verdictOf(late === 0, late + " calls after close")));
      });
    },
  },
];
