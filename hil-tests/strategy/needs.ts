/** What a case needs of a bench, in words; and what a bench has to say where it has it not. */
import type { Bench, Moves } from "../bench/bench.ts";

/** Roles and actuators of the first unit and the first button, unless the word says otherwise. */
export type Need =
  | "unit"
  | "button"
  | "second-button"
  | "receiver"
  | "second-receiver"
  | "modem"
  | "flash"
  | "lamp"
  | "voice"
  | Moves
  | "press"
  | "button-battery"
  | "help-key";

/** One line for each need that the bench does not meet; of a need that nobody knows, too. */
export function lacksOf(bench: Bench, needs: readonly string[]): readonly string[] {
  return needs.flatMap((need) => {
    const lack = lackOf(bench, need as Need);
    return lack === undefined ? [] : [`bench ${bench.name} has ${lack}`];
  });
}

function lackOf(bench: Bench, need: Need): string | undefined {
  const units = bench.devices.filter(({ role }) => role === "unit");
  const buttons = bench.devices.filter(({ role }) => role === "button");
  const unit = units[0]?.name ?? "";
  const button = buttons[0]?.name ?? "";
  const actuator = (moves: Moves, of: string): string | undefined =>
    bench.actuator(moves, of) === undefined
      ? `no actuator for ${moves} of ${of === "" ? "any device" : of}`
      : undefined;
  switch (need) {
    case "unit":
      return units.length > 0 ? undefined : "no unit";
    case "button":
      return buttons.length > 0 ? undefined : "no button";
    case "second-button":
      return buttons.length > 1 ? undefined : "no second button";
    case "receiver":
      return bench.receivers.length > 0 ? undefined : "no receiver of its own";
    case "second-receiver":
      return bench.receivers.length > 1 ? undefined : "no second receiver of its own";
    case "modem":
      return bench.modem !== undefined ? undefined : "no modem that hears texts and calls";
    case "flash":
      return units[0]?.image !== undefined ? undefined : "no unit with an image of its own to be flashed";
    case "lamp":
      return bench.sensors.some(({ what }) => what === "lamp") ? undefined : "no eye on a lamp";
    case "voice":
      return bench.sensors.some(({ what }) => what === "voice") ? undefined : "no ear for the unit's voice";
    case "mains":
    case "battery":
    case "network":
    case "sim":
      return actuator(need, unit);
    case "press":
    case "attenuation":
      return actuator(need, button);
    case "button-battery":
      return actuator("battery", button);
    case "help-key":
      return actuator("press", unit);
    default:
      return `nothing that is called ${String(need)}`;
  }
}
