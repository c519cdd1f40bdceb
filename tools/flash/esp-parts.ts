/**
 * The binaries of an ESP32 image and where they go: from the folder of an ESP-IDF build (`flasher_args.json`), from Espruino's own
 * names, or from a build that the Moddable SDK's `mcconfig` makes here.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { z } from "zod";
import { systemReason } from "../system-reason.ts";
import { UserError } from "../user-error.ts";
import type { EspPart } from "./esp32.ts";
import { missingOf, programPath } from "./programs.ts";

export interface EspBinaries {
  /** As the loader names it, such as ESP32. */
  readonly chip: string;
  readonly parts: readonly EspPart[];
}

const flasherArgs = z.object({
  flash_files: z.record(z.string().regex(/^0x[0-9a-fA-F]+$/), z.string()),
  extra_esptool_args: z.object({ chip: z.string() }),
});
const argsName = "flasher_args.json";
/** Espruino's release for the ESP32 (its README_flash.txt). */
const espruinoParts: readonly (readonly [string, number])[] = [
  ["bootloader.bin", 0x1000],
  ["partitions_espruino.bin", 0x8000],
  ["espruino_esp32.bin", 0x1_0000],
];
const sector = 4_096;
const buildMs = 1_800_000;

/** Throws UserError (2) where the folder holds neither kind. */
export function binariesIn(folder: string): EspBinaries {
  if (existsSync(join(folder, argsName))) return fromIdf(folder);
  if (espruinoParts.every(([name]) => existsSync(join(folder, name))))
    return { chip: "ESP32", parts: espruinoParts.map(([name, address]) => partOf(folder, name, address)) };
  throw new UserError(
    `${folder} holds no image of an ESP32: neither ${argsName} nor ${espruinoParts.map(([name]) => name).join(", ")}`,
    "the build folder of ESP-IDF or mcconfig, or Espruino's unpacked release for the ESP32",
    2,
  );
}

function fromIdf(folder: string): EspBinaries {
  const path = join(folder, argsName);
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, "utf8"));
  } catch (thrown) {
    throw new UserError(`${path}: ${(thrown as Error).message}`, "build again", 2);
  }
  const read = flasherArgs.safeParse(value);
  if (!read.success)
    throw new UserError(
      `${path}: ${read.error.issues[0]?.path.join(".")}: ${read.error.issues[0]?.message}`,
      "build again",
      2,
    );
  const { flash_files: files, extra_esptool_args: extra } = read.data;
  const parts = Object.entries(files).map(([address, name]) => partOf(folder, name, Number(address)));
  return { chip: chipName(extra.chip), parts: parts.sort((one, other) => one.address - other.address) };
}

function partOf(folder: string, name: string, address: number): EspPart {
  const path = join(folder, name);
  if (address % sector !== 0)
    throw new UserError(`${path}: 0x${address.toString(16)} is no multiple of ${sector}`, "build again", 2);
  try {
    return { name, address, bytes: readFileSync(path) };
  } catch (thrown) {
    throw new UserError(`${path}: ${systemReason(thrown)}`, "build again", 2);
  }
}

/** `esp32c3` of a build is `ESP32-C3` to the loader. */
function chipName(name: string): string {
  const [, suffix = ""] = /^esp32(.*)$/i.exec(name) ?? [];
  return suffix === "" ? name.toUpperCase() : `ESP32-${suffix.toUpperCase()}`;
}

/**
 * Builds with `mcconfig` what `livlina build` prepared for it, in a folder of its own that is gone afterwards. Throws UserError: 3
 * that names what of the SDK is missing, 1 with the build's last lines where it fails.
 */
export function buildWithMcconfig(imageFolder: string, target: string): EspBinaries {
  const manifest = join(imageFolder, "mcconfig");
  const missing = missingOf(["mcconfig", "idf.py"], ["MODDABLE", "IDF_PATH"]);
  if (missing !== "")
    throw new UserError(
      `the Moddable SDK is not ready here: ${missing}`,
      "install it for this chip (moddable.com, its ESP32 guide), or --binaries DIR with what was built elsewhere",
      3,
    );
  if (!existsSync(join(manifest, "manifest.json")))
    throw new UserError(`${manifest} holds no manifest.json`, "livlina build BOARD", 2);
  const out = mkdtempSync(join(tmpdir(), "livlina-mcconfig-"));
  try {
    const args = ["-m", "-p", target, "-t", "build", "-o", out];
    const ran = spawnSync(programPath("mcconfig") as string, args, {
      cwd: manifest,
      encoding: "utf8",
      timeout: buildMs,
    });
    if (ran.status !== 0)
      throw new UserError(
        `mcconfig ${args.join(" ")} failed:\n${lastLines(ran.stdout + ran.stderr)}`,
        `the same in ${manifest}, to see all of it`,
        1,
      );
    const found = readdirSync(out, { recursive: true, encoding: "utf8" }).find((name) => name.endsWith(argsName));
    if (found === undefined)
      throw new UserError(`mcconfig has left no ${argsName}`, "an SDK of version 8, with ESP-IDF 6", 1);
    return binariesIn(dirname(join(out, found)));
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}

function lastLines(text: string): string {
  return text.trimEnd().split("\n").slice(-8).join("\n");
}
