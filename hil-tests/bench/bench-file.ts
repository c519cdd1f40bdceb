/** Reads a bench file, and says line by line what is wrong in it: what no schema can hold is looked at here. */

import { isAllowed } from "../../simulator/live/live-sockets.ts";
import { ScenarioError } from "../../simulator/scenario/scenario-error.ts";
import { type Complaint, explainIssues } from "../../simulator/scenario/scenario-issues.ts";
import { nameHint } from "../../simulator/scenario/scenario-names.ts";
import { problemOf, readSource, type Source } from "../../simulator/scenario/scenario-source.ts";
import { boardNames } from "../../tools/boards.ts";
import { UserError } from "../../tools/user-error.ts";
import { type BenchActuatorEntry, type BenchEntries, benchSchema, type UsbEntry } from "./bench-schema.ts";

const hint = "livlina hil benches scan writes one; its keys stand in bench.schema.json";

/** Throws UserError (2) with a line for each mistake: `file:line:column: what`. */
export function readBenchFile(path: string): BenchEntries {
  const source = sourceOf(path);
  const parsed = benchSchema.safeParse(source.data);
  const complaints = parsed.success
    ? contradictions(parsed.data)
    : explainIssues(parsed.error.issues, source.data, benchSchema);
  if (parsed.success && complaints.length === 0) return parsed.data;
  const problems = complaints
    .map((complaint) => problemOf(source, complaint))
    .sort((one, other) => one.line - other.line);
  throw new UserError(new ScenarioError(path, problems).message, hint, 2);
}

function sourceOf(path: string): Source {
  try {
    return readSource(path);
  } catch (thrown) {
    if (!(thrown instanceof ScenarioError)) throw thrown;
    const lines = thrown.problems.map(({ line, column, message }) =>
      line === 0 ? `${path}: ${message}` : `${path}:${line}:${column}: ${message}`,
    );
    throw new UserError(lines.join("\n"), hint, 2);
  }
}

class Complaints {
  readonly all: Complaint[] = [];

  add(path: Complaint["path"], message: string, tried?: string): void {
    this.all.push({ path, onKey: false, message, hint: tried });
  }

  /** Each name stands once. */
  once(where: string, key: string, names: readonly string[]): void {
    names.forEach((name, at) => {
      if (names.indexOf(name) < at) this.add([where, at, key], `the name "${name}" stands here twice`);
    });
  }
}

function contradictions(entries: BenchEntries): readonly Complaint[] {
  const found = new Complaints();
  const { devices, actuators = [], receivers = [] } = entries;
  found.once(
    "devices",
    "name",
    devices.map(({ name }) => name),
  );
  found.once(
    "actuators",
    "name",
    actuators.map(({ name }) => name),
  );
  found.once(
    "receivers",
    "name",
    receivers.map(({ name }) => name),
  );
  checkDevices(entries, found);
  for (const [at, actuator] of actuators.entries()) checkActuator(entries, actuator, at, found);
  receivers.forEach(({ listen }, at) => {
    const host = listenOf(listen).host;
    if (!isAllowed(host, entries.allow ?? []))
      found.add(["receivers", at, "listen"], `${host} is neither loopback nor in allow`, `allow: [${host}]`);
  });
  if (entries.modem !== undefined) checkUsb(entries.modem.usb, ["modem", "usb"], found);
  return found.all;
}

function checkDevices({ devices, keys }: BenchEntries, found: Complaints): void {
  const boards = boardNames();
  const places = devices.map(({ usb }) => `${usb["serial-number"] ?? ""} ${usb.socket ?? ""}`);
  devices.forEach(({ board, image, usb, role, unit, button }, at) => {
    for (const [key, name] of [
      ["board", board],
      ["image", image],
    ] as const)
      if (name !== undefined && !boards.includes(name))
        found.add(["devices", at, key], `there is no board "${name}"`, nameHint("board", name, boards));
    checkUsb(usb, ["devices", at, "usb"], found);
    if (places.indexOf(places[at] as string) < at) found.add(["devices", at, "usb"], "another device is at this place");
    if (unit !== undefined && role !== "unit") found.add(["devices", at, "unit"], `a ${role} has no unit's keys`);
    if (button !== undefined && role !== "button")
      found.add(["devices", at, "button"], `a ${role} has no button's label`);
    const named = unit === undefined ? (button === undefined ? undefined : "button") : "unit";
    if (named !== undefined && keys === undefined)
      found.add(["devices", at, named], "the file names no keys", "keys: keys.enc, made by livlina keys make");
  });
}

function checkUsb(usb: UsbEntry, path: Complaint["path"], found: Complaints): void {
  if (usb["serial-number"] === undefined && usb.socket === undefined)
    found.add(path, "neither serial number nor socket is said", "livlina devices shows both");
}

function checkActuator(
  { devices }: BenchEntries,
  { moves, of, by, rest }: BenchActuatorEntry,
  at: number,
  found: Complaints,
): void {
  const here = ["actuators", at] as const;
  const names = devices.map(({ name }) => name);
  if (!names.includes(of)) found.add([...here, "of"], `there is no device "${of}"`, nameHint("device", of, names));
  const isDial = moves === "attenuation";
  if (rest !== undefined && isDial !== (typeof rest === "number"))
    found.add([...here, "rest"], isDial ? "an attenuation rests at dB" : `${moves} rests at true or false`);
  if (isDial && by.driver !== "by-hand" && !(by.driver === "http" && by.set !== undefined))
    found.add([...here, "by"], "an attenuation is set by a number", "driver: http with set:, or driver: by-hand");
  if (by.driver === "gpio" && devices.find(({ name }) => name === by.rig)?.role !== "rig")
    found.add([...here, "by", "rig"], `"${by.rig}" is no device with role: rig`);
  if (by.driver === "scpi" && (by.tcp === undefined) === (by.usb === undefined))
    found.add([...here, "by"], "a supply is at tcp or at usb, one of the two");
  if (by.driver === "http" && !isDial && (by.on === undefined || by.off === undefined))
    found.add([...here, "by"], "a switch has on: and off:");
  if (by.driver === "usb-relay" || (by.driver === "scpi" && by.usb !== undefined))
    checkUsb(by.usb as UsbEntry, [...here, "by", "usb"], found);
}

/** Of the text that the schema has checked. */
export function listenOf(listen: string): {
  readonly transport: "udp" | "tcp";
  readonly host: string;
  readonly port: number;
} {
  const [, transport, host, port] = /^(udp|tcp):\[?(.+?)\]?:(\d+)$/.exec(listen) as RegExpExecArray;
  return { transport: transport as "udp" | "tcp", host: host as string, port: Number(port) };
}
