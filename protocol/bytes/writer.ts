/** Writes big-endian fields into a buffer of fixed size. Writing past the end is remembered and writes nothing. */
export class Writer {
  /** Offset of the next byte. */
  at: number;
  /** Whether anything did not fit. */
  overrun: boolean;
  private readonly bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.at = 0;
    this.overrun = false;
  }

  u8(value: number): void {
    if (this.at >= this.bytes.length) {
      this.overrun = true;
      return;
    }
    this.bytes[this.at++] = value;
  }

  u16(value: number): void {
    this.u8(value >>> 8);
    this.u8(value);
  }

  u32(value: number): void {
    this.u16(value >>> 16);
    this.u16(value);
  }

  put(bytes: Uint8Array): void {
    if (this.at + bytes.length > this.bytes.length) {
      this.overrun = true;
      return;
    }
    this.bytes.set(bytes, this.at);
    this.at += bytes.length;
  }

  /** A view on what was written so far. */
  written(): Uint8Array {
    return this.bytes.subarray(0, this.at);
  }
}
