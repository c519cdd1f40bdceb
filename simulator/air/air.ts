/**
 * The short-range radio in virtual time: who hears what of the packets between buttons and units of one building.
 * Packets take their air time, overlap and destroy each other, and a sender is deaf (band and rate: radio 1).
 */
import type { OpenRadio, RadioPacket } from "../../firmware/ports/radio.ts";
import { airTimeUs } from "../../protocol/radio/airtime.ts";
import { BleAir } from "../chips/ble-air.ts";
import type { EventQueue } from "../core/event-queue.ts";
import { Stream } from "../core/prng.ts";
import { Calendar, type JamWindow } from "../network/outage.ts";
import { AirRadio, largestPacket } from "./air-radio.ts";
import { type Airtime, AirtimeBook } from "./airtime-book.ts";

/** `sent` at its start; for each device that listened in range, at its end: heard, lost by chance, collided or jammed. */
export type PacketFate = "sent" | "heard" | "lost" | "collided" | "jammed";
export type ObservePacket = (fate: PacketFate, device: AirDevice, bytes: Uint8Array) => void;

export interface AirOptions {
  readonly seed: number;
  /** Packets that a receiver misses by chance: within one home, and between homes of one building. */
  readonly lossPpm: number;
  readonly neighbourLossPpm: number;
  readonly observe: ObservePacket | undefined;
}

export interface DeviceOptions {
  /** Unique; names its stream of chance. */
  readonly name: string;
  /** Only devices of one building hear each other. */
  readonly building: string;
  readonly home: string;
  /** Packets of its own home that it misses by chance; undefined: as the air has it. */
  readonly lossPpm?: number | undefined;
}

const sameHomeDbm = -70;
const neighbourDbm = -88;
const sensitivityDbm = -110;
const jammerDbm = -60;
const silenceDbm = -200;
/** A packet survives another that is this much weaker. */
const captureDb = 6;
/** Rooms differ: each device is drawn this much better or worse than the mean. */
const placeDb = 6;
const fadingDb = 2;
export const mostInBuilding = 256;

export interface Transmission {
  readonly sender: AirDevice;
  readonly bytes: Uint8Array;
  readonly startMs: number;
  readonly startUs: number;
  endUs: number;
  /** Its sender lost power on the way: nobody can read it, but it disturbs others up to there. */
  cut: boolean;
}

/** A receiver as the air knows it: the plain port, or the model of a chip. */
export interface AirEar {
  /** Whether a packet with these bounds, which ends now, was listened to. */
  listenedThroughout(startUs: number, endUs: number): boolean;
  hear(packet: RadioPacket): void;
  /** It has no power any more. */
  close(): void;
}

interface Building {
  readonly devices: AirDevice[];
  /** What is or was on the air lately, in the order of starts. */
  onAir: Transmission[];
  readonly jamming: Calendar<JamWindow>;
  /** Which packets a jammer with pauses hits. */
  readonly jammer: Stream;
}

/** A button or a unit as the air knows it. It outlives restarts of the device: its place and its book stay. */
export class AirDevice {
  readonly name: string;
  readonly building: string;
  readonly home: string;
  readonly book: AirtimeBook;
  readonly stream: Stream;
  private readonly seed: number;
  readonly placeDb: number;
  /** Undefined: as the air has it. */
  readonly lossPpm: number | undefined;
  /** By how much it is further away or better shielded than at its usual place, in dB; 200 is out of the world. */
  attenuationDb: number;
  /** Opened by the device's present life; undefined while it is off. */
  radio: AirEar | undefined;
  /** The radio port of this device. Opening it twice without closing throws. */
  readonly open: OpenRadio;

  constructor(air: Air, seed: number, options: DeviceOptions) {
    this.name = options.name;
    this.building = options.building;
    this.home = options.home;
    this.lossPpm = options.lossPpm;
    this.book = new AirtimeBook();
    this.seed = seed;
    this.stream = new Stream(seed, `air ${options.name}`, 0);
    this.placeDb = this.stream.between(-placeDb, placeDb);
    this.attenuationDb = 0;
    this.radio = undefined;
    this.open = (radioOptions) => {
      const radio = new AirRadio(air, this, radioOptions);
      this.attach(radio);
      return radio;
    };
  }

  /** Chance of its radio chip, the same for each life of the world. */
  chipChance(): Stream {
    return new Stream(this.seed, `chip ${this.name}`, 0);
  }

  /** Throws where a radio is there already. */
  attach(radio: AirEar): void {
    if (this.radio !== undefined) throw new Error(`air: the radio of ${this.name} is open already`);
    this.radio = radio;
  }

  detach(radio: AirEar): void {
    if (this.radio === radio) this.radio = undefined;
  }
}

export class Air {
  readonly queue: EventQueue;
  /** In the order they joined. */
  readonly devices: AirDevice[];
  /** Bluetooth in the same buildings. */
  readonly ble: BleAir;
  private readonly options: AirOptions;
  private readonly names: Set<string>;
  private readonly buildings: Map<string, Building>;

  constructor(queue: EventQueue, options: AirOptions) {
    this.queue = queue;
    this.devices = [];
    this.ble = new BleAir(queue, this);
    this.options = options;
    this.names = new Set();
    this.buildings = new Map();
  }

