/**
 * The two powers that a check of a signature needs, a few squarings at a time: z^(2^252 - 3), of which square roots are made
 * (RFC 8032 5.1.3), and z^(2^255 - 21), which is 1/z.
 */
import type { Element } from "./field25519.ts";
import { multiply, square } from "./product25519.ts";

/** So many squarings, then a product with what was kept at that place. */
interface Row {
  readonly squarings: number;
  readonly times: number;
  /** Where the product is kept, or -1. */
  readonly keep: number;
}

/** Squarings of one step. */
const squaringsAtOnce = 2;

export class PowerChain {
  /** The power, once `step` has answered false. */
  value: Element;
  private readonly rowCount: number;
  private readonly kept: Element[];
  private row: number;
  private squared: number;

  constructor(z: Element, isInverse: boolean) {
    this.value = z;
    this.rowCount = isInverse ? rows.length : rows.length - 1;
    this.kept = [z];
    this.row = 0;
    this.squared = 0;
  }

  /** At most two squarings, or a product. False: the power stands. */
  step(): boolean {
    const row = rows[this.row] as Row;
    if (this.squared < row.squarings) {
      for (let i = 0; i < squaringsAtOnce && this.squared < row.squarings; i++) {
        this.value = square(this.value);
        this.squared++;
      }
      return true;
    }
    this.value = multiply(this.value, this.kept[row.times] as Element);
    if (row.keep >= 0) this.kept[row.keep] = this.value;
    this.squared = 0;
    this.row++;
    return this.row < this.rowCount;
  }
}

/** Exponents of one bits: 2, 4, 5, 10, 20, 40, 50, 100, 200, 250 of them; then ...01, which is 2^252 - 3; then ...011. */
const rows: readonly Row[] = [
  { squarings: 1, times: 0, keep: 1 },
  { squarings: 2, times: 1, keep: -1 },
  { squarings: 1, times: 0, keep: 2 },
  { squarings: 5, times: 2, keep: 3 },
  { squarings: 10, times: 3, keep: 4 },
  { squarings: 20, times: 4, keep: -1 },
  { squarings: 10, times: 3, keep: 5 },
  { squarings: 50, times: 5, keep: 6 },
  { squarings: 100, times: 6, keep: -1 },
  { squarings: 50, times: 5, keep: -1 },
  { squarings: 2, times: 0, keep: -1 },
  { squarings: 3, times: 1, keep: -1 },
];
