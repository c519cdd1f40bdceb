/**
 * The image of a button is another text than its source: short names, numbers in the place of names, tokens, functions that are made when they
 * are called. So it is run, host and all, on a few lines of Espruino's globals, and must do what the plain one does.
 */
import { fileURLToPath } from "node:url";
import { beforeAll, expect, test } from "vitest";
import { buttonFactoryPage } from "../../firmware/hosts/button-factory.ts";
import { ArrayFlash } from "../../firmware/pairing/arbitraries.ts";
import { ButtonStore } from "../../firmware/storage/button-store.ts";
import { ownKeyKind } from "../../firmware/storage/record-kinds.ts";
import { nobleAes } from "../../protocol/radio/arbitraries.ts";
import { openFrame, sealFrame } from "../../protocol/radio/frame.ts";
import { EventQueue } from "../../simulator/core/event-queue.ts";
import { readBoard, wiringOf } from "../boards.ts";
import { type BundleOptions, bundleDevice } from "./bundle.ts";
import { runStored } from "./stored-script-peer.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const address = 0x51;
const key = new Uint8Array(16).fill(7);
const cipher = nobleAes(key);
const wiring = wiringOf(readBoard("puck-js"), "0.1.0", "");
const board = { ...wiring, native: { aes: true, ccm: false } };

/** A button's home as its script sees it: the engine's globals over time, flash and air of this desk. What goes out and is shown is put down. */
class Home {
  readonly told: string[] = [];
  private readonly queue = new EventQueue();
  private readonly flash: ArrayFlash;
  private readonly global: Record<string, unknown>;
  private dice = 1;
  private change = (_event: { state: boolean }): void => {};
  private heard: ((device: object) => void) | undefined;
  private advertised = "";

  constructor(flash: ArrayFlash) {
    this.flash = flash;
    const modules: Record<string, object> = { Flash: this.rawFlash(), crypto: this.crypto() };
    this.global = {
      getTime: () => this.queue.nowMs / 1000,
      setTimeout: (run: () => void, ms: number) => this.later(run, ms),
      clearTimeout: (timer: number) => this.gone.add(timer),
      setInterval: () => {},
      require: (name: string) => modules[name],
      load: () => this.tell("load"),
      pinMode: () => {},
      setWatch: (run: (event: { state: boolean }) => void) => {
        this.change = run;
        return 1;
      },
      digitalPulse: (pin: string, level: number, times: number[]) => this.tell(`${pin} ${level} ${times.join()}`),
    };
  }

  private readonly gone = new Set<number>();
  private timers = 0;

  start(script: Uint8Array): void {
    const E = { hwRand: () => this.roll(), enableWatchdog: () => {}, kickWatchdog: () => {} };
    const NRF = {
      setTxPower: () => {},
      setAdvertising: (_services: object, options: { manufacturerData: Uint8Array }) => {
        this.advertised = Buffer.from(options.manufacturerData).toString("hex");
        this.tell(`sends ${this.advertised}`);
      },
      setScan: (heard?: (device: object) => void) => {
        this.heard = heard;
      },
      sleep: () => {},
      wake: () => {},
      getBattery: () => 3,
    };
    runStored(script, { global: this.global, require: this.global["require"], E, NRF, process: { on: () => {} } });
  }

  until(atMs: number): void {
    this.queue.runUntil(atMs);
  }

  press(): void {
    this.change({ state: true });
    this.until(this.queue.nowMs + 200);
    this.change({ state: false });
  }

  /** The unit keeps the press that the newest frame tells of. */
  acknowledge(): void {
    const frame = openFrame(cipher, Buffer.from(this.advertised, "hex"));
    if (!frame.ok || frame.value.message.type !== "press") throw new Error("the newest frame is no press");
    const name = frame.value.counter - frame.value.message.press.nameDistance;
    const bytes = sealFrame(cipher, address, 9, { type: "acknowledge", acknowledge: { name, step: "received" } });
    this.heard?.({ manufacturer: 0xffff, manufacturerData: new Uint8Array(bytes).buffer, rssi: -60 });
  }

  get isListening(): boolean {
    return this.heard !== undefined;
  }

  state(): unknown {
    return (this.global["livlina"] as { state(): unknown }).state();
  }

  private later(run: () => void, ms: number): number {
    const timer = ++this.timers;
    this.queue.at(this.queue.nowMs + ms, () => {
      if (!this.gone.has(timer)) run();
    });
    return timer;
  }

  private rawFlash(): object {
    const page = buttonFactoryPage({ address, form: "wrist", label: new Uint8Array(16).fill(9) });
    const base = board.journal.address;
    return {
      getFree: () => [{ addr: base - 4096, length: 16_384 }],
      erasePage: (at: number) => this.flash.erase((at - base) / 4096),
      write: (bytes: Uint8Array, at: number) => this.flash.program(at - base, bytes),
      read: (length: number, at: number) => {
        const into = new Uint8Array(length).fill(0xff);
        if (at === board.factory.address) into.set(page);
        else this.flash.read(at - base, into);
        return into;
      },
    };
  }

  private crypto(): object {
    return {
      AES: {
        encrypt: (block: Uint8Array, under: Uint8Array) => {
          const own = new Uint8Array(block);
          nobleAes(under)(own);
          return own.buffer;
        },
      },
    };
  }

  private tell(what: string): void {
    this.told.push(`${this.queue.nowMs} ${what}`);
  }

  private roll(): number {
    this.dice = (this.dice * 75 + 74) % 65_537;
    return this.dice * 65_537;
  }
}

/** Ten minutes: a press that is acknowledged late, and one after a restart that nobody hears. */
function lifeOf(script: Uint8Array): readonly string[] {
  const flash = new ArrayFlash(4096, 2);
  new ButtonStore(flash).write(ownKeyKind, 0, key);
  const first = new Home(flash);
  first.start(script);
  first.until(5_000);
  expect(first.state()).toEqual({ pending: 0, version: "0.1.0" });
  first.press();
  expect(first.state()).toEqual({ pending: 1, version: "0.1.0" });
  for (let atMs = 6_000; !first.isListening; atMs += 10) first.until(atMs);
  first.acknowledge();
  first.until(120_000);
  const second = new Home(flash);
  second.start(script);
  second.until(5_000);
  second.press();
  second.until(600_000);
  return [...first.told, "restart", ...second.told];
}

const bundle = async (how: Pick<BundleOptions, "minify" | "closed">): Promise<Uint8Array> =>
  (await bundleDevice("firmware/hosts/espruino/button.ts", { root, board, engine: "espruino", ...how })).bytes;

let plain: Uint8Array;
let whole: readonly string[];
beforeAll(async () => {
  plain = await bundle({ minify: false });
  whole = lifeOf(plain);
});

test("the button's script sends, shows an acknowledge, and is silent about it after a restart", () => {
  expect(whole.some((line) => line.endsWith("D4 1 80,80,80"))).toBe(true);
  expect(whole.filter((line) => line.includes(" sends ")).length).toBeGreaterThan(20);
  expect(whole.some((line) => line.endsWith(" load"))).toBe(false);
});

test.each(["names", "short-words"] as const)(
  "the image of a button (%s) does what the plain script does",
  async (closed) => {
    const bytes = await bundle({ minify: true, closed });
    expect(lifeOf(bytes)).toEqual(whole);
    expect(bytes.length).toBeLessThan((plain.length * 3) / 5);
  },
);
