/**
 * A unit as it comes out of its box, in real time: its firmware with real sockets to the receivers, its chip, supply, keys and
 * self-check, and buttons that belong to nobody yet. It may start itself anew, so it can be set up, paired, wiped and returned.
 */
import { randomFillSync, randomInt } from "node:crypto";
import type { Bond } from "../../firmware/pairing/bonds.ts";
import type { UnitHost } from "../../firmware/ports/host.ts";
import type { Secrets } from "../../firmware/ports/secrets.ts";
import type { OpenSerial } from "../../firmware/ports/serial.ts";
import type { Endpoint, OpenDatagramSocket } from "../../firmware/ports/socket.ts";
import type { Utterance } from "../../firmware/ports/speech.ts";
import type { StartCause } from "../../firmware/ports/starts.ts";
import type { UnitSettings } from "../../firmware/settings.ts";
import type { ButtonSignal, LampSignal } from "../../firmware/signals.ts";
import { Unit } from "../../firmware/unit.ts";
import { Air, type AirDevice } from "../air/air.ts";
import { Stream } from "../core/prng.ts";
import { SimClock } from "../core/sim-clock.ts";
import type { NorFlash } from "../flash.ts";
import { HomeButton, unitFlash } from "../home-parts.ts";
import { House } from "../house/house.ts";
import { aesBlock } from "../node-aes.ts";
import { UnitLife } from "../unit-life.ts";
import { liveSockets } from "./live-sockets.ts";
import { LiveStandTime } from "./live-stand-time.ts";

/** Times are ms of the stand since its start. */
export type StandNews =
  | { readonly type: "started"; readonly t: number; readonly cause: StartCause }
  | { readonly type: "stopped"; readonly t: number }
  | { readonly type: "pressed"; readonly t: number; readonly button: number }
  | { readonly type: "button-showed"; readonly t: number; readonly button: number; readonly signal: ButtonSignal }
  | { readonly type: "unit-showed"; readonly t: number; readonly signal: LampSignal }
  | { readonly type: "spoke"; readonly t: number; readonly utterance: Utterance };

/** A button in its box, as its label says. */
export interface BoxedButton {
  readonly address: number;
  readonly label: Uint8Array;
}

export interface LiveStandOptions {
  /** What the factory set it up with; its service key opens the line. */
  readonly delivered: Omit<UnitSettings, "bonds" | "localPort">;
  /** Own address; port 0 takes a free one. */
  readonly local: Endpoint;
  /** Addresses beyond loopback that may be used. */
  readonly allow: readonly string[];
  /** The first is button 1. */
  readonly buttons: readonly BoxedButton[];
  readonly openServiceLine: OpenSerial;
  readonly openModemLine?: OpenSerial | undefined;
  /** So many times as fast as the time outside; 1 unless said. */
  readonly speed?: number | undefined;
  /** Shared with others, who stop it; a time of its own unless said. */
  readonly time?: LiveStandTime | undefined;
  /** What lies between the unit's network socket and this machine's; nothing unless said. */
  readonly throughNetwork?: ((open: OpenDatagramSocket) => OpenDatagramSocket) | undefined;
  readonly onNews: (news: StandNews) => void;
  /** A datagram to or from an address that is not allowed was dropped. */
  readonly onDropped: (host: string) => void;
}

const homeName = "stand";
/** From the order to start anew to the first line of the program. */
const bootMs = 500;
const seedSpan = 2 ** 47;
const secrets: Secrets = { random: (into) => randomFillSync(into), aes: aesBlock };
/** A boxed button holds no key yet: this one is never used. */
const noKey = new Uint8Array(16);

export class LiveStand {
  /** What its chip holds, as somebody with a programmer would read it. */
  readonly flash: NorFlash;
  readonly house: House;
  private readonly options: LiveStandOptions;
  private readonly time: LiveStandTime;
  private readonly seed: number;
  private readonly fingers: Stream;
  private readonly air: Air;
  private readonly unitAir: AirDevice;
  /** Undefined while a button lies in its box. */
  private readonly buttons: (HomeButton | undefined)[];
  private life: UnitLife | undefined;

  /** Everything is switched on now. */
  constructor(options: LiveStandOptions) {
    this.options = options;
    this.time = options.time ?? new LiveStandTime(options.speed ?? 1);
    this.seed = randomInt(seedSpan);
    this.fingers = new Stream(this.seed, "fingers", 0);
    this.flash = unitFlash(new Stream(this.seed, "unit flash", 0));
    this.air = new Air(this.time.queue, { seed: this.seed, lossPpm: 0, neighbourLossPpm: 0, observe: undefined });
    this.unitAir = this.air.join({ name: "unit", building: homeName, home: homeName });
    this.buttons = options.buttons.map(() => undefined);
    this.life = undefined;
    this.house = new House({
      queue: this.time.queue,
      area: undefined,
      hasModem: options.openModemLine !== undefined,
      telephone: options.openModemLine === undefined ? undefined : { sip: undefined },
      note: () => {},
      onPower: (on) => (on ? this.start("power-on") : this.endLife()),
      onSpeak: (utterance) => this.tell({ type: "spoke", t: this.time.nowMs(), utterance }),
    });
    this.time.enter(() => this.start("power-on"));
  }

