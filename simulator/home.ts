/**
 * One home: an alarm unit with its modem and broadband, and its buttons, each running the firmware itself on ports made
 * of virtual time. Flash outlives a power cut; everything else begins anew.
 */

import type { Bond } from "../firmware/pairing/bonds.ts";
import type { Observe, UnitHost } from "../firmware/ports/host.ts";
import type { KeyName } from "../firmware/ports/keys.ts";
import type { Secrets } from "../firmware/ports/secrets.ts";
import type { StartCause } from "../firmware/ports/starts.ts";
import type { UnitSettings } from "../firmware/settings.ts";
import { Unit } from "../firmware/unit.ts";
import type { Air, AirDevice } from "./air/air.ts";
import type { Digest, Lane } from "./core/digest.ts";
import type { EventQueue, Handle } from "./core/event-queue.ts";
import { Stream } from "./core/prng.ts";
import { SimClock } from "./core/sim-clock.ts";
import type { NorFlash } from "./flash.ts";
import { HomeButton, unitFlash } from "./home-parts.ts";
import type { Hold } from "./house/finger.ts";
import { House } from "./house/house.ts";
import { meteredRadio } from "./house/metered-radio.ts";
import type { PowerArea } from "./house/power-area.ts";
import { type Bearer, watchedBearer } from "./network/bearer.ts";
import type { Broadband, Network } from "./network/network.ts";
import { broadbandPorts } from "./network/sim-socket.ts";
import { aesBlock } from "./node-aes.ts";
import { ModemPeer } from "./peers/modem.ts";
import { ModemCalls } from "./peers/modem-calls.ts";
import type { ModemPeerOptions } from "./peers/modem-options.ts";
import type { Witness } from "./record/witness.ts";
import type { HomeTelephones } from "./telephony.ts";
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
  /** Where its mains comes from; undefined: the mains never goes by itself. */
  readonly area: PowerArea | undefined;
  /** Undefined: it neither calls nor is called. */
  readonly telephones?: HomeTelephones | undefined;
}

