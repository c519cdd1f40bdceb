/**
 * The vocabulary of bench files: every key, what it means and which values it takes. `bench.schema.json` beside it is made from this
 * table, so that editors complete what the program takes. Closed: a key that is not here is an error.
 */
import { z } from "zod";
import { list, prose, text, whole, word } from "../../simulator/scenario/schema-parts.ts";

const deviceName = () => text(/^[a-z0-9][a-z0-9-]{0,39}$/, "a name in small letters, digits and hyphens");
const pinName = () => text(/^[A-Z][A-Z0-9]{0,7}$/i, 'a pin such as "D5"');
const hostName = () => text(/^[A-Za-z0-9.:_-]{1,253}$/, "a host name or an address");
const url = () => text(/^https?:\/\/\S{1,500}$/, "an address that begins with http:// or https://");

const usb = z
  .strictObject({
    "serial-number": text(/^\S{1,64}$/, "the USB serial number")
      .describe("As `livlina devices` shows it.")
      .optional(),
    socket: text(/^[0-9]+-[0-9]+(\.[0-9]+)*(:[0-9]+\.[0-9]+)?$|^[0-9A-Fa-f.x]+$/, 'a socket such as "1-1.4"')
      .describe("Where it is plugged in, for boards that are equal: bus, then the port of each hub.")
      .optional(),
  })
  .describe("A serial port by what stands behind it, never by its number. One of the two must be said, or both.");

const device = z
  .strictObject({
    name: deviceName().describe("By which actuators and tests call it."),
    role: word(["unit", "button", "rig"]).describe("`rig`: an Espruino board that moves things."),
    board: deviceName().describe("As in firmware/boards."),
    usb,
    image: deviceName().describe("Board whose image shall be on it; left out: nothing is flashed.").optional(),
    unit: text(/^[A-Za-z0-9-]{1,20}$/, "the serial of a unit in the keys' file")
      .describe("Whose keys open it.")
      .optional(),
    button: text(/^[0-9A-F]{8}$/, "the address on a button's label, 8 digits")
      .describe("Whose label key is its.")
      .optional(),
  })
  .describe("A board on the bench.");

const usbRelay = z.strictObject({
  driver: z.literal("usb-relay"),
  usb,
  channel: whole(1, 16).describe("As printed beside the relay."),
  inverted: z.boolean().describe("The relay is pulled in while what it switches is off.").optional(),
});
const uhubctl = z.strictObject({
  driver: z.literal("uhubctl"),
  hub: text(/^[0-9]+-[0-9]+(\.[0-9]+)*$/, 'a hub such as "1-1"').describe("As uhubctl names it."),
  port: whole(1, 16),
});
const gpio = z.strictObject({
  driver: z.literal("gpio"),
  rig: deviceName().describe("The rig board whose pin it is."),
  pin: pinName(),
  active: word(["high", "low"]).describe("Level at which it is on; high unless said.").optional(),
});
const scpi = z.strictObject({
  driver: z.literal("scpi"),
  tcp: text(/^[A-Za-z0-9.-]{1,253}:\d{1,5}$/, 'host and port such as "192.168.7.20:5025"').optional(),
  usb: usb.optional(),
  channel: whole(1, 4).describe("Output; left out where the supply has one.").optional(),
  volts: z.number().min(0).max(60).optional(),
  amps: z.number().min(0).max(10).optional(),
});
const http = z.strictObject({
  driver: z.literal("http"),
  on: url().describe("Asked for by GET to switch it on.").optional(),
  off: url().optional(),
  set: url().describe("For a number: {value} stands for it.").optional(),
  check: url().describe("Asked for to see whether it is there; left out: its host is only connected to.").optional(),
  answer: prose(200).describe("Text that the answer must hold.").optional(),
});
const byHand = z.strictObject({
  driver: z.literal("by-hand"),
  ask: prose(200).describe("What a person is told, such as: the plug of the unit at the wall."),
});

const actuator = z
  .strictObject({
    name: deviceName().describe("Unique on the bench."),
    moves: word(["mains", "battery", "press", "attenuation", "network", "sim"]).describe(
      "What of the device it moves.",
    ),
    of: deviceName().describe("The device."),
    by: z.discriminatedUnion("driver", [usbRelay, uhubctl, gpio, scpi, http, byHand]),
    rest: z
      .union([z.boolean(), whole(0, 120)])
      .describe("How it is left: true is on. Unless said: pressed is off, attenuation 0 dB, all others on.")
      .optional(),
  })
  .describe("Something that moves, and how.");

const receiver = z
  .strictObject({
    name: deviceName(),
    uri: text(/^sips?:\S{1,200}$/, "a SIP address").describe("Such as sip:hil@bench.example.net"),
    listen: text(/^(udp|tcp):(\[[0-9A-Fa-f:]+\]|[0-9A-Za-z.-]+):\d{1,5}$/, "udp:HOST:PORT or tcp:HOST:PORT").describe(
      "Where it listens on this machine.",
    ),
  })
  .describe("A receiver double.");

export const benchSchema = z
  .strictObject({
    $schema: z.string().optional(),
    name: deviceName().describe("Of the bench; one run at a time."),
    keys: prose(500)
      .describe("File of `livlina keys make`, relative to this file; LIVLINA_PASSPHRASE opens it.")
      .optional(),
    devices: list(device, 1, 32),
    actuators: list(actuator, 0, 64).optional(),
    receivers: list(receiver, 0, 8).optional(),
    modem: z
      .strictObject({
        usb,
        number: text(/^\+\d{4,15}$/, "its number with its country's"),
        pin: text(/^\d{4,8}$/, "4 to 8 digits").optional(),
      })
      .describe("The bench's own modem, which hears the texts and calls of units.")
      .optional(),
    allow: list(hostName(), 0, 32)
      .describe("Hosts beyond loopback that a receiver may have. A test alarm goes nowhere else.")
      .optional(),
  })
  .describe("A Livlina bench.");

export type BenchEntries = z.output<typeof benchSchema>;
export type UsbEntry = z.output<typeof usb>;
export type DriverEntry = BenchActuatorEntry["by"];
export type BenchActuatorEntry = z.output<typeof actuator>;

/** JSON Schema (draft 2020-12) of bench files, as it stands beside this file. */
export function benchJsonSchema(): object {
  return z.toJSONSchema(benchSchema, { io: "input" });
}
