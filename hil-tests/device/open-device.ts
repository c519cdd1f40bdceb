/** A device with its line open. */
import { Device } from "./device.ts";
import type { DeviceOptions } from "./device-options.ts";

/** Opens a device's line. Rejects with DeviceError where it cannot be had, and with RigError where its log cannot be written. */
export async function openDevice(options: DeviceOptions): Promise<Device> {
  const device = new Device(options);
  try {
    await device.start();
    return device;
  } catch (thrown) {
    await device.close();
    throw thrown;
  }
}
