/** Those who see what happens in a world, each at the instant it happens: recorders, checkers, the run log. They change nothing. */

import type { LifeName } from "../../firmware/household/life-states.ts";
import type { KeyName } from "../../firmware/ports/keys.ts";
import type { Endpoint } from "../../firmware/ports/socket.ts";
import type { Utterance } from "../../firmware/ports/speech.ts";
import type { ButtonSignal, LampSignal } from "../../firmware/signals.ts";
import type { Happening } from "../../protocol/radio/accessory-types.ts";
import type { ExchangeNews } from "../house/phone-exchange.ts";
import type { ReceiverEvent, ReceiverSign } from "../peers/receiver-events.ts";
import type { ReceiverTransport } from "../peers/receiver-transactions.ts";

export interface Witness {
  /** A unit was switched on, or came back after a power cut. */
  started?(atMs: number, unit: number): void;
  /** Mains and battery of a unit are both gone. */
  stopped?(atMs: number, unit: number): void;
  /** A person closed the contact of a button. */
  pressed?(atMs: number, unit: number, button: number): void;
  /** Somebody touched a key on the unit itself; bounces come as they come. */
  keyTouched?(atMs: number, unit: number, key: KeyName): void;
  /** The wearer of a button (from 1) fell, or took that back with a gesture. */
  fell?(atMs: number, unit: number, button: number, taken: "felt" | "taken-back"): void;
  /** Something happened at an accessory: its address as 8 hexadecimal digits, as SCAIP says it (`did`). */
  accessoryActed?(atMs: number, unit: number, did: string, happening: Happening): void;
  /** The mains of a unit went, or came back. */
  mains?(atMs: number, unit: number, present: boolean): void;
  /** A battery is used up and carries nothing more: that of a button (from 1), or of the unit itself (0). */
  wentFlat?(atMs: number, unit: number, button: number): void;
  /** A battery was put into a button (from 1), or is in it when the run begins. */
  batteryFitted?(atMs: number, unit: number, button: number): void;
  /** The unit has followed an authorised order that moves it in its life. */
  lifeOrdered?(atMs: number, unit: number, life: LifeName): void;
  /** What else somebody did in a home that a log should tell: service people, mostly. */
  happened?(atMs: number, unit: number, what: object): void;
  /** What a button showed its wearer. */
  buttonShowed?(atMs: number, unit: number, button: number, signal: ButtonSignal): void;
  /** What a unit's lamp and voice told. */
  unitShowed?(atMs: number, unit: number, signal: LampSignal): void;
  /** A unit began to say something aloud. It may be hushed before the end. */
  spoke?(atMs: number, unit: number, utterance: Utterance): void;
  /** A packet of the short-range radio begins; `sender` is the name of the device on the air. */
  radioed?(atMs: number, sender: string, bytes: Uint8Array): void;
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
  /** A piece of what a unit and its modem say to each other on their line. */
  modemLine?(atMs: number, unit: number, direction: "to-device" | "to-peer", bytes: Uint8Array): void;
  /** A step of a call between a unit and somebody in the telephone network; `outgoing`: the unit calls. */
  telephoned?(atMs: number, unit: number, direction: "outgoing" | "incoming", news: ExchangeNews): void;
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

/** Each sight there is, so that none is forgotten below. */
const sights: Readonly<Record<keyof Witness, true>> = {
  started: true,
  stopped: true,
  pressed: true,
  keyTouched: true,
  fell: true,
  accessoryActed: true,
  mains: true,
  wentFlat: true,
  batteryFitted: true,
  lifeOrdered: true,
  happened: true,
  buttonShowed: true,
  unitShowed: true,
  spoke: true,
  radioed: true,
  stepped: true,
  datagram: true,
  modemLine: true,
  telephoned: true,
  receiverTold: true,
  receiverSigned: true,
  packet: true,
};

type Hear = (...seen: unknown[]) => void;

/** All of them, in this order. No sight has more than six parts; those that nobody looks at cost nothing. */
export function together(witnesses: readonly Witness[]): Required<Witness> {
  const all: Partial<Record<keyof Witness, Hear>> = {};
  for (const name of Object.keys(sights) as (keyof Witness)[]) {
    const those: Hear[] = [];
    for (const one of witnesses) {
      const hear = one[name] as Hear | undefined;
      if (hear !== undefined) those.push(hear.bind(one));
    }
    all[name] = those.length === 0 ? () => {} : everyone(those);
  }
  return all as Required<Witness>;
}

function everyone(those: readonly Hear[]): Hear {
  return (first, second, third, fourth, fifth, sixth) => {
    for (const hear of those) hear(first, second, third, fourth, fifth, sixth);
  };
}
