/** What a capture is fed with: sees a world as its witness, and puts SIP, AT, radio and what happened into packets with our names on them. */
import type { AlarmEffect } from "../../firmware/alarm/alarm-state.ts";
import type { Endpoint } from "../../firmware/ports/socket.ts";
import { unitOfAddress } from "../network/network.ts";
import type { ReceiverEvent } from "../peers/receiver-events.ts";
import type { ReceiverTransport } from "../peers/receiver-transactions.ts";
import type { Witness } from "../record/witness.ts";
import type { Resident } from "../residents.ts";
import type { Scenario } from "../scenario/scenario.ts";
import type { Capture } from "./capture.ts";
import { frameName, sipName } from "./event-names.ts";

/** A unit's talk with its modem is kept for so long after it was switched on, and after a press: the rest of a day is beats. */
const afterStartMs = 60_000;
const afterPressMs = 300_000;

export class Tap implements Witness {
  private readonly scenario: Scenario;
  private readonly residents: readonly Resident[];
  private readonly capture: Capture;
  /** By unit: until when its modem's line is kept. */
  private readonly modemUntilMs: number[];
  /** Beginnings and ends of faults that are still to come, last first. */
  private readonly changes: { readonly atMs: number; readonly event: object & { readonly type: string } }[];

  constructor(scenario: Scenario, residents: readonly Resident[], capture: Capture) {
    this.scenario = scenario;
    this.residents = residents;
    this.capture = capture;
    this.modemUntilMs = residents.map(() => 0);
    this.changes = scenario.faults
      .flatMap(({ fromMs, toMs, object, name, fault }) => [
        { atMs: fromMs, event: { type: "fault", what: "begins", object, name, fault } },
        { atMs: toMs, event: { type: "fault", what: "ends", object, name, fault } },
      ])
      .sort((a, b) => b.atMs - a.atMs);
  }

  started(atMs: number, unit: number): void {
    this.keepModem(unit, atMs + afterStartMs);
  }

  pressed(atMs: number, unit: number, button: number): void {
    this.keepModem(unit, atMs + afterPressMs);
    this.happened(atMs, unit, { type: "pressed", button });
  }

  buttonShowed(atMs: number, unit: number, button: number, signal: string): void {
    this.happened(atMs, unit, { type: "button-showed", button, signal });
  }

  unitShowed(atMs: number, unit: number, signal: string): void {
    this.happened(atMs, unit, { type: "unit-showed", signal });
  }

  happened(atMs: number, unit: number, what: object): void {
    this.event(atMs, this.unitName(unit), what as { readonly type: string });
  }

  stepped(atMs: number, unit: number, machine: string, _event: object, effects: readonly object[]): void {
    if (machine !== "alarm") return;
    for (const effect of effects as readonly AlarmEffect[])
      if (effect.type === "log") this.happened(atMs, unit, { ...effect, type: effect.what, what: undefined });
  }

  /** Heartbeats are many, and stand as packets. */
  receiverTold(atMs: number, receiver: number, event: ReceiverEvent): void {
    if (event.type !== "heartbeat") this.event(atMs, this.receiverName(receiver), event);
  }

  modemLine(atMs: number, unit: number, direction: "to-device" | "to-peer", bytes: Uint8Array): void {
    if (atMs > (this.modemUntilMs[unit] ?? 0)) return;
    const isHeard = direction === "to-device";
    const head = {
      wallMs: this.wallMs(atMs),
      lane: "at",
      comment: `${this.unitName(unit)}: ${isHeard ? "modem-said" : "modem-told"}`,
      direction: isHeard ? "inbound" : "outbound",
    } as const;
    this.capture.addBytes(head, bytes);
  }

  radioed(atMs: number, sender: string, bytes: Uint8Array): void {
    const comment = `${sender}: ${frameName(bytes)}`;
    this.capture.addBytes({ wallMs: this.wallMs(atMs), lane: "radio", comment }, bytes);
  }

  packet(
    atMs: number,
    receiver: number,
    direction: "sent" | "received",
    bytes: Uint8Array,
    far: Endpoint,
    transport: ReceiverTransport,
  ): void {
    const own = this.scenario.world.receivers[receiver];
    if (own === undefined) return;
    const isSent = direction === "sent";
    const [from, to] = isSent ? [own, far] : [far, own];
    const what = sipName(bytes, isSent);
    const who = isSent ? this.receiverName(receiver) : this.unitName(unitOfAddress(far.host));
    const comment = what === "" ? "" : `${who}: ${what}`;
    const lane = transport === "udp" ? "sip" : "sip-in-connection";
    this.capture.addMessage({ wallMs: this.wallMs(atMs), lane, comment }, from, to, bytes);
  }

  private event(atMs: number, lane: string, event: { readonly type: string }): void {
    let next = this.changes.at(-1);
    for (; next !== undefined && next.atMs <= atMs; next = this.changes.at(-1)) {
      this.changes.pop();
      this.put(next.atMs, "world", next.event);
    }
    this.put(atMs, lane, event);
  }

  private put(atMs: number, lane: string, event: { readonly type: string }): void {
    const bytes = Buffer.from(JSON.stringify({ atMs, lane, ...event }), "utf8");
    this.capture.addBytes({ wallMs: this.wallMs(atMs), lane: "events", comment: `${lane}: ${event.type}` }, bytes);
  }

  private keepModem(unit: number, untilMs: number): void {
    this.modemUntilMs[unit] = Math.max(this.modemUntilMs[unit] ?? 0, untilMs);
  }

  private wallMs(atMs: number): number {
    return this.scenario.startWallMs + atMs;
  }

  private unitName(unit: number): string {
    return `unit ${this.residents[unit]?.name ?? "unknown"}`;
  }

  private receiverName(receiver: number): string {
    return `receiver ${this.scenario.world.receivers[receiver]?.name ?? "unknown"}`;
  }
}
