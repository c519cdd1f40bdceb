/** What a unit makes of what its accessories say: each alarm is told, each end once, and what was lost on the air is seen in the next check-in (radio 3.6 to 3.8). */
import type { AccessoryCondition } from "../../protocol/radio/accessory-event.ts";
import type { AccessoryType, Happening } from "../../protocol/radio/accessory-types.ts";
import type { Next } from "../machine.ts";
import { go, stay } from "../machine.ts";

/** How an accessory stands as far as it was told. */
export interface AccessoryState {
  readonly place: number;
  readonly condition: AccessoryCondition;
}

export interface AccessoriesState {
  readonly known: readonly AccessoryState[];
}

export type AccessoryMachineEvent =
  /** After a restart: what the journal says was told. */
  | { readonly type: "restored"; readonly place: number; readonly condition: AccessoryCondition }
  /** A proven event, not heard before or not yet safe. `name` is 0 where a check-in showed it. */
  | {
      readonly type: "happened";
      readonly place: number;
      readonly accessory: AccessoryType;
      readonly happening: Happening;
      readonly condition: AccessoryCondition;
      readonly name: number;
    }
  | {
      readonly type: "checked-in";
      readonly place: number;
      readonly accessory: AccessoryType;
      readonly condition: AccessoryCondition;
    }
  | { readonly type: "removed"; readonly place: number };

export type AccessoryEffect =
  /** Tell the receiver; `restores` where this ends what was told before. */
  | {
      readonly type: "tell";
      readonly place: number;
      readonly accessory: AccessoryType;
      readonly happening: Happening;
      readonly restores: boolean;
      readonly name: number;
    }
  | { readonly type: "keep"; readonly place: number; readonly condition: AccessoryCondition }
  /** Nothing to tell anybody: say at once that it was heard. */
  | { readonly type: "acknowledge"; readonly place: number; readonly name: number }
  /** Somebody moves, opens or lies down: a sign of life for whoever watches for it. */
  | { readonly type: "activity"; readonly place: number; readonly accessory: AccessoryType };

export const accessoriesAtStart: AccessoriesState = { known: [] };

const calm: AccessoryCondition = { alarm: false, fault: false, tamper: false };

type Step = Next<AccessoriesState, AccessoryEffect>;

export function stepAccessories(state: AccessoriesState, event: AccessoryMachineEvent): Step {
  switch (event.type) {
    case "restored":
      return stay({ known: put(state.known, event.place, event.condition) });
    case "removed":
      return stay({ known: put(state.known, event.place, calm) });
    case "happened":
      return happened(state, event);
    case "checked-in":
      return checkedIn(state, event);
  }
}

function happened(state: AccessoriesState, event: Extract<AccessoryMachineEvent, { readonly type: "happened" }>): Step {
  const place = event.place;
  const effects: AccessoryEffect[] = [];
  if (isActivity(event.accessory, event.happening))
    effects.push({ type: "activity", place, accessory: event.accessory });
  if (event.happening === "activity" || event.happening === "battery-low" || event.happening === "battery-ok") {
    effects.push({ type: "acknowledge", place, name: event.name });
    return go(state, effects);
  }
  const before = conditionOf(state, place);
  const after = afterwards(before, event.happening);
  const told = event.happening;
  const restores = told === "restored" || told === "tamper-restored" || told === "fault-gone";
  // Told before it is kept: a cut between the two tells it again, and never leaves it out.
  effects.push({ type: "tell", place, accessory: event.accessory, happening: told, restores, name: event.name });
  if (!isSame(before, after)) effects.push({ type: "keep", place, condition: after });
  return go({ known: put(state.known, place, after) }, effects);
}

/** An alarm, an end, a fault that nobody heard of is in the condition of the next check-in. */
function checkedIn(
  state: AccessoriesState,
  event: Extract<AccessoryMachineEvent, { readonly type: "checked-in" }>,
): Step {
  const before = conditionOf(state, event.place);
  const now = event.condition;
  if (isSame(before, now)) return stay(state);
  const effects: AccessoryEffect[] = [];
  const late = (happening: Happening, restores: boolean): void => {
    effects.push({ type: "tell", place: event.place, accessory: event.accessory, happening, restores, name: 0 });
  };
  if (before.alarm !== now.alarm) late(now.alarm ? "alarm" : "restored", !now.alarm);
  if (before.tamper !== now.tamper) late(now.tamper ? "tamper" : "tamper-restored", !now.tamper);
  if (before.fault !== now.fault) late(now.fault ? "fault" : "fault-gone", !now.fault);
  effects.push({ type: "keep", place: event.place, condition: now });
  return go({ known: put(state.known, event.place, now) }, effects);
}

function afterwards(before: AccessoryCondition, happening: Happening): AccessoryCondition {
  switch (happening) {
    case "alarm":
    case "alarm-low":
    case "alarm-too-long":
      return { alarm: true, fault: before.fault, tamper: before.tamper };
    case "restored":
      return { alarm: false, fault: before.fault, tamper: before.tamper };
    case "tamper":
    case "tamper-restored":
      return { alarm: before.alarm, fault: before.fault, tamper: happening === "tamper" };
    case "fault":
    case "fault-gone":
      return { alarm: before.alarm, fault: happening === "fault", tamper: before.tamper };
    default:
      return before;
  }
}

/** Who moves, opens a door, or gets into or out of bed lives. */
function isActivity(accessory: AccessoryType, happening: Happening): boolean {
  if (happening === "activity") return true;
  const isMover = accessory === "motion" || accessory === "door" || accessory === "bed" || accessory === "mat";
  return isMover && (happening === "alarm" || happening === "restored");
}

function conditionOf(state: AccessoriesState, place: number): AccessoryCondition {
  for (const each of state.known) if (each.place === place) return each.condition;
  return calm;
}

function isSame(left: AccessoryCondition, right: AccessoryCondition): boolean {
  return left.alarm === right.alarm && left.fault === right.fault && left.tamper === right.tamper;
}

/** What stands calm needs no entry. */
function put(
  known: readonly AccessoryState[],
  place: number,
  condition: AccessoryCondition,
): readonly AccessoryState[] {
  const next: AccessoryState[] = [];
  for (const each of known) if (each.place !== place) next.push(each);
  if (!isSame(condition, calm)) next.push({ place, condition });
  return next;
}
