import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { listPorts, type PortSources, portOf, type RawPort } from "./ports.ts";

const none = (): Promise<readonly RawPort[]> => Promise.reject(new Error("spawn udevadm ENOENT"));

function listing(...ports: RawPort[]): PortSources {
  return { list: async () => ports, sysfs: "/nowhere" };
}

const first = { path: "/dev/ttyUSB0", vendorId: "10C4", productId: "EA60", serialNumber: "0001" };
const second = { path: "/dev/ttyUSB1", vendorId: "10c4", productId: "ea60", serialNumber: "0002" };
const modem = { path: "/dev/ttyUSB2", vendorId: "2c7c", productId: "0125", serialNumber: "m" };
const plain = { path: "/dev/ttyS0" };

test("each port is told by what stands behind it, sorted by path, and the machine's own only when all are asked for", async () => {
  const sources = listing(second, plain, first, modem);
  const { ports, note } = await listPorts(false, sources);
  expect(note).toBe("");
  expect(ports.map((port) => [port.path, port.kind, port.what])).toEqual([
    ["/dev/ttyUSB0", "bridge", "Silicon Labs CP210x bridge"],
    ["/dev/ttyUSB1", "bridge", "Silicon Labs CP210x bridge"],
    ["/dev/ttyUSB2", "modem", "Quectel modem"],
  ]);
  expect((await listPorts(true, sources)).ports).toHaveLength(4);
  const elsewhere = await listPorts(false, listing({ ...first, locationId: "14200000" }));
  expect(elsewhere.ports[0]?.socket).toBe("14200000");
});

test("without udevadm the ports are read from sysfs, and it is said", async () => {
  const root = mkdtempSync(join(tmpdir(), "livlina-sysfs-"));
  onTestFinished(() => rmSync(root, { recursive: true }));
  const usb = join(root, "devices/usb1/1-2");
  mkdirSync(join(usb, "1-2:1.0/ttyUSB3"), { recursive: true });
  for (const [name, text] of [
    ["idVendor", "303a"],
    ["idProduct", "1001"],
    ["serial", "24:0A:C4:00:00:01"],
  ] as const)
    writeFileSync(join(usb, name), `${text}\n`);
  mkdirSync(join(root, "class/ttyUSB3"), { recursive: true });
  mkdirSync(join(root, "class/tty7"));
  symlinkSync(join(usb, "1-2:1.0/ttyUSB3"), join(root, "class/ttyUSB3/device"));
  const { ports, note } = await listPorts(false, { list: none, sysfs: join(root, "class") });
  expect(note).toContain("spawn udevadm ENOENT");
  expect(ports).toMatchObject([
    {
      path: "/dev/ttyUSB3",
      serialNumber: "24:0A:C4:00:00:01",
      what: "Espressif chip, its own USB",
      socket: "1-2:1.0",
    },
  ]);
});

test("a machine without list and sysfs has no ports, and a port by its path is still taken", async () => {
  const bare = { list: none, sysfs: "/nowhere" };
  expect((await listPorts(true, bare)).ports).toEqual([]);
  expect(await portOf({ port: "/dev/pts/9" }, undefined, bare)).toEqual({ path: "/dev/pts/9", found: undefined });
  await expect(portOf({}, undefined, bare)).rejects.toMatchObject({ exitCode: 3, message: "no board is plugged in" });
});

test("the only board is taken without a flag, and never a modem", async () => {
  expect(await portOf({}, undefined, listing(first, modem, plain))).toMatchObject({ path: "/dev/ttyUSB0" });
});

test("of two equal boards somebody chooses, or the error lists them", async () => {
  const sources = listing(first, second);
  await expect(portOf({}, undefined, sources)).rejects.toMatchObject({
    exitCode: 2,
    message: "2 ports fit: /dev/ttyUSB0 (0001), /dev/ttyUSB1 (0002)",
    hint: "--serial-number S or --port PATH",
  });
  expect(await portOf({}, async (ports) => ports[1] as never, sources)).toMatchObject({ path: "/dev/ttyUSB1" });
  expect(await portOf({ serialNumber: "0002" }, undefined, sources)).toMatchObject({ path: "/dev/ttyUSB1" });
  await expect(portOf({ serialNumber: "0003" }, undefined, sources)).rejects.toMatchObject({ exitCode: 3 });
  const twins = listing(first, { ...second, serialNumber: "0001" });
  await expect(portOf({ serialNumber: "0001" }, undefined, twins)).rejects.toMatchObject({ hint: "--port PATH" });
});
