/** What stands in the place of `button-falls.ts` in the script of a board that cannot feel a fall: it has no memory to spare for it. */
import type { AlarmStep } from "../../protocol/radio/acknowledge.ts";
import type { FallParts } from "./button-falls.ts";
import type { ButtonState } from "./button-machine.ts";

export class ButtonFalls {
  readonly at: ButtonState["at"];

  constructor(_parts: FallParts) {
    this.at = "quiet";
  }

  told(_name: number, _step: AlarmStep): void {}
  takeUp(): void {}
  rest(): void {}
  close(): void {}
}
