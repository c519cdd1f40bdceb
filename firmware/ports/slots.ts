/**
 * Two places for the unit's program, of which one runs, and the choice between them at the next start. A host makes it of its
 * engine's own means (ESP-IDF: two OTA partitions with roll-back), or of raw flash (`firmware/update/flash-slots.ts`).
 *
 * Whatever is cut off in the middle of a call: the next start takes the image that ran before, or the one that was chosen,
 * and never anything else. The running image cannot be written to.
 */
export interface Slots {
  /** Bytes that are erased and written at once: a multiple of 64. */
  readonly pageSize: number;
  /** Of each slot. */
  readonly pageCount: number;
  /** `trial`: what runs was started for the first time, and the next start takes the other one unless `confirm` comes before. */
  readonly stage: "settled" | "trial";
  /** Puts up to a page of bytes at the start of a page of the slot that does not run. False: the chip has failed there. */
  write(page: number, bytes: Uint8Array): boolean;
  /** SHA-256 of the first `length` bytes of the slot that does not run, 32 bytes; absent where the engine brings none. */
  readonly sha256?: ((length: number) => Uint8Array) | undefined;
  /** Fills `into` with what stands from `address` on in the slot that does not run. */
  read(address: number, into: Uint8Array): void;
  /** The next start tries the slot that does not run, once. False: the choice stands as it was. */
  tryNext(): boolean;
  /** What runs is taken at every start from now on. False: the choice stands as it was. */
  confirm(): boolean;
  /** Every start from the next one on takes the slot that does not run: it must hold what ran before. False as above. */
  goBack(): boolean;
}

/** What this device is, as it was built. */
export interface DeviceIdentity {
  /** Its hardware, as images name it, and the revision of that. */
  readonly board: string;
  readonly revision: number;
  /** Band of its radio. */
  readonly region: string;
  /** 1.2.3 is 0x01020003. */
  readonly version: number;
}

/** Whose images it takes: built into the program, so that a signed image alone can change them. */
export interface TrustedKey {
  readonly id: number;
  /** Ed25519, 32 bytes. */
  readonly key: Uint8Array;
}

export interface UpdatePort {
  readonly identity: DeviceIdentity;
  readonly keys: readonly TrustedKey[];
  readonly slots: Slots;
}
