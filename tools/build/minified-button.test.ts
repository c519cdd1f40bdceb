/** A minified bundle is another text, so it is run: the wrist button of it must do what the plain one does. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { ArrayFlash } from "../../firmware/pairing/arbitraries.ts";
import type { ButtonHost } from "../../firmware/ports/host.ts";
import type { WristButton } from "../../firmware/wrist-button.ts";
import { nobleAes } from "../../protocol/radio/arbitraries.ts";
import { openFrame, sealFrame } from "../../protocol/radio/frame.ts";
import { EventQueue } from "../../simulator/core/event-queue.ts";
import { SimClock } from "../../simulator/core/sim-clock.ts";
import { bundleDevice } from "./bundle.ts";

type Maker = typeof WristButton;

const root = fileURLToPath(new URL("../..", import.meta.url));
const address = 0x51;
const key = new Uint8Array(16).fill(7);
const cipher = nobleAes(key);

/** The class as a bundle has it: the bundle of a script that hands it out. */
async function makerOf(minify: boolean): Promise<Maker> {
  const folder = await mkdtemp(join(tmpdir(), "livlina-bundle-"));
  try {
    const entry = join(folder, "entry.ts");
    const path = JSON.stringify(join(root, "firmware/wrist-button.ts"));
    await writeFile(entry, `import { WristButton } from ${path};\n(globalThis as any).given = WristButton;\n`);
    const bundle = await bundleDevice(entry, { root, minify });
    const scope: { given?: Maker } = {};
    new Function("globalThis", Buffer.from(bundle.bytes).toString())(scope);
    if (scope.given === undefined) throw new Error("the bundle handed out nothing");
    return scope.given;
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** A button's home: its time, flash, radio and contact. What goes out and what is shown is put down. */
class Home {
  readonly told: string[] = [];
  readonly host: ButtonHost;
  private readonly queue = new EventQueue();
  private readonly packets: Uint8Array[] = [];
  private dice = 1;
  private change = (_closed: boolean): void => {};
  private readable = (_count: number): void => {};

  constructor() {
    this.host = {
      clock: new SimClock(this.queue),
      secrets: { random: (into) => void into.fill(this.roll()), aes: nobleAes },
      flash: new ArrayFlash(1024, 2),
      openRadio: ({ onReadable }) => {
        this.readable = onReadable;
        return {
          send: (bytes) => void this.tell(Buffer.from(bytes).toString("hex")),
          listen: () => {},
          read: () => {
            const bytes = this.packets.shift();
            return bytes && { bytes, rssiDbm: -60 };
          },
          close: () => {},
        };
      },
      openContact: ({ onChange }) => {
        this.change = onChange;
        return { close: () => {} };
      },
      signals: { show: (signal) => void this.tell(signal) },
      batteryMv: () => 3_000,
      observe: undefined,
    };
  }

  until(atMs: number): void {
    this.queue.runUntil(atMs);
  }

  press(): void {
    this.change(true);
    this.until(this.queue.nowMs + 200);
    this.change(false);
  }

  /** The unit keeps the press that the newest frame tells of. */
  acknowledge(): void {
    const frame = openFrame(cipher, Buffer.from(this.told.at(-1)?.split(" ")[1] ?? "", "hex"));
    if (!frame.ok || frame.value.message.type !== "press") throw new Error("the newest frame is no press");
    const name = frame.value.counter - frame.value.message.press.nameDistance;
    this.packets.push(sealFrame(cipher, address, 9, { type: "acknowledge", acknowledge: { name, step: "received" } }));
    this.readable(1);
  }

  private tell(what: string): void {
    this.told.push(`${this.queue.nowMs} ${what}`);
  }

  private roll(): number {
    this.dice = (this.dice * 75 + 74) % 65_537;
    return this.dice;
  }
}

/** Ten minutes: a press that is acknowledged late, a restart, and a press that nobody hears. */
function lifeOf(maker: Maker): readonly string[] {
  const home = new Home();
  const first = new maker(home.host, { address, key });
  home.until(5_000);
  home.press();
  home.until(20_000);
  home.acknowledge();
  home.until(120_000);
  first.close();
  new maker(home.host, { address, key });
  home.until(125_000);
  home.press();
  home.until(600_000);
  return home.told;
}

test("the minified wrist button sends and shows what the plain one does", async () => {
  const plain = lifeOf(await makerOf(false));
  expect(plain.some((line) => line.endsWith(" received"))).toBe(true);
  expect(plain.length).toBeGreaterThan(25);
  expect(lifeOf(await makerOf(true))).toEqual(plain);
});
