/** The words of an SX1262: command bytes, registers, interrupts and what its answers mean (Semtech DS.SX1261-2.W.APP 8.2, 11 to 13, 15). */

/** First bytes of its commands (tables 11-1 to 11-5). */
export const opcodes = {
  clearIrq: 0x02,
  clearErrors: 0x07,
  setDioIrq: 0x08,
  writeRegister: 0x0d,
  writeBuffer: 0x0e,
  getIrq: 0x12,
  getRxBuffer: 0x13,
  getPacketStatus: 0x14,
  getRssi: 0x15,
  getErrors: 0x17,
  readRegister: 0x1d,
  readBuffer: 0x1e,
  setStandby: 0x80,
  setRx: 0x82,
  setTx: 0x83,
  setSleep: 0x84,
  setFrequency: 0x86,
  calibrate: 0x89,
  setPacketType: 0x8a,
  setModulation: 0x8b,
  setPacket: 0x8c,
  setTxParams: 0x8e,
  setBufferBase: 0x8f,
  setFallback: 0x93,
  setRxDutyCycle: 0x94,
  setPaConfig: 0x95,
  setRegulator: 0x96,
  setTcxo: 0x97,
  calibrateImage: 0x98,
  setRfSwitch: 0x9d,
  getStatus: 0xc0,
} as const;

export const registers = {
  /** Registers that outlive a sleep beside the usual ones: how many, then their addresses (9.6). */
  retention: 0x029f,
  crcSeed: 0x06bc,
  syncWord: 0x06c0,
  /** Bit 2 stands for everything but LoRa of 500 kHz, and is set before each packet (15.1). */
  txModulation: 0x0889,
  rxGain: 0x08ac,
  /** Bits 1 to 4 raise the clamp that an unmatched aerial would trip (15.2). */
  txClamp: 0x08d8,
} as const;

/** Interrupts (table 13-29). */
export const irqs = { txDone: 0x0001, rxDone: 0x0002, crcError: 0x0040, timeout: 0x0200 } as const;

/** Bits 6 to 4 of the status (table 13-76). */
export const modes = { standbyRc: 2, standbyXosc: 3, synthesis: 4, receiving: 5, sending: 6 } as const;

/** What an answer holds, which says how it is read; "nothing": its status alone. */
export type Answer = "nothing" | "irq" | "rssi" | "errors" | "place" | "strength" | "register" | "sync" | "packet";

export interface ChipCommand {
  readonly bytes: Uint8Array;
  readonly answer: Answer;
  /** Before it goes out, something that was just read is put into its last byte or bytes. */
  readonly takes: "nothing" | "irq" | "register";
  /** For `takes: "register"`: these bits are set in what was read. */
  readonly bits: number;
}

/** What the commands of one task have read. */
export interface ChipReply {
  /** As in `modes`; of the newest command, before it took effect. */
  mode: number;
  irq: number;
  rssiDbm: number;
  /** Not 0: calibration, oscillator or synthesizer failed (table 13-86). */
  errors: number;
  /** Where the newest packet stands in the chip's buffer. */
  start: number;
  byteCount: number;
  /** Mean strength of the newest packet. */
  packetDbm: number;
  register: number;
  /** The four bytes of the sync word as the chip holds it. */
  sync: number;
  packet: Uint8Array;
}

export function newReply(): ChipReply {
  return {
    mode: 0,
    irq: 0,
    rssiDbm: 0,
    errors: 0,
    start: 0,
    byteCount: 0,
    packetDbm: 0,
    register: 0,
    sync: 0,
    packet: new Uint8Array(0),
  };
}

/** A command of these bytes; `answer` bytes count, filled with zeros by the caller. */
export function command(bytes: readonly number[], answer?: Answer): ChipCommand {
  return { bytes: new Uint8Array(bytes), answer: answer ?? "nothing", takes: "nothing", bits: 0 };
}

/** Writes registers from `address` on. */
export function write(address: number, values: readonly number[]): ChipCommand {
  const bytes = [opcodes.writeRegister, address >> 8, address & 0xff];
  for (const value of values) bytes.push(value);
  return command(bytes);
}

/** Reads one register, for the command that sets bits in it. */
export function readRegister(address: number): ChipCommand {
  return command([opcodes.readRegister, address >> 8, address & 0xff, 0, 0], "register");
}

/** Writes the register that was just read, with these bits set. */
export function setBits(address: number, bits: number): ChipCommand {
  const bytes = new Uint8Array([opcodes.writeRegister, address >> 8, address & 0xff, 0]);
  return { bytes, answer: "nothing", takes: "register", bits };
}

/** Clears the interrupts that were just read, and none that came since. */
export function clearRead(): ChipCommand {
  return { bytes: new Uint8Array([opcodes.clearIrq, 0, 0]), answer: "nothing", takes: "irq", bits: 0 };
}

/** Puts what was read before into a command that takes it. */
export function fill(command: ChipCommand, reply: ChipReply): void {
  if (command.takes === "irq") {
    command.bytes[1] = reply.irq >> 8;
    command.bytes[2] = reply.irq & 0xff;
  } else if (command.takes === "register") command.bytes[3] = reply.register | command.bits;
}

/** Reads the chip's answer to `command` out of `heard`. False: nobody speaks there, since no status looks like that. */
export function takeAnswer(command: ChipCommand, heard: Uint8Array, reply: ChipReply): boolean {
  const status = heard[1] as number;
  reply.mode = (status >> 4) & 7;
  if (reply.mode < modes.standbyRc || reply.mode > modes.sending) return false;
  const last = command.bytes.length - 1;
  switch (command.answer) {
    case "nothing":
      return true;
    case "irq":
      reply.irq = word(heard, last - 1);
      return true;
    case "errors":
      reply.errors = word(heard, last - 1);
      return true;
    case "rssi":
      reply.rssiDbm = dbm(heard[last] as number);
      return true;
    case "place":
      reply.byteCount = heard[last - 1] as number;
      reply.start = heard[last] as number;
      return true;
    case "strength":
      reply.packetDbm = dbm(heard[last] as number);
      return true;
    case "register":
      reply.register = heard[last] as number;
      return true;
    case "sync":
      reply.sync = word(heard, last - 3) * 65_536 + word(heard, last - 1);
      return true;
    case "packet":
      reply.packet = new Uint8Array(heard.subarray(3, last + 1));
      return true;
  }
}

function word(heard: Uint8Array, at: number): number {
  return (heard[at] as number) * 256 + (heard[at + 1] as number);
}

/** Strengths come as twice the dB below 1 mW. */
function dbm(value: number): number {
  return -Math.floor(value / 2);
}
