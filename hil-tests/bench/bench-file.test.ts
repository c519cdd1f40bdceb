import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { UserError } from "../../tools/user-error.ts";
import { readBenchFile } from "./bench-file.ts";
import { benchJsonSchema } from "./bench-schema.ts";

const whole = `# yaml-language-server: $schema=bench.schema.json
name: cellar
keys: keys.enc
devices:
  - { name: unit-1, role: unit, board: wt32-eth01, image: wt32-eth01, usb: { serial-number: A5069RR4 }, unit: U-000001 }
  - { name: button-1, role: button, board: puck-js, usb: { socket: 1-1.3 }, button: 0102030A }
  - { name: rig, role: rig, board: puck-js, usb: { serial-number: "0001", socket: 1-1.4 } }
actuators:
  - { name: mains, moves: mains, of: unit-1, by: { driver: usb-relay, usb: { socket: 1-1.2 }, channel: 1, inverted: true } }
  - { name: cell, moves: battery, of: unit-1, by: { driver: scpi, tcp: "192.168.7.20:5025", channel: 2, volts: 3.7, amps: 1 } }
  - { name: press, moves: press, of: button-1, by: { driver: gpio, rig: rig, pin: D5, active: low } }
  - { name: air, moves: attenuation, of: button-1, by: { driver: http, set: "http://192.168.7.30/:SETATT={value}" }, rest: 10 }
  - { name: lan, moves: network, of: unit-1, by: { driver: http, on: "http://192.168.7.31/on", off: "http://192.168.7.31/off" } }
  - { name: socket, moves: mains, of: button-1, by: { driver: uhubctl, hub: 1-1, port: 3 } }
  - { name: sim, moves: sim, of: unit-1, by: { driver: by-hand, ask: the SIM of the unit }, rest: true }
receivers:
  - { name: first, uri: sip:first@bench.example.net, listen: "udp:192.168.7.1:5060" }
  - { name: second, uri: sip:second@bench.example.net, listen: "tcp:[::1]:5062" }
modem: { usb: { serial-number: M-1, socket: "1-1.1:1.2" }, number: "+46700000002", pin: "1234" }
allow: [192.168.7.1]
`;

function fileOf(text: string): string {
  const folder = mkdtempSync(join(tmpdir(), "livlina-bench-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, "cellar.yaml");
  writeFileSync(path, text);
  return path;
}

/** What is told of the file, without its path. */
function told(text: string): string[] {
  const path = fileOf(text);
  try {
    readBenchFile(path);
  } catch (thrown) {
    expect(thrown).toBeInstanceOf(UserError);
    expect(thrown).toMatchObject({ exitCode: 2 });
    return (thrown as Error).message.split("\n").map((line) => line.replace(path, "cellar.yaml"));
  }
  return [];
}

test("a bench file with every kind of actuator is read", () => {
  const entries = readBenchFile(fileOf(whole));
  expect(entries.devices.map(({ name, role }) => `${name} ${role}`)).toEqual([
    "unit-1 unit",
    "button-1 button",
    "rig rig",
  ]);
  expect(entries.actuators?.map(({ by }) => by.driver)).toEqual([
    ...["usb-relay", "scpi", "gpio", "http", "http", "uhubctl", "by-hand"],
  ]);
  expect(entries.allow).toEqual(["192.168.7.1"]);
});

test.each([
  [
    "another word for a key",
    "channel: 1, inverted",
    "chanel: 1, inverted",
    [/^cellar.yaml:9:\d+: /, /did you mean "channel"\?/],
  ],
  ["a driver that there is not", "driver: uhubctl, hub", "driver: hubctl, hub", [/^cellar.yaml:14:\d+: /]],
  [
    "a device that there is not",
    "of: unit-1, by: { driver: by-hand",
    "of: unit-2, by: { driver: by-hand",
    [/^cellar.yaml:15:\d+: there is no device "unit-2" \(did you mean "unit-1"\?\)/],
  ],
  ["a name that stands twice", "name: lan", "name: air", [/^cellar.yaml:13:\d+: the name "air" stands here twice/]],
  [
    "a board that there is not",
    "board: wt32-eth01, image",
    "board: wt32-eth02, image",
    [/^cellar.yaml:5:\d+: there is no board "wt32-eth02" \(did you mean "wt32-eth01"\?\)/],
  ],
  [
    "a port by nothing",
    "usb: { serial-number: A5069RR4 }",
    "usb: {}",
    [/^cellar.yaml:5:\d+: neither serial number nor socket is said/],
  ],
  [
    "a port by its number",
    "usb: { serial-number: A5069RR4 }",
    "usb: { path: /dev/ttyUSB0 }",
    [/^cellar.yaml:5:\d+: unknown key "path"/],
  ],
  [
    "two devices at one place",
    "usb: { socket: 1-1.3 }",
    "usb: { serial-number: A5069RR4 }",
    [/^cellar.yaml:6:\d+: another device is at this place/],
  ],
  [
    "a pin of what is no rig",
    "rig: rig, pin",
    "rig: button-1, pin",
    [/^cellar.yaml:11:\d+: "button-1" is no device with role: rig/],
  ],
  [
    "a receiver that is not allowed",
    "allow: [192.168.7.1]",
    "allow: []",
    [/^cellar.yaml:17:\d+: 192.168.7.1 is neither loopback nor in allow/],
  ],
  [
    "keys that no file holds",
    "keys: keys.enc\n",
    "",
    [/^cellar.yaml:4:\d+: the file names no keys/, /^cellar.yaml:5:\d+: /],
  ],
  [
    "a button's label on a unit",
    "unit: U-000001",
    "button: 0102030B",
    [/^cellar.yaml:5:\d+: a unit has no button's label/],
  ],
  [
    "an attenuator that is switched",
    'driver: http, set: "http://192.168.7.30/:SETATT={value}"',
    "driver: uhubctl, hub: 1-1, port: 2",
    [/^cellar.yaml:12:\d+: an attenuation is set by a number/],
  ],
  ["a rest of the wrong kind", "rest: true", "rest: 10", [/^cellar.yaml:15:\d+: sim rests at true or false/]],
  ["a supply that is nowhere", 'tcp: "192.168.7.20:5025", ', "", [/^cellar.yaml:10:\d+: a supply is at tcp or at usb/]],
  [
    "a switch that only goes on",
    ', off: "http://192.168.7.31/off"',
    "",
    [/^cellar.yaml:13:\d+: a switch has on: and off:/],
  ],
  ["no YAML", "name: cellar", "name: [cellar", [/^cellar.yaml:\d+:\d+: this is not YAML/]],
])("%s is told with its line", (_what, from, to, patterns) => {
  expect(whole).toContain(from);
  const lines = told(whole.replace(from, to));
  for (const pattern of patterns) expect(lines).toContainEqual(expect.stringMatching(pattern));
});

test("a file that is not there, or empty, is told", () => {
  expect(() => readBenchFile("/nowhere/bench.yaml")).toThrow(
    "/nowhere/bench.yaml: cannot be read: there is no such file",
  );
  expect(told("")).toEqual(["cellar.yaml: the file is empty"]);
});

test("the published schema is the one that files are checked with", () => {
  const published = JSON.parse(readFileSync(new URL("bench.schema.json", import.meta.url), "utf8"));
  expect(published).toEqual(JSON.parse(JSON.stringify(benchJsonSchema())));
});
