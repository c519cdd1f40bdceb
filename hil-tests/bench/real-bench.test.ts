/** A bench file whose boards are stand-ins behind pseudo-terminals: what a bench of hardware is but for the hardware. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { openPty } from "../../tools/device/pty.ts";
import { openStand } from "../../tools/device/stand.ts";
import type { RawPort } from "../../tools/flash/ports.ts";
import { bytesOf, emptyKeys, writeKeys } from "../../tools/provision/keys-file.ts";
import { openBench } from "./open-bench.ts";

const passphrase = "a passphrase for tests";
const serviceKey = "00112233445566778899aabbccddeeff";
const answerMs = 5_000;
/** As weak as the file's format allows: the test asks nothing of it. */
const quickKdf = 2 ** 14;

/** A unit from its box and a relay board, as the system lists them. */
function desk() {
  const folder = mkdtempSync(join(tmpdir(), "livlina-cellar-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  vi.stubEnv("LIVLINA_PASSPHRASE", passphrase);
  onTestFinished(() => void vi.unstubAllEnvs());
  const made = "2026-11-22T10:00:00.000Z";
  const keys = { ...emptyKeys(), units: [{ serial: "U-000001", serviceKey, made }] };
  writeKeys(
    join(folder, "keys.enc"),
    { ...keys, buttons: [{ address: "0102030A", form: "wrist", key: serviceKey, made }] },
    passphrase,
    quickKdf,
  );
  const link = join(folder, "unit-port");
  const stand = openStand({
    link,
    serviceKey: bytesOf(serviceKey),
    buttons: [],
    allow: [],
    onNews: () => {},
    onDropped: () => {},
  });
  const relay = openPty();
  const frames: string[] = [];
  const serial = relay.openDevice({
    baud: 9_600,
    onReadable: () => {
      const bytes = Buffer.from(serial.read() ?? []);
      for (let at = 0; at < bytes.length; at += bytes[at] === 0xa0 ? 4 : 1)
        if (bytes[at] === 0xa0) frames.push(bytes.toString("hex", at, at + 4));
    },
  });
  onTestFinished(() => {
    stand.close();
    relay.close();
  });
  const listed: RawPort[] = [
    { path: link, vendorId: "10c4", productId: "ea60", serialNumber: "0001", locationId: "1-1.1" },
    { path: relay.path, vendorId: "1a86", productId: "7523", locationId: "1-1.2" },
  ];
  return { folder, stand, frames, listed, ports: { list: async () => listed, sysfs: "/nowhere" } };
}

function fileOf(folder: string, more = ""): string {
  const path = join(folder, "cellar.yaml");
  writeFileSync(
    path,
    `name: cellar
keys: keys.enc
devices:
  - { name: unit-1, role: unit, board: wt32-eth01, usb: { serial-number: "0001" }, unit: U-000001 }
  - { name: button-1, role: button, board: puck-js, usb: { serial-number: B-1 }, button: 0102030A }
actuators:
  - { name: plug, moves: mains, of: unit-1, by: { driver: usb-relay, usb: { socket: "1-1.2" }, channel: 1 } }
  - { name: finger, moves: press, of: button-1, by: { driver: usb-relay, usb: { socket: "1-1.2" }, channel: 2 } }
receivers:
  - { name: first, uri: sip:first@bench.example.net, listen: "udp:127.0.0.1:0" }
${more}`,
  );
  return path;
}

test("a bench file is opened: its unit by serial number and key, its actuators, its receiver; at the end all comes to rest", async () => {
  const { folder, frames, ports } = desk();
  const bench = await openBench(fileOf(folder), { ports });
  expect(bench).toMatchObject({ name: "cellar", speed: 1, allow: [] });
  const device = bench.device("unit-1");
  expect(device.usb).toEqual({ serialNumber: "0001", socket: "" });
  expect(bench.device("button-1").label).toMatchObject({ address: 0x0102030a, form: "wrist" });
  const unit = await bench.open(device, join(folder, "unit-1.log"));
  await unit.resync(answerMs);
  await unit.unlock(answerMs);
  await bench.receivers[0]?.check();
  await bench.actuator("press", "button-1")?.pulse(20);
  expect(frames).toEqual(["a00201a3", "a00200a2"]);
  bench.permit(bench.receivers[0]?.host ?? "");
  expect(() => bench.permit("192.0.2.1")).toThrow("192.0.2.1 is no receiver of bench cellar");
  await bench.close();
  expect(frames.slice(2)).toEqual(["a00101a2", "a00200a2"]);
});

test("a unit that is not plugged in is unknown, and two equal ones are the rig's fault", async () => {
  const { folder, listed, ports } = desk();
  const bench = await openBench(fileOf(folder), { ports });
  onTestFinished(() => bench.close());
  expect(await bench.device("button-1").locate()).toBeUndefined();
  const gone = bench.open(bench.device("button-1"), join(folder, "button-1.log"));
  await expect(gone).rejects.toMatchObject({ trouble: "port-gone", verdict: "unknown" });
  listed.push({ ...(listed[0] as RawPort), path: "/dev/ttyUSB9", locationId: "1-1.3" });
  await expect(bench.device("unit-1").locate()).rejects.toMatchObject({
    part: "port",
    message: expect.stringContaining("2 ports are 0001"),
  });
});

test("a device that was lent to another program is found anew", async () => {
  const { folder, ports } = desk();
  const bench = await openBench(fileOf(folder), { ports });
  onTestFinished(() => bench.close());
  const device = bench.device("unit-1");
  const unit = await bench.open(device, join(folder, "unit-1.log"));
  await unit.resync(answerMs);
  const seen = await unit.lend(async (path) => {
    const other = await bench.open(device, join(folder, "other.log"));
    const { unit: name } = await other.resync(answerMs);
    await other.close();
    return `${name} at ${path}`;
  });
  expect(seen).toMatch(/^\w{5} at .*unit-port$/);
  await unit.confirm(answerMs);
});

test("a bench of hardware neither runs faster nor misbehaves by order, and needs its own keys", async () => {
  const { folder, ports } = desk();
  await expect(openBench(fileOf(folder), { ports, speed: 10 })).rejects.toMatchObject({ exitCode: 2 });
  await expect(openBench(fileOf(folder), { ports, misbehave: [{ kind: "noise" }] })).rejects.toMatchObject({
    exitCode: 2,
  });
  vi.stubEnv("LIVLINA_PASSPHRASE", "");
  await expect(openBench(fileOf(folder), { ports })).rejects.toMatchObject({ exitCode: 2, message: /no passphrase/ });
});
