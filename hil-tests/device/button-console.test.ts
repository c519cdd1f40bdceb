import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test, vi } from "vitest";
import { readBoard } from "../../tools/boards.ts";
import { bundleDevice } from "../../tools/build/bundle.ts";
import { type Image, imageFile } from "../../tools/build/image.ts";
import { EspruinoBoard } from "../../tools/flash/espruino-board.ts";
import { EspruinoConsole } from "../../tools/flash/espruino-console.ts";
import { EspruinoPeer } from "../../tools/flash/espruino-peer.ts";
import { RealEspruino, realEspruino } from "../../tools/flash/espruino-real.ts";
import { interpreterImage } from "../../tools/flash/flash-run.ts";
import { openSerialLine, type SerialLine } from "../../tools/flash/serial-line.ts";
import { actuatorOf } from "../bench/actuator.ts";
import type { Actuator, BenchClock } from "../bench/bench.ts";
import { FillableDisk } from "../bench/disk.ts";
import { openBench } from "../bench/open-bench.ts";
import { ButtonConsole } from "./button-console.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

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

function consoleAt(locate: () => Promise<string | undefined>) {
  const folder = mkdtempSync(join(tmpdir(), "livlina-button-"));
  const disk = new FillableDisk();
  const logPath = join(folder, "button-1.log");
  const button = new ButtonConsole({ device: { name: "button-1", locate }, clock: realClock(), disk, logPath });
  onTestFinished(() => {
    button.close();
    rmSync(folder, { recursive: true });
  });
  return { button, disk, logPath };
}

async function spoken<T>(path: string, say: (line: SerialLine) => Promise<T>): Promise<T> {
  const line = await openSerialLine(path, 115_200);
  return say(line).finally(() => line.close());
}

test("a button is asked how it stands, and all that was said is in its log", async () => {
  const peer = new EspruinoPeer({ pending: 1 });
  onTestFinished(() => peer.close());
  const { button, logPath } = consoleAt(async () => peer.pty.path);
  expect(await button.state()).toEqual({ pending: 1 });
  await button.expect("a press", ({ pending }) => pending === 1, 1_000);
  const late = await button.expect("no press", ({ pending }) => pending === 0, 100).catch((thrown: unknown) => thrown);
  expect(late).toMatchObject({ trouble: "late", verdict: "failed", message: expect.stringContaining('{"pending":1}') });
  expect(readFileSync(logPath, "utf8")).toMatch(/^\+\d+ ms > livlina\.state\(\)\n\+\d+ ms < \{"pending":1\}$/m);
});

test("a button that is not plugged in, and one whose firmware does not run, are not passed over", async () => {
  const gone = consoleAt(async () => undefined).button.state();
  await expect(gone).rejects.toMatchObject({ trouble: "port-gone", verdict: "unknown" });
  const peer = new EspruinoPeer();
  onTestFinished(() => peer.close());
  const { button, disk } = consoleAt(async () => peer.pty.path);
  await expect(button.state()).rejects.toMatchObject({ trouble: "refused", verdict: "failed" });
  disk.fill();
  await expect(button.state()).rejects.toMatchObject({ part: "disk", verdict: "blocked" });
});

/** What stands in for a finger on a machine without pins: the contact is closed by the test's own words. */
function fingerOn(path: string): Actuator {
  const driver = {
    name: "console",
    set: async (closed: boolean | number): Promise<void> => {
      if (closed === true) await spoken(path, (line) => new EspruinoConsole(line).value("(livlina.press(),1)"));
    },
    check: async (): Promise<void> => {},
  };
  return actuatorOf({ name: "finger", moves: "press", of: "button-1", driver, clock: realClock() });
}

/** The firmware in the interpreter's Storage, started. */
async function flash(device: RealEspruino): Promise<void> {
  await device.settled();
  const script = (await bundleDevice("tools/flash/console-button.ts", { root, minify: true })).bytes;
  await spoken(device.path, async (line) => {
    const board = new EspruinoBoard(line);
    const puck = readBoard("puck-js");
    const { target } = await board.facts();
    const onto = { ...puck, engineImage: { ...puck.engineImage, target }, storage: { code: puck.storage.code } };
    const { manifest } = interpreterImage(onto);
    const files = [imageFile("livlina.js", script)];
    const image: Image = { manifest: { ...manifest, storageName: "livlina", files }, contents: [script] };
    await board.write(
      image,
      () => {},
      () => {},
    );
    await board.boot();
  });
}

test("the button's firmware on a real Espruino interpreter is a device of the bench: pressed by an actuator, and followed over a power cut", {
  timeout: 60_000,
}, async (context) => {
  if (realEspruino === undefined) context.skip("no Espruino interpreter: LIVLINA_ESPRUINO names none");
  const device = new RealEspruino();
  onTestFinished(() => device.close());
  await flash(device);
  const listed = [{ path: device.path, vendorId: "0483", productId: "5740", serialNumber: "E-1" }];
  const file = join(device.folder, "bench.yaml");
  writeFileSync(
    file,
    "name: desk\ndevices: [{ name: button-1, role: button, board: puck-js, usb: { serial-number: E-1 } }]\n",
  );
  const bench = await openBench(file, { ports: { list: async () => listed, sysfs: "/nowhere" } });
  onTestFinished(() => bench.close());
  const button = bench.openButton(bench.device("button-1"), join(device.folder, "button-1.log"));
  onTestFinished(() => button.close());
  expect(await button.state()).toMatchObject({ pending: 0, isBonded: true });
  await fingerOn(device.path).pulse(50);
  await button.expect("a press on its way", ({ pending }) => pending === 1, 5_000);
  const words = (await button.events(8)).map((line) => line.replace(/^\d+ /, ""));
  expect(words).toEqual(expect.arrayContaining(["contact closed", expect.stringMatching(/^radio \d+ bytes$/)]));
  await device.powerOff();
  await expect(button.state()).rejects.toMatchObject({ trouble: "silent", verdict: "unknown" });
  device.powerOn();
  // A second after power the firmware starts; until then the console has no such words.
  const again = await vi.waitFor(() => button.state(), { timeout: 20_000, interval: 500 });
  expect(again).toMatchObject({ pending: 0, isBonded: true });
});
