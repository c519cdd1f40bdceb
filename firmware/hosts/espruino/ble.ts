/** The wires of the Bluetooth driver, over the engine's NRF. */
import type { OpenBle } from "../../ports/ble.ts";
import type { Nrf } from "./engine.ts";

/** Flags stand beside the data in each packet that the engine advertises. */
const capacity = 24;

export function bleOver(nrf: Nrf, powerDbm: number): OpenBle {
  return (options) => {
    const company = options.company;
    nrf.setTxPower(powerDbm);
    nrf.sleep();
    const scan = (on: boolean): void => {
      if (!on) nrf.setScan();
      else
        nrf.setScan((device) => {
          const data = device.manufacturerData;
          if (device.manufacturer === company && data !== undefined) options.onHeard(new Uint8Array(data), device.rssi);
        });
    };
    return {
      capacity,
      advertise: (data, intervalMs) => {
        nrf.setAdvertising(
          {},
          {
            manufacturer: company,
            manufacturerData: data,
            interval: intervalMs,
            connectable: false,
            scannable: false,
            showName: false,
          },
        );
        nrf.wake();
      },
      stopAdvertising: () => nrf.sleep(),
      scan,
      close: () => {
        scan(false);
        nrf.sleep();
      },
    };
  };
}
