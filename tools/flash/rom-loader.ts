/**
 * For tests: an ESP32's ROM loader and flashing stub at the near end of a pseudo-terminal (Espressif, serial protocol of
 * esptool): SLIP frames, registers, memory, compressed blocks with their checksum, MD5 of flash; it fails when told.
 */
import { createHash } from "node:crypto";
import { constants, inflateSync } from "node:zlib";
import type { Serial } from "../../firmware/ports/serial.ts";
import { openPty, type Pty } from "../device/pty.ts";

export type LoaderFault =
  /** The chip runs its application and hears no loader's words. */
  | { readonly what: "no-sync" }
  /** It stops answering at this block. */
  | { readonly what: "falls-silent"; readonly atBlock: number }
  /** Every block from this one on comes with changed bytes. */
  | { readonly what: "noise"; readonly atBlock: number; readonly times: number }
  /** A worn cell: this address never reads back as written. */
  | { readonly what: "worn"; readonly address: number }
  /** The cable is pulled when so many bytes are in flash. */
  | { readonly what: "unplugged"; readonly afterBytes: number };

export interface LoaderOptions {
  readonly chip?: "ESP32" | "ESP32-C3";
  readonly flash?: Buffer;
  readonly fault?: LoaderFault;
}

const end = 0xc0;
const escapeByte = 0xdb;
const flashBytes = 4 * 1_048_576;
const sector = 4_096;
const magicRegister = 0x4000_1000;
/** Of the chips that tell what they are by it; the mac of an ESP32 stands in two words of its fuses. */
const registers: Readonly<Record<string, ReadonlyMap<number, number>>> = {
  ESP32: new Map([
    [magicRegister, 0x00f0_1d83],
    [0x3ff5_a004, 0xc412_3456],
    [0x3ff5_a008, 0x240a],
    [0x3ff4_2080, 0x0016_4020],
  ]),
  "ESP32-C3": new Map([[magicRegister, 0x6921_506f]]),
};
const chipIds: Readonly<Record<string, number>> = { "ESP32-C3": 5 };
const badChecksum = 0xc1;
const invalidMessage = 0x05;

export class RomLoader {
  readonly pty: Pty;
  readonly flash: Buffer;
  /** Bytes programmed and sectors erased since it began. */
  programmed: number;
  erased: number;
  /** Whether the stub runs. */
  isStub: boolean;
  private readonly options: LoaderOptions;
  private readonly serial: Serial;
  private readonly deaf: boolean;
  private frame: number[];
  private isEscaped: boolean;
  private noisy: number;
  private blocks: number;
  private open: { readonly at: number; readonly size: number; packed: Buffer; done: number } | undefined;
  private closed: boolean;

  constructor(options: LoaderOptions = {}) {
    this.pty = openPty();
    this.flash = options.flash ?? Buffer.alloc(flashBytes, 0xff);
    this.programmed = 0;
    this.erased = 0;
    this.isStub = false;
    this.options = options;
    this.deaf = options.fault?.what === "no-sync";
    this.frame = [];
    this.isEscaped = false;
    this.noisy = 0;
    this.blocks = 0;
    this.open = undefined;
    this.closed = false;
    this.serial = this.pty.openDevice({ baud: 115_200, onReadable: () => this.hear() });
    if (this.deaf) this.serial.write(Buffer.from("!0 0 boot\r\n"));
  }

  /** Its RESET is pressed while BOOT is held: the loader in its ROM runs again. */
  reset(): void {
    this.isStub = false;
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.serial.close();
    this.pty.close();
  }

  private hear(): void {
    for (let bytes = this.serial.read(); bytes !== undefined; bytes = this.serial.read())
      for (const byte of bytes) if (!this.closed) this.take(byte);
  }

  private take(byte: number): void {
    if (byte === end) {
      const frame = Buffer.from(this.frame);
      this.frame = [];
      if (frame.length >= 8 && frame[0] === 0 && !this.deaf) this.obey(frame);
    } else if (this.isEscaped) {
      this.frame.push(byte === 0xdc ? end : escapeByte);
      this.isEscaped = false;
    } else if (byte === escapeByte) this.isEscaped = true;
    else this.frame.push(byte);
  }