/** From the order to start anew to the first line of the program. */
const bootMs = 3_000;
/** What the unit's radio draws while it sends, in µA; listening is part of the standby. */
const radioSendUa = 30_000;

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
  /** Supply, keys, lid, climate and self-check of its unit. */
  readonly house: House;
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
  private calls: ModemCalls | undefined;
  private booting: Handle | undefined;
  private onCut: () => void;

  /** Everything is switched on now; a unit without mains lives on its battery. */
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
    this.house = this.build();
    this.buttons = options.settings.bonds.map((bond, number) => this.buttonOf(bond, number));
    this.life = undefined;
    this.modem = undefined;
    this.calls = undefined;
    this.booting = undefined;
    this.onCut = () => {};
    this.restorePower();
  }

  /** A person presses a button (from 1). */
  press(button: number): void {
    const pressed = this.button(button);
    this.around.witness.pressed(this.around.queue.nowMs, this.options.index, button);
    pressed.press(this.fingers);
  }

  /** A person presses a key on the unit itself. */
  key(key: KeyName, hold: Hold): void {
    this.house.keys.press(key, hold, this.fingers);
  }

  /** One of its buttons (from 1). Throws where there is none. */
  button(button: number): HomeButton {
    const found = this.buttons[button - 1];
    if (found === undefined) throw new Error(`home ${this.name} has no button ${button}`);
    return found;
  }

  /** Its telephone in the mobile network; undefined without power, and where it has none. */
  get mobileCalls(): ModemCalls | undefined {
    return this.calls;
  }

  /** Whether the unit runs. */
  get isOn(): boolean {
    return this.life !== undefined;
  }

  /** What the unit has done to the world in this life; 0 without power. */
  get acts(): number {
    return this.life === undefined ? 0 : this.life.acts;
  }

  /** How often a timer has woken the unit in this life; 0 without power. */
  get wakeUps(): number {
    return this.life === undefined ? 0 : this.life.wakeUps;
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
    const { queue, witness } = this.around;
    if (this.life === undefined && this.booting === undefined) return;
    this.endLife();
    witness.stopped(queue.nowMs, this.options.index);
  }

  /** The unit starts anew, with what its flash holds; where neither mains nor battery can carry it, it stays off. */
  restorePower(): void {
    if (this.life !== undefined || this.booting !== undefined || !this.house.supply.isPowered) return;
    this.start("power-on");
  }

  private start(cause: StartCause): void {
    const { around, options } = this;
    this.booting = undefined;
    around.witness.started(around.queue.nowMs, options.index);
    this.lane.effect(around.queue.nowMs, "start", { cause });
    this.house.supply.begin(cause === "power-on");
    const clock = new SimClock(around.queue);
    this.life = new UnitLife(this.ports(clock, cause), clock, () => {
      this.cutPower();
      this.onCut();
    });
    this.life.start((host) => {
      new Unit(host, options.settings);
    });
  }

  /** The firmware itself asked for it. Its modem, which hangs on the unit's reset line, starts anew too. */
  private restart(cause: StartCause): void {
    this.endLife();
    this.booting = this.around.queue.after(bootMs, () => this.start(cause));
  }

  private endLife(): void {
    this.life?.end();
    this.life = undefined;
    this.modem?.power(false);
    this.modem = undefined;
    this.calls = undefined;
    if (this.booting !== undefined) this.around.queue.cancel(this.booting);
    this.booting = undefined;
    this.house.supply.end();
  }

  private build(): House {
    const { queue, witness } = this.around;
    const { index, area, bearer, broadband, telephones } = this.options;
    const sip = telephones?.sip;
    return new House({
      queue,
      area,
      hasModem: bearer !== undefined,
      telephone: telephones && { sip: sip && broadband && { net: sip, host: broadband.address } },
      note: (part, what) => this.lane.effect(queue.nowMs, part, what),
      onPower: (on) => (on ? this.restorePower() : this.cutPower()),
      onSpeak: (utterance) => witness.spoke(queue.nowMs, index, utterance),
    });
  }

  private ports(clock: SimClock, cause: StartCause): UnitHost {
    const { around, options } = this;
    const { broadband, bearer } = options;
    const wired =
      broadband === undefined
        ? undefined
        : broadbandPorts(around.network, broadband.line, broadband.address, clock, (direction, bytes, what) =>
            this.seeBroadband(direction, bytes, what),
          );
    return {
      clock,
      secrets: secretsOf(this.chance),
      flash: this.flash,
      openRadio: meteredRadio(this.unitAir.open, {
        nowMs: () => around.queue.nowMs,
        sendUa: radioSendUa,
        listenUa: 0,
        spend: (nc) => {
          this.house.supply.spend(nc);
          return true;
        },
      }),
      openBroadband: wired?.openDatagram,
      openBroadbandStream: wired?.openStream,
      openModemLine: bearer === undefined ? undefined : this.modemLine(clock, bearer),
      openServiceLine: undefined,
      signals: {
        show: (signal) => around.witness.unitShowed(around.queue.nowMs, options.index, signal),
      },
      observe: this.observe(),
      ...this.house.ports,
      starts: { cause, restart: (next) => this.restart(next) },
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
      {
        bearer: watchedBearer(bearer, (direction, bytes) => this.seeMobile(direction, bytes)),
        parts: this.telephoneParts(),
      },
      (bytes) => wire.write(bytes),
    );
    this.modem = modem;
    return wire.openDevice;
  }

  private telephoneParts(): NonNullable<ModemPeerOptions["parts"]> {
    const mobile = this.options.telephones?.mobile;
    if (mobile === undefined) return [];
    return [
      (modem) => {
        this.calls = new ModemCalls(modem, { ...mobile, vendor: "quectel" });
        return this.calls;
      },
    ];
  }

  /** Segments are for the digest, what they carry is for those who watch. */
  private seeBroadband(
    direction: "sent" | "received",
    bytes: Uint8Array,
    what: "datagram" | "segment" | "stream",
  ): void {
    const { queue, witness } = this.around;
    if (what !== "stream") this.lane.bytes(queue.nowMs, `broadband ${direction}`, bytes);
    if (what !== "stream" && direction === "sent") this.house.supply.sent("broadband");
    if (what !== "segment") witness.datagram(queue.nowMs, this.options.index, "broadband", direction, bytes);
  }

  private seeMobile(direction: "sent" | "received", bytes: Uint8Array): void {
    const { queue, witness } = this.around;
    this.lane.bytes(queue.nowMs, `mobile ${direction}`, bytes);
    if (direction === "sent") this.house.supply.sent("mobile");
    witness.datagram(queue.nowMs, this.options.index, "mobile", direction, bytes);
  }

  private observe(): Observe {
    return observeInto(this.around, this.lane, this.options.index);
  }

  private buttonOf(bond: Bond, number: number): HomeButton {
    const { around, options } = this;
    const { queue, air, seed, digest, witness } = around;
    const name = `button ${options.name} ${number + 1}`;
    const index = options.index * bondsPerHome + number;
    return new HomeButton({
      queue,
      air,
      name,
      home: options.name,
      bond,
      secrets: secretsOf(new Stream(seed, "button secrets", index)),
      flashChance: new Stream(seed, "button flash", index),
      onSignal: (signal) => witness.buttonShowed(queue.nowMs, options.index, number + 1, signal),
      observe: observeInto(around, digest.lane(name), options.index),
      temperatureC: () => Math.floor(this.house.climate.deciC(queue.nowMs) / 10),
    });
  }
}

const bondsPerHome = 32;

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
