/** The bench that a file describes: its boards by serial number and socket, its actuators by their drivers, its receivers on this machine. */
import { dirname, resolve } from "node:path";
import type { PortSources } from "../../tools/flash/ports.ts";
import type { Desk } from "../../tools/provision/desk.ts";
import { bytesOf, type KeysContent, passphraseOf, readKeys, unitKeysOf } from "../../tools/provision/keys-file.ts";
import type { Label } from "../../tools/provision/label-code.ts";
import { UserError } from "../../tools/user-error.ts";
import { actuatorOf, type Driver, restOf } from "./actuator.ts";
import { assemble } from "./assemble.ts";
import type { Actuator, Bench, BenchClock, BenchDevice, UsbPlace } from "./bench.ts";
import { listenOf, readBenchFile } from "./bench-file.ts";
import type { BenchEntries, DriverEntry, UsbEntry } from "./bench-schema.ts";
import { RealDisk } from "./disk.ts";
import { byHand } from "./drivers/by-hand.ts";
import { gpio } from "./drivers/gpio.ts";
import { httpSwitch } from "./drivers/http-switch.ts";
import { scpi } from "./drivers/scpi.ts";
import { uhubctl } from "./drivers/uhubctl.ts";
import { usbRelay } from "./drivers/usb-relay.ts";
import { openGsmModem } from "./gsm-modem.ts";
import { openDouble, type ReceiverDouble } from "./receiver-double.ts";
import { SerialBoards } from "./serial-boards.ts";

export interface RealBenchOptions {
  /** Who moves what is moved by hand; undefined: nobody. */
  readonly desk?: Desk | undefined;
  /** Where ports are listed from; the system unless said. */
  readonly ports?: PortSources | undefined;
}

/** Rejects with UserError (2) for the file and its keys, and with RigError for what is not there. */
export async function openRealBench(file: string, { desk, ports }: RealBenchOptions): Promise<Bench> {
  const entries = readBenchFile(file);
  const clock = realClock();
  const boards = new SerialBoards(ports);
  const { allow = [], modem } = entries;
  const keys = keysOf(file, entries);
  const devices = entries.devices.map((entry) => deviceOf(file, entry, keys, boards));
  const rest = new Map<Actuator, boolean | number>();
  for (const { name, moves, of, by, rest: left } of entries.actuators ?? [])
    rest.set(
      actuatorOf({ name, moves, of, driver: driverOf(by, entries, boards, desk), clock }),
      left ?? restOf(moves),
    );
  const receivers: ReceiverDouble[] = [];
  try {
    for (const { name, uri, listen } of entries.receivers ?? [])
      receivers.push(await openDouble({ name, uri, listen: listenOf(listen), allow, clock }));
    return assemble({
      name: entries.name,
      file,
      speed: 1,
      clock,
      devices,
      actuators: [...rest.keys()],
      receivers,
      modem:
        modem === undefined
          ? undefined
          : await openGsmModem({
              number: modem.number,
              pin: modem.pin,
              locate: () => boards.locate(placeOf(modem.usb)),
              clock,
            }),
      sensors: [],
      allow,
      disk: new RealDisk(),
      rest,
      close: async () => desk?.close(),
    });
  } catch (thrown) {
    for (const receiver of receivers) receiver.close();
    throw thrown;
  }
}

function realClock(): BenchClock {
  const startMs = performance.now();
  return {
    nowMs: () => performance.now() - startMs,
    after: (ms, run) => {
      const timer = setTimeout(run, ms);
      return { cancel: () => clearTimeout(timer) };
    },
    graceMs: 0,
  };
}

function keysOf(file: string, { keys, devices }: BenchEntries): KeysContent | undefined {
  const areWanted = devices.some(({ unit, button }) => unit !== undefined || button !== undefined);
  if (keys === undefined || !areWanted) return undefined;
  return readKeys(resolve(dirname(file), keys), passphraseOf(undefined, process.env["LIVLINA_PASSPHRASE"]));
}

function deviceOf(
  file: string,
  { name, role, board, image, usb, unit, button }: BenchEntries["devices"][number],
  keys: KeysContent | undefined,
  boards: SerialBoards,
): BenchDevice {
  const place = placeOf(usb);
  return {
    name,
    role,
    board,
    image,
    usb: place,
    serviceKey: keys === undefined || unit === undefined ? undefined : bytesOf(unitKeysOf(file, keys, unit).serviceKey),
    label: keys === undefined || button === undefined ? undefined : labelOf(file, keys, button),
    locate: () => boards.locate(place),
  };
}

function labelOf(file: string, keys: KeysContent, button: string): Label {
  const found = keys.buttons.find(({ address }) => address === button);
  if (found === undefined)
    throw new UserError(`${file}: the keys have no button ${button}`, "livlina keys list shows them", 2);
  return { address: Number.parseInt(button, 16), form: found.form, key: bytesOf(found.key) };
}

function placeOf(usb: UsbEntry): UsbPlace {
  return { serialNumber: usb["serial-number"] ?? "", socket: usb.socket ?? "" };
}

function driverOf(by: DriverEntry, { devices }: BenchEntries, boards: SerialBoards, desk: Desk | undefined): Driver {
  switch (by.driver) {
    case "usb-relay":
      return usbRelay(boards, { place: placeOf(by.usb), channel: by.channel, inverted: by.inverted === true });
    case "uhubctl":
      return uhubctl(by);
    case "gpio": {
      const rig = devices.find(({ name }) => name === by.rig)?.usb as UsbEntry;
      return gpio(boards, { place: placeOf(rig), pin: by.pin, isActiveLow: by.active === "low" });
    }
    case "scpi": {
      const { tcp, usb, channel, volts, amps } = by;
      const [, host, port] = /^(.+):(\d+)$/.exec(tcp ?? "") ?? [];
      const at = host === undefined ? placeOf(usb as UsbEntry) : { host, port: Number(port) };
      return scpi(boards, { at, channel, volts, amps });
    }
    case "http":
      return httpSwitch({ on: by.on, off: by.off, set: by.set, check: by.check, answer: by.answer });
    case "by-hand":
      return byHand(by.ask, desk);
  }
}
