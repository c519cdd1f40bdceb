/** A socket of a hub that can switch its power (USB 2.0 11.11), by the program `uhubctl`, where that is installed. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { cannot, type Driver } from "../actuator.ts";
import { RigError } from "../rig-error.ts";

export interface HubSocket {
  /** Such as "1-1". */
  readonly hub: string;
  readonly port: number;
}

const run = promisify(execFile);
const timeout = 15_000;

/** `program`: another one than on the PATH. */
export function uhubctl({ hub, port }: HubSocket, program = "uhubctl"): Driver {
  const ask = async (...more: readonly string[]): Promise<string> => {
    try {
      return (await run(program, ["-l", hub, "-p", String(port), ...more], { timeout })).stdout;
    } catch (thrown) {
      throw failure(hub, port, thrown as NodeJS.ErrnoException & { stderr?: string });
    }
  };
  return {
    name: "uhubctl",
    set: async (value) => {
      if (typeof value === "number") throw cannot("uhubctl", value);
      await ask("-a", value ? "on" : "off");
      // It reports success also where the hub only pretends.
      if (isPowered(await ask(), port) !== value)
        throw new RigError(
          "actuator",
          `socket ${port} of hub ${hub} did not go ${value ? "on" : "off"}`,
          "a hub that uhubctl lists as ppps",
        );
    },
    check: async () => {
      if (isPowered(await ask(), port) === undefined)
        throw new RigError("actuator", `hub ${hub} has no socket ${port}`, "uhubctl lists what there is");
    },
  };
}

/** Undefined where the socket is not listed. */
function isPowered(listed: string, port: number): boolean | undefined {
  const line = listed.split("\n").findLast((each) => new RegExp(`^\\s*Port ${port}:`).test(each));
  return line === undefined ? undefined : !/\boff\b/.test(line);
}

function failure(hub: string, port: number, thrown: NodeJS.ErrnoException & { stderr?: string }): RigError {
  if (thrown.code === "ENOENT") return new RigError("actuator", "uhubctl is not installed", "Debian: uhubctl");
  const said = (thrown.stderr ?? thrown.message).trim().split("\n").at(-1) ?? "";
  return new RigError(
    "actuator",
    `socket ${port} of hub ${hub}: ${said}`,
    "uhubctl lists hubs; its rules for udev let users switch them",
  );
}
