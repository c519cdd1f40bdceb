/** What a unit does in each state of its life, as the rules say it and not as the firmware has it. */
import type { LifeName } from "../../firmware/household/life-states.ts";
import type { Resident } from "../residents.ts";

/** Where the scenario says nothing, a unit is in service from the start. */
export function lifeAtStart({ group }: Resident): LifeName {
  return group.home.life;
}

/** Whether it keeps its routes open and sends heartbeats. */
export function keepsPathsOpen(life: LifeName): boolean {
  return life !== "stored" && life !== "returned" && life !== "wiped";
}

/** Whether it hears its buttons. */
export function hearsButtons(life: LifeName): boolean {
  return life !== "stored" && life !== "wiped";
}
