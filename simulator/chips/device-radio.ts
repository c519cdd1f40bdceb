/** What a simulated device sends and hears through: the plain port of the air, or a driver of the firmware over the model of a chip. */
import type { Clock } from "../../firmware/ports/clock.ts";
import type { OpenRadio } from "../../firmware/ports/radio.ts";
import { openBleRadio } from "../../firmware/radio-chips/ble-radio.ts";
import type { Air, AirDevice } from "../air/air.ts";
import { aesBlock } from "../node-aes.ts";
import type { RadioName } from "../scenario/fleet.ts";
import { simBle } from "./ble.ts";
import { sx1262Port } from "./sx1262-port.ts";

/** The smallest interval of a Bluetooth 4 stack without connections. */
const leastIntervalMs = 100;

/** `clock`: of the device's present life. */
export function deviceRadio(name: RadioName, air: Air, device: AirDevice, clock: () => Clock): OpenRadio {
  if (name === "direct") return device.open;
  const chance = device.chipChance();
  const { queue } = air;
  if (name === "ble")
    return (options) => {
      const openBle = simBle({ queue, air, ble: air.ble, device, chance, leastIntervalMs });
      return openBleRadio({ openBle, clock: clock() })(options);
    };
  return sx1262Port({
    queue,
    air,
    device,
    clock,
    secrets: { random: (into) => chance.fill(into), aes: aesBlock },
  });
}
