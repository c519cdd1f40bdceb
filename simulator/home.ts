/**
 * One home: an alarm unit with its modem and broadband, and its buttons, each running the firmware itself on ports made
 * of virtual time. Flash outlives a power cut; everything else begins anew.
 */

import type { Bond } from "../firmware/pairing/bonds.ts";
import type { Observe, UnitHost } from "../firmware/ports/host.ts";
import type { Secrets } from "../firmware/ports/secrets.ts";
import type { UnitSettings } from "../firmware/settings.ts";
import { Unit } from "../firmware/unit.ts";
import type { Air, AirDevice } from "./air/air.ts";
import type { Digest, Lane } from "./core/digest.ts";
import type { EventQueue } from "./core/event-queue.ts";
import { Stream } from "./core/prng.ts";
import { SimClock } from "./core/sim-clock.ts";
import type { NorFlash } from "./flash.ts";
import { HomeButton, unitFlash } from "./home-parts.ts";
import type { Bearer } from "./network/bearer.ts";
import type { Broadband, Network } from "./network/network.ts";
import { broadbandOpener } from "./network/sim-socket.ts";
import { aesBlock } from "./node-aes.ts";
import { ModemPeer } from "./peers/modem.ts";
import type { Witness } from "./record/witness.ts";
import { UnitLife } from "./unit-life.ts";
import { Wire } from "./wire.ts";

export interface HomeOptions {
  /** Place in the fleet, from 0. */
  readonly index: number;
  /** Unique; names its streams of chance and its lanes of the digest. */
  readonly name: string;
  readonly settings: UnitSettings;
  /** Undefined where the home has no such route. */
  readonly broadband: { readonly line: Broadband; readonly address: string } | undefined;
  readonly bearer: Bearer | undefined;
}

/** What homes share. */
export interface Surroundings {
  readonly seed: number;
  readonly queue: EventQueue;
  readonly network: Network;
  readonly air: Air;
  readonly digest: Digest;
  readonly witness: Required<Witness>;
}

export class Home {
  readonly name: string;
  private readonly around: Surroundings;
  private readonly options: HomeOptions;
  private readonly lane: Lane;
  private readonly chance: Stream;
  private readonly fingers: Stream;
  private readonly modemChance: Stream;
  private readonly flash: NorFlash;
  private readonly unitAir: AirDevice;
  private readonly buttons: HomeButton[];
  private life: UnitLife | undefined;
  private modem: ModemPeer | undefined;
  private onCut: () => void;

  /** Everything is switched on now. */
  constructor(around: Surroundings, options: HomeOptions) {
    const { index, name } = options;
    this.name = name;
    this.around = around;
    this.options = options;
    this.lane = around.digest.lane(`unit ${name}`);
    this.chance = new Stream(around.seed, "unit secrets", index);
    this.fingers = new Stream(around.seed, "fingers", index);
    this.modemChance = new Stream(around.seed, "modem", index);
    this.flash = unitFlash(new Stream(around.seed, "unit flash", index));
    this.unitAir = around.air.join({ name: `unit ${name}`, building: name, home: name });
    this.buttons = options.settings.bonds.map((bond, number) => buttonOf(around, options, bond, number));
    this.life = undefined;
    this.modem = undefined;
    this.onCut = () => {};
    this.restorePower();
  }

  /** A person presses a button (from 1). */
  press(button: number): void {
    const pressed = this.buttons[button - 1];
    if (pressed === undefined) throw new Error(`home ${this.name} has no button ${button}`);
    this.around.witness.pressed(this.around.queue.nowMs, this.options.index, button);
    pressed.press(this.fingers);
  }

  /** What the unit has done to the world in this life; 0 without power. */
  get acts(): number {
    return this.life === undefined ? 0 : this.life.acts;
  }

  /** The unit's mains and battery go in the place of its act after `acts` more; `onCut` hears of it. */
  cutPowerAfter(acts: number, onCut: () => void): void {
    this.onCut = onCut;
    this.life?.cutAfter(acts);
  }

  /** ... and during the flash step after `steps` more, which is left half done. */
  cutFlashAfter(steps: number, onCut: () => void): void {
    this.onCut = onCut;
    this.flash.cutAfter(steps);
  }

  /** Mains and battery of the unit go now; its modem and sockets with them. */
  cutPower(): void {
    this.life?.end();
    this.life = undefined;
    this.modem?.power(false);
    this.modem = undefined;
  }

