/** `devices`, `flash` and `verify` as programs call them: exit codes, stdout that holds results alone, and nobody there to ask. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { readBoard } from "../boards.ts";
import { imageFile } from "../build/image.ts";
import { main } from "../cli.ts";
import { EspruinoPeer } from "../flash/espruino-peer.ts";
import { interpreterImage } from "../flash/flash-run.ts";
import { RomLoader } from "../flash/rom-loader.ts";
import { type Ended, startLivlina } from "../live-bench.ts";

const script = Uint8Array.from({ length: 900 }, (_, i) => 0x20 + ((i * 7 + (i >>> 5)) % 90));

/** What `livlina build` leaves, with a script of this test's. */
function imageOf(name: string): string {
  const at = mkdtempSync(join(tmpdir(), "livlina-flash-"));
  onTestFinished(() => rmSync(at, { recursive: true }));
  const about = interpreterImage(readBoard(name)).manifest;
  const manifest = { ...about, version: "0.2.0", storageName: "livlina", files: [imageFile("livlina.js", script)] };
  writeFileSync(join(at, "livlina.js"), script);
  writeFileSync(join(at, "image.json"), JSON.stringify(manifest));
  return at;
}

/** In a process of its own, at which nobody sits. */
function alone(...args: string[]): Promise<Ended> {
  return startLivlina(onTestFinished, args).ended;
}

/** In this process, for speed. */
async function livlina(...args: string[]): Promise<Ended> {
  let stdout = "";
  let stderr = "";
  const spies = [
    vi.spyOn(process.stdout, "write").mockImplementation((text) => {
      stdout += String(text);
      return true;
    }),
    vi.spyOn(process.stderr, "write").mockImplementation((text) => {
      stderr += String(text);
      return true;
    }),
  ];
  process.exitCode = undefined;
  try {
    return { code: await main(args), stdout, stderr };
  } finally {
    for (const spy of spies) spy.mockRestore();
    process.exitCode = undefined;
  }
}

test("flash, verify and devices of one board: results on stdout alone, and an exit code that says whether it differs", async () => {
  const image = imageOf("puck-js");
  const peer = new EspruinoPeer();
  onTestFinished(() => peer.close());
  const usual = ["puck-js", "--port", peer.pty.path, "--image", image, "--wait", "0", "--json"];
  const verify = (): Promise<Ended> => livlina("verify", ...usual);
  const before = await verify();
  expect([before.code, JSON.parse(before.stdout).wrong]).toEqual([1, ["livlina", "livlina.json", ".bootcde"]]);
  const asked = await alone("flash", ...usual, "--journal", join(image, "j"));
  expect([asked.code, asked.stdout]).toEqual([3, ""]);
  expect(asked.stderr).toContain("puck-js 0.2.0 (eu) onto /dev/");
  expect(peer.files.size).toBe(0);
  const flashed = await livlina("flash", ...usual, "--journal", join(image, "j"), "--yes");
  expect([flashed.code, JSON.parse(flashed.stdout)]).toMatchObject([0, { kept: 0, board: "puck-js" }]);
  const after = await verify();
  expect([after.code, JSON.parse(after.stdout)]).toMatchObject([0, { same: true, there: "0.2.0" }]);
  const shown = await livlina("devices", "--port", peer.pty.path, "--probe", "--json");
  expect(JSON.parse(shown.stdout)).toMatchObject([
    { answers: { is: "espruino", target: "PUCKJS", board: "puck-js", firmware: "0.2.0" } },
  ]);
}, 40_000);

test("an ESP32 is flashed with nothing but the result on stdout", async () => {
  const image = imageOf("wt32-eth01");
  const build = join(image, "build");
  mkdirSync(build);
  writeFileSync(join(build, "app.bin"), script);
  writeFileSync(
    join(build, "flasher_args.json"),
    '{"flash_files":{"0x20000":"app.bin"},"extra_esptool_args":{"chip":"esp32"}}',
  );
  const peer = new RomLoader();
  onTestFinished(() => peer.close());
  const usual = [
    "wt32-eth01",
    "--port",
    peer.pty.path,
    "--image",
    image,
    "--journal",
    join(image, "j"),
    "--yes",
    "--json",
  ];
  const flashed = await livlina("flash", ...usual, "--binaries", build);
  expect([flashed.code, JSON.parse(flashed.stdout)]).toMatchObject([
    0,
    { written: script.length, chip: "24:0a:c4:12:34:56" },
  ]);
  vi.stubEnv("PATH", "/nowhere");
  onTestFinished(() => void vi.unstubAllEnvs());
  const bare = await livlina("flash", ...usual);
  const missing = "the Moddable SDK is not ready here: mcconfig is not on the PATH";
  expect([bare.code, bare.stderr]).toEqual([3, expect.stringContaining(missing)]);
}, 40_000);

test("devices never fails where udevadm is missing, and says so", async () => {
  vi.stubEnv("PATH", "/nowhere");
  onTestFinished(() => void vi.unstubAllEnvs());
  const { code, stdout, stderr } = await livlina("devices", "--json");
  expect([code, Array.isArray(JSON.parse(stdout))]).toEqual([0, true]);
  if (process.platform === "linux") expect(stderr).toContain("--port PATH takes any");
}, 20_000);

test.each([
  ["flash puckjs", "there is no board puckjs", 2],
  ["flash puck-js --baud x --port /dev/null", "--baud x is no rate", 2],
  ["flash puck-js --force= --port /dev/null", "--force without a reason", 2],
  ["flash puck-js --interpreter x.zip --port /dev/null", "over the air or by SWD", 3],
])(
  "livlina %s: %s",
  async (line, words, exitCode) => {
    const { code, stderr } = await livlina(...line.split(" "));
    expect([code, stderr]).toEqual([exitCode, expect.stringContaining(words)]);
  },
  20_000,
);
