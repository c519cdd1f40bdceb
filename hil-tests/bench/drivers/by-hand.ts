/** A person who moves what nothing else can: he is asked, and answers when it is done. Where nobody sits nothing is moved. */
import { type Desk, isYes } from "../../../tools/provision/desk.ts";
import { UserError } from "../../../tools/user-error.ts";
import type { Driver } from "../actuator.ts";
import { RigError } from "../rig-error.ts";

/** `what`: of the bench file, such as "the plug of the unit at the wall". `desk`: undefined where there is no terminal. */
export function byHand(what: string, desk: Desk | undefined): Driver {
  const somebody = (): Desk => {
    if (desk !== undefined) return desk;
    throw new RigError(
      "actuator",
      `${what}: nobody can be asked here`,
      "run it at a terminal, or another driver in the bench file",
    );
  };
  return {
    name: "by-hand",
    set: async (value) => {
      const level = typeof value === "number" ? `${value} dB` : value ? "ON" : "OFF";
      let answer: string;
      try {
        answer = await somebody().ask(`${what}: make it ${level}. Done? (yes/no)`);
      } catch (thrown) {
        if (thrown instanceof UserError) throw new RigError("actuator", `${what}: ${thrown.message}`, thrown.hint);
        throw thrown;
      }
      if (!isYes(answer))
        throw new RigError("actuator", `${what}: it was not made ${level}`, "answer yes when it is done");
    },
    check: async () => {
      somebody();
    },
  };
}
