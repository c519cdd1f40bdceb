/** What can be wrong with a device under test, and what it means for a verdict: what was not seen is never taken for passed. */
import { ExpectError } from "../bench/happenings.ts";
import { RigError } from "../bench/rig-error.ts";

export type DeviceTrouble =
  /** It lives, but what was expected did not come in time. */
  | "late"
  /** It came, and was to stay away. */
  | "unwanted"
  /** It refused an order. */
  | "refused"
  /** It started anew, and nobody meant it to. */
  | "unexpected-reboot"
  /** A number is missing between two of its lines. */
  | "lost-line"
  /** More lines came than are kept for an expect. */
  | "flooded"
  /** Not even `hello` is answered. */
  | "silent"
  /** The port is gone and did not come back, under whatever number. */
  | "port-gone"
  /** Its key does not open the line. */
  | "locked"
  | "closed";

/** `unknown`: the device could not be seen, so nothing is known of it; a rig never counts that as passed. */
const verdicts: Readonly<Record<DeviceTrouble, "failed" | "unknown">> = {
  late: "failed",
  unwanted: "failed",
  refused: "failed",
  "unexpected-reboot": "failed",
  "lost-line": "unknown",
  flooded: "unknown",
  silent: "unknown",
  "port-gone": "unknown",
  locked: "unknown",
  closed: "unknown",
};

export class DeviceError extends Error {
  readonly trouble: DeviceTrouble;
  /** Name of the device on its bench. */
  readonly device: string;
  readonly logPath: string;

  constructor(trouble: DeviceTrouble, message: string, device: string, logPath: string) {
    super(message);
    this.name = "DeviceError";
    this.trouble = trouble;
    this.device = device;
    this.logPath = logPath;
  }

  get verdict(): "failed" | "unknown" {
    return verdicts[this.trouble];
  }
}

/** What a thrown thing says of a run: `blocked` by the rig; undefined where it is of none of these, such as an assertion. */
export function verdictOf(thrown: unknown): "failed" | "unknown" | "blocked" | undefined {
  const isOurs = thrown instanceof DeviceError || thrown instanceof RigError || thrown instanceof ExpectError;
  return isOurs ? thrown.verdict : undefined;
}
