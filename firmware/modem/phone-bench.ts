/** For tests only: the telephone of a modem on a line that is in the test's hands, in time moved by hand. */
import type { Dialect } from "../../protocol/at/commands.ts";
import { ascii, textOf } from "../../protocol/text/utf8.ts";
import type { Timer } from "../ports/clock.ts";
import { AtSession } from "./at-session.ts";
import type { LineJob } from "./line-user.ts";
import { ModemPhone } from "./modem-phone.ts";
import { TestClock } from "./test-bench.ts";

export class PhoneDesk {
  readonly clock = new TestClock();
  readonly told: string[] = [];
  readonly busy: boolean[] = [];
  readonly phone: ModemPhone;
  /** Whether the modem's model has voice. */
  capable: boolean | undefined = true;
  private written = "";
  private readonly session: AtSession;
  private readonly waiting: Uint8Array[] = [];
  private readable: (count: number) => void = () => {};
  private job: LineJob | undefined;
  private patience: Timer | undefined;

  constructor() {
    this.session = new AtSession(
      (options) => {
        this.readable = options.onReadable;
        return {
          read: () => this.waiting.shift(),
          write: (bytes) => {
            this.written += textOf(bytes, 0, bytes.length);
          },
          close: () => {},
        };
      },
      {
        onAnswer: (answer) => {
          const job = this.job as LineJob;
          if (this.patience !== undefined) this.patience.cancel();
          this.job = undefined;
          this.phone.answered(job, answer);
          this.serve();
        },
        onLine: (line) => this.phone.hearLine(line),
        onPrompt: () => {},
      },
    );
    this.phone = new ModemPhone({
      clock: this.clock,
      callsVoice: () => this.capable,
      wakeLine: () => this.serve(),
      onBusy: (on) => this.busy.push(on),
      observe: undefined,
    });
    this.phone.open({
      onIncoming: (number) => this.told.push(`incoming ${number}`),
      onAnswered: () => this.told.push("answered"),
      onEnded: (reason) => this.told.push(`ended ${reason}`),
      onKey: (key) => this.told.push(`key ${key}`),
    });
  }

  begin(dialect: Dialect): void {
    this.phone.begin("", dialect);
    this.serve();
  }

  /** The modem can be used no longer, whatever was on the line. */
  lose(): void {
    if (this.patience !== undefined) this.patience.cancel();
    this.session.abandon();
    this.job = undefined;
    this.phone.end();
  }

  hear(text: string): void {
    this.waiting.push(ascii(text));
    this.readable(text.length);
    this.serve();
  }

  /** What was written since the last call; where nothing was, time passes until something is, for at most `limitMs`. */
  said(limitMs: number): string {
    for (let passed = 0; this.written === "" && passed < limitMs; passed += 50) this.clock.runFor(50);
    const text = this.written;
    this.written = "";
    return text;
  }

  private serve(): void {
    const job = this.session.asked === undefined ? this.phone.next() : undefined;
    if (job === undefined) return;
    this.job = job;
    this.phone.begun(job);
    this.session.start(job.exchange, job.payload);
    this.patience = this.clock.after(job.exchange.patienceMs, () => {
      this.session.abandon();
      this.job = undefined;
      this.phone.unanswered(job);
      this.serve();
    });
  }
}
