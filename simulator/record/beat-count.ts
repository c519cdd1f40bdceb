/** Counts the heartbeats of a run (SS 91100 4.5, `PI`): how many were due, and whether an `mrs` came for each. */
import type { UplinkEvent } from "../../firmware/uplink/uplink-state.ts";
import { lookAt } from "./message-look.ts";
import type { BeatCounts } from "./run-result.ts";
import type { Witness } from "./witness.ts";

/** An answer may take so long; what is younger when the run ends is neither answered nor missed. */
export const beatPatienceMs = 30_000;

/** Beats of a unit whose answers are still waited for, and those whose answers may come again. */
const waitingLimit = 64;

/** Beats are counted as the unit means them: one that found no link is missed at once. Answers are read from the wire. */
export class BeatCount implements Witness {
  private sent: number;
  private answered: number;
  /** By unit: refs that wait for their answer, and when they first left. */
  private readonly waiting: Map<string, number>[];

  constructor(unitCount: number) {
    this.sent = 0;
    this.answered = 0;
    this.waiting = Array.from({ length: unitCount }, () => new Map<string, number>());
  }

  /** The uplink machine numbers its beats evenly, the alarm machine its attempts oddly. */
  stepped(_atMs: number, _unit: number, machine: string, event: object): void {
    if (machine !== "uplink") return;
    const { type, id } = event as UplinkEvent & { readonly id?: number };
    if (type === "asked" && id !== undefined && id % 2 === 0) this.sent++;
  }

  datagram(atMs: number, unit: number, _route: string, direction: "sent" | "received", bytes: Uint8Array): void {
    const waiting = this.waiting[unit];
    const look = lookAt(bytes);
    if (waiting === undefined || !(direction === "sent" ? look.isBeat : look.isAnswer) || look.ref === "") return;
    const sentMs = waiting.get(look.ref);
    if (direction === "sent") {
      if (sentMs !== undefined) return;
      waiting.set(look.ref, atMs);
      if (waiting.size > waitingLimit) waiting.delete(waiting.keys().next().value as string);
    } else if (sentMs !== undefined && sentMs !== answeredMs) {
      waiting.set(look.ref, answeredMs);
      this.answered++;
    }
  }

  counts(endMs: number): BeatCounts {
    let young = 0;
    for (const waiting of this.waiting)
      for (const sentMs of waiting.values()) if (sentMs > endMs - beatPatienceMs) young++;
    return { sent: this.sent, answered: this.answered, missed: this.sent - this.answered - young };
  }
}

/** Stands in place of the instant once the answer has come: a retransmitted beat is no new one. */
const answeredMs = Number.NEGATIVE_INFINITY;
