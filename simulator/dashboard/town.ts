/** A town while it is played, as its page shows it: a witness beside the others, which changes nothing. */
import type { AlarmEffect, AlarmEvent } from "../../firmware/alarm/alarm-state.ts";
import { phraseTexts } from "../../firmware/feedback/phrase-texts.ts";
import type { Utterance } from "../../firmware/ports/speech.ts";
import type { LampSignal } from "../../firmware/signals.ts";
import type { UplinkEffect, UplinkEvent } from "../../firmware/uplink/uplink-state.ts";
import type { Recorder } from "../record/recorder.ts";
import type { RunPress } from "../record/run-result.ts";
import type { Witness } from "../record/witness.ts";
import type { FleetGroup } from "../scenario/fleet.ts";
import type { Scenario } from "../scenario/scenario.ts";
import { type Counts, type Mark, marks, type RouteView, type Wait, type Waiting } from "./messages.ts";
import { UnitView } from "./unit-view.ts";

/** Waiting alarms that are shown. */
const mostWaiting = 100;

const phrases = new Map(Object.values(phraseTexts).map(({ number, sv, en }) => [number, { sv, en }]));

const lampMarks: Readonly<Partial<Record<LampSignal, Mark>>> = {
  accepted: marks.accepted,
  fault: marks.fault,
  "no-path": marks.noPath,
  "one-path-lost": marks.onePathLost,
  talking: marks.talking,
};

export class Town implements Witness {
  private readonly units: readonly UnitView[];
  /** Presses that were not accepted when last looked at. */
  private open: { readonly row: RunPress; readonly unit: number }[];
  private taken: number;
  private accepted: number;

  constructor(scenario: Scenario) {
    this.units = scenario.fleet.flatMap((group) => group.units.map(() => new UnitView(routesOf(group))));
    this.open = [];
    this.taken = 0;
    this.accepted = 0;
  }

  /** By its place in the fleet. */
  unit(index: number): UnitView {
    return this.units[index] as UnitView;
  }

  started(atMs: number, unit: number): void {
    this.unit(unit).power(true);
    this.unit(unit).note(atMs, "supply", "started");
  }

  stopped(atMs: number, unit: number): void {
    this.unit(unit).power(false);
    this.unit(unit).note(atMs, "supply", "stopped");
  }

  mains(atMs: number, unit: number, present: boolean): void {
    this.unit(unit).note(atMs, "supply", present ? "mains-back" : "mains-lost");
  }

  pressed(atMs: number, unit: number, button: number): void {
    this.unit(unit).note(atMs, "person", "pressed", button);
  }

  buttonShowed(atMs: number, unit: number, button: number, signal: string): void {
    this.unit(unit).note(atMs, "button", signal, button);
  }

  unitShowed(atMs: number, unit: number, signal: LampSignal): void {
    const view = this.unit(unit);
    view.lamp = signal;
    view.note(atMs, "lamp", signal);
  }

  spoke(atMs: number, unit: number, { number }: Utterance): void {
    this.unit(unit).note(atMs, "voice", "said", 0, phrases.get(number) ?? null);
  }

  stepped(atMs: number, unit: number, machine: string, event: object, effects: readonly object[]): void {
    if (machine === "uplink") this.unit(unit).uplink(atMs, event as UplinkEvent, effects as readonly UplinkEffect[]);
    else if (machine === "alarm") this.unit(unit).alarm(atMs, event as AlarmEvent, effects as readonly AlarmEffect[]);
  }

  /** Presses accepted since this was last asked. Asked before `marks`, `counts` and `waiting`, which go by it. */
  newWaits({ presses }: Recorder): readonly Wait[] {
    for (; this.taken < presses.length; this.taken++) {
      const followed = presses[this.taken];
      if (followed !== undefined) this.open.push(followed);
    }
    const waits: Wait[] = [];
    this.open = this.open.filter(({ row: { acceptedMs, pressedMs, route } }) => {
      if (acceptedMs !== null) waits.push({ pressedMs, tookMs: acceptedMs - pressedMs, route });
      return acceptedMs === null;
    });
    this.accepted += waits.length;
    return waits;
  }

  /** One letter a unit. */
  marks(): string {
    const told = new Map<number, Mark>();
    for (const { row, unit } of this.open)
      if (told.get(unit) !== marks.toldToWait)
        told.set(unit, row.toldNotAcceptedMs === null ? marks.waiting : marks.toldToWait);
    return this.units.map((view, index) => (view.isOn ? (told.get(index) ?? markOf(view)) : marks.off)).join("");
  }

  counts(shown: string): Counts {
    const waiting = this.open.filter(({ row }) => row.storedMs !== null).length;
    const of = (mark: Mark): number => shown.split(mark).length - 1;
    return {
      presses: this.taken,
      accepted: this.accepted,
      waiting,
      unheard: this.open.length - waiting,
      onePathLost: of(marks.onePathLost),
      noPath: of(marks.noPath),
      off: of(marks.off),
    };
  }

  waiting(): readonly Waiting[] {
    return this.open.slice(0, mostWaiting).map(({ row }) => {
      const { unit, button, pressedMs, attempts, storedMs, sentMs, carriedMs, toldNotAcceptedMs } = row;
      const sent = sentMs === null ? "stored" : carriedMs === null ? "sent" : "carried";
      return {
        unit,
        button,
        pressedMs,
        at: storedMs === null ? "pressed" : sent,
        attempts,
        told: toldNotAcceptedMs !== null,
      };
    });
  }
}

function markOf({ lamp }: UnitView): Mark {
  // A unit that has shown nothing yet has proven no path.
  if (lamp === "") return marks.noPath;
  return lampMarks[lamp as LampSignal] ?? marks.ready;
}

function routesOf({ policy, mobile, broadband }: FleetGroup): readonly RouteView["route"][] {
  const both: readonly RouteView["route"][] = policy.startsWith("mobile")
    ? ["mobile", "broadband"]
    : ["broadband", "mobile"];
  return both.filter((route) =>
    route === "mobile"
      ? mobile !== undefined && policy !== "broadband-only"
      : broadband !== undefined && policy !== "mobile-only",
  );
}
