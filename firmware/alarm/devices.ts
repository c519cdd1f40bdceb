/** What the device that called is told. */
import type { Turn } from "./alarm-state.ts";

/** The unit's own keys (`bond` -1) have nobody to tell. */
export function tellDevice(turn: Turn, bond: number, name: number, step: "received" | "accepted"): void {
  if (bond >= 0) turn.effects.push({ type: "tell-button", bond, name, step });
}
