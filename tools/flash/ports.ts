/**
 * The serial ports of this machine and what stands behind them, by the USB numbers of vendor and product (usb.ids). Where the
 * system's own list cannot be had (no `udevadm` on a bare Linux), sysfs is read instead; a port can always be named by its path.
 */
import { readdirSync, readFileSync, realpathSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { SerialPort } from "serialport";
import { UserError } from "../user-error.ts";

export type PortKind = "board" | "bridge" | "probe" | "modem" | "unknown";

export interface PortFound {
  /** Such as /dev/ttyUSB0 or COM3. */
  readonly path: string;
  /** "" where the device tells none. */
  readonly serialNumber: string;
  /** Four small hexadecimal digits each; "" where it is no USB device. */
  readonly vendor: string;
  readonly product: string;
  /** Where it is plugged in: bus, then the port of each hub, then the interface, such as "1-1.4:1.0"; "" where nobody knows. */
  readonly socket: string;
  readonly kind: PortKind;
  readonly what: string;
}

export interface PortList {
  readonly ports: readonly PortFound[];
  /** Why the list may be short, for people; "" where it is whole. */
  readonly note: string;
}

/** What a system tells of a port. */
export interface RawPort {
  readonly path: string;
  readonly serialNumber?: string | undefined;
  readonly vendorId?: string | undefined;
  readonly productId?: string | undefined;
  readonly locationId?: string | undefined;
}

export interface PortSources {
  readonly list: () => Promise<readonly RawPort[]>;
  readonly sysfs: string;
}

/** Vendor, product ("" for any), kind, name. The first that fits counts. */
const table: readonly (readonly [string, string, PortKind, string])[] = [
  ["303a", "1001", "board", "Espressif chip, its own USB"],
  ["303a", "", "board", "Espressif board"],
  ["2886", "8045", "board", "Seeed XIAO nRF52840"],
  ["2886", "0045", "board", "Seeed XIAO nRF52840, its loader"],
  ["2886", "", "board", "Seeed board"],
  ["239a", "", "board", "Adafruit board"],
  ["1915", "521f", "board", "Nordic nRF52, its loader"],
  ["1915", "", "board", "Nordic board"],
  ["0483", "5740", "board", "STM32 or Espruino board, its own USB"],
  ["2e8a", "000c", "probe", "Raspberry Pi debug probe"],
  ["2e8a", "", "board", "Raspberry Pi Pico"],
  ["1366", "", "probe", "SEGGER J-Link"],
  ["0d28", "", "probe", "CMSIS-DAP (micro:bit and others)"],
  ["0403", "", "bridge", "FTDI bridge"],
  ["10c4", "", "bridge", "Silicon Labs CP210x bridge"],
  ["1a86", "", "bridge", "WCH CH34x bridge"],
  ["067b", "", "bridge", "Prolific PL2303 bridge"],
  ["2c7c", "", "modem", "Quectel modem"],
  ["1e0e", "", "modem", "SIMCom modem"],
  ["1546", "", "modem", "u-blox module"],
];

const system: PortSources = { list: () => SerialPort.list(), sysfs: "/sys/class/tty" };
const usbPort = /^tty(USB|ACM)\d+$/;
const usbInterface = /^\d+-\d+(\.\d+)*:\d+\.\d+$/;
/** A tty's device stands at most so far below its USB device. */
const climb = 4;

/** USB ports, sorted by path; with `all` also those that no USB device stands behind. Never throws. */
export async function listPorts(all: boolean, sources: PortSources = system): Promise<PortList> {
  let raw: readonly RawPort[];
  let note = "";
  try {
    raw = await sources.list();
  } catch (thrown) {
    raw = fromSysfs(sources.sysfs);
    note = `the system's list of ports cannot be had (${(thrown as Error).message}): read from ${sources.sysfs}; --port PATH takes any`;
  }
  const ports = raw.map((port) => named(port, sources.sysfs)).filter((port) => all || port.vendor !== "");
  return { ports: ports.sort((one, other) => (one.path < other.path ? -1 : 1)), note };
}

function named(raw: RawPort, sysfs: string): PortFound {
  const vendor = (raw.vendorId ?? "").toLowerCase();
  const product = (raw.productId ?? "").toLowerCase();
  const row = table.find((each) => each[0] === vendor && (each[1] === "" || each[1] === product));
  const what = vendor === "" ? "no USB device" : (row?.[3] ?? "unknown USB device");
  const socket = socketOf(join(sysfs, basename(raw.path), "device")) ?? raw.locationId ?? "";
  const { path, serialNumber = "" } = raw;
  return { path, serialNumber, vendor, product, socket, kind: row?.[2] ?? "unknown", what };
}

/** As sysfs names the interface that the tty hangs on; undefined elsewhere than on Linux. */
function socketOf(device: string): string | undefined {
  try {
    return realpathSync(device)
      .split("/")
      .findLast((folder) => usbInterface.test(folder));
  } catch {
    return undefined;
  }
}

function fromSysfs(root: string): readonly RawPort[] {
  const found: RawPort[] = [];
  for (const name of entriesOf(root)) {
    if (!usbPort.test(name)) continue;
    const usb = usbDeviceOf(join(root, name, "device"));
    found.push({
      path: `/dev/${name}`,
      vendorId: textIn(usb, "idVendor"),
      productId: textIn(usb, "idProduct"),
      serialNumber: textIn(usb, "serial"),
    });
  }
  return found;
}

function usbDeviceOf(device: string): string {
  try {
    let folder = realpathSync(device);
    for (let i = 0; i < climb && textIn(folder, "idVendor") === undefined; i++) folder = dirname(folder);
    return folder;
  } catch {
    return "";
  }
}

function entriesOf(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function textIn(folder: string, name: string): string | undefined {
  try {
    return readFileSync(join(folder, name), "utf8").trim();
  } catch {
    return undefined;
  }
}

export interface PortFlags {
  readonly port?: string;
  readonly serialNumber?: string;
}

/**
 * The one port that the flags mean. Where they leave more than one, `choose` is asked, or, where nobody can be, UserError (2)
 * lists them; UserError (3) where there is none.
 */
export async function portOf(
  flags: PortFlags,
  choose: ((ports: readonly PortFound[]) => Promise<PortFound>) | undefined,
  sources: PortSources = system,
): Promise<{ readonly path: string; readonly found: PortFound | undefined }> {
  const { ports, note } = await listPorts(true, sources);
  const { port, serialNumber } = flags;
  if (port !== undefined) return { path: port, found: ports.find((each) => each.path === port) };
  if (note !== "") process.stderr.write(`${note}\n`);
  const usable = ports.filter((each) => each.vendor !== "" && each.kind !== "modem" && each.kind !== "probe");
  const fitting = serialNumber === undefined ? usable : ports.filter((each) => each.serialNumber === serialNumber);
  const [first, ...more] = fitting;
  if (first === undefined)
    throw new UserError(
      serialNumber === undefined ? "no board is plugged in" : `no port has the USB serial number ${serialNumber}`,
      ports.length === 0 ? "plug it in, or --port PATH" : `livlina devices shows them: ${listed(ports)}`,
      3,
    );
  if (more.length === 0) return { path: first.path, found: first };
  if (choose === undefined)
    throw new UserError(
      `${fitting.length} ports fit: ${listed(fitting)}`,
      more.some((each) => each.serialNumber === first.serialNumber)
        ? "--port PATH"
        : "--serial-number S or --port PATH",
      2,
    );
  const chosen = await choose(fitting);
  return { path: chosen.path, found: chosen };
}

/** One line for people. */
export function portText(port: PortFound): string {
  const number = port.serialNumber === "" ? "no serial number" : port.serialNumber;
  return `${port.path}  ${number}  ${port.what}${port.vendor === "" ? "" : ` (${port.vendor}:${port.product})`}`;
}

function listed(ports: readonly PortFound[]): string {
  return ports.map((port) => `${port.path} (${port.serialNumber === "" ? port.what : port.serialNumber})`).join(", ");
}