  /** The unit starts anew, with what its flash holds. */
  restorePower(): void {
    if (this.life !== undefined) return;
    const { around, options } = this;
    around.witness.started(around.queue.nowMs, options.index);
    const clock = new SimClock(around.queue);
    this.life = new UnitLife(this.ports(clock), clock, () => {
      this.cutPower();
      this.onCut();
    });
    this.life.start((host) => {
      new Unit(host, options.settings);
    });
  }

  private ports(clock: SimClock): UnitHost {
    const { around, options } = this;
    const { broadband, bearer } = options;
    return {
      clock,
      secrets: secretsOf(this.chance),
      flash: this.flash,
      openRadio: this.unitAir.open,
      openBroadband:
        broadband === undefined
          ? undefined
          : broadbandOpener(around.network, broadband.line, broadband.address, clock, (direction, bytes) =>
              this.seeDatagram("broadband", direction, bytes),
            ),
      openModemLine: bearer === undefined ? undefined : this.modemLine(clock, bearer),
      openServiceLine: undefined,
      signals: {
        show: (signal) => around.witness.unitShowed(around.queue.nowMs, options.index, signal),
      },
      observe: this.observe(),
    };
  }

  private modemLine(clock: SimClock, bearer: Bearer): UnitHost["openModemLine"] {
    const { around } = this;
    const wire = new Wire(
      {
        clock,
        random: this.modemChance,
        onBytes: (direction, bytes) => this.lane.bytes(around.queue.nowMs, direction, bytes),
      },
      (bytes) => modem.receive(bytes),
    );
    const modem = new ModemPeer(
      {
        nowMs: () => clock.nowMs(),
        after: (delayMs, callback) => clock.after(delayMs, callback),
        below: (n) => this.modemChance.below(n),
      },
      { bearer: watched(bearer, (direction, bytes) => this.seeDatagram("mobile", direction, bytes)) },
      (bytes) => wire.write(bytes),
    );
    this.modem = modem;
    return wire.openDevice;
  }

  private seeDatagram(route: "broadband" | "mobile", direction: "sent" | "received", bytes: Uint8Array): void {
    const atMs = this.around.queue.nowMs;
    this.lane.bytes(atMs, route === "mobile" ? `mobile ${direction}` : `broadband ${direction}`, bytes);
    this.around.witness.datagram(atMs, this.options.index, route, direction, bytes);
  }

  private observe(): Observe {
    return observeInto(this.around, this.lane, this.options.index);
  }
}

const bondsPerHome = 32;

function buttonOf(around: Surroundings, options: HomeOptions, bond: Bond, number: number): HomeButton {
  const name = `button ${options.name} ${number + 1}`;
  const index = options.index * bondsPerHome + number;
  return new HomeButton({
    queue: around.queue,
    air: around.air,
    name,
    home: options.name,
    bond,
    secrets: secretsOf(new Stream(around.seed, "button secrets", index)),
    flashChance: new Stream(around.seed, "button flash", index),
    onSignal: (signal) => around.witness.buttonShowed(around.queue.nowMs, options.index, number + 1, signal),
    observe: observeInto(around, around.digest.lane(name), options.index),
  });
}

/** Every event and effect goes into the digest, and is shown to whoever watches. */
function observeInto(around: Surroundings, lane: Lane, index: number): Observe {
  return (machine, event, effects) => {
    const atMs = around.queue.nowMs;
    lane.effect(atMs, machine, event);
    for (const effect of effects) lane.effect(atMs, machine, effect);
    around.witness.stepped(atMs, index, machine, event, effects);
  };
}

function secretsOf(stream: Stream): Secrets {
  return { random: (into) => stream.fill(into), aes: aesBlock };
}

/** The same bearer, with every datagram shown to whoever watches. */
function watched(bearer: Bearer, see: (direction: "sent" | "received", bytes: Uint8Array) => void): Bearer {
  return {
    state: () => bearer.state(),
    listen: (onChange) => bearer.listen(onChange),
    wallMs: () => bearer.wallMs(),
    activate: (receive) => {
      const session = bearer.activate((bytes, from, toPort) => {
        see("received", bytes);
        receive(bytes, from, toPort);
      });
      if (session === undefined) return undefined;
      return {
        address: session.address,
        send: (bytes, fromPort, to) => {
          see("sent", bytes);
          session.send(bytes, fromPort, to);
        },
        close: () => session.close(),
      };
    },
  };
}
