/** What goes wrong in a scenario: an object of the world, a fault from the closed list, and its window in virtual time. */
import type { ReceiverMode } from "../peers/receiver-modes.ts";

export const linkFaults = ["down", "no-data", "slow", "lossy", "gone"] as const;
export type LinkFault = (typeof linkFaults)[number];

/** Broadband knows two more: the router has no address, or names cannot be looked up. */
export const broadbandFaults = [...linkFaults, "no-address", "no-names"] as const;
export type BroadbandFault = (typeof broadbandFaults)[number];

/** Mobile links know two more: modems are turned away; sessions that were there at the start carry nothing, new ones do. */
export const mobileFaults = [...linkFaults, "denied", "stale-sessions"] as const;
export type MobileFault = (typeof mobileFaults)[number];

interface FaultWindow {
  readonly name: string;
  readonly fromMs: number;
  /** The end of the run where the file names none, or where the fault is `gone`. */
  readonly toMs: number;
}
interface LinkFaultWindow extends FaultWindow {
  /** Added to each datagram, one way; 0 unless slow. */
  readonly extraDelayMs: number;
  /** In place of the link's own; 0 unless lossy. */
  readonly lossPpm: number;
}
export type ScenarioFault =
  | (FaultWindow & {
      readonly object: "receiver";
      readonly fault: ReceiverMode;
      /** Only those that ask over this route meet it: a fault on the way. */
      readonly over: "mobile" | "broadband" | undefined;
    })
  | (LinkFaultWindow & { readonly object: "operator" | "cell"; readonly fault: MobileFault })
  | (LinkFaultWindow & { readonly object: "broadband"; readonly fault: BroadbandFault })
  | (FaultWindow & { readonly object: "power"; readonly fault: "off" });
