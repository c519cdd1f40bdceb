/** A fault of the rig itself, such as its hub, a relay, the receiver double or the disk: nothing is known of the device by it. */

/** What of the rig does not do what it is there for. */
export type RigPart = "actuator" | "port" | "receiver" | "modem" | "disk";

export class RigError extends Error {
  readonly part: RigPart;
  readonly hint: string;
  readonly verdict = "blocked";

  /** `hint`: what to try. */
  constructor(part: RigPart, message: string, hint: string) {
    super(message);
    this.name = "RigError";
    this.part = part;
    this.hint = hint;
  }
}
