/** Holds the boot machine, its record and its deadline; says, before anything else is made, which departments run. */

import { readerOf } from "../../protocol/bytes/reader.ts";
import { Writer } from "../../protocol/bytes/writer.ts";
import { observerOf } from "../department.ts";
import type { Clock } from "../ports/clock.ts";
import type { Observe } from "../ports/host.ts";
import type { StartCause, Starts } from "../ports/starts.ts";
import { Runner } from "../runner.ts";
import type { Journal } from "../storage/journal.ts";
import { startsKind } from "../storage/record-kinds.ts";
import { Wake } from "../wake.ts";
import {
  type BootEffect,
  type BootEvent,
  type BootMode,
  type BootState,
  firstStart,
  type KeptStarts,
  noStart,
  stepBoot,
} from "./boot-machine.ts";
import { type Department, runsInMinimal } from "./departments.ts";

export interface BootGuardOptions {
  readonly clock: Clock;
  readonly records: Journal;
  /** Absent where the board cannot tell: then each start counts as one that somebody wanted. */
  readonly starts: Starts | undefined;
  readonly observe: Observe | undefined;
  /** To be logged and reported; comes no earlier than `ready`. */
  readonly onNews: (what: "boot-loop" | "boot-loop-over", shortLives: number) => void;
}

/** By the code that stands in the log as detail of `started`. */
export const startCauses: readonly StartCause[] = [
  "unknown",
  "power-on",
  "ordered",
  "update",
  "watchdog",
  "fault",
  "brown-out",
];

export class BootGuard {
  private readonly options: BootGuardOptions;
  private readonly runner: Runner<BootState, BootEvent, BootEffect>;
  private readonly wake: Wake;
  private isReady: boolean;
  private news: Extract<BootEffect, { readonly type: "tell" }> | undefined;

  /** Counts this start. The journal is open already, and nothing else of the unit exists. */
  constructor(options: BootGuardOptions) {
    this.options = options;
    this.isReady = false;
    this.news = undefined;
    this.wake = new Wake(options.clock, () => this.runner.dispatch({ type: "due", nowMs: options.clock.nowMs() }));
    this.runner = new Runner(stepBoot, noStart, (effect) => this.perform(effect), observerOf(options, "boot"));
    this.runner.dispatch({
      type: "started",
      nowMs: options.clock.nowMs(),
      isSuspect: isSuspect(this.cause),
      kept: keptStarts(options.records),
    });
  }

  get cause(): StartCause {
    return this.options.starts === undefined ? "power-on" : this.options.starts.cause;
  }

  get mode(): BootMode {
    return this.runner.state.kept.mode;
  }

  /** Starts so far, this one included. */
  get starts(): number {
    return this.runner.state.kept.starts;
  }

  runs(department: Department): boolean {
    return this.mode === "full" || runsInMinimal(department);
  }

  /** The unit takes presses from now on. */
  ready(): void {
    if (this.isReady) return;
    this.isReady = true;
    this.runner.dispatch({ type: "ready", nowMs: this.options.clock.nowMs() });
    const news = this.news;
    this.news = undefined;
    if (news !== undefined) this.options.onNews(news.what, news.shortLives);
  }

  /** Whether an alarm of a person waits: no mode is changed meanwhile. */
  alarm(isPending: boolean): void {
    this.runner.dispatch({ type: "alarm", nowMs: this.options.clock.nowMs(), isPending });
  }

  private perform(effect: BootEffect): void {
    switch (effect.type) {
      case "store":
        // Where the journal fails, loops are not counted and the unit runs in full.
        keepStarts(this.options.records, effect.kept);
        return;
      case "tell":
        if (this.isReady) this.options.onNews(effect.what, effect.shortLives);
        else this.news = effect;
        return;
      case "restart":
        if (this.options.starts !== undefined) this.options.starts.restart(effect.cause);
        return;
      case "wake":
        this.wake.set(effect.atMs);
        return;
    }
  }
}

function isSuspect(cause: StartCause): boolean {
  return cause === "watchdog" || cause === "fault" || cause === "brown-out" || cause === "unknown";
}

const format = 1;

function keepStarts(records: Journal, kept: KeptStarts): void {
  const to = new Writer(new Uint8Array(7));
  to.u8(format);
  to.u32(kept.starts);
  to.u8(kept.shortLives);
  to.u8(kept.mode === "minimal" ? 1 : 0);
  records.write(startsKind, 0, to.written());
}

function keptStarts(records: Journal): KeptStarts {
  const bytes = records.read(startsKind, 0);
  if (bytes === undefined) return firstStart;
  const from = readerOf(bytes);
  const known = from.u8() === format;
  const starts = from.u32();
  const shortLives = from.u8();
  const mode: BootMode = from.u8() === 1 ? "minimal" : "full";
  return known && !from.overrun ? { starts, shortLives, mode } : firstStart;
}
