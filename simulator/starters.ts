/** Who brings firmware to life on a device's ports: the simulator itself, or one who stands in between and writes down what comes and goes. */
import type { ButtonBond, ButtonSenses } from "../firmware/button/button-settings.ts";
import type { ButtonHost, UnitHost } from "../firmware/ports/host.ts";
import type { UnitSettings } from "../firmware/settings.ts";
import { Unit } from "../firmware/unit.ts";
import { WristButton } from "../firmware/wrist-button.ts";

export type StartUnit = (host: UnitHost, settings: UnitSettings) => void;
export type StartButton = (host: ButtonHost, bond: ButtonBond, senses: ButtonSenses) => WristButton;

/** Each is called anew for each life of a device. */
export interface Starters {
  /** Of the unit at this place in the fleet, from 0. */
  unit(index: number): StartUnit;
  /** Of the button at this place in its unit's table, from 1. */
  button(index: number, place: number): StartButton;
}

export const plainButton: StartButton = (host, bond, senses) => new WristButton(host, bond, undefined, senses);

export const plainStarters: Starters = {
  unit: () => (host, settings) => {
    new Unit(host, settings);
  },
  button: () => plainButton,
};
