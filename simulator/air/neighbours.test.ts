/** Neighbours in one building share the channel: what collides comes again at another time, and each press reaches its own unit. */
import { expect, test } from "vitest";
import type { Bond } from "../../firmware/pairing/bonds.ts";
import { UnitRadio } from "../../firmware/pairing/unit-radio.ts";
import type { Secrets } from "../../firmware/ports/secrets.ts";
import { Journal } from "../../firmware/storage/journal.ts";
import { WristButton } from "../../firmware/wrist-button.ts";
import { EventQueue } from "../core/event-queue.ts";
import { Stream } from "../core/prng.ts";
import { SimClock } from "../core/sim-clock.ts";
import { NorFlash } from "../flash.ts";
import { aesBlock } from "../node-aes.ts";
import { Air, type AirDevice, type PacketFate } from "./air.ts";

interface Heard {
  readonly home: number;
  readonly atMs: number;
  readonly person: number;
}

/** Homes behind one stairway, each with a unit and one button, all as strong at each other's as at their own. */
class Stairway {
  readonly queue = new EventQueue();
  readonly fates: { [fate in PacketFate]: number } = { sent: 0, heard: 0, lost: 0, collided: 0, jammed: 0 };
  readonly heard: Heard[] = [];
  readonly shown: string[][] = [];
  private readonly air: Air;
  private readonly contacts: ((closed: boolean) => void)[] = [];

  constructor(homes: number, seed: number) {
    const observe = (fate: PacketFate): void => void this.fates[fate]++;
    this.air = new Air(this.queue, { seed, lossPpm: 0, neighbourLossPpm: 0, observe });
    for (let home = 0; home < homes; home++) this.moveIn(home, seed);
  }

  pressAll(): void {
    for (const contact of this.contacts) contact(true);
    this.queue.after(150, () => {
      for (const contact of this.contacts) contact(false);
    });
  }

  private moveIn(home: number, seed: number): void {
    const chance = new Stream(seed, `home ${home}`, 0);
    const secrets: Secrets = { random: (into) => chance.fill(into), aes: aesBlock };
    const key = new Uint8Array(16);
    chance.fill(key);
    const bond: Bond = { address: 0x4000 + home, person: home + 1, form: "wrist", key, revoked: false };
    const clock = new SimClock(this.queue);
    const join = (name: string): AirDevice => {
      const device = this.air.join({ name: `${home} ${name}`, building: "stairway", home: "stairway" });
      device.attenuationDb = device.placeDb;
      return device;
    };
    const flash = () =>
      new NorFlash({ sectorSize: 4096, sectorCount: 4, programUnit: 4, below: (limit) => chance.below(limit) });
    const unit = new UnitRadio({
      openRadio: join("unit").open,
      clock,
      secrets,
      records: new Journal(flash()),
      bonds: [bond],
      onEvent: (event) => {
        if (event.type !== "press-heard") return;
        this.heard.push({ home, atMs: this.queue.nowMs, person: event.person });
        unit.acknowledge(event.bond, event.name, "received");
      },
    });
    const shown: string[] = [];
    this.shown.push(shown);
    new WristButton(
      {
        clock,
        secrets,
        flash: flash(),
        openRadio: join("button").open,
        openContact: ({ onChange }) => {
          this.contacts.push(onChange);
          return { close: () => {} };
        },
        signals: { show: (signal) => void shown.push(signal) },
        batteryMv: () => 3_000,
        observe: undefined,
      },
      { address: bond.address, key },
    );
  }
}

test("ten neighbours who press at the very same instant collide, and each is heard once, by the right unit, within a minute", () => {
  for (const seed of [1, 2, 3]) {
    const stairway = new Stairway(10, seed);
    stairway.queue.runUntil(120_000);
    const pressedMs = stairway.queue.nowMs;
    stairway.pressAll();
    stairway.queue.runUntil(pressedMs + 60_000);
    expect(stairway.fates.collided).toBeGreaterThan(10);
    expect(stairway.heard.map(({ home, person }) => `${home} ${person}`).sort()).toEqual(
      Array.from({ length: 10 }, (_, home) => `${home} ${home + 1}`),
    );
    for (const shown of stairway.shown) expect(shown).toEqual(["sent", "received"]);
  }
});
