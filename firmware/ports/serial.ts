/** A serial line in the ECMA-419 IO pattern: non-blocking; a callback says that something can be done, never does it. */
export interface SerialOptions {
  readonly baud: number;
  /** This many bytes are waiting; the data itself is fetched with read(). */
  readonly onReadable: (byteCount: number) => void;
}

export interface Serial {
  /** Everything that is waiting, or undefined when nothing is. */
  read(): Uint8Array | undefined;
  /** Takes the bytes over; the host has room for at least 2,048 bytes that were not sent yet and throws beyond. */
  write(bytes: Uint8Array): void;
  /** After close() no callback comes any more. */
  close(): void;
}

export type OpenSerial = (options: SerialOptions) => Serial;
