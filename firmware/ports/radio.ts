/** The short-range radio between button and unit: packets of at most 40 bytes, with the strength they were heard at. */
export interface RadioPacket {
  readonly bytes: Uint8Array;
  readonly rssiDbm: number;
}

export interface RadioOptions {
  /** This many packets are waiting for read(). The host keeps at least 4 and drops what is beyond. */
  readonly onReadable: (packetCount: number) => void;
  /**
   * While this radio listens for ever: the channel was taken for `forMs` up to now by energy that gave no packet. Comes when the
   * energy ends, and at least each 5 s while it lasts; never on a quiet channel. A host that cannot measure does not call.
   */
  readonly onBusy?: ((forMs: number) => void) | undefined;
}

export interface Radio {
  /** Sends one packet; what is heard meanwhile is lost. A packet handed over during a transmission follows it (at most 4 wait). */
  send(bytes: Uint8Array): void;
  /** Hears for `forMs` from now on (-1: until told otherwise); 0 sleeps. A unit listens for ever, a button for moments. */
  listen(forMs: number): void;
  read(): RadioPacket | undefined;
  /** After close() no callback comes any more. */
  close(): void;
}

export type OpenRadio = (options: RadioOptions) => Radio;
