/** The simulated world as a recorded button feels it. */
import type { ButtonBond, ButtonSenses } from "../../firmware/button/button-settings.ts";
import type { FallSensor } from "../../firmware/ports/fall.ts";
import type { ButtonHost } from "../../firmware/ports/host.ts";
import type { Input } from "../../firmware/ports/pin.ts";
import { coreOrders, flashHead, type Hear } from "./core-surrounding.ts";
import { type ListHead, listFormat, type OptionalPart } from "./guest/list.ts";
import { textAt, withBytes } from "./part-of.ts";
import type { Surrounding } from "./recording.ts";

/** `random`: seed of the device's own dice, never 0. */
export function buttonHead(
  name: string,
  host: ButtonHost,
  bond: ButtonBond,
  senses: ButtonSenses,
  random: number,
): ListHead {
  const parts: OptionalPart[] = [];
  if (senses.temperatureC !== undefined) parts.push("temperature");
  if (senses.openFallSensor !== undefined) parts.push("fall-sensor");
  return {
    format: listFormat,
    name,
    device: "button",
    parts,
    cause: "power-on",
    random,
    ...flashHead(host.flash),
    setup: withBytes(bond),
    answers: [],
  };
}

export function buttonSurrounding(host: ButtonHost, senses: ButtonSenses, hear: Hear): Surrounding {
  let contact: Input | undefined;
  let sensor: FallSensor | undefined;
  return {
    orders: {
      ...coreOrders(host, false, hear),
      "contact.open": () => {
        contact = host.openContact({ onChange: (closed) => hear("contact", closed) });
      },
      "contact.close": () => contact?.close(),
      "fall-sensor.open": () => {
        sensor = senses.openFallSensor?.({
          onFell: () => hear("fell"),
          onCancelled: () => hear("fall-cancelled"),
        });
      },
      "fall-sensor.close": () => sensor?.close(),
      signal: (parts) => host.signals.show(textAt(parts, 0) as Parameters<ButtonHost["signals"]["show"]>[0]),
    },
    answers: {
      "battery-mv": () => host.batteryMv(),
      "temperature-c": () => senses.temperatureC?.() ?? 0,
    },
    nowMs: () => host.clock.nowMs(),
    stepped: host.observe,
  };
}
