/** The radio port of a simulated device, made as on a board: the driver of the firmware over the model of the chip. */
import type { Clock } from "../../firmware/ports/clock.ts";
import type { OpenRadio } from "../../firmware/ports/radio.ts";
import type { Secrets } from "../../firmware/ports/secrets.ts";
import { openSx1262, type Sx1262Options } from "../../firmware/radio-chips/sx1262-radio.ts";
import { type Sx1262Settings, sx1262Defaults } from "../../firmware/radio-chips/sx1262-settings.ts";
import type { Air, AirDevice } from "../air/air.ts";
import type { EventQueue } from "../core/event-queue.ts";
import { Sx1262Chip } from "./sx1262.ts";

export interface ChipPortOptions extends Pick<Sx1262Options, "onFault" | "observe"> {
  readonly queue: EventQueue;
  readonly air: Air;
  readonly device: AirDevice;
  /** The clock of the device's present life. */
  readonly clock: () => Clock;
  readonly secrets: Secrets;
  /** Undefined: as a board with a TCXO. */
  readonly settings?: Sx1262Settings | undefined;
  /** Sees each chip that a life begins with. */
  readonly onChip?: ((chip: Sx1262Chip) => void) | undefined;
}

/** Each opening powers a chip of its own; closing cuts its power. */
export function sx1262Port(options: ChipPortOptions): OpenRadio {
  const { queue, air, device, clock, secrets, settings, onFault, observe, onChip } = options;
  return (radioOptions) => {
    const chip = new Sx1262Chip(queue, air, device);
    onChip?.(chip);
    const open = openSx1262({
      wires: chip.wires,
      clock: clock(),
      secrets,
      settings: settings ?? sx1262Defaults,
      onFault,
      observe,
    });
    const radio = open(radioOptions);
    return {
      send: (bytes) => radio.send(bytes),
      listen: (forMs) => radio.listen(forMs),
      read: () => radio.read(),
      close: () => {
        radio.close();
        chip.close();
      },
    };
  };
}
