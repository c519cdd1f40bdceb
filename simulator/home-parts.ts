/** What a home is made of, in virtual and in real time alike: the chip that a unit remembers with, and a button under a finger. */
import type { Bond } from "../firmware/pairing/bonds.ts";
import type { Observe } from "../firmware/ports/host.ts";
import type { Secrets } from "../firmware/ports/secrets.ts";
import type { ButtonSignal } from "../firmware/signals.ts";
import { WristButton } from "../firmware/wrist-button.ts";
import type { Air } from "./air/air.ts";
import type { EventQueue } from "./core/event-queue.ts";
import type { Stream } from "./core/prng.ts";
import { SimClock } from "./core/sim-clock.ts";
import { NorFlash } from "./flash.ts";

const sectorSize = 4096;
const unitSectors = 4;
const buttonSectors = 2;
const flashWord = 4;
const freshBatteryMv = 3_000;

/** A contact bounces this long and stays closed this long when somebody presses. */
const heldMs = { least: 80, most: 400 };
const bounceMs = 3;

/** A unit's chip as it leaves the factory; `chance` decides how torn cells fall out. */
export function unitFlash(chance: Stream): NorFlash {
  return flashOf(chance, unitSectors);
}

export interface HomeButtonOptions {
  readonly queue: EventQueue;
  readonly air: Air;
  /** Unique on the air. */
  readonly name: string;
  readonly home: string;
  readonly bond: Bond;
  readonly secrets: Secrets;
  readonly flashChance: Stream;
  readonly onSignal: (signal: ButtonSignal) => void;
  readonly observe: Observe;
}

/** A button with its own firmware, clock and flash, alone in its home's building. */
export class HomeButton {
  private readonly queue: EventQueue;
  private onChange: ((closed: boolean) => void) | undefined;

  constructor(options: HomeButtonOptions) {
    const { queue, air, name, home, bond } = options;
    this.queue = queue;
    this.onChange = undefined;
    new WristButton(
      {
        clock: new SimClock(queue),
        secrets: options.secrets,
        flash: flashOf(options.flashChance, buttonSectors),
        openRadio: air.join({ name, building: home, home }).open,
        openContact: (input) => {
          this.onChange = input.onChange;
          return { close: () => (this.onChange = undefined) };
        },
        signals: { show: options.onSignal },
        batteryMv: () => freshBatteryMv,
        observe: options.observe,
      },
      { address: bond.address, key: bond.key },
    );
  }

  /** A person presses, as fingers do: the contact closes now, bounces, is held for a moment, and bounces again. */
  press(fingers: Stream): void {
    const held = fingers.between(heldMs.least, heldMs.most);
    const levels = [true, false, true, false, true, false];
    const times = [0, 1, bounceMs, held, held + 1, held + bounceMs];
    levels.forEach((closed, at) => {
      this.queue.after(times[at] as number, () => this.onChange?.(closed));
    });
  }
}

function flashOf(chance: Stream, sectorCount: number): NorFlash {
  return new NorFlash({ sectorSize, sectorCount, programUnit: flashWord, below: (limit) => chance.below(limit) });
}
