/** Ctrl-C during long work: the first asks it to stop where it can, the second ends at once. */
import { constants } from "node:os";

type Signal = "SIGINT" | "SIGTERM";
const signals: readonly Signal[] = ["SIGINT", "SIGTERM"];

export class Interrupt {
  /** The signal that came, if one did. */
  signal: Signal | undefined;
  private readonly asked: () => void;
  private readonly atOnce: () => void;

  /** `asked`: the first has come. `atOnce`: the second has, and the process ends when this returns. */
  constructor(asked: () => void, atOnce: () => void) {
    this.signal = undefined;
    this.asked = asked;
    this.atOnce = atOnce;
    for (const signal of signals) process.on(signal, this.hear);
  }

  /** As shells tell that a signal ended a program: 130 after Ctrl-C. Undefined: nobody interrupted. */
  get exitCode(): number | undefined {
    return this.signal === undefined ? undefined : 128 + constants.signals[this.signal];
  }

  /** Signals have their usual effect again. */
  release(): void {
    for (const signal of signals) process.off(signal, this.hear);
  }

  private readonly hear = (signal: NodeJS.Signals): void => {
    if (this.signal === undefined) {
      this.signal = signal === "SIGTERM" ? "SIGTERM" : "SIGINT";
      this.asked();
      return;
    }
    this.release();
    try {
      this.atOnce();
    } finally {
      // Not an exit code: whoever waits sees that a signal ended it, and a shell's loop ends too.
      process.kill(process.pid, signal);
    }
  };
}
