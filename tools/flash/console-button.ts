/**
 * For tests: the wrist button's firmware in a bare Espruino interpreter that has no pins and no radio. A press comes from the
 * console, the journal is in memory, frames go nowhere, and the steps of its machines are a log that the console reads.
 */
import type { ButtonHost } from "../../firmware/ports/host.ts";
import { WristButton } from "../../firmware/wrist-button.ts";

/** The interpreter's own, as far as they are used here. */
interface AesModule {
  readonly AES: { encrypt(data: Uint8Array, key: Uint8Array, options: { mode: "ECB" }): ArrayBuffer };
}
declare const require: (name: "crypto") => AesModule;
declare const getTime: () => number;
declare const setTimeout: (callback: () => void, delayMs: number) => number;
declare const clearTimeout: (timer: number) => void;
declare const global: { livlina?: object };

/** Under another name, so that the bundler leaves it to the interpreter. */
const modules = require;
const sectorSize = 1_024;
const sectorCount = 2;
const entries = 40;
const heardAtMs = 30;

const cells = new Uint8Array(sectorSize * sectorCount);
cells.fill(0xff);
const log: string[] = [];
const startS = getTime();
let contact: (closed: boolean) => void = () => {};
let lamp = "dark";

function nowMs(): number {
  return Math.floor((getTime() - startS) * 1_000);
}

function keep(text: string): void {
  log.push(nowMs() + " " + text);
  if (log.length > entries) log.shift();
}

const host: ButtonHost = {
  clock: {
    nowMs,
    after(delayMs, callback) {
      const timer = setTimeout(callback, delayMs);
      return { cancel: () => clearTimeout(timer) };
    },
  },
  secrets: {
    random(into) {
      for (let i = 0; i < into.length; i++) into[i] = (getTime() * 1_000_003 * (i + 1)) & 0xff;
    },
    aes(key) {
      const aes = modules("crypto").AES;
      return (block) => block.set(new Uint8Array(aes.encrypt(block, key, { mode: "ECB" })));
    },
  },
  flash: {
    sectorSize,
    sectorCount,
    programUnit: 4,
    erase(sector) {
      cells.fill(0xff, sector * sectorSize, (sector + 1) * sectorSize);
      return true;
    },
    program(address, bytes) {
      for (let i = 0; i < bytes.length; i++) {
        const at = address + i;
        cells[at] = (cells[at] as number) & (bytes[i] as number);
      }
      return true;
    },
    read(address, into) {
      into.set(cells.subarray(address, address + into.length));
    },
  },
  openRadio: () => ({
    send: (bytes) => keep("radio " + bytes.length + " bytes"),
    listen: () => {},
    read: () => undefined,
    close: () => {},
  }),
  openContact(options) {
    contact = options.onChange;
    return { close: () => {} };
  },
  signals: {
    show(signal) {
      lamp = signal;
      keep("shows " + signal);
    },
  },
  batteryMv: () => 2_980,
  observe: (machine, event) => keep(machine + " " + (event as { readonly type: string }).type),
};

const key = new Uint8Array(16);
key.fill(7);
const button = new WristButton(host, { address: 0x1a2b3c4d, key });

global.livlina = {
  state: () => ({ pending: lamp === "sent" || lamp === "received" ? 1 : 0, lamp, isBonded: button.isBonded }),
  log: (from: number, count: number) => {
    const found: string[] = [];
    for (let i = from; i < Math.min(from + count, log.length); i++) found.push(log[i] as string);
    return found;
  },
  press() {
    contact(true);
    setTimeout(() => contact(false), heardAtMs);
  },
};
