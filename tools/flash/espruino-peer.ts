/**
 * For tests: a stand-in of an Espruino board at the near end of a pseudo-terminal. It takes packets as the interpreter's console
 * does, evaluates them with Node's own engine over a Storage that can only be written where it is blank, and fails when told.
 */
import { createContext, runInContext } from "node:vm";
import type { Serial } from "../../firmware/ports/serial.ts";
import { crc32 } from "../../protocol/bytes/crc.ts";
import { openPty, type Pty } from "../device/pty.ts";

/** What goes wrong, once, at this write of a piece (from 0) since the peer began. */
export interface PeerFault {
  readonly atWrite: number;
  readonly what:
    | "nak"
    /** A byte of the packet is lost on the line. */
    | "lost-byte"
    /** A byte of the packet is changed on the line. */
    | "changed-byte"
    /** It was carried out, and the answer never comes. */
    | "silent"
    /** Power fails in the middle of the write: half of the piece is in flash. */
    | "restart"
    /** The cable is pulled. */
    | "unplugged";
}

export interface PeerOptions {
  readonly board?: string;
  readonly version?: string;
  /** Storage, in bytes. */
  readonly capacity?: number;
  readonly faults?: readonly PeerFault[];
  /** How long it waits for the rest of a packet. */
  readonly packetMs?: number;
  /** Code holds the console until Ctrl-C comes. */
  readonly isBusy?: boolean;
  /** The firmware has made the line its own: a console answers for a moment after power alone. */
  readonly isTaken?: boolean;
  /** What the firmware's global says of presses that nobody has accepted. */
  readonly pending?: number;
  /** Raw pages that the interpreter leaves: of 4 kB, from this address on; the journal's and the factory's of a Puck.js. */
  readonly rawFrom?: number;
  /** Pins that code can set. */
  readonly pins?: readonly string[];
}

const greeting = "\r\n ____ \r\n|  __|\r\n         |_| espruino.com\r\n 2v29 (c) 2026 G.Williams\r\n\r\n>";
const fileHead = 32;
const rawPage = 4_096;
const puckRaw = 0x6_9000;
const puckStorage = 0x6_c000;

export class EspruinoPeer {
  readonly pty: Pty;
  readonly files: Map<string, Buffer>;
  /** Its raw pages. */
  readonly raw: Buffer;
  /** Packets heard whole. */
  packets: number;
  /** Bytes programmed into flash. */
  programmed: number;
  /** Ctrl-C that it was sent. */
  breaks: number;
  /** Starts of what is stored. */
  boots: number;
  /** Pins that were set, 0 or 1. */
  readonly levels: Map<string, number>;
  private readonly options: PeerOptions;
  private readonly serial: Serial;
  private faults: readonly PeerFault[];
  private writes: number;
  private isBusy: boolean;
  private isTaken: boolean;
  private start: NodeJS.Timeout | undefined;
  private heard: Buffer;
  private cutWrite: boolean;
  private deadline: NodeJS.Timeout | undefined;
  private closed: boolean;

  constructor(options: PeerOptions = {}) {
    this.pty = openPty();
    this.files = new Map();
    this.raw = Buffer.alloc(puckStorage - puckRaw, 0xff);
    this.packets = 0;
    this.writes = 0;
    this.programmed = 0;
    this.breaks = 0;
    this.boots = 0;
    this.levels = new Map();
    this.options = options;
    this.faults = options.faults ?? [];
    this.isBusy = options.isBusy ?? false;
    this.isTaken = options.isTaken ?? false;
    this.start = undefined;
    this.heard = Buffer.alloc(0);
    this.cutWrite = false;
    this.deadline = undefined;
    this.closed = false;
    this.serial = this.pty.openDevice({ baud: 115_200, onReadable: () => this.hear() });
  }

  /** Its power is switched off and on; for so long a console answers, then what is stored starts. */
  power(windowMs: number): void {
    this.isTaken = false;
    this.start = setTimeout(() => {
      this.isTaken = this.options.isTaken ?? false;
    }, windowMs);
  }

  /** The cable is pulled, or the test is over. */
  close(): void {
    if (this.closed) return;
    this.closed = true;
    clearTimeout(this.deadline);
    clearTimeout(this.start);
    this.serial.close();
    this.pty.close();
  }

  private hear(): void {
    for (let bytes = this.serial.read(); bytes !== undefined; bytes = this.serial.read()) {
      if (this.isTaken) continue;
      if (bytes.includes(0x03)) {
        this.breaks++;
        this.isBusy = false;
        this.say("\r\n>");
      }
      if (this.isBusy) continue;
      this.heard = Buffer.concat([this.heard, bytes.filter((byte) => byte !== 0x03)]);
    }
    clearTimeout(this.deadline);
    while (!this.closed && this.takePacket());
    if (this.heard.length > 0 && !this.closed)
      this.deadline = setTimeout(() => this.drop(), this.options.packetMs ?? 60);
  }

  /** The rest of a packet never came. */
  private drop(): void {
    this.heard = Buffer.alloc(0);
    this.serial.write(Uint8Array.of(0x15));
  }

