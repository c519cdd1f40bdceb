/** Ends the start of a unit: tells the receivers that it is up, why it started and how long it was away. */
import { localUnit, observerOf, raise, sharedSpreadMs, technical } from "../department.ts";
import type { StartCause } from "../ports/starts.ts";
import { Runner } from "../runner.ts";
import type { TimeKeeper } from "../time/time-keeper.ts";
import type { UnitContext } from "../unit-context.ts";
import { Wake } from "../wake.ts";
import {
  type ControlMessageEffect,
  type ControlMessageEvent,
  type ControlMessageState,
  controlMessageAtStart,
  stepControlMessage,
} from "./control-message-machine.ts";

/** SCAIP status code (SS 91100 annex C). */
const started = 96;
/** A shorter gap is no longer than what passes between two records of the time. */
const leastGapS = 900;

export class ControlMessage {
  private readonly context: UnitContext;
  private readonly keeper: TimeKeeper;
  private readonly cause: StartCause;
  private readonly wake: Wake;
  private readonly machine: Runner<ControlMessageState, ControlMessageEvent, ControlMessageEffect>;
  private number: number;

  constructor(context: UnitContext, keeper: TimeKeeper, cause: StartCause) {
    this.context = context;
    this.keeper = keeper;
    this.cause = cause;
    this.number = -1;
    this.wake = new Wake(context.clock, () => this.machine.dispatch({ type: "due" }));
    this.machine = new Runner(
      stepControlMessage,
      controlMessageAtStart,
      (effect) => this.perform(effect),
      observerOf(context, "control-message"),
    );
    context.wallClock.watch(() => this.machine.dispatch({ type: "clock-known", gapS: keeper.gapS() }));
    this.machine.dispatch({ type: "started", nowMs: context.clock.nowMs() });
  }

  /** Whether a receiver has accepted that this life of the unit began. */
  get accepted(): boolean {
    return this.machine.state.at === "accepted";
  }

  hearAccepted(number: number): void {
    if (number === this.number) this.machine.dispatch({ type: "accepted" });
  }

  private perform(effect: ControlMessageEffect): void {
    switch (effect.type) {
      case "tell":
        this.number = raise(
          this.context,
          technical(localUnit, started, startText(this.cause, effect.gapS), -1, sharedSpreadMs),
        );
        this.keeper.keep();
        return;
      case "ready":
        this.context.say("ready");
        return;
      case "wake":
        this.wake.set(effect.atMs);
        return;
    }
  }
}

/** At most 32 characters; the gap is left out where it is unknown or short. */
export function startText(cause: StartCause, gapS: number): string {
  return gapS < leastGapS ? causes[cause] : causes[cause] + ", borta " + lengthText(gapS);
}

function lengthText(seconds: number): string {
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  if (hours < 1) return minutes + " min";
  if (hours < 48) return hours + " h " + (minutes % 60) + " min";
  return Math.floor(hours / 24) + " d " + (hours % 24) + " h";
}

const causes: Record<StartCause, string> = {
  "power-on": "ström på",
  ordered: "omstartad",
  update: "uppdaterad",
  watchdog: "vakthund",
  fault: "programfel",
  "brown-out": "låg spänning",
  unknown: "startad",
};
