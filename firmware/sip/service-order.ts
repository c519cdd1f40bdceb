/** In which order the servers of a service are tried (RFC 2782, as RFC 3263 4.2 asks for it). */
import { type Dice, roll } from "../dice.ts";
import type { Service } from "./name-answer.ts";

/** Servers of one service that are looked at; more are passed over. */
export const serviceLimit = 8;

/** The lowest priority first; among equals drawn by weight, so that a fleet spreads over them. */
export function inOrder(services: readonly Service[], dice: Dice): Service[] {
  const left: Service[] = [];
  for (const service of services) if (service.host !== "." && left.length < serviceLimit) left.push(service);
  const ordered: Service[] = [];
  while (left.length > 0) {
    const place = drawn(left, dice);
    ordered.push(left[place] as Service);
    left.splice(place, 1);
  }
  return ordered;
}

/** One of the lowest priority. Those of weight 0 have a small chance while others have weight (RFC 2782, "Weight"). */
function drawn(left: readonly Service[], dice: Dice): number {
  let lowest = left[0] as Service;
  for (const service of left) if (service.priority < lowest.priority) lowest = service;
  let sum = 0;
  for (const service of left) if (service.priority === lowest.priority) sum += service.weight;
  const draw = roll(dice, sum + 1);
  let passed = 0;
  let place = -1;
  for (let pass = 0; pass < 2; pass++) {
    for (let i = 0; i < left.length; i++) {
      const service = left[i] as Service;
      if (service.priority !== lowest.priority || (service.weight === 0) !== (pass === 0)) continue;
      place = i;
      passed += service.weight;
      if (passed >= draw) return place;
    }
  }
  return place;
}
