/** A real Espruino interpreter behind a pseudo-terminal: written, verified, booted, pressed, its log read, broken off and resumed. */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, expect, onTestFinished, test } from "vitest";
import type { Board } from "../boards.ts";
import { readBoard } from "../boards.ts";
import { bundleDevice } from "../build/bundle.ts";
import { type Image, imageFile } from "../build/image.ts";
import { EspruinoBoard } from "./espruino-board.ts";
import { RealEspruino, realEspruino } from "./espruino-real.ts";
import { type FlashPlan, flashEspruino, interpreterImage } from "./flash-run.ts";
import { openSerialLine } from "./serial-line.ts";

const absent = realEspruino === undefined;
const why = "no Espruino interpreter: LIVLINA_ESPRUINO names none";
const root = fileURLToPath(new URL("../..", import.meta.url));
const timeout = 60_000;

let script: Uint8Array;
beforeAll(async () => {
  if (!absent) script = (await bundleDevice("tools/flash/console-button.ts", { root, minify: true })).bytes;
});

/** Puck.js in all but what the interpreter calls itself; its raw pages are elsewhere on this machine. */
function board(target: string): Board {
  const puck = readBoard("puck-js");
  const { code } = puck.storage;
  return { ...puck, engineImage: { ...puck.engineImage, target }, storage: { code } };
}

function imageFor(onto: Board, version: string): Image {
  const files = [imageFile("livlina.js", script)];
  return {
    manifest: { ...interpreterImage(onto).manifest, version, storageName: "livlina", files },
    contents: [script],
  };
}

async function bench() {
  const device = new RealEspruino();
  onTestFinished(() => device.close());
  await device.settled();
  const line = await openSerialLine(device.path, 115_200);
  const { target } = await new EspruinoBoard(line).facts().finally(() => line.close());
  const onto = board(target);
  const desk = { say: () => {}, ask: () => Promise.reject(new Error("not asked")), close: () => {} };
  const flash = (changes: Partial<FlashPlan> = {}) => {
    const patience = { answerMs: 2_500, quietMs: 100, greetMs: 700, resetMs: 300, bootMs: 1_400, helloMs: 100 };
    const job = {
      board: onto,
      path: device.path,
      found: undefined,
      baud: 115_200,
      isBaudGiven: false,
      key: undefined,
      waitMs: 0,
      desk,
      patience,
    };
    const journal = join(device.folder, "journal.jsonl");
    return flashEspruino({
      job,
      image: imageFor(onto, "0.1.0"),
      force: undefined,
      journal,
      isDryRun: false,
      isSure: true,
      onProgress: () => {},
      ...changes,
    });
  };
  return { device, flash, onto };
}

/** Something on the console of what runs there. */
async function asked<T>(device: RealEspruino, code: string): Promise<T> {
  const line = await openSerialLine(device.path, 115_200);
  return new EspruinoBoard(line).console.value<T>(code).finally(() => line.close());
}

test("the button's firmware is written, reads back, boots from Storage, hears a press and tells its log", {
  timeout,
}, async (context) => {
  if (absent) context.skip(why);
  const { device, flash } = await bench();
  const result = await flash();
  expect(result).toMatchObject({ kept: 0 });
  expect(result.written).toBeGreaterThan(script.length);
  expect(await flash()).toMatchObject({ kept: result.written, written: 0 });
  expect(await asked(device, "livlina.state()")).toMatchObject({ pending: 0, isBonded: true });
  await asked(device, "(livlina.press(),1)");
  await new Promise((resolve) => setTimeout(resolve, 700));
  const log = await asked<string[]>(device, "livlina.log(0,8)");
  expect(log.map((line) => line.replace(/^\d+ /, ""))).toEqual(
    expect.arrayContaining(["contact closed", expect.stringMatching(/^radio \d+ bytes$/)]),
  );
  expect(await asked(device, "livlina.state()")).toMatchObject({ pending: 1 });
  await expect(flash()).rejects.toMatchObject({ exitCode: 4 });
  const memory = await asked<{ free: number; usage: number }>(
    device,
    "(m=>({free:m.free,usage:m.usage}))(process.memory())",
  );
  expect(memory.free).toBeGreaterThan(0);
});

test("broken off in the middle by a power cut, the next try goes on behind what is in Storage", {
  timeout,
}, async (context) => {
  if (absent) context.skip(why);
  const { device, flash } = await bench();
  const half = Math.floor(script.length / 2);
  let cut = false;
  const broken = flash({
    onProgress: (done) => {
      if (done < half || cut) return;
      cut = true;
      void device.powerOff();
    },
  });
  await expect(broken).rejects.toMatchObject({ exitCode: 3 });
  device.powerOn();
  await device.settled();
  expect(await asked(device, 'require("Storage").read(".bootcde")===undefined')).toBe(true);
  const result = await flash();
  expect(result.kept).toBeGreaterThanOrEqual(half);
  expect(result.kept + result.written).toBeGreaterThan(script.length);
  expect(await asked(device, "livlina.state()")).toMatchObject({ pending: 0 });
});
