/** How a receiver treats whoever asks: in one mode, with an exception for those whose way to it has a fault, until it goes down. */
import type { Endpoint } from "../../firmware/ports/socket.ts";
import { type ModeRules, type ReceiverMode, rulesOf } from "./receiver-modes.ts";

export class Manner {
  /** Gone down in mode `dies`. */
  isDown: boolean;
  private usual: ModeRules;
  private exception: { readonly rules: ModeRules; readonly applies: (from: Endpoint) => boolean } | undefined;

  constructor(mode: ReceiverMode) {
    this.isDown = false;
    this.usual = rulesOf(mode);
    this.exception = undefined;
  }

  /** The rules for all who meet no exception. */
  get rules(): ModeRules {
    return this.usual;
  }

  set(mode: ReceiverMode): void {
    this.usual = rulesOf(mode);
    this.isDown = false;
  }

  /** From now on those that `applies` names meet `mode`, until they meet undefined. What brought it down for one of them is healed with that. */
  setFor(applies: (from: Endpoint) => boolean, mode: ReceiverMode | undefined): void {
    if (this.exception?.rules.application === "dies" && this.usual.application !== "dies") this.isDown = false;
    this.exception = mode === undefined ? undefined : { rules: rulesOf(mode), applies };
  }

  rulesFor(from: Endpoint): ModeRules {
    return this.exception?.applies(from) === true ? this.exception.rules : this.usual;
  }

  /** Whether anything from there is heard at all. */
  hears(from: Endpoint): boolean {
    return !this.isDown && this.rulesFor(from).front !== "deaf";
  }
}
