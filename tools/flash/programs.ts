/** Foreign programs that flash what we do not: looked for on the PATH, never required, and named where they are missing. */
import { spawnSync } from "node:child_process";
import { accessSync, constants, statSync } from "node:fs";
import { delimiter, join } from "node:path";
import { UserError } from "../user-error.ts";

const writeMs = 600_000;

/** Where it is, or undefined. */
export function programPath(name: string, environment: NodeJS.ProcessEnv = process.env): string | undefined {
  for (const folder of (environment["PATH"] ?? "").split(delimiter)) {
    const path = join(folder, name);
    try {
      accessSync(path, constants.X_OK);
      if (folder !== "" && statSync(path).isFile()) return path;
    } catch {
      // Not in this folder: the next may have it.
    }
  }
  return undefined;
}

/** What is not there of programs and environment variables, for people; "" where all is. */
export function missingOf(
  programs: readonly string[],
  variables: readonly string[],
  environment: NodeJS.ProcessEnv = process.env,
): string {
  const lacks = programs
    .filter((name) => programPath(name, environment) === undefined)
    .map((name) => `${name} is not on the PATH`);
  for (const name of variables) if ((environment[name] ?? "") === "") lacks.push(`${name} is not set`);
  return lacks.join(", ");
}

export interface ForeignWrite {
  readonly program: string;
  readonly args: readonly string[];
}

/**
 * How an interpreter's own image gets onto a chip that has its loader elsewhere than on a line of ours. Throws UserError (3) that says
 * what is missing, or how it is done by hand.
 */
export function interpreterWrite(
  chip: string,
  file: string,
  port: string,
  environment: NodeJS.ProcessEnv = process.env,
): ForeignWrite {
  if (chip.startsWith("stm32")) {
    if (programPath("stm32flash", environment) !== undefined)
      return { program: "stm32flash", args: ["-w", file, "-v", "-g", "0x0", port] };
    if (programPath("espruino", environment) !== undefined)
      return {
        program: "espruino",
        args: ["--no-ble", "--config", "BLUETOOTH_LOW_ENERGY=false", "-p", port, "-f", file],
      };
    throw new UserError(
      `an ${chip} is written by stm32flash or espruino, and neither is on the PATH`,
      "apt install stm32flash, or npm install --global espruino; then BOOT0 high, reset, and the same command",
      3,
    );
  }
  if (chip === "nrf52840")
    throw new UserError(
      `an ${chip} takes its interpreter as a file: it is a drive while it is in its loader`,
      `press reset twice and copy ${file} (a .uf2) onto the drive that appears`,
      3,
    );
  throw new UserError(
    `an ${chip} takes its interpreter over the air or by SWD, not over a serial line`,
    "hold the button while it gets power until the green lamp is on, then send the .zip with a phone (espruino.com/Puck.js)",
    3,
  );
}

/** Runs it with its words on stderr. Throws UserError (1) where it fails. */
export function runForeign({ program, args }: ForeignWrite): void {
  const ran = spawnSync(programPath(program) as string, args, { stdio: ["ignore", 2, 2], timeout: writeMs });
  if (ran.status !== 0)
    throw new UserError(
      `${program} ${args.join(" ")} failed (${ran.status ?? ran.signal})`,
      "what it says above; is the chip in its loader (BOOT0 high, then reset)?",
      1,
    );
}