  /** Throws where the name is taken, and beyond 256 devices in one building. */
  join(options: DeviceOptions): AirDevice {
    if (this.names.has(options.name)) throw new Error(`air: ${options.name} has joined already`);
    const { devices } = this.building(options.building);
    if (devices.length >= mostInBuilding)
      throw new Error(`air: more than ${mostInBuilding} devices in ${options.building}`);
    const device = new AirDevice(this, this.options.seed, options);
    this.names.add(options.name);
    devices.push(device);
    this.devices.push(device);
    return device;
  }

  /** When a foreign transmitter drowns everything in this building. */
  jamming(building: string): Calendar<JamWindow> {
    return this.building(building).jamming;
  }

  /** What a device has sent, up to now. */
  airtimeOf(device: AirDevice): Airtime {
    return device.book.read(this.queue.nowMs);
  }

  /** For AirRadio: a packet goes on the air now; `onEnd` is called when it has left it. */
  transmit(sender: AirDevice, bytes: Uint8Array, onEnd: () => void): Transmission {
    const building = this.building(sender.building);
    const startMs = this.queue.nowMs;
    const startUs = startMs * 1000;
    const lengthUs = airTimeUs(bytes.length);
    const sent: Transmission = { sender, bytes, startMs, startUs, endUs: startUs + lengthUs, cut: false };
    // What ended before the longest packet of the present began can overlap nothing that is still to be judged.
    const oldestUs = startUs - airTimeUs(largestPacket) - 1000;
    if ((building.onAir[0]?.endUs ?? startUs) < oldestUs) {
      building.onAir = building.onAir.filter((other) => other.endUs >= oldestUs);
    }
    building.onAir.push(sent);
    sender.book.book(startMs, lengthUs);
    this.options.observe?.("sent", sender, bytes);
    this.queue.at(Math.floor((sent.endUs + 999) / 1000), () => {
      onEnd();
      if (!sent.cut) this.deliver(building, sent);
    });
    return sent;
  }

  /** In the order they joined. */
  inBuilding(name: string): readonly AirDevice[] {
    return this.building(name).devices;
  }

  /** What a device misses by chance of what is sent from that home, in parts per million. */
  lossPpm(device: AirDevice, home: string): number {
    return device.home === home ? (device.lossPpm ?? this.options.lossPpm) : this.options.neighbourLossPpm;
  }

  /** For models of other radios: tells whoever watches this air. */
  note(fate: PacketFate, device: AirDevice, bytes: Uint8Array): void {
    this.options.observe?.(fate, device, bytes);
  }

  /** What a receiver there measures at this moment, in dBm: the strongest of all that is on the air, or a jammer; far below noise where there is nothing. */
  energyAt(device: AirDevice): number {
    const building = this.building(device.building);
    const nowUs = this.queue.nowMs * 1000;
    if (building.jamming.isActive(this.queue.nowMs)) return jammerDbm;
    let strongestDbm = silenceDbm;
    for (const { sender, startUs, endUs } of building.onAir)
      if (sender !== device && startUs <= nowUs && nowUs < endUs)
        strongestDbm = Math.max(strongestDbm, strengthAt(sender, device));
    return strongestDbm;
  }

  private building(name: string): Building {
    let building = this.buildings.get(name);
    if (building === undefined) {
      const jammer = new Stream(this.options.seed, `jammer in ${name}`, 0);
      building = { devices: [], onAir: [], jamming: new Calendar(), jammer };
      this.buildings.set(name, building);
    }
    return building;
  }

  private deliver(building: Building, sent: Transmission): void {
    for (const device of building.devices) {
      const radio = device.radio;
      if (radio === undefined || device === sent.sender || !radio.listenedThroughout(sent.startUs, sent.endUs))
        continue;
      const strengthDbm = strengthAt(sent.sender, device);
      if (strengthDbm < sensitivityDbm) continue;
      const fate = this.fateAt(building, sent, device, strengthDbm);
      if (fate === undefined) continue;
      this.options.observe?.(fate, device, sent.bytes);
      if (fate !== "heard") continue;
      radio.hear({ bytes: sent.bytes.slice(), rssiDbm: strengthDbm + device.stream.between(-fadingDb, fadingDb) });
    }
  }

  /** Undefined where the device was sending itself. */
  private fateAt(
    building: Building,
    sent: Transmission,
    device: AirDevice,
    strengthDbm: number,
  ): PacketFate | undefined {
    const lost = device.stream.chance(this.lossPpm(device, sent.sender.home));
    let collided = false;
    for (const other of building.onAir) {
      if (other === sent || other.endUs <= sent.startUs || other.startUs >= sent.endUs) continue;
      if (other.sender === device) return undefined;
      if (strengthAt(other.sender, device) > strengthDbm - captureDb) collided = true;
    }
    if (isJammed(building, sent)) return "jammed";
    if (collided) return "collided";
    return lost ? "lost" : "heard";
  }
}

/** Whether jamming that touched the packet, be it for a moment, destroyed it. */
function isJammed({ jamming, jammer }: Building, sent: Transmission): boolean {
  let windows = jamming.active(sent.startMs);
  const changeMs = jamming.nextChange(sent.startMs);
  if (windows.length === 0 && changeMs !== undefined && changeMs * 1000 < sent.endUs)
    windows = jamming.active(changeMs);
  return windows.some(({ lossPpm = 1_000_000 }) => lossPpm >= 1_000_000 || jammer.chance(lossPpm));
}

/** How strongly one device of a building hears another, in dBm. */
export function strengthAt(sender: AirDevice, receiver: AirDevice): number {
  const mean = sender.home === receiver.home ? sameHomeDbm : neighbourDbm;
  return mean + sender.placeDb + receiver.placeDb - sender.attenuationDb - receiver.attenuationDb;
}
