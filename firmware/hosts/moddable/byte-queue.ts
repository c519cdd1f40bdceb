/** Bytes on their way out of a port that takes only so many at a time: a bounded queue, emptied as the engine makes room. */

export class ByteQueue {
  private readonly limit: number;
  private readonly what: string;
  private readonly write: (bytes: Uint8Array) => void;
  private readonly waiting: Uint8Array[];
  private waitingBytes: number;
  /** Bytes that the engine takes now. */
  private room: number;

  /** Throws from `push` where more than `limit` bytes would wait. */
  constructor(what: string, limit: number, write: (bytes: Uint8Array) => void) {
    this.what = what;
    this.limit = limit;
    this.write = write;
    this.waiting = [];
    this.waitingBytes = 0;
    this.room = 0;
  }

  /** Takes the bytes over. */
  push(bytes: Uint8Array): void {
    if (this.waitingBytes + bytes.length > this.limit) throw new Error(this.what + ": more than it has room for");
    if (bytes.length > 0) this.waiting.push(bytes);
    this.waitingBytes += bytes.length;
    this.drain();
  }

  /** The engine takes `count` bytes now, whatever it said before. */
  grant(count: number): void {
    this.room = count;
    this.drain();
  }

  private drain(): void {
    while (this.room > 0) {
      const next = this.waiting[0];
      if (next === undefined) return;
      const part = next.length > this.room ? next.subarray(0, this.room) : next;
      if (part.length === next.length) this.waiting.shift();
      else this.waiting[0] = next.subarray(part.length);
      this.room -= part.length;
      this.waitingBytes -= part.length;
      this.write(part);
    }
  }
}
