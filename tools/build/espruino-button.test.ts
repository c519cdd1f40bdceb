/**
 * The button's image on a real Espruino interpreter, booted from Storage: a press becomes a frame that the unit can open, key and counters
 * outlive a restart in the raw pages, and what it takes of memory is counted. The radio and the pins are doubles of a few lines.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { buttonFactoryPage } from "../../firmware/hosts/button-factory.ts";
import { ArrayFlash } from "../../firmware/pairing/arbitraries.ts";
import { ButtonStore } from "../../firmware/storage/button-store.ts";
import { ownKeyKind } from "../../firmware/storage/record-kinds.ts";
import { nobleAes } from "../../protocol/radio/arbitraries.ts";
import { type Frame, openFrame } from "../../protocol/radio/frame.ts";
import { readBoard, wiringOf } from "../boards.ts";
import { found } from "../config/requires.ts";
import { EspruinoConsole } from "../engines/espruino-console.ts";
import { espruinoProgram } from "../engines/espruino-engine.ts";
import { bundleDevice } from "./bundle.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const program = espruinoProgram();
const key = new Uint8Array(16).fill(7);
const address = 0xc0ffee;
const sectorSize = 4096;

/** What a board has and this machine has not. */
const doubles = `global.told=[];NRF={setTxPower:function(){},sleep:function(){},wake:function(){},setScan:function(f){NRF.f=f},
setAdvertising:function(s,o){told.push(btoa(E.toString(o.manufacturerData)))},getBattery:function(){return 3}};
global.setWatch=function(f){global.press=function(c){f({state:c})};return 1};global.digitalPulse=function(){};
E.enableWatchdog=function(){};E.kickWatchdog=function(){};`;

/** A folder whose flash holds image, factory page and the key of a unit; the console of an interpreter that has booted from it. */
class Bench {
  readonly folder = mkdtempSync(join(tmpdir(), "livlina-button-"));
  console: EspruinoConsole | undefined;

  async prepare(): Promise<void> {
    const fresh = this.open();
    const [start, length] = JSON.parse(
      await fresh.ask('(a=>JSON.stringify([a.addr,a.length]))(require("Flash").getFree()[0])'),
    ) as [number, number];
    const aes = (await fresh.ask('typeof (require("crypto").AES||{}).encrypt')) === "function";
    await fresh.ask('require("Storage").write("mark","mark")');
    await fresh.close();
    const rawAt = length - 3 * sectorSize;
    const wiring = wiringOf(readBoard("puck-js"), "0.1.0", "");
    const board = {
      ...wiring,
      native: { ...wiring.native, aes },
      journal: { ...wiring.journal, address: start + rawAt },
      factory: { address: start + rawAt + 2 * sectorSize, sectorSize },
    };
    const options = { root, minify: true, board, closed: "short-words" } as const;
    const { bytes } = await bundleDevice("firmware/hosts/espruino/button.ts", options);
    const path = join(this.folder, "espruino.flash");
    const flash = readFileSync(path);
    const files = [storageFile(".boot0", Buffer.from(doubles)), storageFile(".bootcde", Buffer.from(bytes))];
    Buffer.concat(files).copy(flash, flash.indexOf("mark") + 28 + 4);
    rawPages().copy(flash, rawAt);
    writeFileSync(path, flash);
  }

  open(): EspruinoConsole {
    this.console = new EspruinoConsole(program as string, this.folder);
    return this.console;
  }

  /** Presses and waits until so many frames are out. */
  async frames(count: number): Promise<Frame[]> {
    for (let i = 0; i < 400; i++) {
      const told = JSON.parse((await this.console?.ask("JSON.stringify(told)")) ?? "[]") as string[];
      if (told.length >= count)
        return told.map((text) => {
          const frame = openFrame(nobleAes(key), Buffer.from(text, "base64"));
          if (!frame.ok) throw new Error(`no frame of this key: ${text}`);
          return frame.value;
        });
    }
    throw new Error("the frames did not come");
  }
}

function storageFile(name: string, content: Buffer): Buffer {
  const head = Buffer.alloc(32);
  head.writeUInt32LE(content.length);
  head.write(name, 4, "latin1");
  return Buffer.concat([head, content, Buffer.alloc((4 - (content.length % 4)) % 4, 0xff)]);
}

function rawPages(): Buffer {
  const cells = new ArrayFlash(sectorSize, 2);
  new ButtonStore(cells).write(ownKeyKind, 0, key);
  const pages = Buffer.alloc(2 * sectorSize);
  cells.read(0, pages);
  return Buffer.concat([pages, buttonFactoryPage({ address, form: "wrist", label: new Uint8Array(16).fill(9) })]);
}

test("on a real interpreter a press becomes a frame of the button's own key, and a restart takes no counter twice", async (context) => {
  const sought = found("espruino", program !== undefined, "LIVLINA_ESPRUINO names no interpreter");
  if (!sought.here) context.skip(sought.reason);
  const bench = new Bench();
  onTestFinished(async () => {
    await bench.console?.close();
    rmSync(bench.folder, { recursive: true, force: true });
  });
  await bench.prepare();
  let console = bench.open();
  expect(await console.booted()).not.toContain("Uncaught");
  const atRest = Number(await console.ask("process.memory().usage"));
  await console.ask("press(true)");
  const first = await bench.frames(2);
  expect(first[0]?.message).toMatchObject({ type: "press", press: { presses: 1, reason: "call", batteryMv: 3_000 } });
  expect(first[0]?.counter).toBe(1);
  const pressed = Number(await console.ask("process.memory().usage"));
  const total = Number(await console.ask("process.memory().total"));
  process.stdout.write(`espruino: ${atRest} JsVars after boot, ${pressed} in a series, of ${total}\n`);
  await console.close();
  console = bench.open();
  expect(await console.booted()).not.toContain("Uncaught");
  await console.ask("press(true)");
  expect((await bench.frames(1))[0]?.counter).toBe(65);
}, 60_000);
