/** What an SX1262 is told for each task, command by command, made once from the settings (Semtech DS.SX1261-2.W.APP 9.6, 13, 14.3, 15). */
import { airTimeUs } from "../../protocol/radio/airtime.ts";
import type { ChipCommand } from "./sx1262-commands.ts";
import { clearRead, command, irqs, opcodes, readRegister, registers, setBits, write } from "./sx1262-commands.ts";
import type { Sx1262Settings } from "./sx1262-settings.ts";
import { tcxoSupplies } from "./sx1262-settings.ts";

/** The longest packet of the port (firmware/ports/radio.ts). */
export const largestPacket = 40;
/** A transmission that takes so much longer than it should is broken off by the chip itself. */
export const sendOverMs = 20;

const rxBase = 0x80;
const preambleBits = 64;
const syncBits = 32;
/** Of the preamble so many bits must be there (table 13-53). */
const detect16Bits = 0x05;
const variableLength = 1;
/** Two bytes, inverted: CRC-16-CCITT of seed 0x1D0F (table 13-58, 13-59). */
const crcInverted = 0x06;
const crcSeed: readonly number[] = [0x1d, 0x0f, 0x10, 0x21];
const whitened = 1;
/** Gaussian filter with BT 0.5 (table 13-46). */
const gaussian = 0x09;
/** 23.4 kHz: 2 x (2.4 + 4.8) kHz, and 4.5 kHz to each side for two crystals 2 ppm off (table 13-47). */
const bandwidth = 0x15;
const ramp200Us = 0x04;
/** In standby between tasks its clock goes on, so that a TCXO need not start anew (13.1.2). */
const standbyXosc = 1;
const endless = 0xffffff;
/** 15.625 µs each (13.1.4). */
const stepsPerMs = 64;
/** A TCXO is good after 5 ms. */
const tcxoSteps = 320;

export class Sx1262Tasks {
  readonly start: readonly ChipCommand[];
  /** From standby or sleep into endless reception. */
  readonly listen: readonly ChipCommand[];
  /** ... or into reception by turns. */
  readonly sniff: readonly ChipCommand[];
  readonly measure: readonly ChipCommand[];
  readonly look: readonly ChipCommand[];
  readonly locate: readonly ChipCommand[];
  readonly sleep: readonly ChipCommand[];
  private readonly beforePacket: readonly ChipCommand[];
  private readonly clearAll: ChipCommand;
  private readonly askSync: ChipCommand;

  constructor(settings: Sx1262Settings) {
    this.clearAll = command([opcodes.clearIrq, 0x03, 0xff]);
    this.start = startOf(settings, this.clearAll);
    // What it has forgotten shows here: a reset that nobody asked for.
    this.askSync = command(
      [opcodes.readRegister, registers.syncWord >> 8, registers.syncWord & 0xff, 0, 0, 0, 0, 0],
      "sync",
    );
    const standby = command([opcodes.setStandby, standbyXosc]);
    const ready = [standby, this.askSync, packetOf(largestPacket), this.clearAll];
    this.listen = joined([ready, [command([opcodes.setRx, endless >> 16, (endless >> 8) & 0xff, endless & 0xff])]]);
    this.sniff = joined([ready, [sniffOf(settings)]]);
    this.measure = [command([opcodes.getRssi, 0, 0], "rssi")];
    this.look = [command([opcodes.getIrq, 0, 0, 0], "irq"), clearRead()];
    this.locate = [
      command([opcodes.getRxBuffer, 0, 0, 0], "place"),
      command([opcodes.getPacketStatus, 0, 0, 0, 0], "strength"),
    ];
    this.sleep = [standby, command([opcodes.setSleep, 0x04])];
    this.beforePacket = [standby, readRegister(registers.txModulation), setBits(registers.txModulation, 0x04)];
  }

  /** Ends with what the chip remembers: one that has been reset meanwhile must not send. */
  load(packet: Uint8Array): readonly ChipCommand[] {
    const bytes = [opcodes.writeBuffer, 0];
    for (const byte of packet) bytes.push(byte);
    return joined([this.beforePacket, [command(bytes), packetOf(packet.length), this.clearAll, this.askSync]]);
  }

  send(byteCount: number): readonly ChipCommand[] {
    const steps = (sendMs(byteCount) + sendOverMs) * stepsPerMs;
    return [command([opcodes.setTx, steps >> 16, (steps >> 8) & 0xff, steps & 0xff])];
  }

  fetch(start: number, byteCount: number): readonly ChipCommand[] {
    const bytes = [opcodes.readBuffer, start, 0];
    for (let i = 0; i < byteCount; i++) bytes.push(0);
    return [command(bytes, "packet")];
  }
}

