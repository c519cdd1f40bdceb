/** A pin of an Espruino rig board, set over its console: what it drives is a transistor or an opto-coupler across a contact. */
import { EspruinoConsole } from "../../../tools/flash/espruino-console.ts";
import { cannot, type Driver } from "../actuator.ts";
import type { UsbPlace } from "../bench.ts";
import type { SerialBoards } from "../serial-boards.ts";

export interface RigPin {
  readonly place: UsbPlace;
  /** Such as "D5". */
  readonly pin: string;
  readonly isActiveLow: boolean;
}

const baud = 115_200;

export function gpio(boards: SerialBoards, { place, pin, isActiveLow }: RigPin): Driver {
  const said = (code: string): Promise<void> =>
    boards.use(place, baud, async (line) => {
      const console = new EspruinoConsole(line);
      await console.wake();
      await console.value<number>(code);
    });
  return {
    name: "gpio",
    set: (value) => {
      if (typeof value === "number") return Promise.reject(cannot("gpio", value));
      return said(`(digitalWrite(${pin},${value === isActiveLow ? 0 : 1}),1)`);
    },
    check: () => said(`(${pin}.getInfo(),1)`),
  };
}