  private takePacket(): boolean {
    const start = this.heard.indexOf(Buffer.of(0x10, 0x01));
    if (start < 0 || this.heard.length < start + 4) return false;
    const length = this.heard.readUInt16BE(start + 2) & 0x1fff;
    const isWrite = this.heard.includes(".write(", start);
    const fault = isWrite ? this.faults.find((each) => each.atWrite === this.writes) : undefined;
    if (fault?.what === "lost-byte") this.heard = without(this.heard, start + 40);
    if (fault?.what === "changed-byte") this.heard[start + 4 + length - 20] = 0x41;
    if (this.heard.length < start + 4 + length) {
      if (fault?.what === "lost-byte") this.spent(fault);
      return false;
    }
    const code = this.heard.toString("latin1", start + 4, start + 4 + length);
    this.heard = this.heard.subarray(start + 4 + length);
    this.packets++;
    if (isWrite) this.writes++;
    if (fault !== undefined) this.spent(fault);
    this.obey(code, fault?.what);
    return true;
  }

  private spent(fault: PeerFault): void {
    this.faults = this.faults.filter((each) => each !== fault);
  }

  private obey(code: string, fault: PeerFault["what"] | undefined): void {
    if (fault === "nak") {
      this.serial.write(Uint8Array.of(0x15));
      return;
    }
    this.cutWrite = fault === "restart" || fault === "unplugged";
    const answer = this.evaluate(code);
    this.cutWrite = false;
    if (fault === "unplugged") this.close();
    else if (fault === "restart") this.say(greeting);
    else if (fault === "silent") return;
    else if (answer === undefined) this.say("\x15Uncaught Error: File already written with different data\r\n>");
    else {
      const head = Buffer.alloc(4);
      head.writeUInt16BE(0x1001, 0);
      head.writeUInt16BE(answer.length, 2);
      this.serial.write(Buffer.concat([Uint8Array.of(0x06), head, Buffer.from(answer, "latin1")]));
    }
  }

  say(text: string): void {
    this.serial.write(Buffer.from(text, "latin1"));
  }

  /** Undefined where it throws. */
  private evaluate(code: string): string | undefined {
    try {
      const value: unknown = runInContext(code, createContext(this.globals()));
      return value === undefined ? "undefined" : JSON.stringify(value);
    } catch {
      return undefined;
    }
  }

  private globals(): object {
    const { board = "PUCKJS", version = "2v29" } = this.options;
    return {
      E: { CRC32: (text: string) => crc32(Buffer.from(text, "latin1"), 0, text.length, 0) },
      atob: (text: string) => Buffer.from(text, "base64").toString("latin1"),
      echo: () => undefined,
      digitalWrite: (pin: { readonly name: string }, level: number) => void this.levels.set(pin.name, level),
      ...Object.fromEntries((this.options.pins ?? []).map((name) => [name, { name, getInfo: () => ({ port: name }) }])),
      clearTimeout: () => clearTimeout(this.start),
      ...(this.options.pending === undefined ? {} : { livlina: { state: () => ({ pending: this.options.pending }) } }),
      getSerial: () => "4afee30d2b1c",
      load: () => this.boot(),
      reset: () => void setTimeout(() => this.say(greeting), 5),
      process: {
        env: { BOARD: board, VERSION: version, SERIAL: "4afee30d2b1c" },
        memory: () => ({ free: 1_600, total: 2_630 }),
      },
      require: (name: string) => (name === "Flash" ? this.rawFlash() : this.storage()),
    };
  }

  private rawFlash(): object {
    const { rawFrom = puckRaw } = this.options;
    return {
      getFree: () => [{ addr: rawFrom, length: puckStorage - rawFrom }],
      erasePage: (address: number) => void this.raw.fill(0xff, address - puckRaw, address - puckRaw + rawPage),
      read: (count: number, address: number) =>
        this.raw.toString("latin1", address - puckRaw, address - puckRaw + count),
      write: (text: string, address: number) => {
        for (let i = 0; i < text.length; i++) {
          const at = address - puckRaw + i;
          this.raw[at] = (this.raw[at] as number) & text.charCodeAt(i);
        }
      },
    };
  }

  private storage(): object {
    return {
      read: (name: string, from = 0, count = 1e9) => this.files.get(name)?.toString("latin1", from, from + count),
      write: (name: string, text: string, at: number, size: number) => this.write(name, text, at, size),
      erase: (name: string) => void this.files.delete(name),
      getFree: () => this.free(),
      open: (name: string) => ({
        write: (text: string) => {
          const before = this.files.get(name) ?? Buffer.alloc(0);
          this.files.set(name, Buffer.concat([before, Buffer.from(text, "latin1")]));
        },
      }),
    };
  }

  private boot(): void {
    this.boots++;
    setTimeout(() => this.say(greeting), 5);
  }

  private free(): number {
    let used = 0;
    for (const file of this.files.values()) used += file.length + fileHead;
    return (this.options.capacity ?? 40_960) - used;
  }

  /** As Storage does: a file at offset 0 is made anew unless it is blank, and nothing is written over. */
  private write(name: string, text: string, at = 0, size = text.length): boolean {
    const found = this.files.get(name);
    if (at === 0 && (found === undefined || found.length !== size || found.some((byte) => byte !== 0xff))) {
      this.files.delete(name);
      if (this.free() < size + fileHead) throw new Error("Unable to find or create file");
      this.files.set(name, Buffer.alloc(size, 0xff));
    }
    const file = this.files.get(name);
    if (file === undefined || at + text.length > file.length) throw new Error("Too much data for file size");
    if (file.subarray(at, at + text.length).some((byte) => byte !== 0xff))
      throw new Error("File already written with different data");
    const bytes = Buffer.from(text, "latin1").subarray(0, this.cutWrite ? text.length >>> 1 : text.length);
    bytes.copy(file, at);
    this.programmed += bytes.length;
    return true;
  }
}

function without(bytes: Buffer, at: number): Buffer {
  return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1)]);
}
