/** What the service line tells whoever installs a unit or finds out what is wrong with it: reasons, what is in it, the room of a walk. */
import type { ReasonWord } from "../../protocol/console/install-orders.ts";
import type { OrderEvent } from "../../protocol/console/orders.ts";
import type { WalkingPlace } from "../pairing/range-walk.ts";
import type { Power } from "../power/power.ts";
import { type FaultName, faultOf } from "../supervision/faults.ts";
import type { QueryFacts } from "../supervision/query.ts";
import { sayable } from "./order-news.ts";

/** Where reasons are read from. */
export interface ReasonSources {
  readonly supervision: { readonly faults: readonly FaultName[]; readonly isProven: boolean };
  readonly power: Pick<Power, "mainsIsLost" | "batteryIsMissing" | "condition"> | undefined;
  readonly links: () => QueryFacts["links"];
}

const whereLimit = 20;
const iccidLimit = 20;
const mostDb = 120;
const mostPresses = 99;

/** Nothing where all is as it should be. What the unit itself suffers from comes first. */
export function reasonsOf(from: ReasonSources, to: number): readonly OrderEvent[] {
  const events: OrderEvent[] = [];
  const add = (what: ReasonWord, code: number): void => {
    events.push({ type: "reason", to, what, code });
  };
  for (const fault of from.supervision.faults) add("fault", +faultOf(fault).code.substring(1));
  const power = from.power;
  if (power !== undefined) {
    if (power.mainsIsLost) add("mains-lost", 0);
    if (power.batteryIsMissing) add("battery-missing", 0);
    if (power.condition.failed) add("battery-failed", 0);
    if (power.condition.low) add("battery-low", 0);
    if (power.condition.old) add("battery-old", 0);
  }
  const links = from.links();
  if (links !== "ready") add(links, 0);
  if (!from.supervision.isProven) add("not-proven", 0);
  return events;
}

export function sheetEvent(iccid: string, to: number): OrderEvent {
  return { type: "sheet", to, iccid: sayable(iccid, iccidLimit) };
}

export function walkingEvent(walking: WalkingPlace, to: number): OrderEvent {
  return {
    type: "walking",
    to,
    place: walking.bond,
    where: sayable(walking.where, whereLimit),
    presses: Math.min(walking.presses, mostPresses),
    last: decibels(walking.lastDb),
    margin: decibels(walking.marginDb),
  };
}

function decibels(margin: number): number {
  return Math.max(0, Math.min(margin, mostDb));
}
