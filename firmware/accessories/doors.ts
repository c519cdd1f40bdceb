/** The department of doors that have rules of their own: one machine and one deadline for each. */
import { observerOf } from "../department.ts";
import { Runner } from "../runner.ts";
import type { UnitContext } from "../unit-context.ts";
import { Wake } from "../wake.ts";
import type { DoorEffect, DoorEvent, DoorSettings, DoorState } from "./door-machine.ts";
import { doorAtStart, doorFault, stepDoor } from "./door-machine.ts";

/** The rules of one door, by the address on its label. */
export interface DoorRule extends DoorSettings {
  readonly address: number;
}

/** Doors with rules of their own. */
export const doorRuleLimit = 8;

/** What is wrong with the rules, in words, or undefined. */
export function doorsFault(rules: readonly DoorRule[]): string | undefined {
  if (rules.length > doorRuleLimit) return "at most " + doorRuleLimit + " doors can have rules of their own";
  for (const rule of rules) {
    const fault = doorFault(rule);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

export type DoorNews = "open" | "too-long" | "shut";
export type TellOfDoor = (place: number, what: DoorNews) => void;

export class Doors {
  private readonly context: UnitContext;
  private readonly rules: readonly DoorRule[];
  private readonly localMinute: () => number;
  private readonly tell: TellOfDoor;
  private readonly doors: (Door | undefined)[];

  /** `localMinute`: of the local day, or -1 while the time is not known. */
  constructor(context: UnitContext, rules: readonly DoorRule[], localMinute: () => number, tell: TellOfDoor) {
    this.context = context;
    this.rules = rules;
    this.localMinute = localMinute;
    this.tell = tell;
    this.doors = [];
  }

  /** Whether this door has rules of its own; without any, each opening that it calls an alarm is one. */
  governs(address: number): boolean {
    return this.ruleOf(address) !== undefined;
  }

  opened(place: number, address: number): void {
    const door = this.doorAt(place, address);
    if (door !== undefined) door.happen("opened");
  }

  shut(place: number, address: number): void {
    const door = this.doorAt(place, address);
    if (door !== undefined) door.happen("shut");
  }

  private ruleOf(address: number): DoorRule | undefined {
    for (const rule of this.rules) if (rule.address === address) return rule;
    return undefined;
  }

  private doorAt(place: number, address: number): Door | undefined {
    const known = this.doors[place];
    const rule = this.ruleOf(address);
    if (known !== undefined || rule === undefined) return known;
    const door = new Door(this.context, rule, this.localMinute, (what) => this.tell(place, what));
    this.doors[place] = door;
    return door;
  }
}

/** One door, its machine and its deadline. */
class Door {
  private readonly context: UnitContext;
  private readonly localMinute: () => number;
  private readonly tell: (what: DoorNews) => void;
  private readonly machine: Runner<DoorState, DoorEvent, DoorEffect>;
  private readonly wake: Wake;

  constructor(context: UnitContext, rule: DoorRule, localMinute: () => number, tell: (what: DoorNews) => void) {
    this.context = context;
    this.localMinute = localMinute;
    this.tell = tell;
    this.wake = new Wake(context.clock, () => this.happen("due"));
    this.machine = new Runner<DoorState, DoorEvent, DoorEffect>(
      (state, event) => stepDoor(rule, state, event),
      doorAtStart,
      (effect) => this.perform(effect),
      observerOf(context, "door"),
    );
  }

  happen(type: DoorEvent["type"]): void {
    this.machine.dispatch({ type, nowMs: this.context.clock.nowMs(), minute: this.localMinute() });
  }

  private perform(effect: DoorEffect): void {
    switch (effect.type) {
      case "pre-alarm":
        this.context.say("door-open");
        return;
      case "tell":
        this.tell(effect.what);
        return;
      case "wake":
        this.wake.set(effect.atMs);
        return;
    }
  }
}
