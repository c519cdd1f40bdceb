/** A unit that did not come from one state to the next: which step it was, what was in its way, and what that says of the unit. */
import { UserError } from "../../tools/user-error.ts";
import { verdictOf } from "../device/device-error.ts";

/** Each has a deadline of its own. */
export type Transition =
  | "power-off"
  | "rest"
  | "boot"
  | "find"
  | "look"
  | "settle"
  | "wipe"
  | "provision"
  | "pair"
  | "install"
  | "restart"
  | "prove";

export class StrategyError extends Error {
  readonly transition: Transition;
  readonly verdict: "failed" | "unknown" | "blocked";

  constructor(transition: Transition, why: unknown) {
    super(`strategy: ${transition}: ${why instanceof Error ? why.message : String(why)}`, { cause: why });
    this.name = "StrategyError";
    this.transition = transition;
    this.verdict = verdictOf(why) ?? (why instanceof UserError && why.exitCode === 3 ? "unknown" : "failed");
  }
}
