/** Who lives in a scenario: units with their account numbers, and the buttons that belong to them. */
import type { Bond } from "../firmware/pairing/bonds.ts";
import { Stream } from "./core/prng.ts";
import type { FleetGroup } from "./scenario/fleet.ts";
import type { Scenario } from "./scenario/scenario.ts";
import type { ServiceAct } from "./scenario/timeline.ts";

/** One unit of the fleet, as reports and people know it. */
export interface Resident {
  readonly index: number;
  readonly name: string;
  /** Larmkod, the account number (SCAIP `cid`). */
  readonly cid: string;
  readonly group: FleetGroup;
  /** By place in the unit's table, from 0: buttons, accessories, and what service people bring. */
  readonly bonds: readonly Bond[];
  /** Those that the unit knows when it is switched on. */
  readonly delivered: readonly Bond[];
  /** Whether somebody comes with its service key. */
  readonly isServiced: boolean;
}

const firstCid = 4_600_100_001;
const keyLength = 16;

export function residentsOf(scenario: Scenario, seed: number): readonly Resident[] {
  const residents: Resident[] = [];
  const served = actsByUnit(scenario);
  for (const group of scenario.fleet) {
    for (const name of group.units) {
      const index = residents.length;
      const acts = served.get(name) ?? [];
      const own = deviceForms(group).map((form, at) => bondOf(seed, index, at, at < group.buttons ? at + 1 : 1, form));
      const brought = acts.flatMap((act) => (act.type === "pair" && act.place > own.length ? [act] : []));
      const bonds = [...own, ...brought.map(({ place, person }) => bondOf(seed, index, place - 1, person, "wrist"))];
      const isInstalled =
        group.home.life !== "in-service" && acts.some((act) => act.type === "pair" && act.place === 1);
      const delivered = isInstalled ? [] : own;
      residents.push({
        index,
        name,
        cid: String(firstCid + index),
        group,
        bonds,
        delivered,
        isServiced: acts.length > 0,
      });
    }
  }
  return residents;
}

/** What service people do at each unit, in the order of time. */
function actsByUnit(scenario: Scenario): ReadonlyMap<string, readonly ServiceAct[]> {
  const acts = new Map<string, ServiceAct[]>();
  for (const step of scenario.timeline) {
    if (!("visit" in step)) continue;
    const { unit } = step.visit;
    acts.set(unit, [...(acts.get(unit) ?? []), ...step.visit.acts]);
  }
  return acts;
}

function deviceForms(group: FleetGroup): readonly Bond["form"][] {
  return [...new Array<"wrist">(group.buttons).fill("wrist"), ...group.home.accessories.map(({ kind }) => kind)];
}

/** One key and one address for each device; no two homes share any. */
function bondOf(seed: number, home: number, at: number, person: number, form: Bond["form"]): Bond {
  const key = new Uint8Array(keyLength);
  new Stream(seed, `bond ${at}`, home).fill(key);
  return { address: 0x0100_0000 + home * 32 + at, person, form, key, revoked: false };
}
