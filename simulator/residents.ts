/** Who lives in a scenario: units with their account numbers, the buttons that belong to them, and when people press. */
import type { Bond } from "../firmware/pairing/bonds.ts";
import { Stream } from "./core/prng.ts";
import type { FleetGroup } from "./scenario/fleet.ts";
import type { Scenario } from "./scenario/scenario.ts";
import { nextSwedishClock } from "./scenario/scenario-clock.ts";

/** One unit of the fleet, as reports and people know it. */
export interface Resident {
  readonly index: number;
  readonly name: string;
  /** Larmkod, the account number (SCAIP `cid`). */
  readonly cid: string;
  readonly group: FleetGroup;
  /** By button, from 0. */
  readonly bonds: readonly Bond[];
}

export interface PlannedPress {
  readonly atMs: number;
  readonly unit: string;
  /** From 1. */
  readonly button: number;
}

const minuteMs = 60_000;
const dayMs = 86_400_000;
const firstCid = 4_600_100_001;
const keyLength = 16;

export function residentsOf(scenario: Scenario, seed: number): readonly Resident[] {
  const residents: Resident[] = [];
  for (const group of scenario.fleet) {
    for (const name of group.units) {
      const index = residents.length;
      const bonds = Array.from({ length: group.buttons }, (_, button) => bondOf(seed, index, button));
      residents.push({ index, name, cid: String(firstCid + index), group, bonds });
    }
  }
  return residents;
}

/** One key and one address for each button; no two homes share any. */
function bondOf(seed: number, home: number, button: number): Bond {
  const key = new Uint8Array(keyLength);
  new Stream(seed, `bond ${button}`, home).fill(key);
  return { address: 0x0100_0000 + home * 32 + button, person: button + 1, form: "wrist", key, revoked: false };
}

/** When people press of their own accord: each unit has its own chance, so that one more unit changes no other's day. */
export function pressesOf(scenario: Scenario, seed: number, residents: readonly Resident[]): readonly PlannedPress[] {
  const { wearers, startWallMs, durationMs } = scenario;
  if (wearers === undefined) return [];
  const presses: PlannedPress[] = [];
  const windowMs = (wearers.toMinute - wearers.fromMinute) * minuteMs;
  for (const resident of residents) {
    const chance = new Stream(seed, "presses", resident.index);
    let windowStart = nextSwedishClock(startWallMs - dayMs, wearers.fromMinute * minuteMs) - startWallMs;
    while (windowStart < durationMs) {
      const whole = Math.floor(wearers.pressesPerThousandUnitDays / 1000);
      const count = whole + (chance.chance((wearers.pressesPerThousandUnitDays % 1000) * 1000) ? 1 : 0);
      for (let i = 0; i < count; i++) {
        const atMs = windowStart + chance.below(windowMs);
        const button = 1 + chance.below(resident.group.buttons);
        if (atMs >= 0 && atMs < durationMs) presses.push({ atMs, unit: resident.name, button });
      }
      windowStart = nextSwedishClock(startWallMs + windowStart + 1, wearers.fromMinute * minuteMs) - startWallMs;
    }
  }
  return presses;
}
