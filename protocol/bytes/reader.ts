/** Reads big-endian fields from bytes. Reading past the end gives zeros and is remembered, so that a decoder asks once. */
export class Reader {
  /** Offset of the next byte. */
  at: number;
  /** Whether anything was read past the end. */
  overrun: boolean;
  private readonly bytes: Uint8Array;
  private readonly end: number;

  constructor(bytes: Uint8Array, start: number, end: number) {
    this.bytes = bytes;
    this.at = start;
    this.end = end;
    this.overrun = false;
  }

  get left(): number {
    return this.end - this.at;
  }

  u8(): number {
    if (this.at >= this.end) {
      this.overrun = true;
      return 0;
    }
    return this.bytes[this.at++] as number;
  }

  u16(): number {
    const high = this.u8();
    return high * 0x100 + this.u8();
  }

  u32(): number {
    const high = this.u16();
    return high * 0x10000 + this.u16();
  }

  /** A view on the next `length` bytes; what it shows changes with the buffer, so a keeper copies. */
  view(length: number): Uint8Array {
    if (length > this.left) {
      this.overrun = true;
      this.at = this.end;
      return new Uint8Array(length);
    }
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }
}

/** Reads the whole of `bytes`. */
export function readerOf(bytes: Uint8Array): Reader {
  return new Reader(bytes, 0, bytes.length);
}
