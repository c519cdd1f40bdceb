/** Those who see what happens in a world, each at the instant it happens: recorders, checkers, the run log. They change nothing. */

import type { Endpoint } from "../../firmware/ports/socket.ts";
import type { Utterance } from "../../firmware/ports/speech.ts";
import type { ButtonSignal, LampSignal } from "../../firmware/signals.ts";
import type { ReceiverEvent, ReceiverSign } from "../peers/receiver-events.ts";
import type { ReceiverTransport } from "../peers/receiver-transactions.ts";

export interface Witness {
  /** A unit was switched on, or came back after a power cut. */
  started?(atMs: number, unit: number): void;
  /** Mains and battery of a unit are both gone. */
  stopped?(atMs: number, unit: number): void;
  /** A person closed the contact of a button. */
  pressed?(atMs: number, unit: number, button: number): void;
  /** What a button showed its wearer. */
  buttonShowed?(atMs: number, unit: number, button: number, signal: ButtonSignal): void;
  /** What a unit's lamp and voice told. */
  unitShowed?(atMs: number, unit: number, signal: LampSignal): void;
  /** A unit began to say something aloud. It may be hushed before the end. */
  spoke?(atMs: number, unit: number, utterance: Utterance): void;
  /** A step of one of the firmware's machines: times for people, never evidence for a checker. */
  stepped?(atMs: number, unit: number, machine: string, event: object, effects: readonly object[]): void;
  /** A datagram at the unit's own end of a route. */
  datagram?(
    atMs: number,
    unit: number,
    route: "broadband" | "mobile",
    direction: "sent" | "received",
    bytes: Uint8Array,
  ): void;
  /** What a receiver put down, and what can be seen of it from outside. */
  receiverTold?(atMs: number, receiver: number, event: ReceiverEvent): void;
  receiverSigned?(atMs: number, receiver: number, sign: ReceiverSign): void;
  /** A SIP message at a receiver's own end, with the far end's address. */
  packet?(
    atMs: number,
    receiver: number,
    direction: "sent" | "received",
    bytes: Uint8Array,
    far: Endpoint,
    transport: ReceiverTransport,
  ): void;
}

/** All of them, in this order. */
export function together(witnesses: readonly Witness[]): Required<Witness> {
  return {
    started: (atMs, unit) => {
      for (const one of witnesses) one.started?.(atMs, unit);
    },
    stopped: (atMs, unit) => {
      for (const one of witnesses) one.stopped?.(atMs, unit);
    },
    pressed: (atMs, unit, button) => {
      for (const one of witnesses) one.pressed?.(atMs, unit, button);
    },
    buttonShowed: (atMs, unit, button, signal) => {
      for (const one of witnesses) one.buttonShowed?.(atMs, unit, button, signal);
    },
    unitShowed: (atMs, unit, signal) => {
      for (const one of witnesses) one.unitShowed?.(atMs, unit, signal);
    },
    spoke: (atMs, unit, utterance) => {
      for (const one of witnesses) one.spoke?.(atMs, unit, utterance);
    },
    stepped: (atMs, unit, machine, event, effects) => {
      for (const one of witnesses) one.stepped?.(atMs, unit, machine, event, effects);
    },
    datagram: (atMs, unit, route, direction, bytes) => {
      for (const one of witnesses) one.datagram?.(atMs, unit, route, direction, bytes);
    },
    receiverTold: (atMs, receiver, event) => {
      for (const one of witnesses) one.receiverTold?.(atMs, receiver, event);
    },
    receiverSigned: (atMs, receiver, sign) => {
      for (const one of witnesses) one.receiverSigned?.(atMs, receiver, sign);
    },
    packet: (atMs, receiver, direction, bytes, far, transport) => {
      for (const one of witnesses) one.packet?.(atMs, receiver, direction, bytes, far, transport);
    },
  };
}
