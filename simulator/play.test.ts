import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, expect, test, vi } from "vitest";
import { Air } from "./air/air.ts";
import { Lane } from "./core/digest.ts";
import { Stream } from "./core/prng.ts";
import { Network, unitAddress } from "./network/network.ts";
import { playSmall, type SmallWorld, smallText } from "./play-bench.ts";
import { RunLog } from "./report/run-log.ts";
import { Wire } from "./wire.ts";

const world: SmallWorld = {
  duration: "8m",
  receivers: ["primary", "secondary"],
  faults: ["from: 3m, to: 6m, receiver: primary, fault: silent-after-200"],
  presses: ["at: 4m, press: u", "at: 5m, press: u, button: 2"],
};

async function digestOf(seed = 1): Promise<string> {
  return (await playSmall(world, seed)).digest;
}

async function inFolder(use: (folder: string) => Promise<void> | void): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "livlina-play-"));
  try {
    await use(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

afterEach(() => {
  vi.restoreAllMocks();
});

test("one seed gives one digest, in this process and in another", async () => {
  const digest = await digestOf();
  expect(digest).toMatch(/^[0-9a-f]{64}$/);
  expect(await digestOf()).toBe(digest);
  await inFolder((folder) => {
    const file = join(folder, "small.yaml");
    writeFileSync(file, smallText(world));
    const command = fileURLToPath(new URL("../tools/livlina.js", import.meta.url));
    const flags = ["sim", "run", file, "--seed", "1", "--out", join(folder, "out"), "--json", "--quiet"];
    const { stdout } = spawnSync(process.execPath, [command, ...flags], { encoding: "utf8" });
    expect(JSON.parse(stdout)).toMatchObject({ verdict: "passed", seed: 1, digest });
  });
});

test("another seed is another run", async () => {
  expect(await digestOf(2)).not.toBe(await digestOf(1));
});

test("who watches changes nothing: with and without a run log the digest is the same", async () => {
  const unobserved = await digestOf();
  await inFolder(async (folder) => {
    const log = new RunLog(join(folder, "events.jsonl"));
    const observed = await playSmall(world, 1, log);
    log.close();
    expect(observed.digest).toBe(unobserved);
    expect(readFileSync(join(folder, "events.jsonl"), "utf8").split("\n").length).toBeGreaterThan(20);
  });
});

/** One bit of the last byte of the n-th piece is turned over. */
function flipper(nth: number): { readonly flip: (bytes: Uint8Array) => Uint8Array; readonly wasDone: () => boolean } {
  let seen = 0;
  const flip = (bytes: Uint8Array): Uint8Array => {
    seen++;
    if (seen !== nth) return bytes;
    const changed = bytes.slice();
    changed[changed.length - 1] = (changed.at(-1) as number) ^ 1;
    return changed;
  };
  return { flip, wasDone: () => seen >= nth };
}

/** Where one byte is changed, and how the test comes between. */
const wires = [
  {
    name: "the radio",
    nth: 2,
    wrap: (flip: (bytes: Uint8Array) => Uint8Array): void => {
      const { transmit } = Air.prototype;
      vi.spyOn(Air.prototype, "transmit").mockImplementation(function (this: Air, sender, bytes, onEnd) {
        return transmit.call(this, sender, flip(bytes), onEnd);
      });
    },
  },
  {
    name: "the modem's line",
    nth: 20,
    wrap: (flip: (bytes: Uint8Array) => Uint8Array): void => {
      const { write } = Wire.prototype;
      vi.spyOn(Wire.prototype, "write").mockImplementation(function (this: Wire, bytes) {
        write.call(this, flip(bytes));
      });
    },
  },
  ...(["broadband", "mobile"] as const).map((route) => ({
    name: `the ${route} route`,
    nth: 3,
    wrap: (flip: (bytes: Uint8Array) => Uint8Array): void => {
      const { attach } = Network.prototype;
      vi.spyOn(Network.prototype, "attach").mockImplementation(function (this: Network, address, access, receive) {
        const change = address === unitAddress(route, 0) ? flip : (bytes: Uint8Array) => bytes;
        return attach.call(this, address, access, (bytes, from, toPort) => receive(change(bytes), from, toPort));
      });
    },
  })),
];

for (const { name, nth, wrap } of wires)
  test(`one bit changed on ${name} changes the digest`, async () => {
    const digest = await digestOf();
    const { flip, wasDone } = flipper(nth);
    wrap((bytes) => bytes);
    expect(await digestOf(), "to come between changes nothing").toBe(digest);
    vi.restoreAllMocks();
    wrap(flip);
    expect(await digestOf()).not.toBe(digest);
    expect(wasDone()).toBe(true);
  });

test("every wire goes into the digest, from both ends", async () => {
  const wires = new Set<string>();
  vi.spyOn(Lane.prototype, "bytes").mockImplementation(function (this: Lane, _atMs, wire) {
    wires.add(`${this.name}: ${wire}`);
  });
  await digestOf();
  const ofUnit = ["to-device", "to-peer", "mobile sent", "mobile received", "broadband sent", "broadband received"];
  for (const wire of ofUnit) expect(wires).toContain(`unit u: ${wire}`);
  for (const wire of ["sent", "heard"]) expect(wires).toContain(`air unit u: ${wire}`);
  for (const receiver of ["primary", "secondary"])
    for (const wire of ["sent", "received"]) expect(wires).toContain(`receiver ${receiver}: ${wire}`);
});

test("chance from outside the seed shows: a world that asks Math.random differs from itself", async () => {
  const { below } = Stream.prototype;
  vi.spyOn(Stream.prototype, "below").mockImplementation(function (this: Stream, n) {
    return (below.call(this, n) + Math.floor(Math.random() * n)) % n;
  });
  expect(await digestOf()).not.toBe(await digestOf());
});