  private obey(frame: Buffer): void {
    const command = frame[1] as number;
    const checksum = frame.readUInt32LE(4);
    const data = frame.subarray(8);
    switch (command) {
      case 0x08: // SYNC: the ROM says it eight times
        for (let i = 0; i < (this.isStub ? 1 : 8); i++) this.answer(command, this.isStub ? 0 : 0x2012_0707);
        return;
      case 0x0a: // READ_REG
        this.answer(command, registers[this.options.chip ?? "ESP32"]?.get(data.readUInt32LE(0)) ?? 0);
        return;
      case 0x14: // GET_SECURITY_INFO
        this.answerIdentity(command);
        return;
      case 0x05: // MEM_BEGIN
      case 0x09: // WRITE_REG
      case 0x0f: // CHANGE_BAUDRATE
      case 0x12: // FLASH_DEFL_END
        this.answer(command, 0);
        return;
      case 0x07: // MEM_DATA
        if (isSound(data, checksum)) this.answer(command, 0);
        else this.refuse(command, invalidMessage);
        return;
      case 0x06: // MEM_END: what was loaded runs, and greets
        this.answer(command, 0);
        this.isStub = true;
        this.say(Buffer.from("OHAI"));
        return;
      case 0x10:
        this.begin(data.readUInt32LE(0), data.readUInt32LE(12));
        this.answer(command, 0);
        return;
      case 0x11:
        this.block(command, data, checksum);
        return;
      case 0x13: {
        const at = data.readUInt32LE(0);
        const digest = createHash("md5")
          .update(this.flash.subarray(at, at + data.readUInt32LE(4)))
          .digest();
        this.answer(command, 0, digest);
        return;
      }
      default:
        for (let i = 0; i < 8; i++) this.refuse(0xff, invalidMessage);
    }
  }

  private answerIdentity(command: number): void {
    const id = chipIds[this.options.chip ?? "ESP32"];
    if (id === undefined) {
      // The first chip knows no such command, and says so eight times.
      for (let i = 0; i < 8; i++) this.refuse(0xff, invalidMessage);
      return;
    }
    const body = Buffer.alloc(20);
    body.writeUInt32LE(id, 12);
    this.answer(command, 0, body);
  }

  /** FLASH_DEFL_BEGIN: what the data will cover is erased. */
  private begin(size: number, at: number): void {
    const first = Math.floor(at / sector);
    const last = Math.ceil((at + size) / sector);
    this.flash.fill(0xff, first * sector, last * sector);
    this.erased += last - first;
    this.open = { at, size, packed: Buffer.alloc(0), done: 0 };
  }

  /** FLASH_DEFL_DATA: length, number, two empty words, bytes. */
  private block(command: number, data: Buffer, checksum: number): void {
    const fault = this.options.fault;
    if (fault?.what === "falls-silent" && this.blocks >= fault.atBlock) return;
    if (fault?.what === "noise" && this.blocks >= fault.atBlock && this.noisy < fault.times) {
      this.noisy++;
      data.writeUInt8((data.readUInt8(20) ^ 0x10) & 0xff, 20);
    }
    if (!isSound(data, checksum)) {
      this.refuse(command, badChecksum);
      return;
    }
    this.blocks++;
    this.program(data.subarray(16));
    if (!this.closed) this.answer(command, 0);
  }

  private program(packed: Buffer): void {
    const open = this.open;
    if (open === undefined) return;
    const fault = this.options.fault;
    open.packed = Buffer.concat([open.packed, packed]);
    const whole = inflateSync(open.packed, { finishFlush: constants.Z_SYNC_FLUSH });
    for (; open.done < whole.length; open.done++) {
      const at = open.at + open.done;
      const worn = fault?.what === "worn" && fault.address === at;
      this.flash[at] = (this.flash[at] as number) & (whole[open.done] as number) & (worn ? 0 : 0xff);
      this.programmed++;
      if (fault?.what === "unplugged" && this.programmed >= fault.afterBytes) {
        this.close();
        return;
      }
    }
  }

  private answer(command: number, value: number, body: Buffer = Buffer.alloc(0)): void {
    this.reply(command, value, body, Buffer.alloc(this.isStub ? 2 : 4));
  }

  private refuse(command: number, why: number): void {
    const status = Buffer.alloc(this.isStub ? 2 : 4);
    status[0] = 1;
    status[1] = why;
    this.reply(command, 0, Buffer.alloc(0), status);
  }

  private reply(command: number, value: number, body: Buffer, status: Buffer): void {
    const head = Buffer.alloc(8);
    head[0] = 1;
    head[1] = command;
    head.writeUInt16LE(body.length + status.length, 2);
    head.writeUInt32LE(value >>> 0, 4);
    this.say(Buffer.concat([head, body, status]));
  }

  private say(frame: Buffer): void {
    const bytes = [end];
    for (const byte of frame) {
      if (byte === end) bytes.push(escapeByte, 0xdc);
      else if (byte === escapeByte) bytes.push(escapeByte, 0xdd);
      else bytes.push(byte);
    }
    bytes.push(end);
    this.serial.write(Uint8Array.from(bytes));
  }
}

/** One byte's exclusive or over the data, from 0xef on. */
function isSound(data: Buffer, checksum: number): boolean {
  let sum = 0xef;
  for (const byte of data.subarray(16)) sum ^= byte;
  return sum === (checksum & 0xff);
}