/** Air time of a packet of `byteCount` bytes in whole ms, rounded up. */
export function sendMs(byteCount: number): number {
  return Math.floor((airTimeUs(byteCount) + 999) / 1000);
}

function startOf(settings: Sx1262Settings, clearAll: ChipCommand): readonly ChipCommand[] {
  // Steps of 32 MHz / 2^25 (13.4.1), and 32 x 32 MHz over the bit rate (13.4.5).
  const frequency = Math.floor((settings.frequencyHz * 16_384) / 15_625);
  const deviation = Math.floor((settings.deviationHz * 16_384) / 15_625);
  const rate = Math.floor(1_024_000_000 / 9_600);
  const happenings = irqs.txDone | irqs.rxDone | irqs.crcError | irqs.timeout;
  const sync = settings.syncWord;
  return joined([
    oscillatorOf(settings),
    [
      command([opcodes.setRegulator, 1]),
      // 863-870 MHz (table 9-2).
      command([opcodes.calibrateImage, 0xd7, 0xdb]),
      command([opcodes.setPacketType, 0]),
      command([
        opcodes.setFrequency,
        frequency >> 24,
        (frequency >> 16) & 0xff,
        (frequency >> 8) & 0xff,
        frequency & 0xff,
      ]),
      command([opcodes.setPaConfig, 0x04, 0x07, 0, 1]),
      readRegister(registers.txClamp),
      setBits(registers.txClamp, 0x1e),
      command([opcodes.setTxParams, settings.powerDbm & 0xff, ramp200Us]),
      command([opcodes.setFallback, 0x30]),
      command([opcodes.setBufferBase, 0, rxBase]),
      command([
        opcodes.setModulation,
        rate >> 16,
        (rate >> 8) & 0xff,
        rate & 0xff,
        gaussian,
        bandwidth,
        deviation >> 16,
        (deviation >> 8) & 0xff,
        deviation & 0xff,
      ]),
      packetOf(largestPacket),
      write(registers.crcSeed, crcSeed),
      write(registers.syncWord, [(sync >>> 24) & 0xff, (sync >>> 16) & 0xff, (sync >>> 8) & 0xff, sync & 0xff]),
    ],
    gainOf(settings),
    [
      command([opcodes.setDioIrq, happenings >> 8, happenings & 0xff, happenings >> 8, happenings & 0xff, 0, 0, 0, 0]),
      clearAll,
      command([opcodes.getErrors, 0, 0, 0], "errors"),
    ],
  ]);
}

/** Its clock, and what hangs on DIO2 and DIO3. Until the TCXO runs, the chip notes a fault of its oscillator, which is cleared. */
function oscillatorOf(settings: Sx1262Settings): readonly ChipCommand[] {
  const commands = [command([opcodes.setStandby, 0])];
  if (settings.tcxoMv !== 0)
    commands.push(
      command([opcodes.setTcxo, tcxoSupplies.indexOf(settings.tcxoMv), 0, tcxoSteps >> 8, tcxoSteps & 0xff]),
      command([opcodes.clearErrors, 0, 0]),
      command([opcodes.calibrate, 0x7f]),
    );
  if (settings.switchByChip) commands.push(command([opcodes.setRfSwitch, 1]));
  return commands;
}

function gainOf(settings: Sx1262Settings): readonly ChipCommand[] {
  if (!settings.boostedGain) return [];
  const gain = registers.rxGain;
  return [write(gain, [0x96]), write(registers.retention, [1, gain >> 8, gain & 0xff])];
}

function sniffOf(settings: Sx1262Settings): ChipCommand {
  const turn = Math.floor((settings.sniffUs * 8) / 125);
  const rest = Math.floor((settings.restUs * 8) / 125);
  return command([
    opcodes.setRxDutyCycle,
    turn >> 16,
    (turn >> 8) & 0xff,
    turn & 0xff,
    rest >> 16,
    (rest >> 8) & 0xff,
    rest & 0xff,
  ]);
}

/** What stands around the bytes of a frame (radio 1). */
function packetOf(length: number): ChipCommand {
  return command([
    opcodes.setPacket,
    preambleBits >> 8,
    preambleBits & 0xff,
    detect16Bits,
    syncBits,
    0,
    variableLength,
    length,
    crcInverted,
    whitened,
  ]);
}

function joined(lists: readonly (readonly ChipCommand[])[]): readonly ChipCommand[] {
  const all: ChipCommand[] = [];
  for (const list of lists) for (const each of list) all.push(each);
  return all;
}
