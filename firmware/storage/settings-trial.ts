/** Holds the trial of new settings: the machine, its deadline, the configuration it changes and the restart it orders. */
import { observerOf } from "../department.ts";
import type { Clock } from "../ports/clock.ts";
import type { Observe } from "../ports/host.ts";
import type { Starts } from "../ports/starts.ts";
import { Runner } from "../runner.ts";
import { Wake } from "../wake.ts";
import type { Configuration } from "./configuration.ts";
import {
  settledTrial,
  stepSettingsTrial,
  type TrialEffect,
  type TrialEvent,
  type TrialState,
} from "./settings-trial-machine.ts";

/** For the log. */
export type TrialNews = "settings-on-trial" | "settings-proven" | "settings-rolled-back";

export interface SettingsTrialOptions {
  readonly clock: Clock;
  readonly configuration: Configuration;
  /** Absent where the board cannot start itself anew: new settings then wait for the next start. */
  readonly starts: Starts | undefined;
  readonly observe: Observe | undefined;
  readonly onNews: (what: TrialNews, version: number) => void;
}

export class SettingsTrial {
  private readonly options: SettingsTrialOptions;
  private readonly runner: Runner<TrialState, TrialEvent, TrialEffect>;
  private readonly wake: Wake;
  /** The head record says what the next start is for; without it a restart would bring the same again. */
  private isWritten: boolean;

  /** Goes on where the head record stands. */
  constructor(options: SettingsTrialOptions) {
    this.options = options;
    this.isWritten = false;
    this.wake = new Wake(options.clock, () => this.runner.dispatch({ type: "due", nowMs: this.nowMs() }));
    this.runner = new Runner(
      stepSettingsTrial,
      settledTrial,
      (effect) => this.perform(effect),
      observerOf(options, "settings-trial"),
    );
    const configuration = options.configuration;
    if (configuration.stage === "staged") this.started("staged", configuration.stagedVersion);
    else if (configuration.stage === "trial") this.started("trial", configuration.version);
    if (configuration.takenBack > 0) options.onNews("settings-rolled-back", configuration.takenBack);
  }

  /** New settings wait in the configuration. */
  staged(version: number, isPending: boolean): void {
    this.runner.dispatch({ type: "staged", nowMs: this.nowMs(), version, isPending });
  }

  /** Whether an alarm of a person waits. */
  alarm(isPending: boolean): void {
    this.runner.dispatch({ type: "alarm", nowMs: this.nowMs(), isPending });
  }

  /** A receiver has accepted a heartbeat or a report. */
  accepted(): void {
    this.runner.dispatch({ type: "accepted", nowMs: this.nowMs() });
  }

  /** A receiver answered 503, 401 or SCAIP status 6. */
  receiverBusy(): void {
    this.runner.dispatch({ type: "receiver-busy", nowMs: this.nowMs() });
  }

  private nowMs(): number {
    return this.options.clock.nowMs();
  }

  private started(stage: "staged" | "trial", version: number): void {
    if (stage === "trial") this.options.onNews("settings-on-trial", version);
    this.runner.dispatch({ type: "started", nowMs: this.nowMs(), stage, version });
  }

  private perform(effect: TrialEffect): void {
    const configuration = this.options.configuration;
    switch (effect.type) {
      case "begin-trial":
        this.isWritten = configuration.beginTrial();
        return;
      case "prove":
        if (configuration.prove()) this.options.onNews("settings-proven", effect.version);
        return;
      case "roll-back":
        this.isWritten = configuration.rollBack();
        if (this.isWritten) this.options.onNews("settings-rolled-back", effect.version);
        return;
      case "restart":
        if (this.isWritten && this.options.starts !== undefined) this.options.starts.restart("ordered");
        return;
      case "wake":
        this.wake.set(effect.atMs);
        return;
    }
  }
}