  /** Somebody presses a button, from 1; nothing comes of one in its box. Throws where there is none. */
  press(button: number): void {
    this.pressIn(button, 0);
  }

  /** The same so many ms from now, of the stand's time. */
  pressIn(button: number, delayMs: number): void {
    this.time.after(delayMs, () => {
      this.tell({ type: "pressed", t: this.time.nowMs(), button });
      this.buttonAt(button)?.press(this.fingers);
    });
  }

  /** An installer takes it out of its box and holds it until it asks for a unit. */
  hold(button: number): void {
    this.time.enter(() => this.outOfBox(button).askForUnit());
  }

  /** Its contact closes or opens, as under an actuator: no finger is between. */
  contact(button: number, closed: boolean): void {
    this.time.enter(() => this.outOfBox(button).contact(closed));
  }

  /** Somebody puts a new battery into it. */
  changeBattery(button: number): void {
    this.time.enter(() => this.outOfBox(button).changeBattery());
  }

  /** It is so much further away, in dB, than beside the unit. */
  carry(button: number, db: number): void {
    this.time.enter(() => this.outOfBox(button).setAttenuation(db));
  }

  /** Does something with the house in the stand's own time. */
  touch(act: (house: House) => void): void {
    this.time.enter(() => act(this.house));
  }

  /** The power is cut: nothing is heard, sent or waited for any more. */
  close(): void {
    this.endLife();
    if (this.options.time === undefined) this.time.stop();
  }

  private tell(news: StandNews): void {
    this.options.onNews(news);
  }

  private buttonAt(button: number): HomeButton | undefined {
    if (this.options.buttons[button - 1] === undefined) throw new Error(`the stand has no button ${button}`);
    return this.buttons[button - 1];
  }

  private outOfBox(button: number): HomeButton {
    return this.buttonAt(button) ?? this.unpack(button);
  }

  private unpack(button: number): HomeButton {
    const { address, label } = this.options.buttons[button - 1] as BoxedButton;
    const bond: Bond = { address, person: 1, form: "wrist", key: noKey, revoked: false };
    const made = new HomeButton({
      queue: this.time.queue,
      air: this.air,
      name: `button ${button}`,
      home: homeName,
      bond,
      label,
      isNew: true,
      secrets,
      flashChance: new Stream(this.seed, "button flash", button),
      onSignal: (signal) => this.tell({ type: "button-showed", t: this.time.nowMs(), button, signal }),
      observe: () => {},
    });
    this.buttons[button - 1] = made;
    return made;
  }

  private start(cause: StartCause): void {
    if (this.life !== undefined) return;
    this.house.supply.begin(cause === "power-on");
    const clock = new SimClock(this.time.queue);
    this.life = new UnitLife(this.ports(clock, cause), clock, () => this.endLife());
    this.tell({ type: "started", t: this.time.nowMs(), cause });
    this.life.start((host) => {
      new Unit(host, { ...this.options.delivered, bonds: [], localPort: this.options.local.port });
    });
  }

  private endLife(): void {
    if (this.life === undefined) return;
    this.life.end();
    this.life = undefined;
    this.house.supply.end();
    this.tell({ type: "stopped", t: this.time.nowMs() });
  }

  private restart(cause: StartCause): void {
    this.endLife();
    this.time.queue.after(bootMs, () => this.start(cause));
  }

  private ports(clock: SimClock, cause: StartCause): UnitHost {
    const { options } = this;
    return {
      clock,
      secrets,
      flash: this.flash,
      openRadio: this.unitAir.open,
      openBroadband: this.broadband(),
      openModemLine: this.entering(options.openModemLine),
      openServiceLine: this.entering(options.openServiceLine),
      signals: { show: (signal) => this.tell({ type: "unit-showed", t: this.time.nowMs(), signal }) },
      observe: undefined,
      ...this.house.ports,
      starts: { cause, restart: (next) => this.restart(next) },
    };
  }

  /** A line whose news enters the stand's own time. */
  private entering(open: OpenSerial | undefined): OpenSerial | undefined {
    if (open === undefined) return undefined;
    return ({ baud, onReadable }) => open({ baud, onReadable: (count) => this.time.enter(() => onReadable(count)) });
  }

  private broadband(): OpenDatagramSocket {
    const { local, allow, onDropped, throughNetwork } = this.options;
    const sockets = liveSockets({ host: local.host, allow, onDropped });
    const open = throughNetwork === undefined ? sockets : throughNetwork(sockets);
    return (port) =>
      open({
        localPort: local.port,
        onReady: (address) => this.time.enter(() => port.onReady(address)),
        onReadable: (count) => this.time.enter(() => port.onReadable(count)),
        onFault: (fault) => this.time.enter(() => port.onFault(fault)),
      });
  }
}
