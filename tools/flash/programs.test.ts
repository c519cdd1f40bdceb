import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { binariesIn, buildWithMcconfig } from "./esp-parts.ts";
import { interpreterWrite, missingOf, runForeign } from "./programs.ts";

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), "livlina-flash-"));
  onTestFinished(() => rmSync(path, { recursive: true }));
  return path;
}

/** A program that leaves its arguments in a file beside it. */
function program(at: string, name: string, script: string): void {
  writeFileSync(join(at, name), `#!/bin/sh\n${script}\n`);
  chmodSync(join(at, name), 0o755);
}

test("an STM32 is written by what is installed, and where nothing is, the error says what to install", () => {
  const bin = folder();
  const environment = { PATH: bin };
  expect(() => interpreterWrite("stm32f411", "e.bin", "/dev/ttyUSB0", environment)).toThrow("neither is on the PATH");
  program(bin, "espruino", "true");
  expect(interpreterWrite("stm32f411", "e.bin", "/dev/ttyUSB0", environment)).toMatchObject({ program: "espruino" });
  program(bin, "stm32flash", "true");
  expect(interpreterWrite("stm32f411", "e.bin", "/dev/ttyUSB0", environment)).toEqual({
    program: "stm32flash",
    args: ["-w", "e.bin", "-v", "-g", "0x0", "/dev/ttyUSB0"],
  });
});

test("an nRF52's interpreter is not written over a line, and the error says how it is", () => {
  expect(() => interpreterWrite("nrf52832", "e.zip", "x")).toThrow("over the air or by SWD");
  expect(() => interpreterWrite("nrf52840", "e.uf2", "x")).toThrow("it is a drive");
});

test("a foreign program that fails is an error with its command", () => {
  const bin = folder();
  program(bin, "stm32flash", "exit 3");
  vi.stubEnv("PATH", bin);
  onTestFinished(() => void vi.unstubAllEnvs());
  expect(() => runForeign({ program: "stm32flash", args: ["-w", "x"] })).toThrow("stm32flash -w x failed (3)");
});

test("what is missing of an SDK is named, each part of it", () => {
  const bin = folder();
  program(bin, "mcconfig", "true");
  expect(missingOf(["mcconfig", "idf.py"], ["MODDABLE"], { PATH: bin })).toBe(
    "idf.py is not on the PATH, MODDABLE is not set",
  );
  expect(missingOf(["mcconfig"], ["MODDABLE"], { PATH: bin, MODDABLE: "/x" })).toBe("");
});

test("the parts of an ESP-IDF build are read in the order of their addresses, with the loader's name of the chip", () => {
  const at = folder();
  mkdirSync(join(at, "bootloader"));
  for (const name of ["bootloader/bootloader.bin", "app.bin"]) writeFileSync(join(at, name), name);
  const args = {
    flash_files: { "0x10000": "app.bin", "0x1000": "bootloader/bootloader.bin" },
    extra_esptool_args: { chip: "esp32c3" },
  };
  writeFileSync(join(at, "flasher_args.json"), JSON.stringify(args));
  const { chip, parts } = binariesIn(at);
  expect([chip, ...parts.map((part) => part.address)]).toEqual(["ESP32-C3", 0x1000, 0x1_0000]);
  writeFileSync(join(at, "flasher_args.json"), JSON.stringify({ ...args, flash_files: { "0x10001": "app.bin" } }));
  expect(() => binariesIn(at)).toThrow("no multiple of 4096");
  writeFileSync(join(at, "flasher_args.json"), "{}");
  expect(() => binariesIn(at)).toThrow("flash_files");
});

test("Espruino's release for the ESP32 is known by its names, and another folder is refused", () => {
  const at = folder();
  expect(() => binariesIn(at)).toThrow("holds no image of an ESP32");
  for (const name of ["bootloader.bin", "partitions_espruino.bin", "espruino_esp32.bin"])
    writeFileSync(join(at, name), name);
  expect(binariesIn(at)).toMatchObject({
    chip: "ESP32",
    parts: [{ address: 0x1000 }, { address: 0x8000 }, { address: 0x1_0000 }],
  });
});

test("mcconfig builds what was prepared for it, and without the SDK the error names what is missing", () => {
  const image = folder();
  const bin = folder();
  mkdirSync(join(image, "mcconfig"));
  writeFileSync(join(image, "mcconfig/manifest.json"), "{}");
  vi.stubEnv("PATH", bin);
  onTestFinished(() => void vi.unstubAllEnvs());
  expect(() => buildWithMcconfig(image, "esp32/wt32_eth01")).toThrow(
    "mcconfig is not on the PATH, idf.py is not on the PATH",
  );
  program(bin, "idf.py", "true");
  vi.stubEnv("MODDABLE", bin);
  vi.stubEnv("IDF_PATH", bin);
  const args = '{"flash_files":{"0x10000":"a.bin"},"extra_esptool_args":{"chip":"esp32"}}';
  program(
    bin,
    "mcconfig",
    `[ "$3" = esp32/wt32_eth01 ] || exit 7\n/bin/mkdir -p "$7/tmp/build"\necho '${args}' >"$7/tmp/build/flasher_args.json"\nprintf app >"$7/tmp/build/a.bin"`,
  );
  expect(buildWithMcconfig(image, "esp32/wt32_eth01").parts).toMatchObject([{ name: "a.bin", address: 0x1_0000 }]);
  program(bin, "mcconfig", "echo broken; exit 2");
  expect(() => buildWithMcconfig(image, "esp32/wt32_eth01")).toThrow(/failed:\nbroken/);
});
