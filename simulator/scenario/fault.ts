/** What goes wrong in a scenario: an object of the world, a fault from the closed list, and its window in virtual time. */
import type { ReceiverMode } from "../peers/receiver-modes.ts";
import type { StrangerScenarioFault } from "./stranger-fault.ts";
import type { UnitScenarioFault } from "./unit-fault.ts";

export const generations = ["2g", "3g", "4g"] as const;
export type Generation = (typeof generations)[number];

export const linkFaults = ["down", "no-data", "slow", "lossy", "congested", "gone"] as const;
export type LinkFault = (typeof linkFaults)[number];

/** Broadband knows two more: the router has no address, or names cannot be looked up. */
export const broadbandFaults = [...linkFaults, "no-address", "no-names"] as const;
export type BroadbandFault = (typeof broadbandFaults)[number];

/**
 * Mobile links know three more: modems are turned away; sessions that were there at the start carry nothing, new ones do; the
 * network tells the wrong time.
 */
export const mobileFaults = [...linkFaults, "denied", "stale-sessions", "wrong-time"] as const;
export type MobileFault = (typeof mobileFaults)[number];

/** A fault that hits some of the units of its object: `isHit` in network/fault-share.ts says which. */
export interface FaultShare {
  readonly ppm: number;
  /** Names the draw; the bursts of one entry hit the same units. */
  readonly key: string;
}

interface FaultWindow {
  readonly name: string;
  readonly fromMs: number;
  /** The end of the run where the file names none, or where the fault is `gone`. */
  readonly toMs: number;
  /** Undefined: it hits all. */
  readonly share?: FaultShare | undefined;
}
interface LinkFaultWindow extends FaultWindow {
  /** Added to each datagram, one way; 0 unless slow or congested. */
  readonly extraDelayMs: number;
  /** In place of the link's own; 0 unless lossy or congested. */
  readonly lossPpm: number;
}
interface MobileFaultWindow extends LinkFaultWindow {
  readonly fault: MobileFault;
  /** For wrong-time: how far the network's clock is off, ahead is above 0. */
  readonly clockErrorMs?: number | undefined;
}
export type ScenarioFault =
  | (FaultWindow & {
      readonly object: "receiver";
      readonly fault: ReceiverMode;
      /** Only those that ask over this route meet it: a fault on the way. */
      readonly over: "mobile" | "broadband" | undefined;
    })
  | (MobileFaultWindow & {
      readonly object: "operator";
      /** Only this generation of it; undefined: all. */
      readonly generation?: Generation | undefined;
    })
  | (MobileFaultWindow & { readonly object: "cell" })
  | (LinkFaultWindow & { readonly object: "broadband"; readonly fault: BroadbandFault })
  | (FaultWindow & { readonly object: "power"; readonly fault: "off" })
  | (FaultWindow & {
      /** The air of a stairwell, or of a home that stands alone. */
      readonly object: "building";
      readonly fault: "jammed";
      /** Packets that the jammer destroys. */
      readonly lossPpm: number;
    })
  | ReceiverLoad
  | StrangerScenarioFault
  | UnitScenarioFault;

/** The application behind a receiver's front can do no more than this meanwhile. */
export interface ReceiverLoad extends FaultWindow {
  readonly object: "receiver";
  readonly fault: "loaded";
  readonly over: undefined;
  readonly messagesPerThousandSeconds: number;
}
