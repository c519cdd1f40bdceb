/** Devices with simulated SX1262 chips on one air, for the tests of driver and chip. */
import type { Radio } from "../../firmware/ports/radio.ts";
import { type Sx1262Settings, sx1262Defaults } from "../../firmware/radio-chips/sx1262-settings.ts";
import type { ChipFault, Sx1262Effect, Sx1262Event } from "../../firmware/radio-chips/sx1262-state.ts";
import { Air, type AirDevice, type PacketFate } from "../air/air.ts";
import { EventQueue } from "../core/event-queue.ts";
import { Stream } from "../core/prng.ts";
import { SimClock } from "../core/sim-clock.ts";
import { secretsOf } from "../home-parts.ts";
import type { Sx1262Chip } from "./sx1262.ts";
import { sx1262Port } from "./sx1262-port.ts";

export interface ChipBenchDevice {
  readonly device: AirDevice;
  readonly radio: Radio;
  readonly chip: Sx1262Chip;
  readonly faults: (readonly [ChipFault, number])[];
  readonly events: Sx1262Event[];
  /** Packets that the driver took, and those that found its queue full. */
  readonly taken: (readonly number[])[];
  readonly refused: (readonly number[])[];
  /** For each packet sent: how loud the channel was found at last, and how often too loud before. */
  readonly looks: (readonly [rssiDbm: number, tooLoud: number])[];
  /** First bytes of what came in since the last call. */
  readonly marks: () => number[];
  readonly busyMs: number[];
}

export interface ChipBench {
  readonly queue: EventQueue;
  readonly air: Air;
  /** Instant, fate, device and bytes of each packet. */
  readonly fates: (readonly [number, PacketFate, string, readonly number[]])[];
  readonly devices: readonly [ChipBenchDevice, ChipBenchDevice, ChipBenchDevice];
}

/** A unit, a button and a third device of one home, all with chips, equally strong everywhere. Their chips have started. */
export function chipBench(settings?: Sx1262Settings, seed = 1): ChipBench {
  const queue = new EventQueue();
  const fates: (readonly [number, PacketFate, string, readonly number[]])[] = [];
  const air = new Air(queue, {
    seed,
    lossPpm: 0,
    neighbourLossPpm: 0,
    observe: (fate, device, bytes) => fates.push([queue.nowMs, fate, device.name, [...bytes]]),
  });
  const device = (name: string): ChipBenchDevice => {
    const place = air.join({ name, building: "house", home: "home" });
    place.attenuationDb = place.placeDb;
    const chips: Sx1262Chip[] = [];
    const faults: (readonly [ChipFault, number])[] = [];
    const events: Sx1262Event[] = [];
    const taken: (readonly number[])[] = [];
    const refused: (readonly number[])[] = [];
    const looks: (readonly [number, number])[] = [];
    let tooLoud = 0;
    const observe = (event: Sx1262Event, effects: readonly Sx1262Effect[]): void => {
      events.push(event);
      if (event.type === "handed") {
        (effects.some(({ type }) => type === "drop") ? refused : taken).push([...event.bytes]);
      } else if (event.type === "done" && effects.some(({ type }) => type === "load")) {
        looks.push([event.found.rssiDbm, tooLoud]);
        tooLoud = 0;
      } else if (event.type === "done" && event.found.rssiDbm > sx1262Defaults.busyAboveDbm && event.found.rssiDbm < 0)
        tooLoud++;
    };
    const busyMs: number[] = [];
    const open = sx1262Port({
      queue,
      air,
      device: place,
      clock: () => new SimClock(queue),
      secrets: secretsOf(new Stream(seed, `chip ${name}`, 0)),
      settings,
      onFault: (fault, failures) => faults.push([fault, failures]),
      observe,
      onChip: (chip) => chips.push(chip),
    });
    const radio = open({ onReadable: () => {}, onBusy: (forMs) => busyMs.push(forMs) });
    const marks = () => {
      const found: number[] = [];
      for (let packet = radio.read(); packet !== undefined; packet = radio.read())
        found.push(packet.bytes[0] as number);
      return found;
    };
    return { device: place, radio, chip: chips[0] as Sx1262Chip, faults, events, taken, refused, looks, marks, busyMs };
  };
  const devices = [device("unit"), device("button"), device("other")] as const;
  queue.runUntil(100);
  return { queue, air, fates, devices };
}

export const packet = (mark: number, length = 24) => new Uint8Array(length).fill(mark);
