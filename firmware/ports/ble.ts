/** A Bluetooth Low Energy radio as far as we use it: advertising without connections, and scanning (Core 5.4 volume 6 part B 4.4). */
export interface BleOptions {
  /** Whose manufacturer data we send and hear (Bluetooth assigned numbers 7). */
  readonly company: number;
  /** Manufacturer data of that company came in, once for each advertising packet: the same again and again. */
  readonly onHeard: (data: Uint8Array, rssiDbm: number) => void;
}

/** A stack that cannot do it now may throw; it is asked again later. */
export interface Ble {
  /**
   * What one packet carries as manufacturer data: 24 bytes beside the flags of a legacy packet, 27 without them, up to 229 where
   * both ends can extended advertising.
   */
  readonly capacity: number;
  /** Advertises that from now on, at once and then each `intervalMs`, in the place of what was advertised before; without connections. */
  advertise(data: Uint8Array, intervalMs: number): void;
  stopAdvertising(): void;
  /** Hears all the time, beside what it advertises itself, or not at all. It asks nobody for more. */
  scan(on: boolean): void;
  /** After close() no callback comes any more, and nothing is advertised. */
  close(): void;
}

export type OpenBle = (options: BleOptions) => Ble;
