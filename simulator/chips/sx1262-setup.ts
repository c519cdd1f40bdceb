/** What an SX1262 has been told of channel, power and packets, and whether that is our channel (radio 1). */
import { envelopeBytes } from "../../protocol/radio/airtime.ts";

/** Times of 15.625 µs. */
const stepsPerMs = 64;
const registerBytes = 0x1000;
const bitsPerByte = 8;
const channelHz = 25_000;

/** Bandwidths by their code (table 13-47), as far as they may fit a channel of 25 kHz. */
const bandwidthsHz: ReadonlyMap<number, number> = new Map([
  [0x16, 11_700],
  [0x0e, 14_600],
  [0x1d, 19_500],
  [0x15, 23_400],
  [0x0d, 29_300],
]);

export class Sx1262Setup {
  packetType = 0x01;
  frequencyHz = 0;
  imageCalibrated = false;
  paConfigured = false;
  powerDbm = 0;
  tcxoUs = 0;
  rate = 0;
  shape = 0;
  bandwidth = 0;
  deviationHz = 0;
  packet = new Uint8Array(9);
  txBase = 0;
  rxBase = 0;
  irqMask = 0;
  dioMask = 0;
  fallback: "standby-rc" | "standby-xosc" = "standby-rc";
  readonly registers = new Uint8Array(registerBytes);

  constructor() {
    this.registers.set([0x97, 0x23, 0x52, 0x25, 0x56, 0x53, 0x65, 0x64], 0x06c0);
    this.registers.set([0x1d, 0x0f, 0x10, 0x21], 0x06bc);
    this.registers[0x0889] = 0x01;
    this.registers[0x08ac] = 0x94;
    this.registers[0x08d8] = 0xc8;
  }

  get preambleUs(): number {
    return Math.floor((word(this.packet, 0) * 1_000_000) / Math.max(1, this.rate));
  }

  get length(): number {
    return this.packet[6] as number;
  }

  /** What keeps others of our channel from understanding it; empty where all is well. */
  offChannel(syncWord: number): string[] {
    const sync = new DataView(this.registers.buffer).getUint32(0x06c0);
    const width = bandwidthsHz.get(this.bandwidth) ?? 0;
    const carsonHz = 2 * this.deviationHz + this.rate;
    const around = word(this.packet, 0) / bitsPerByte + (this.packet[3] as number) / bitsPerByte + 1 + 2;
    const faults: (readonly [boolean, string])[] = [
      [this.packetType !== 0, "not GFSK"],
      [!this.imageCalibrated, "image not calibrated for the band"],
      [
        this.frequencyHz - channelHz / 2 < 869_200_000 || this.frequencyHz + channelHz / 2 > 869_250_000,
        `${this.frequencyHz} Hz lies outside the band`,
      ],
      [Math.abs(this.rate - 9_600) > 1, `${this.rate} bit/s`],
      [this.shape !== 0x09, "no Gaussian filter of BT 0.5"],
      [carsonHz > channelHz, `${carsonHz} Hz wide`],
      [width < carsonHz || width > channelHz, `listens ${width} Hz wide`],
      [around !== envelopeBytes || (this.packet[5] as number) !== 1, "another frame around the bytes"],
      [this.packet[7] !== 0x06 || this.packet[8] !== 1, "another CRC or no whitening"],
      [sync !== syncWord, "another sync word"],
    ];
    return faults.filter(([wrong]) => wrong).map(([, text]) => text);
  }

  /** What a transmission would break beside that. */
  unfitToSend(): string[] {
    const faults: (readonly [boolean, string])[] = [
      [!this.paConfigured, "no power amplifier chosen"],
      [this.powerDbm > 10, `${this.powerDbm} dBm`],
      [((this.registers[0x0889] as number) & 0x04) === 0, "modulation quality not set (15.1)"],
      [((this.registers[0x08d8] as number) & 0x1e) !== 0x1e, "amplifier not clamped (15.2)"],
    ];
    return faults.filter(([wrong]) => wrong).map(([, text]) => text);
  }
}

/** Takes a command that only sets something. */
export function learn(setup: Sx1262Setup, opcode: number, data: Uint8Array): void {
  const [first = 0, second = 0] = data;
  if (opcode === 0x08) {
    setup.irqMask = word(data, 0);
    setup.dioMask = word(data, 2);
  } else if (opcode === 0x86) {
    const steps = word(data, 0) * 65_536 + word(data, 2);
    setup.frequencyHz = Math.round((steps * 15_625) / 16_384);
  } else if (opcode === 0x8a) setup.packetType = first;
  else if (opcode === 0x8b) {
    setup.rate = Math.round(1_024_000_000 / Math.max(1, word(data, 0) * 256 + (data[2] as number)));
    setup.shape = data[3] as number;
    setup.bandwidth = data[4] as number;
    setup.deviationHz = Math.round((((data[5] as number) * 65_536 + word(data, 6)) * 15_625) / 16_384);
  } else if (opcode === 0x8c) setup.packet.set(data.subarray(0, setup.packet.length));
  else if (opcode === 0x8e) setup.powerDbm = first > 127 ? first - 256 : first;
  else if (opcode === 0x8f) {
    setup.txBase = first;
    setup.rxBase = second;
  } else if (opcode === 0x93) setup.fallback = first === 0x30 ? "standby-xosc" : "standby-rc";
  else if (opcode === 0x95) setup.paConfigured = data[2] === 0 && data[3] === 1;
  else if (opcode === 0x97) {
    setup.tcxoUs = Math.floor((((data[1] as number) * 65_536 + word(data, 2)) * 1000) / stepsPerMs);
  }
}

/** 16 bits, highest byte first. */
export function word(bytes: Uint8Array, at: number): number {
  return (bytes[at] as number) * 256 + (bytes[at + 1] as number);
}

/** Whether every preamble meets a whole turn (13.1.7): rest and two turns, in µs, are no longer than it. */
export function fitsPreamble(data: Uint8Array, preambleUs: number): boolean {
  const us = (at: number) => ((data[at] as number) * 65_536 + word(data, at + 1)) * 15.625;
  return us(3) + 2 * us(0) <= preambleUs;
}
