/** A house with devices on the simulated air, for the tests of Air and AirRadio. */
import type { RadioPacket } from "../../firmware/ports/radio.ts";
import { EventQueue } from "../core/event-queue.ts";
import { Air, type AirDevice, type PacketFate } from "./air.ts";
import type { AirRadio } from "./air-radio.ts";

export const frame = (mark: number) => new Uint8Array(24).fill(mark);
export const frameMs = 33; // 32.5 ms, and the queue knows whole milliseconds

/** Homes of one building, each with its devices; the device's name begins with its home. All radios are open. */
export function build(
  names: readonly string[],
  { lossPpm = 0, neighbourLossPpm = 0, seed = 1, building = "house" } = {},
) {
  const queue = new EventQueue();
  const fates: [PacketFate, string][] = [];
  const observe = (fate: PacketFate, device: AirDevice) => fates.push([fate, device.name]);
  const air = new Air(queue, { seed, lossPpm, neighbourLossPpm, observe });
  const devices = names.map((name) => {
    const device = air.join({ name, building, home: name.split(" ")[0] as string });
    // Whoever places devices by hand needs them equally strong.
    device.attenuationDb = device.placeDb;
    const counts: number[] = [];
    const radio = device.open({ onReadable: (count) => counts.push(count) }) as AirRadio;
    const readAll = () => {
      const packets: RadioPacket[] = [];
      for (let packet = radio.read(); packet !== undefined; packet = radio.read()) packets.push(packet);
      return packets.map(({ bytes }) => bytes[0] as number);
    };
    return { device, radio, counts, readAll };
  });
  return { queue, air, fates, devices };
}
type Placed = ReturnType<typeof build>["devices"];
export const three = (devices: Placed) => devices as [Placed[0], Placed[0], Placed[0]];
export const two = (devices: Placed) => devices as [Placed[0], Placed[0]];
