/** Where the newest value of each (kind, key) stands on flash: sorted arrays in RAM, at most 256 entries. */

export const indexLimit = 256;

export class RecordIndex {
  count: number;
  /** Sum of the payload lengths. */
  payloadBytes: number;
  private kinds: Uint8Array;
  private lengths: Uint8Array;
  private keys: Uint32Array;
  private addresses: Uint32Array;

  constructor() {
    this.count = 0;
    this.payloadBytes = 0;
    this.kinds = new Uint8Array(8);
    this.lengths = new Uint8Array(8);
    this.keys = new Uint32Array(8);
    this.addresses = new Uint32Array(8);
  }

  /** First position whose (kind, key) is not below the one given. */
  position(kind: number, key: number): number {
    let low = 0;
    let high = this.count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const there = this.kinds[middle] as number;
      if (there < kind || (there === kind && (this.keys[middle] as number) < key)) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Position of (kind, key), or -1. */
  find(kind: number, key: number): number {
    const at = this.position(kind, key);
    return at < this.count && this.kinds[at] === kind && this.keys[at] === key ? at : -1;
  }

  kindAt(position: number): number {
    return this.kinds[position] as number;
  }

  keyAt(position: number): number {
    return this.keys[position] as number;
  }

  addressAt(position: number): number {
    return this.addresses[position] as number;
  }

  /** False when (kind, key) is new and 256 entries are there already. */
  put(kind: number, key: number, address: number, payloadLength: number): boolean {
    const at = this.position(kind, key);
    if (at === this.count || this.kinds[at] !== kind || this.keys[at] !== key) {
      if (this.count >= indexLimit) return false;
      if (this.count === this.kinds.length) this.grow();
      for (let i = this.count; i > at; i--) this.move(i - 1, i);
      this.count++;
      this.kinds[at] = kind;
      this.keys[at] = key;
      this.lengths[at] = 0;
    }
    this.payloadBytes += payloadLength - (this.lengths[at] as number);
    this.addresses[at] = address;
    this.lengths[at] = payloadLength;
    return true;
  }

  removeAt(position: number): void {
    this.payloadBytes -= this.lengths[position] as number;
    this.count--;
    for (let i = position; i < this.count; i++) this.move(i + 1, i);
  }

  setAddress(position: number, address: number): void {
    this.addresses[position] = address;
  }

  private move(from: number, to: number): void {
    this.kinds[to] = this.kinds[from] as number;
    this.lengths[to] = this.lengths[from] as number;
    this.keys[to] = this.keys[from] as number;
    this.addresses[to] = this.addresses[from] as number;
  }

  private grow(): void {
    const size = this.kinds.length * 2;
    const kinds = new Uint8Array(size);
    const lengths = new Uint8Array(size);
    const keys = new Uint32Array(size);
    const addresses = new Uint32Array(size);
    kinds.set(this.kinds);
    lengths.set(this.lengths);
    keys.set(this.keys);
    addresses.set(this.addresses);
    this.kinds = kinds;
    this.lengths = lengths;
    this.keys = keys;
    this.addresses = addresses;
  }
}
