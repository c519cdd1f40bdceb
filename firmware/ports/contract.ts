/**
 * What every port promises, as named checks that run on the host itself: in the simulator, on a desk's doubles, and on a board, whose contract
 * image tells each verdict over the service line. Whoever writes a host for a new board begins with these.
 */
import type { Clock, Timer } from "./clock.ts";

export interface Verdict {
  readonly result: "held" | "broken" | "skipped";
  /** What was seen, or why it was skipped; "" where it held. */
  readonly why: string;
}

export interface ContractBench<H> {
  readonly host: H;
  /** A sector that may be erased, or -1: flash is left alone. */
  readonly spareSector: number;
  /** Sending and receiving pins of the modem's line are joined. */
  readonly isLooped: boolean;
}

export interface PortCheck<H> {
  /** "port: what it promises". */
  readonly name: string;
  /** Tries it; `done` counts once, at once or later. What throws is broken. */
  begin(bench: ContractBench<H>, done: (verdict: Verdict) => void): void;
}

export interface ContractNews {
  onVerdict(name: string, verdict: Verdict): void;
  /** All checks are through; so many were broken. */
  onEnd(broken: number): void;
}

const patienceMs = 40_000;
/** Between two checks, so that what the former left behind is over. */
const restMs = 20;

export const held: Verdict = { result: "held", why: "" };

export function broken(why: string): Verdict {
  return { result: "broken", why };
}

export function skipped(why: string): Verdict {
  return { result: "skipped", why };
}

/** Held, or broken with what was seen. */
export function verdictOf(isHeld: boolean, why: string): Verdict {
  return isHeld ? held : broken(why);
}

/** Runs one check after the other. */
export class Contract<H> {
  private readonly clock: Clock;
  private readonly checks: readonly PortCheck<H>[];
  private readonly bench: ContractBench<H>;
  private readonly news: ContractNews;
  private at: number;
  private brokenCount: number;
  private timer: Timer | undefined;

  /** Begins at once. */
  constructor(clock: Clock, checks: readonly PortCheck<H>[], bench: ContractBench<H>, news: ContractNews) {
    this.clock = clock;
    this.checks = checks;
    this.bench = bench;
    this.news = news;
    this.at = -1;
    this.brokenCount = 0;
    this.timer = undefined;
    this.next();
  }

  private next(): void {
    this.at++;
    const check = this.checks[this.at];
    if (check === undefined) {
      this.news.onEnd(this.brokenCount);
      return;
    }
    const own = this.at;
    this.timer = this.clock.after(patienceMs, () => this.judge(own, broken("no answer within 40 s")));
    try {
      check.begin(this.bench, (verdict) => this.judge(own, verdict));
    } catch (thrown) {
      this.judge(own, broken("threw: " + (thrown as Error).message));
    }
  }

  /** A verdict on a check that is over already counts no more. */
  private judge(which: number, verdict: Verdict): void {
    if (which !== this.at || this.timer === undefined) return;
    this.timer.cancel();
    this.timer = undefined;
    if (verdict.result === "broken") this.brokenCount++;
    this.news.onVerdict((this.checks[which] as PortCheck<H>).name, verdict);
    this.clock.after(restMs, () => this.next());
  }
}
