/**
 * Bluetooth Low Energy advertising on the air of a building, packet by packet: each event sends on the channels 37, 38 and 39
 * in turn, a scanner hears one of them at a time, what overlaps on one channel is lost, and a sender is deaf (Core 5.4
 * volume 6 part B 2.3, 4.4).
 */
import { type Air, type AirDevice, strengthAt } from "../air/air.ts";
import type { EventQueue } from "../core/event-queue.ts";

/** Preamble, access address, header, advertiser's address and CRC around the advertising data, at 1 Mbit/s. */
const aroundBytes = 1 + 4 + 2 + 6 + 3;
const usPerByte = 8;
/** Flags, and length, type and company before manufacturer data. */
const flagBytes = 3;
const manufacturerBytes = 4;
const legacyDataBytes = 31;
/** From the end of a packet to the next channel's. */
const turnUs = 150;
const channels = 3;
const sensitivityDbm = -94;
/** Another on the same channel is no harm from so far below (Core 5.4 volume 6 part A 4.2). */
const captureDb = 21;
/** Wi-Fi and everything else of this band takes so many packets of each channel. */
const crowdedPpm = 50_000;
const longestEventUs = channels * ((aroundBytes + legacyDataBytes) * usPerByte + turnUs);

interface BlePacket {
  readonly sender: AirDevice;
  readonly channel: number;
  readonly startUs: number;
  readonly endUs: number;
}

/** A scanner as the air knows it. */
export interface BleEar {
  /** The channel, from 0, that it heard on all through that span; undefined: none. */
  channelDuring(startUs: number, endUs: number): number | undefined;
  hear(data: Uint8Array, rssiDbm: number): void;
}

export interface BleCounts {
  events: number;
  heard: number;
  collided: number;
  lost: number;
}

export class BleAir {
  readonly counts: BleCounts;
  private readonly queue: EventQueue;
  private readonly air: Air;
  private readonly ears: Map<AirDevice, BleEar>;
  private readonly onAir: Map<string, BlePacket[]>;

  constructor(queue: EventQueue, air: Air) {
    this.queue = queue;
    this.air = air;
    this.counts = { events: 0, heard: 0, collided: 0, lost: 0 };
    this.ears = new Map();
    this.onAir = new Map();
  }

  /** From now on this device can be heard and can hear; undefined: it is off. */
  join(device: AirDevice, ear: BleEar | undefined): void {
    if (ear === undefined) this.ears.delete(device);
    else if (this.ears.has(device)) throw new Error(`ble: the radio of ${device.name} is open already`);
    else this.ears.set(device, ear);
  }

  /** One advertising event, so many µs into this millisecond. Throws where the data fits no legacy packet. */
  event(sender: AirDevice, data: Uint8Array, intoUs: number): void {
    const bytes = flagBytes + manufacturerBytes + data.length;
    if (bytes > legacyDataBytes) throw new Error(`ble: ${data.length} bytes fit no legacy advertising packet`);
    this.counts.events++;
    const packets = this.packetsOf(sender.building);
    const ownUs = (aroundBytes + bytes) * usPerByte;
    const sent: BlePacket[] = [];
    for (let channel = 0; channel < channels; channel++) {
      const startUs = this.queue.nowMs * 1000 + intoUs + channel * (ownUs + turnUs);
      sent.push({ sender, channel, startUs, endUs: startUs + ownUs });
    }
    packets.push(...sent);
    const endUs = (sent.at(-1) as BlePacket).endUs;
    this.queue.at(Math.ceil(endUs / 1000), () => this.deliver(sent, data));
  }

  private packetsOf(building: string): BlePacket[] {
    const oldestUs = this.queue.nowMs * 1000 - 2 * longestEventUs;
    const packets = (this.onAir.get(building) ?? []).filter(({ endUs }) => endUs >= oldestUs);
    this.onAir.set(building, packets);
    return packets;
  }

  private deliver(sent: readonly BlePacket[], data: Uint8Array): void {
    const [{ sender }] = sent as [BlePacket];
    for (const device of this.air.inBuilding(sender.building)) {
      const ear = this.ears.get(device);
      if (ear === undefined || device === sender) continue;
      const strengthDbm = strengthAt(sender, device);
      if (strengthDbm < sensitivityDbm) continue;
      for (const packet of sent) {
        if (ear.channelDuring(packet.startUs, packet.endUs) !== packet.channel) continue;
        if (this.isHeard(packet, device, strengthDbm)) ear.hear(data.slice(), strengthDbm);
      }
    }
  }

  private isHeard(packet: BlePacket, device: AirDevice, strengthDbm: number): boolean {
    const { building, home } = packet.sender;
    const lossPpm = this.air.lossPpm(device, home) + crowdedPpm;
    const lost = device.stream.chance(Math.min(1_000_000, lossPpm));
    for (const other of this.onAir.get(building) ?? []) {
      if (other.sender === packet.sender || other.endUs <= packet.startUs || other.startUs >= packet.endUs) continue;
      // Whoever sends hears nothing on any channel.
      if (other.sender === device) return false;
      if (other.channel === packet.channel && strengthAt(other.sender, device) > strengthDbm - captureDb) {
        this.counts.collided++;
        return false;
      }
    }
    if (lost || this.air.jamming(building).isActive(this.queue.nowMs)) this.counts.lost++;
    else this.counts.heard++;
    return !lost && !this.air.jamming(building).isActive(this.queue.nowMs);
  }
}
